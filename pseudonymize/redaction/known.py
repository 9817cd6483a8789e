"""Known names: the writer's own name and addresses, and the names of everybody in the same window.

A known name is found in any case, inflected, as a nick form, and with one slip of the fingers. One
that is also an ordinary word ("Will", "Sten") is found only where it is written as a name.
"""

import re
from collections.abc import Iterable, Iterator

from pseudonymize.normalize import canonical_name
from pseudonymize.redaction.layer import Finding, Layer
from pseudonymize.redaction.lists import is_ordinary
from pseudonymize.redaction.names import Close, stems
from pseudonymize.redaction.reading import Reading

_SHORTEST_OF_OTHERS = 3
_SHORTEST_LOCAL_PART = 4


class WriterLayer(Layer):
    """The writer's own name, address and user name."""

    def __init__(self) -> None:
        super().__init__("writer", ["PERSON", "EMAIL", "USERNAME"])

    def may_match(self, reading: Reading) -> bool:
        """Only where something is known."""
        return bool(reading.writer.parts or reading.writer.addresses)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Where the writer stands in the text."""
        writer = reading.writer
        for address in writer.addresses:
            yield from _occurrences(reading, address, "EMAIL")
        for local in writer.locals:
            if len(local) >= _SHORTEST_LOCAL_PART and not local.isalpha():
                yield from _occurrences(reading, local, "USERNAME" if _has_digit(local) else "PERSON")
        for index, word in enumerate(reading.words):
            if _is_known(word.folded, writer.parts, writer.close) and _is_meant(reading, index, writer.parts):
                yield Finding(word.start, word.end, "PERSON")


class WindowLayer(Layer):
    """The names of the others who answered in the same window."""

    def __init__(self) -> None:
        super().__init__("window", ["PERSON"])

    def may_match(self, reading: Reading) -> bool:
        """Only where there are others."""
        return bool(reading.window.parts or reading.window.full)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Where one of them stands in the text, by whole name or by a part of it."""
        yield from self._whole(reading)
        window = reading.window
        for word in reading.words:
            if len(word.folded) >= _SHORTEST_OF_OTHERS and _is_known(word.folded, window.parts, window.close):
                yield Finding(word.start, word.end, "PERSON")

    def _whole(self, reading: Reading) -> Iterator[Finding]:
        words, full = reading.words, reading.window.full
        for start in range(len(words)):
            for end in range(start + 1, min(start + reading.window.longest, len(words))):
                span = reading.text[words[start].start : words[end].end]
                if canonical_name(span) in full or canonical_name(re.sub(r"['’]?s$", "", span)) in full:
                    yield Finding(words[start].start, words[end].end, "PERSON")


def _is_known(word: str, parts: Iterable[str], close: Close) -> bool:
    return any(stem in parts for stem in stems(word)) or (word in close and not is_ordinary(word))


def _is_meant(reading: Reading, index: int, parts: Iterable[str]) -> bool:
    """Whether an ordinary word is used as the name: beside another part, or in capitals inside a sentence."""
    word = reading.words[index]
    if not any(is_ordinary(stem) for stem in stems(word.folded)):
        return True
    if any(stem in parts for other in reading.neighbours(index) for stem in stems(other.folded)):
        return True
    return word.capitalized and not reading.shouts and not reading.begins_sentence(word.start)


def _occurrences(reading: Reading, value: str, kind: str) -> Iterator[Finding]:
    at = reading.lower.find(value)
    while at >= 0:
        end = at + len(value)
        if _is_apart(reading.lower, at, end):
            yield Finding(at, end, kind)
        at = reading.lower.find(value, end)


def _is_apart(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
