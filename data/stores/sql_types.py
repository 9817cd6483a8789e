"""Column types shared by the stores, and tables that rows wait in until their run is published."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, Dialect, MetaData, String, Table, delete, insert, select
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, as ISO 8601 text that sorts by time in every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def waiting_room(table: Table, metadata: MetaData) -> Table:
    """The twin of `table` in which a run's rows wait, unseen by readers, until they are published.

    The table itself needs a column `run_id`; the twin is keyed by it and the table's own key.
    """
    columns = [
        Column(c.name, c.type, primary_key=c.primary_key or c.name == "run_id", nullable=c.nullable)
        for c in table.columns
    ]
    return Table(f"{table.name}_waiting", metadata, *columns)


def move_in(connection: Connection, table: Table, waiting: Table, run_id: str) -> None:
    """Replace rows of `table` by the waiting rows of one run that have the same key."""
    run = waiting.c.run_id == run_id
    same_key = [waiting.c[c.name] == c for c in table.primary_key.columns]
    connection.execute(delete(table).where(select(waiting).where(run, *same_key).exists()))
    columns = [c.name for c in table.columns]
    connection.execute(
        insert(table).from_select(columns, select(*[waiting.c[name] for name in columns]).where(run))
    )
    turn_out(connection, waiting, run_id)


def turn_out(connection: Connection, waiting: Table, run_id: str) -> None:
    """Forget the waiting rows of one run."""
    connection.execute(delete(waiting).where(waiting.c.run_id == run_id))
