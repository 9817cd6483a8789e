"""What stands inside a file that is no plain text: tables, columns, packed parts, as blocks of bytes.

Each block comes with where in the file it stands. Errors are those of the library that reads the format,
and may hold what stands there.
"""

import gzip
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pseudonymize.leak_scan.blocks import SHORT, blocks, pieces, side_by_side, together
from pseudonymize.leak_scan.decoders import GAP

#: Where in a file a block stands, and the block.
Piece = tuple[str, bytes]

#: Stands for the columns of a table together, in the place of a block.
TOGETHER = "*"

SQLITE, PARQUET = b"SQLite format 3\x00", b"PAR1"
_GZIP = b"\x1f\x8b\x08"
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", _GZIP, b"\x28\xb5\x2f\xfd")
_MAGIC = 16
_ROWS = 1 << 12
_DEPTH = 4  # a packed part in a packed part: a workbook in an archive has two
_HELD = 1 << 26  # bytes of a database or a Parquet file inside an archive that may be held in memory


def begins_with(path: Path) -> bytes:
    """The first bytes of a file, which tell its format."""
    with path.open("rb") as file:
        return file.read(_MAGIC)


def inside(path: Path) -> Iterator[Piece]:
    """What is inside a file beyond its plain bytes; nothing for a plain file."""
    start = begins_with(path)
    if start.startswith(SQLITE):
        with closing(sqlite3.connect(_read_only(path), uri=True)) as connection:
            yield from _database(connection)
    elif start.startswith(PARQUET):
        with pq.ParquetFile(path) as file:
            yield from _parquet(file)
    elif start.startswith(_PACKED):
        with path.open("rb") as packed:
            yield from _unpacked(packed, start, _DEPTH)


def is_parquet(path: Path) -> bool:
    """Whether a file can be read as Parquet: one that was cut off in the middle of a write cannot."""
    try:
        pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        return False
    return True


def footer_size(path: Path) -> int:
    """Bytes at the end of a readable Parquet file that are not pages: its schema and smallest values."""
    with path.open("rb") as file:
        file.seek(-8, 2)
        return int.from_bytes(file.read(4), "little") + 8


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


def _database(connection: sqlite3.Connection) -> Iterator[Piece]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in names:
        columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]
        # As bytes, since a text need not be the UTF-8 that it should be.
        wanted = ", ".join(f"CAST({_quoted(column)} AS BLOB)" for column in columns)
        rows = connection.execute(f"SELECT {wanted} FROM {_quoted(table)}")  # noqa: S608 - names from the schema
        while some := rows.fetchmany(_ROWS):
            for column, values in zip(columns, zip(*some, strict=True), strict=True):
                for block in together(filter(None, values)):
                    yield f"{table}.{column}", block
            for block in side_by_side(list(zip(*some, strict=True))):
                yield f"{table}.{TOGETHER}", block


def _read_only(path: Path) -> str:
    """The URI of a database; one that nobody is writing to is left without new files beside it."""
    quiet = not any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))
    return f"file:{quote(str(path))}?mode=ro{'&immutable=1' if quiet else ''}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _database_in_memory(data: bytes) -> Iterator[Piece]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        yield from _database(connection)


def _parquet(file: pq.ParquetFile) -> Iterator[Piece]:
    for batch in file.iter_batches(_ROWS):
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            for values in _flat(column):
                for block in pieces(_joined(values)):
                    yield name, block
        for block in pieces(_side_by_side(batch)):
            yield TOGETHER, block


def _side_by_side(batch: pa.RecordBatch) -> bytes:
    """As `side_by_side` of blocks, without taking every value out of its column."""
    texts = [column.cast(pa.binary()) for column in batch.columns if pa.types.is_string(column.type)]
    short = [column for column in texts if 0 < (pc.max(pc.binary_length(column)).as_py() or 0) <= SHORT]
    if len(short) < 2:
        return b""
    options = {"null_handling": "replace", "null_replacement": b""}
    return _joined(pc.binary_join_element_wise(*short, pa.scalar(b" "), **options))


def _flat(column: pa.Array) -> Iterator[pa.Array]:
    """The columns that a nested column is made of."""
    kind = column.type
    if pa.types.is_map(kind):
        yield from chain(_flat(column.keys), _flat(column.items))
    elif pa.types.is_nested(kind):
        for part in column.flatten() if pa.types.is_struct(kind) else [column.flatten()]:
            yield from _flat(part)
    elif pa.types.is_dictionary(kind):
        yield from _flat(column.dictionary_decode())
    else:
        yield column


def _joined(values: pa.Array) -> bytes:
    """Values as bytes with gaps between them; times and truth values name nobody and are left out."""
    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = values.cast(pa.string())
    elif not (pa.types.is_string(kind) or pa.types.is_binary(kind) or _is_large(kind)):
        return b""
    values = values.drop_null().cast(pa.binary())
    joined: bytes = pc.binary_join(pa.ListArray.from_arrays([0, len(values)], values), GAP)[0].as_py()
    return joined


def _is_large(kind: pa.DataType) -> bool:
    views = (pa.types.is_string_view, pa.types.is_binary_view, pa.types.is_fixed_size_binary)
    return (
        pa.types.is_large_string(kind) or pa.types.is_large_binary(kind) or any(is_a(kind) for is_a in views)
    )


_READERS: dict[bytes, Callable[[bytes], Iterator[Piece]]] = {
    SQLITE[:4]: _database_in_memory,
    PARQUET: lambda data: _parquet(pq.ParquetFile(BytesIO(data))),
}
