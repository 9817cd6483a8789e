"""The words of a Hunspell dictionary with their endings: the words themselves, no names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class _Ending(NamedTuple):
    """What is cut off, what is put in its place, and what the word must end in."""

    cut: str
    put: str
    after: re.Pattern[str]


def words_of(path: Path) -> Iterator[str]:
    """Every word in small letters of a `.dic` file, with the endings that the `.aff` file beside it gives.

    A dictionary writes names with a capital letter, so that none of them is among the words.
    """
    endings = _endings(path.with_suffix(".aff"))
    for line in path.read_text("utf-8", errors="replace").splitlines()[1:]:
        stem, _, flags = line.strip().partition("/")
        if stem.isalpha() and stem.islower():
            yield stem
            for flag in flags:
                yield from (_with(stem, ending) for ending in endings[flag] if ending.after.search(stem))


def _with(stem: str, ending: _Ending) -> str:
    return stem[: len(stem) - len(ending.cut)] + ending.put


def _endings(path: Path) -> defaultdict[str, list[_Ending]]:
    endings: defaultdict[str, list[_Ending]] = defaultdict(list)
    for line in path.read_text("utf-8", errors="replace").splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] == "SFX":
            cut, put = ("" if part == "0" else part.partition("/")[0] for part in parts[2:4])
            if put.isalpha():
                endings[parts[1]].append(_Ending(cut, put, re.compile(f"{parts[4]}$")))
    return endings
