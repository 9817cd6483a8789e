"""Long bytes in blocks that overlap, and many values put together into blocks."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from pseudonymize.leak_scan.decoders import GAP, edge

BLOCK = 1 << 18  # the arrays of words over one block stay in a processor's cache
#: Bytes of the longest value that is looked at together with its neighbours; digests are longer.
SHORT = 60
_OVERLAP = 1 << 11  # an address in hexadecimal UTF-16 fits in


class Readable(Protocol):
    """Something that gives bytes, fewer than asked for only at its end."""

    def read(self, size: int, /) -> bytes: ...


def blocks(stream: Readable, size: int | None = None) -> Iterator[bytes]:
    """A stream, or its first `size` bytes, in blocks that begin and end between values where they can.

    Raises `OSError` and whatever else the stream raises.
    """
    left, held = size, b""
    while True:
        wanted = BLOCK if left is None else min(BLOCK, left)
        fresh = stream.read(wanted) if wanted else b""
        if left is not None:
            left -= len(fresh)
        if not fresh:
            if held:
                yield held
            return
        data = held + fresh
        end = edge(data, len(data) - 1)
        yield data[:end]
        held = data[edge(data, max(0, end - _OVERLAP)) :]


def together(values: Iterable[bytes]) -> Iterator[bytes]:
    """Values in blocks, apart from each other by a gap that no name spans."""
    held: list[bytes] = []
    size = 0
    for value in values:
        held.append(value)
        size += len(value)
        if size >= BLOCK:
            yield from pieces(GAP.join(held))
            held, size = [], 0
    if held:
        yield from pieces(GAP.join(held))


def side_by_side(columns: Sequence[Sequence[bytes | None]]) -> Iterator[bytes]:
    """The short values of each row in a row: first and last names often have a column each."""
    short = [column for column in columns if 0 < max(len(value or b"") for value in column) <= SHORT]
    if len(short) > 1:
        yield from together(b" ".join(value or b"" for value in row) for row in zip(*short, strict=True))


def pieces(data: bytes, size: int = BLOCK) -> Iterator[bytes]:
    """Bytes in memory as blocks of about a size."""
    if len(data) <= 2 * size:
        yield data
        return
    start = 0
    while start < len(data):
        end = edge(data, start + size) if start + size < len(data) else len(data)
        yield data[start:end]
        start = end if end == len(data) else edge(data, end - _OVERLAP)
