"""Which of many keys stand in a table, asked for in pieces that a database can take; and all that does."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, String, Table, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from data.chunks import chunks

_ROWS = 10_000


def present(
    connection: Connection, column: Column[Any], keys: Iterable[str], *mine: ColumnElement[bool]
) -> set[str]:
    """Those of the keys that the column has in the rows that fulfil all of `mine`."""
    found = set[str]()
    for some in chunks(keys, 500):
        found |= set(connection.scalars(select(column).where(*mine, column.in_(some))))
    return found


def rows_of(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """All rows of a query of maybe millions, a few thousand in memory at a time, to be unpacked in order."""
    for some in connection.execution_options(yield_per=_ROWS).execute(query).partitions():
        yield from some


def everything(table: Table, controller: str) -> ColumnElement[bool]:
    """What holds for all that a controller has in a table, where every row of it is wanted."""
    return _Unindexed(table.c.controller) == controller


class _Unindexed(FunctionElement[str]):
    """A column that SQLite looks for by no index.

    Every row is wanted, and in the order in which they lie a scan is several times as fast as by an
    index that begins with the controller. A plus before the column says so ("The SQLite Query Optimizer
    Overview"); SQLAlchemy leaves hints like NOT INDEXED out for SQLite. PostgreSQL knows it by itself.
    """

    type = String()
    inherit_cache = True


@compiles(_Unindexed)
def _as_it_is(element: _Unindexed, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(element.clauses, **more)


@compiles(_Unindexed, "sqlite")
def _with_a_plus(element: _Unindexed, compiler: SQLCompiler, **more: Any) -> str:
    return f"+{compiler.process(element.clauses, **more)}"
