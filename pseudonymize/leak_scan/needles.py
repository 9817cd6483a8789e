"""A first look for one person: whether a block may hold anything of theirs, in any encoding that we read.

For one person there are few byte strings to look for. Their first bytes lead to them in one pass, some
ten times as fast as reading every word; only a block that holds one is read whole.
"""

import base64
import html
import json
import quopri
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

from pseudonymize.leak_scan.identifiers import (
    Wanted,
    id_words,
    is_searchable_id,
    is_searchable_name,
    name_words,
)

_START, _LONG = 4, 8
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ASCII = re.compile(r"[\x21-\x7e]+")
_LINE_ENDS = (b"\r", b"\n", b"\\n", b"=\r\n", b"=\n")


class Needles:
    """The byte strings that stand for one person."""

    @classmethod
    def of(cls, wanted: Wanted) -> "Needles | None":
        """Those of a person; None where one is too short to be found by its first bytes (`Bo Ek`)."""
        cases = (case for text in _texts(wanted) for case in _cases(text))
        return None if any(len(raw) < _START for raw in _encoded(cases)) else cls(wanted)

    def __init__(self, wanted: Wanted) -> None:
        self._by_start: dict[bytes, list[bytes]] = {}
        self._pairs = np.zeros(1 << 16, bool)
        self._known = {width: np.zeros(1 << 16, bool) for width in (_START, _LONG)}
        for form in {form for text in _texts(wanted) for form in _forms(text)}:
            self._by_start.setdefault(form[:_START], []).append(form)
            self._pairs[form[0] | form[1] << 8] = True
            width = _LONG if len(form) >= _LONG else _START
            self._known[width][_hash(_numbers(form, width)[:1])] = True

    def may_be_in(self, block: bytes) -> bool:
        """Whether any of them is in a block, whatever the case of its letters, or broken into lines."""
        joined = block
        for end in _LINE_ENDS:
            joined = joined.replace(end, b"")
        return self._is_in(joined.lower()) or self._is_in(joined)

    def _is_in(self, data: bytes) -> bool:
        for at in self._places(data):
            for form in self._by_start.get(data[at : at + _START], ()):
                if data.startswith(form, at):
                    return True
        return False

    def _places(self, data: bytes) -> list[int]:
        """Where the first bytes of any may stand; of most there are two, of few four or eight."""
        padded = data + bytes(2 + len(data) % 2)
        even = np.frombuffer(padded, "<u2")
        odd = np.frombuffer(padded[1:-1], "<u2")
        found = [np.flatnonzero(self._pairs[pairs]) * 2 + first for first, pairs in enumerate((even, odd))]
        places = np.concatenate(found)
        padded = data + bytes(_LONG)
        known = [self._known[width][_hash(_numbers(padded, width)[places])] for width in self._known]
        chosen: list[int] = places[known[0] | known[1]].tolist()
        return chosen


def _numbers(data: bytes, width: int) -> npt.NDArray[np.uint64]:
    """At each place the number that the next bytes make."""
    return np.ndarray((len(data) - width + 1,), f"<u{width}", data, strides=(1,))


def _hash(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Sixteen bits of each, mixed by multiplication (Knuth, The Art of Computer Programming 3, 6.4)."""
    return numbers.astype(np.uint64) * _GOLDEN >> np.uint64(48)


def _texts(wanted: Wanted) -> Iterator[str]:
    """What has to be there in any case: a part of each address, each id, each full name."""
    for address in wanted.addresses:
        yield _sure(address.split("@"))
    for text in (*wanted.ids, *wanted.references):
        if is_searchable_id(id_words(text)):
            yield _sure(id_words(text))
    for name in wanted.names:
        if is_searchable_name(name_words(name)):
            yield _sure(name_words(name))


def _sure(words: Iterable[str]) -> str:
    """The longest run of ASCII, which most encodings leave as it is; without one the longest word."""
    words = list(words)
    runs = [run for word in words for run in _ASCII.findall(word)]
    longest = max(runs, key=len, default="")
    return longest if len(longest) >= _START else max(words, key=len)


def _forms(text: str) -> Iterator[bytes]:
    """How a text may stand in bytes; those that are shorter than the table needs are no use as a filter."""
    for variant in {unicodedata.normalize(form, text.casefold()) for form in ("NFC", "NFD", "NFKC")}:
        for form in {*_plain(variant), *_packed(variant)}:
            if len(form) >= _START:
                yield form


def _plain(text: str) -> Iterator[bytes]:
    """With ASCII letters small, as the block is when it is compared."""
    for case in _cases(text):
        once = json.dumps(case)[1:-1]
        for written in (once, json.dumps(once)[1:-1], quote(case, safe="")):
            yield written.lower().encode()
        yield html.escape(case).encode("ascii", "xmlcharrefreplace").lower()
        for raw in _encoded([case]):
            yield raw.lower()
            yield repr(raw)[2:-1].lower().encode()
            yield quopri.encodestring(raw).lower()
            yield raw.hex().encode()


def _packed(text: str) -> Iterator[bytes]:
    """The Base64 digits that do not depend on what stands around a text, at each alignment."""
    for raw in _encoded(_cases(text)):
        for before in range(3):
            digits = base64.b64encode(bytes(before) + raw)
            sure = digits[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            yield sure
            yield sure.replace(b"+", b"-").replace(b"/", b"_")


def _cases(text: str) -> set[str]:
    return {text, text.upper(), text.title(), text.capitalize()}


def _encoded(texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        yield text.encode()
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        with suppress(UnicodeEncodeError):  # a text that does not fit stands nowhere in it
            yield text.encode("cp1252")
