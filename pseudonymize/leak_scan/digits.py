"""Texts that are written in Base64 or in hexadecimal digits, at any alignment, in numpy. Pure.

All digits of a block are decoded at once. Digests and ciphertext decode to bytes of every kind, so that
only runs of bytes that can be text are kept of what comes out.
"""

import numpy as np
import numpy.typing as npt

from pseudonymize.leak_scan.words import Bytes, Places, runs

_NONE = 255
_SHORTEST_BASE64, _SHORTEST_HEX, _SHORTEST_TEXT = 7, 10, 6
_WRAPPED_AT = 32  # digits in a line before Base64 goes on in the next; MIME has 76, PEM 64
_GAP = 6
_MISSING, _NO_TEXT = 1, 127

Mask = npt.NDArray[np.bool_]


def _table(digits: bytes) -> Bytes:
    table = np.full(256, _NONE, np.uint8)
    for value, digit in enumerate(digits):
        table[digit] = value
    return table


_UPPER = bytes(range(ord("A"), ord("Z") + 1))
_LOWER = _UPPER.lower()
_SIX = _table(_UPPER + _LOWER + b"0123456789+/")
_SIX[list(b"-_")] = 62, 63
_FOUR = _table(b"0123456789abcdef")
_FOUR[list(b"ABCDEF")] = range(10, 16)

_IS_UPPER = np.isin(np.arange(256), list(_UPPER))
_IS_HEX = (_FOUR != _NONE) | np.isin(np.arange(256), list(b"-_"))
_HEX = 1 << 32  # counts capitals and digits below it, hexadecimal digits above
_SIGNS = (_IS_UPPER | np.isin(np.arange(256), list(b"0123456789"))) + _HEX * _IS_HEX.astype(np.int64)
_IS_TEXT = np.isin(
    np.arange(256), [0, 9, 10, 13, *range(32, 127), *"ÅÄÖåäöÆØæøÉéÜüßÈèËëÁáÓó".encode("cp1252")]
)


def read_base64(block: bytes) -> bytes:
    """Texts in Base64 or its URL-safe form, wrapped or not."""
    data = np.frombuffer(block, np.uint8)
    starts, ends = runs(_SIX[data] != _NONE)
    if not len(starts):
        return b""
    starts, ends = _unwrapped(data, starts, ends)
    lengths = ends - starts
    sums = np.zeros(len(data) + 1, np.int64)
    np.cumsum(_SIGNS[data], out=sums[1:])
    signs = sums[ends] - sums[starts]
    # An ordinary word has no digit, and a capital at its beginning only; a digest has nothing else than hex.
    mixed = (signs % _HEX > _IS_UPPER[data[starts]]) | (lengths > _WRAPPED_AT)
    chosen = (lengths >= _SHORTEST_BASE64) & mixed & (signs // _HEX < lengths)
    six = _chosen(_SIX[data], starts[chosen], ends[chosen])
    return b"".join(_texts(_three_of_four(six[phase:])) for phase in range(4)) if len(six) else b""


def read_hex(block: bytes) -> bytes:
    """Texts in hexadecimal digits."""
    data = np.frombuffer(block, np.uint8)
    four = _FOUR[data]
    starts, ends = runs(four != _NONE)
    chosen = (ends - starts) >= _SHORTEST_HEX
    digits = _chosen(four, starts[chosen], ends[chosen])
    return b"".join(_texts(_one_of_two(digits[phase:])) for phase in range(2)) if len(digits) else b""


def _unwrapped(data: Bytes, starts: Places, ends: Places) -> tuple[Places, Places]:
    """Runs with those of the next line put to them, where a line is long."""
    gaps = starts[1:] - ends[:-1]
    new_line = np.isin(data[ends[:-1]], list(b"\r\n"))
    goes_on = new_line & (gaps <= 3) & ((ends - starts)[:-1] >= _WRAPPED_AT)
    return starts[np.concatenate([[True], ~goes_on])], ends[np.concatenate([~goes_on, [True]])]


def _chosen(values: Bytes, starts: Places, ends: Places) -> Bytes:
    """The values of the chosen runs, with one that is no digit behind each; line ends inside left out."""
    if not len(starts):
        return values[:0]
    keep = _between(starts, ends, len(values)) & (values != _NONE)
    behind = ends[ends < len(values)]
    keep[behind] = True
    return np.append(values[keep], np.full(4, _NONE, np.uint8))


def _three_of_four(six: Bytes) -> Bytes:
    """Bytes of Base64 digits, `_MISSING` where they are not all there."""
    size = len(six) // 4
    a, b, c, d = (six[: size * 4].reshape(size, 4)[:, place] for place in range(4))
    decoded = np.stack([a << 2 | b >> 4, (b & 15) << 4 | c >> 2, (c & 3) << 6 | d], axis=1)
    missing = np.stack([(a | b) == _NONE, (b | c) == _NONE, (c | d) == _NONE], axis=1)
    decoded[missing] = _MISSING
    return decoded.reshape(-1)


def _one_of_two(four: Bytes) -> Bytes:
    size = len(four) // 2
    high, low = four[: size * 2 : 2], four[1 : size * 2 : 2]
    decoded: Bytes = np.bitwise_or(high << 4, low, dtype=np.uint8)
    decoded[(high == _NONE) | (low == _NONE)] = _MISSING
    return decoded


def _texts(decoded: Bytes) -> bytes:
    """The runs of decoded bytes that can be text, with what is between them cut short and made unreadable."""
    text = _IS_TEXT[decoded]
    pair = (decoded[:-1] >= 0xC2) & (decoded[:-1] < 0xE0) & (decoded[1:] >= 0x80) & (decoded[1:] < 0xC0)
    text[:-1] |= pair
    text[1:] |= pair
    starts, ends = runs(text)
    long = (ends - starts) >= _SHORTEST_TEXT
    if not long.any():
        return b""
    starts, ends = starts[long], ends[long]
    inside = _between(starts, ends, len(decoded))
    near = _between(starts, np.minimum(ends + _GAP, len(decoded)), len(decoded))
    between = np.where(decoded == _MISSING, np.uint8(ord("\n")), np.uint8(_NO_TEXT))
    shown = np.where(inside, decoded, between)
    return shown[near].tobytes() + b"\n" * _GAP


def _between(starts: Places, ends: Places, size: int) -> Mask:
    """Which places are between a start and its end; pairs may overlap."""
    edges = np.zeros(size + 1, np.int8)
    edges[starts] += 1
    np.subtract.at(edges, ends, 1)
    return np.cumsum(edges[:-1], dtype=np.int8) > 0
