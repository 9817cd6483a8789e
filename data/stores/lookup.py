"""Which of many keys stand in a table, asked for in pieces that a database can take; and all that does."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, String, Table, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from data.chunks import chunks

_ROWS = 500  # fewer than make Python look for garbage, which costs as much as a row itself


def present(
    connection: Connection, column: Column[Any], keys: Iterable[str], *mine: ColumnElement[bool]
) -> set[str]:
    """Those of the keys that the column has in the rows that fulfil all of `mine`."""
    found = set[str]()
    for some in chunks(keys, 500):
        found |= set(connection.scalars(select(column).where(*mine, column.in_(some))))
    return found


def rows_of(
    connection: Connection, query: Select[Any], wanted: Iterable[ColumnElement[bool]] = (true(),)
) -> Iterator[Any]:
    """All rows of a query of maybe millions, to be unpacked in order; of some that are `wanted`, in turn."""
    for where in wanted:
        rows = connection.execute(query.where(where), execution_options={"yield_per": _ROWS})
        for some in rows.partitions():
            yield from some


def wanted(
    table: Table, controller: str, column: Column[Any], keys: Collection[str] | None
) -> Iterator[ColumnElement[bool]]:
    """What holds for all that a controller has in a table, or, in pieces, for the rows with some keys."""
    if keys is None:
        yield everything(table, controller)
        return
    for some in chunks(keys, 500):
        yield (table.c.controller == controller) & column.in_(some)


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
