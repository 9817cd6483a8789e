"""Reads the texts written for the training, in which whoever and whatever is named is marked {LABEL:so}."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sentences import LABELS, Builder, Sentence

_FOLDER = Path(__file__).parent / "texts"
_MARKED = re.compile(rf"\{{({'|'.join(LABELS)}):([^{{}}]+)\}}")


@cache
def read_texts(name: str) -> tuple[Sentence, ...]:
    """The texts of a file: one a line, `\\n` for a line break; # begins a remark."""
    return tuple(_read(_FOLDER / f"{name}.txt"))


def _read(path: Path) -> Iterator[Sentence]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("# "):
            builder, position = Builder(), 0
            for mark in _MARKED.finditer(text := line.replace("\\n", "\n")):
                builder.add(text[position : mark.start()])
                builder.add(mark[2], mark[1])
                position = mark.end()
            builder.add(text[position:])
            yield builder.sentence()
