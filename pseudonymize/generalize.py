"""Job title, workplace and country become one of the policy's categories; nothing else of them stays."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from governance.rules import Categories

OTHER = "other"
UNKNOWN = "unknown"


class _Choose(Protocol):
    def __call__(self, cell: str) -> str: ...


class Generalizer:
    """Chooses categories by the words of the policy, in which `*` stands for any letters.

    The result is always one of a closed list, so that a value in the wrong column cannot slip through.
    """

    role: _Choose
    workplace: _Choose
    country: _Choose

    def __init__(self, categories: Categories) -> None:
        self.role = _chooser(categories.role, _word)
        self.workplace = _chooser(categories.workplace, _word)
        self.country = _chooser(categories.country, _country)


def _chooser(words: dict[str, list[str]], pattern: Callable[[str], str]) -> _Choose:
    searches = [(name, re.compile("|".join(map(pattern, some)), re.I)) for name, some in words.items()]

    @lru_cache(maxsize=4_096)
    def choose(cell: str) -> str:
        if not cell:
            return UNKNOWN
        return next((name for name, search in searches if search.search(cell)), OTHER)

    return choose


def _word(word: str) -> str:
    return rf"\b{re.escape(word)}\b".replace(r"\*", r"\w*")


def _country(word: str) -> str:
    # "se" and "de" are words of several languages; a country's code stands alone.
    return rf"\A\W*{word}\W*\Z" if len(word) <= 3 else _word(word)
