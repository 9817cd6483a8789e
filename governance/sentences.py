"""The sentences of a published text, each known by a digest, so that a policy need not hold the text."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_BULLET = re.compile(r"^\s*[-–—•*·✓]\s+")
_STOP = re.compile(r"[.!?。][\"”’')\]]*\s+")
#: After these a full stop ends no sentence.
_SHORT = ("e.g.", "i.e.", "cf.", "no.", "art.", "max.", "min.", "approx.", "dr.", "mr.", "mrs.", "ms.")
_SHORT_SWEDISH = ("t.ex.", "bl.a.", "s.k.", "dvs.", "nr.", "ca.", "jfr.", "resp.", "m.m.", "kl.")
_OPENING = "\"“”'(["
_LONGEST_HEADING = 14


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or heading, with its number in the text."""

    number: int
    text: str
    is_heading: bool

    @property
    def hash(self) -> str:
        """An s and eleven hex digits of the sentence's SHA-256, however it is spaced and capitalised."""
        return short_digest(self.text)


def sentences(text: str) -> list[Sentence]:
    """All sentences of a text, in order; list items and headings are sentences too."""
    found: list[Sentence] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if _is_heading(line):
            found.append(Sentence(len(found) + 1, line, is_heading=True))
            continue
        for part in filter(None, _split(line)):
            found.append(Sentence(len(found) + 1, part, is_heading=False))
    return found


def short_digest(*texts: str) -> str:
    """An s and eleven hex digits of a SHA-256 of texts, however they are spaced and capitalised."""
    return f"s{hashlib.sha256(chr(0).join(map(normal, texts)).encode()).hexdigest()[:11]}"


def text_digest(text: str) -> str:
    """SHA-256 of a text's sentences; other spacing or line ends give the same."""
    return hashlib.sha256("\n".join(normal(s.text) for s in sentences(text)).encode()).hexdigest()


def normal(text: str) -> str:
    """A text as it is compared: NFC, case folded, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _is_heading(line: str) -> bool:
    short = len(line.split()) <= _LONGEST_HEADING
    return short and not _BULLET.match(line) and line[-1] not in ".!:;," and len(list(_split(line))) == 1


def _split(line: str) -> Iterator[str]:
    """Cut after a stop that a capital, a digit or an opening mark follows, and no short form comes before."""
    start, whole = 0, _BULLET.sub("", line)
    for stop in _STOP.finditer(whole):
        following = whole[stop.end() :].lstrip(_OPENING)[:1]
        before = whole[start : stop.start() + 1].casefold()
        if not following.islower() and not before.endswith((*_SHORT, *_SHORT_SWEDISH)):
            yield whole[start : stop.end()].strip()
            start = stop.end()
    yield whole[start:].strip()
