"""What in a block may identify somebody, looked up among the digests of everybody.

Names and ids are words in a row. A filter lets only rows pass of which each word belongs to some name,
or to some id; what passes is put into the form in which it is compared, digested and looked up.
"""

import re
from collections.abc import Iterator

import numpy as np

from pseudonymize.leak_scan.addresses import addresses
from pseudonymize.leak_scan.blocks import pieces
from pseudonymize.leak_scan.decoders import readings
from pseudonymize.leak_scan.digests import Digests, digest
from pseudonymize.leak_scan.identifiers import Kind, id_words, name_words
from pseudonymize.leak_scan.needles import Needles
from pseudonymize.leak_scan.text import text_of
from pseudonymize.leak_scan.words import Hasher, Places, Words

#: Digests of those who were found, by kind.
Hits = dict[Kind, set[int]]

_SMALL = 1 << 13  # bytes
_BY_CHANCE = 6  # bytes of all words of a row
_AROUND = 8
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ASCII = re.compile(rb"[\x00-\x7f]+")
_WIDEST_GAP = 4  # bytes between two words of one name: `","`, `", `, ` - `


class Searcher:
    """Looks for everybody in blocks of bytes; with `needles` for one person, quickly."""

    def __init__(self, digests: Digests, needles: Needles | None = None) -> None:
        self._digests = digests
        self._needles = needles
        self._hasher = Hasher(digests.key)

    def hits(self, block: bytes) -> Hits:
        """Who is named in a block, in whatever encoding."""
        found: Hits = {kind: set() for kind in Kind}
        for piece in self._worth_reading(block):
            for reading in readings(piece):
                made = self._candidates(reading)
                for kind in Kind:
                    candidates = made[Kind.ID if kind is Kind.REFERENCE else kind]
                    found[kind] |= self._digests.among(kind, candidates)
        return found

    def _worth_reading(self, block: bytes) -> Iterator[bytes]:
        """For one person only the small parts that may hold anything of theirs: reading is slow."""
        if not self._needles:
            yield block
        elif self._needles.may_be_in(block):
            yield from filter(self._needles.may_be_in, pieces(block, _SMALL))

    def _candidates(self, block: bytes) -> dict[Kind, set[int]]:
        words = self._hasher.words(block)
        key = self._digests.key
        return {
            Kind.ADDRESS: {digest(key, Kind.ADDRESS, address) for address in addresses(block)},
            Kind.NAME: {digest(key, Kind.NAME, name) for name in self._names(block, words)},
            Kind.ID: {digest(key, Kind.ID, text) for text in self._ids(block, words)},
        }

    def _names(self, block: bytes, words: Words) -> Iterator[str]:
        digests = self._digests
        for length in digests.name_lengths:
            known = digests.name_filter.passes(words.hashes, length)
            known |= digests.name_filter.passes(words.short, length)
            rows = _in_a_row(words, np.flatnonzero(known), length)
            for place in range(1, length):
                rows = rows[known[rows + place]]
            for start, end in _spans(block, words, rows, length):
                yield from _orders(name_words(text_of(block[start:end])))

    def _ids(self, block: bytes, words: Words) -> Iterator[str]:
        digests = self._digests
        for length in digests.id_lengths:
            known = digests.id_filter.passes(words.hashes, length, 0)
            rows = _in_a_row(words, np.flatnonzero(known), length)
            for place in range(1, length):
                rows = rows[digests.id_filter.passes(words.hashes[rows + place], length, place)]
            for start, end in _spans(block, words, rows, length):
                if not _is_fraction(block, start, end):
                    yield "-".join(id_words(text_of(block[start:end])))


def _in_a_row(words: Words, firsts: Places, length: int) -> Places:
    """Those words that `length - 1` others follow closely."""
    rows = firsts[firsts <= len(words.starts) - length]
    for place in range(1, length):
        rows = rows[words.starts[rows + place] - words.ends[rows + place - 1] <= _WIDEST_GAP]
    return rows


def _spans(block: bytes, words: Words, rows: Places, length: int) -> Iterator[tuple[int, int]]:
    """Where each row begins and ends; one of a few bytes only where it stands in a text."""
    sizes = sum((words.ends[rows + place] - words.starts[rows + place] for place in range(length)), 0 * rows)
    spans = zip(words.starts[rows].tolist(), words.ends[rows + length - 1].tolist(), strict=True)
    for size, (start, end) in zip(sizes.tolist(), spans, strict=True):
        if size > _BY_CHANCE or _in_text(block, start, end):
            yield start, end


def _in_text(block: bytes, start: int, end: int) -> bool:
    """Whether text surrounds a place: `Bo Ek` turns up by chance in some hundred megabytes of ciphertext."""
    around = block[max(0, start - _AROUND) : start] + block[end : end + _AROUND]
    return not _CONTROL.search(around) and len(_ASCII.sub(b"", around)) <= _AROUND // 2


def _orders(words: list[str]) -> Iterator[str]:
    """The words of a name in the order in which they are compared, and with each genitive's s taken off."""
    yield " ".join(sorted(words))
    for place, word in enumerate(words):
        if word.endswith("s"):
            yield " ".join(sorted([*words[:place], word[:-1], *words[place + 1 :]]))


def _is_fraction(block: bytes, start: int, end: int) -> bool:
    """Whether digits stand behind or before a decimal point, and so are part of a number."""
    if not block[start:end].isdigit():
        return False
    return (block[start - 1 : start] == b"." and block[start - 2 : start - 1].isdigit()) or (
        block[end : end + 1] == b"." and block[end + 1 : end + 2].isdigit()
    )
