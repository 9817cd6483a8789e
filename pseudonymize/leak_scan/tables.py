"""What stands in tables: SQLite's and Parquet's, column by column, as blocks of bytes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pseudonymize.leak_scan.blocks import SHORT, pieces, side_by_side, together
from pseudonymize.leak_scan.decoders import GAP

#: Where in a file a block stands, and the block.
Piece = tuple[str, bytes]

#: Stands for the columns of a table together, in the place of a block.
TOGETHER = "*"

_ROWS = 1 << 12


def database(path: Path) -> Iterator[Piece]:
    """Every table of a SQLite file. Raises `sqlite3.Error`."""
    with closing(sqlite3.connect(_read_only(path), uri=True)) as connection:
        yield from _database(connection)


def parquet(file: Path | BytesIO) -> Iterator[Piece]:
    """Every column of a Parquet file. Raises `pa.ArrowException`, `OSError`."""
    with pq.ParquetFile(file) as opened:
        yield from _parquet(opened)


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


def database_in_memory(data: bytes) -> Iterator[Piece]:
    """The same of a SQLite file that was packed."""
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
