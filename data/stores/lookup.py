"""Which of many keys stand in a table, asked for in pieces that a database can take."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, select

from data.chunks import chunks


def present(
    connection: Connection, column: Column[Any], keys: Iterable[str], *mine: ColumnElement[bool]
) -> set[str]:
    """Those of the keys that the column has in the rows that fulfil all of `mine`."""
    found = set[str]()
    for some in chunks(keys, 500):
        found |= set(connection.scalars(select(column).where(*mine, column.in_(some))))
    return found
