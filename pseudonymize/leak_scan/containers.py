"""What stands inside a file that is no plain text: tables, columns, packed parts, as blocks of bytes.

Each block comes with where in the file it stands. Errors are those of the library that reads the format,
and may hold what stands there.
"""

import gzip
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from pseudonymize.leak_scan.blocks import blocks, pieces, together
from pseudonymize.leak_scan.tables import Piece, database, database_in_memory, parquet

SQLITE, PARQUET = b"SQLite format 3\x00", b"PAR1"
_GZIP = b"\x1f\x8b\x08"
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", _GZIP, b"\x28\xb5\x2f\xfd")
_MAGIC = 16
_ENCRYPTED = 0x1  # of a part's flags (APPNOTE 4.4.4)
_DEPTH = 4  # a packed part in a packed part: a workbook in an archive has two
_HELD = 1 << 26  # bytes of a database or a Parquet file inside an archive that may be held in memory


def begins_with(path: Path) -> bytes:
    """The first bytes of a file, which tell its format."""
    with path.open("rb") as file:
        return file.read(_MAGIC)


def is_sealed(path: Path) -> bool:
    """Whether a file is an archive of which every part is encrypted."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (OSError, zipfile.BadZipFile):
        return False
    return bool(parts) and all(part.flag_bits & _ENCRYPTED for part in parts)


def inside(path: Path) -> Iterator[Piece]:
    """What is inside a file beyond its plain bytes; nothing for a plain file."""
    start = begins_with(path)
    if start.startswith(SQLITE):
        yield from database(path)
    elif start.startswith(PARQUET):
        yield from parquet(path)
    elif start.startswith(_PACKED):
        with path.open("rb") as packed:
            yield from _unpacked(packed, start, _DEPTH)


def _unpacked(file: IO[bytes], start: bytes, depth: int) -> Iterator[Piece]:
    if start.startswith(b"PK"):
        yield from _archive(file, depth)
    elif start.startswith(_GZIP):
        yield from _part("unpacked", gzip.GzipFile(fileobj=file), depth - 1)
    else:
        yield from _part("unpacked", pa.CompressedInputStream(file, "zstd"), depth - 1)


def _archive(file: IO[bytes], depth: int) -> Iterator[Piece]:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        for block in together(
            part.filename.encode(errors="replace") + b"\n" + part.comment for part in parts
        ):
            yield "names of parts", block
        for number, part in enumerate(parts):
            with archive.open(part) as stream:
                yield from _part(f"part {number}", stream, depth - 1)


def _part(place: str, stream: Any, depth: int) -> Iterator[Piece]:
    """The bytes of an unpacked part, and what is inside it."""
    start = bytes(stream.read(_MAGIC))
    reader = _READERS.get(start[:4])
    if reader is None and not start.startswith(_PACKED):
        yield from ((place, block) for block in blocks(_Again(start, stream)))
        return
    if not depth:
        raise ValueError("packed too deep")
    data = start + stream.read(_HELD)
    if len(data) > _HELD:
        raise ValueError("too large to be held in memory")
    yield from ((place, block) for block in pieces(data))
    deeper = reader(data) if reader else _unpacked(BytesIO(data), start, depth)
    yield from ((f"{place}, {name}", block) for name, block in deeper)


class _Again:
    """A stream of which the first bytes were read already."""

    def __init__(self, start: bytes, stream: Any) -> None:
        self._start, self._stream = start, stream

    def read(self, size: int, /) -> bytes:
        start, self._start = self._start, b""
        return start + bytes(self._stream.read(size - len(start)))


_READERS: dict[bytes, Callable[[bytes], Iterator[Piece]]] = {
    SQLITE[:4]: database_in_memory,
    PARQUET: lambda data: parquet(BytesIO(data)),
}
