"""All words of a block of bytes at once, each with a keyed hash, in numpy. Pure.

A word is ASCII letters and digits and whatever is no ASCII, so that UTF-8 and Windows-1252 need not be
told apart here; general punctuation of either ends a word.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
Hashes = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

_HASH_BITS = 26

_FOLDED = np.zeros(256, np.uint8)
for _byte in range(256):
    if _byte >= 0x80 or chr(_byte).isalnum():
        _FOLDED[_byte] = ord(chr(_byte).lower()) if _byte < 0x80 else _byte

_LETTERS_OF_WINDOWS = np.isin(np.arange(256), [0x8A, 0x8E, 0x9A, 0x9E, 0x9F])
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Words:
    """Where the words of a block begin and end, and their hashes; `short` without a genitive's s."""

    starts: Places
    ends: Places
    hashes: Hashes
    short: Hashes


class Hasher:
    """Polynomials modulo 2^64 at a secret point. A filter: what passes it is digested properly."""

    def __init__(self, key: bytes) -> None:
        drawn = int.from_bytes(hashlib.blake2b(key=key, person=b"words", digest_size=8).digest(), "little")
        self._base = (drawn & ~7) | 5  # of the longest period there is modulo 2^64
        self._powers = self._inverses = np.ones(1, np.uint64)

    def words(self, block: bytes) -> Words:
        """Every word of a block."""
        folded = _folded(block)
        starts, ends = runs(folded != 0)
        self._prepare(len(folded))
        sums = np.zeros(len(folded) + 1, np.uint64)
        np.cumsum(folded * self._powers[: len(folded)], out=sums[1:])
        begun, first = sums[starts], self._inverses[starts]
        genitive = (folded[ends - 1] == ord("s")) & (ends - starts > 1)
        hashes, short = ((sums[ends - cut] - begun) * first for cut in (0, genitive))
        return Words(starts, ends, _spread(hashes), _spread(short))

    def _prepare(self, length: int) -> None:
        if length > len(self._powers):
            self._powers = _powers(self._base, 2 * length)
            self._inverses = _powers(pow(self._base, -1, 1 << 64), 2 * length)


class Filter:
    """A set of hashes of words, 8 MB, by how many words stand in a row and, where that matters, which it is.

    It lets through what was put in, and little else: one word in a hundred of a vault of a million.
    """

    def __init__(self) -> None:
        self._bits = np.zeros(1 << _HASH_BITS - 3, np.uint8)

    def add(self, hashes: Hashes, length: int, place: int = 0) -> None:
        """Put words in."""
        at, bit = _salted(hashes, length, place)
        np.bitwise_or.at(self._bits, at, bit)

    def passes(self, hashes: Hashes, length: int, place: int = 0) -> Mask:
        """Which words it lets through."""
        at, bit = _salted(hashes, length, place)
        found: Mask = (self._bits[at] & bit) != 0
        return found


def _salted(hashes: Hashes, length: int, place: int) -> tuple[Hashes, Bytes]:
    salted = hashes ^ np.uint64((length * 37 + place) * 0x9E3779B1 % (1 << _HASH_BITS))
    return salted >> np.uint64(3), np.left_shift(np.uint8(1), (salted & np.uint64(7)).astype(np.uint8))


def runs(mask: Mask) -> tuple[Places, Places]:
    """Where each run of true values begins, and where it ends."""
    padded = np.zeros(len(mask) + 2, np.bool_)
    padded[1:-1] = mask
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return edges[::2], edges[1::2]


def _powers(base: int, length: int) -> Hashes:
    factors = np.full(length, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _spread(hashes: Hashes) -> Hashes:
    return (hashes * _SPREAD) >> np.uint64(64 - _HASH_BITS)


def _folded(block: bytes) -> Bytes:
    """The block in small letters, and 0 where no word is."""
    data = np.frombuffer(block, np.uint8)
    folded = _FOLDED[data]
    if not block.isascii():
        _part_at_punctuation(data, folded)
    return folded


def _part_at_punctuation(data: Bytes, folded: Bytes) -> None:
    """End words at U+0080 to U+00BF and U+2000 to U+203F in UTF-8, and at such bytes of Windows-1252."""
    before = np.concatenate([np.zeros(1, np.uint8), data[:-1]])
    following = (data >= 0x80) & (data < 0xC0)
    folded[following & (before < 0x80) & ~_LETTERS_OF_WINDOWS[data]] = 0
    latin = np.flatnonzero(following & (before == 0xC2))
    general = np.flatnonzero((data == 0x80) & (before == 0xE2))
    for places in (latin, latin - 1, general, general - 1, general[general + 1 < len(data)] + 1):
        folded[places] = 0
