"""The help of the command line, as somebody reads it who has never used it."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from flows.cli import app


def commands(group: Any, name: str = "tillit") -> Iterator[tuple[str, Any]]:
    yield name, group
    for sub, command in getattr(group, "commands", {}).items():
        yield from commands(command, f"{name} {sub}")


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_everything_that_it_takes_is_explained(name):
    command = COMMANDS[name]
    assert command.help
    assert [option.name for option in command.params if not option.help] == []
    assert [option.name for option in command.params if "[" in option.help] == []  # it would not be shown


def test_what_an_officer_has_to_decide_on_texts_is_explained_choice_by_choice():
    (texts,) = (option for option in COMMANDS["tillit rights fulfil"].params if option.name == "texts")
    assert "destroy the rows (withhold), or keep both (leave)" in texts.help
