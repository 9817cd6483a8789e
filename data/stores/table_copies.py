"""Copies of whole databases, table by table, in one form whichever database it is: Arrow streams.

What is read is one snapshot. SQLite and PostgreSQL can each be copied into the other.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO, Any

import pyarrow as pa
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
)
from sqlalchemy.types import TypeEngine

from data.errors import VerificationFailed
from data.stores.lookup import rows_of
from data.stores.sql_types import UtcTime

#: Makes or opens the file of one table, by the table's name.
Files = Callable[[str], AbstractContextManager[IO[bytes]]]

_ROWS = 10_000
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")
_TYPES: list[tuple[type[TypeEngine[Any]], pa.DataType]] = [
    (Boolean, pa.bool_()),
    (Integer, pa.int64()),
    (LargeBinary, pa.binary()),
    (Date, pa.date32()),
    (JSON, pa.string()),
    (String, pa.string()),
    (Text, pa.string()),
]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of a database, whatever is written meanwhile.

    SQLite lets a writer wait for its commit until this ends, PostgreSQL does not.
    """
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def copy_out(connection: Connection, tables: MetaData, files: Files) -> dict[str, int]:
    """Write every table that has rows to a file; returns how many each has."""
    counts = {}
    for table in tables.sorted_tables:
        as_stored = _as_stored(table)
        rows = _batches(connection, as_stored)
        if first := next(rows, None):
            with files(table.name) as file:
                counts[table.name] = _write(file, as_stored, first, rows)
    return counts


def copy_in(connection: Connection, tables: MetaData, counts: dict[str, int], files: Files) -> None:
    """Fill empty tables from the files of `copy_out`, in the caller's transaction.

    Raises `VerificationFailed` where a file is not as these tables are: another version has made it.
    """
    if strangers := counts.keys() - tables.tables.keys():
        raise _of_another_version(f"the table {min(strangers)}")
    for name, count in counts.items():
        table = _as_stored(tables.tables[name])
        with files(name) as file, pa.ipc.open_stream(file) as reader:
            if not reader.schema.equals(_schema(table)):
                raise _of_another_version(f"the table {name}")
            read = sum(_insert(connection, table, batch) for batch in reader)
        if read != count:
            raise VerificationFailed(
                f"of the table {name} there are {read} rows in the backup, and not {count}"
            )


def _batches(connection: Connection, table: Table) -> Iterator[list[Any]]:
    some: list[Any] = []
    for row in rows_of(connection, select(table)):
        some.append(row)
        if len(some) == _ROWS:
            yield some
            some = []
    if some:
        yield some


def _write(file: IO[bytes], table: Table, first: list[Any], rest: Iterator[list[Any]]) -> int:
    schema, count = _schema(table), 0
    with pa.ipc.new_stream(file, schema, options=_OPTIONS) as writer:
        while first:
            columns = zip(*first, strict=True)
            arrays = [
                pa.array([_out(c, v) for v in values], field.type)
                for c, field, values in zip(table.columns, schema, columns, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            count += len(first)
            first = next(rest, [])
    return count


def _insert(connection: Connection, table: Table, batch: pa.RecordBatch) -> int:
    rows = batch.to_pylist()
    for column in table.columns:
        if isinstance(column.type, JSON):
            for row in rows:
                row[column.name] = json.loads(row[column.name])
    connection.execute(insert(table), rows)
    return len(rows)


def _out(column: Column[Any], value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(column.type, JSON) else value


def _as_stored(table: Table) -> Table:
    """A table whose times are read and written as the text that they are, which no copy may change."""
    columns = [
        Column(c.name, String(32) if isinstance(c.type, UtcTime) else c.type, nullable=c.nullable)
        for c in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


def _schema(table: Table) -> pa.Schema:
    return pa.schema(
        [(c.name, next(there for kind, there in _TYPES if isinstance(c.type, kind))) for c in table.columns]
    )


def _of_another_version(what: str) -> VerificationFailed:
    return VerificationFailed(
        f"{what} in the backup is none of this version of Tillit",
        hint="restore it with the version that made it",
    )
