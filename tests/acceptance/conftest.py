"""Fixtures of the acceptance tests."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import cli

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def tillit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The command line in this process: its exit code, and all that it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["tillit", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out + printed.err

    return run
