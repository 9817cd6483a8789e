"""One text as every recogniser reads it: plain form, words, signs, and the names that models found.

It takes the place of Presidio's `NlpArtifacts`, which Presidio hands to each recogniser beside the text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from presidio_analyzer import RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from pseudonymize.raw import Raw
from pseudonymize.redaction.people import NO_WINDOW, NOBODY, WindowNames, Writer
from pseudonymize.redaction.plain import PLACEHOLDER, Plain, plain

_WORD_OR_PLACEHOLDER = re.compile(rf"{PLACEHOLDER.pattern}|[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?:;…\n\r•*/(\"“”-]\s*$")
#: No word is as long; a tokenizer may take time that grows with the square of its length.
_UNBROKEN = re.compile(r"\S{200,}")
_LONG_PIECE = 50
_FEW, _MOST = 8, 0.7
_BETWEEN_PARTS = frozenset([" ", "  ", "-", ".", ". ", "'"])


class Named(NamedTuple):
    """Where a model found a name in text of a language; `doubtful` where it is not to be believed alone."""

    start: int
    end: int
    language: str
    doubtful: bool


class Word(NamedTuple):
    """A run of letters and digits; `folded` is in lower case."""

    start: int
    end: int
    text: str
    folded: str

    @property
    def capitalized(self) -> bool:
        """Whether it is written as a name is."""
        return self.text[0].isupper()


class Reading(Raw, NlpArtifacts):
    """A text in its plain form, and what is known about it before any recogniser runs."""

    def __init__(self, original: str, writer: Writer = NOBODY, window: WindowNames = NO_WINDOW) -> None:
        self.plain: Plain = plain(original)
        self.text = self.plain.text
        self.writer = writer
        self.window = window
        self.names: list[Named] = []
        self.found: list[RecognizerResult] = []

    @cached_property
    def words(self) -> list[Word]:
        """The words outside placeholders, in order."""
        found = _WORD_OR_PLACEHOLDER.finditer(self.text)
        return [Word(m.start(), m.end(), m[0], m[0].lower()) for m in found if m[0][0] != "<"]

    @cached_property
    def placeholders(self) -> list[tuple[int, int]]:
        """Where an earlier redaction has put placeholders; nothing in them is to be found."""
        return [m.span() for m in PLACEHOLDER.finditer(self.text)] if "<" in self.text else []

    def in_placeholder(self, at: int) -> bool:
        """Whether a character belongs to a placeholder."""
        index = bisect_right(self.placeholders, (at, len(self.text) + 1)) - 1
        return index >= 0 and at < self.placeholders[index][1]

    def placeholders_near(self, start: int, end: int) -> list[tuple[int, int]]:
        """The placeholders that a range touches, and the one on each side of it."""
        first = bisect_right(self.placeholders, (start, 0)) - 1
        last = bisect_right(self.placeholders, (end, 0)) + 1
        return self.placeholders[max(0, first) : last]

    @cached_property
    def searchable(self) -> str:
        """The text as models are to see it: as long as itself, with a word in each placeholder's place."""
        text = self.text
        for start, end in self.placeholders:
            text = text[:start] + "them".ljust(end - start)[: end - start] + text[end:]
        return _UNBROKEN.sub(_broken, text)

    @cached_property
    def lower(self) -> str:
        """The text in lower case; as long as the text itself."""
        lower = self.text.lower()
        return lower if len(lower) == len(self.text) else "".join(c.lower()[:1] for c in self.text)

    @cached_property
    def shouts(self) -> bool:
        """Whether the text is written in capitals, so that they mean nothing."""
        letters = sum(map(str.isalpha, self.text))
        return letters >= _FEW and sum(map(str.isupper, self.text)) > _MOST * letters

    def begins_sentence(self, at: int) -> bool:
        """Whether a word here would have a capital letter for its place alone."""
        before = self.text[max(0, at - 6) : at]
        return not before.strip() or _SENTENCE_END.search(before) is not None

    def neighbours(self, index: int) -> Iterator[Word]:
        """The words right before and after one, standing beside it as the parts of a name do."""
        for other in (index - 1, index + 1):
            if 0 <= other < len(self.words) and self.adjacent(min(index, other)):
                yield self.words[other]

    def adjacent(self, index: int) -> bool:
        """Whether nothing but a space, a hyphen, an apostrophe or a dot is between a word and the next."""
        words = self.words
        return (
            index + 1 < len(words) and self.text[words[index].end : words[index + 1].start] in _BETWEEN_PARTS
        )


def _broken(run: re.Match[str]) -> str:
    """A run of signs without a space, with a space now and then in a sign's place."""
    pieces = (run[0][at : at + _LONG_PIECE - 1] for at in range(0, len(run[0]), _LONG_PIECE))
    return " ".join(pieces).ljust(len(run[0]))
