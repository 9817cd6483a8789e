"""A text while its structured parts are searched one kind after the other.

What has been found is blanked out with the sign that opens a placeholder, so that a part belongs to one
finding only and that what follows sees what a second search of the redacted text would see.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from pseudonymize.raw import Raw
from pseudonymize.redaction.layer import Finding

#: No pattern matches it, and it is neither a letter nor a space: the edge of a placeholder.
BLANK = "<"
#: The kind of what has the form of a personal number and is none, such as a ticket. Never reported.
ORDINARY = ""

_A_FEW_DIGITS = re.compile(r"\d[^\s<]{0,3}\d[^\s<]{0,5}\d")
_RUN = re.compile(r"\d(?:[^\w<]{0,4}+\d){5,}+")
_BEFORE, _BEHIND = 16, 32


class Page(Raw):
    """What is left of a text to search, as written and in lower case."""

    def __init__(self, text: str, lower: str) -> None:
        self.text = text
        self.lower = lower

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Where the longer runs of digits are, and what may belong to them."""
        return _runs(self.lower)

    def has(self, parts: Iterable[str]) -> bool:
        """Whether any of these stands in the text, in lower case. Cheaper than a pattern."""
        lower = self.lower
        for part in parts:  # noqa: SIM110 - a generator would take twice the time
            if part in lower:
                return True
        return False

    def after(self, cues: Iterable[str], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Matches of a pattern that begin with one of these words. Cheaper than a search for the pattern."""
        lower, match = self.lower, pattern.match
        for cue in cues:
            at = lower.find(cue)
            while at >= 0:
                if found := match(lower, at):
                    yield found
                at = lower.find(cue, at + 1)

    def in_runs(self, pattern: re.Pattern[str], text: str | None = None) -> Iterator[re.Match[str]]:
        """Matches of a pattern around the longer runs of digits: in lower case, or in the text given."""
        for start, end in self.runs:
            yield from pattern.finditer(self.lower if text is None else text, start, end)

    def blank(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Blank out ranges, given in order."""
        self.text, self.lower = _blanked(self.text, ranges), _blanked(self.lower, ranges)


class Search(NamedTuple):
    """A kind of thing to find: a cheap test whether to look, and the look."""

    worth: Callable[[Page], bool]
    find: Callable[[Page], Iterator[Finding]]


def findings(matches: Iterable[re.Match[str]], kind: str, group: int | str = 0) -> Iterator[Finding]:
    """Each match, or a group of it, as a finding."""
    for match in matches:
        yield Finding(*match.span(group), kind)


def digits_of(text: str) -> str:
    """The digits of a text alone."""
    return "".join(filter(str.isdigit, text))


def has_few_digits(page: Page) -> bool:
    """Whether there are three digits close to each other."""
    return _A_FEW_DIGITS.search(page.lower) is not None


def has_run(page: Page) -> bool:
    """Whether there are six digits close to each other: fewer are hardly a number of a person's."""
    return bool(page.runs)


def _runs(text: str) -> list[tuple[int, int]]:
    """Where the longer runs of digits are, with what may belong to them on both sides."""
    runs: list[tuple[int, int]] = []
    for match in _RUN.finditer(text):
        start, end = max(0, match.start() - _BEFORE), match.end() + _BEHIND
        if runs and start <= runs[-1][1]:
            start = runs.pop()[0]
        runs.append((start, end))
    return runs


def _blanked(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    out, done = [], 0
    for start, end in ranges:
        out += [text[done:start], BLANK * (end - start)]
        done = end
    return "".join([*out, text[done:]])
