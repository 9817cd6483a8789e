"""Job title, workplace and country become one of the policy's categories; nothing else of them stays."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from governance.policy import Categories

OTHER = "other"
UNKNOWN = "unknown"


class _Choose(Protocol):
    def __call__(self, cell: str) -> str: ...


class Generalizer:
    """Chooses categories by the words of the policy.

    The result is always one of a closed list, so that a value in the wrong column cannot slip through.
    """

    role: _Choose
    workplace: _Choose
    country: _Choose

    def __init__(self, categories: Categories) -> None:
        self.role = _chooser(categories.role, whole_words=False)
        self.workplace = _chooser(categories.workplace, whole_words=False)
        self.country = _chooser(categories.country, whole_words=True)


def _chooser(words: dict[str, list[str]], *, whole_words: bool) -> _Choose:
    patterns = [(name, _pattern(some, whole_words)) for name, some in words.items()]

    @lru_cache(maxsize=4_096)
    def choose(cell: str) -> str:
        if not cell:
            return UNKNOWN
        return next((name for name, pattern in patterns if pattern.search(cell)), OTHER)

    return choose


def _pattern(words: Iterable[str], whole_words: bool) -> re.Pattern[str]:
    # A short word such as "it" or "ab" must be a whole word; a longer one may begin a compound.
    parts = [re.escape(word) + (r"\b" if whole_words or len(word) <= 3 else "") for word in words]
    return re.compile(r"\b(?:" + "|".join(parts) + ")", re.IGNORECASE)
