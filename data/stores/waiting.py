"""Tables in which the rows of a run wait, unseen, until the run is published."""

from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, select, text


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
    connection.execute(delete(waiting).where(run))


def forget_run(connection: Connection, table: Table, run_id: str) -> None:
    """Delete the rows that an unpublished run wrote, those that are still on their way included.

    A server works on after its client was killed: rows that the client has asked to commit may
    arrive later. Their transaction holds the table's row lock already, so that this lock waits for
    it (PostgreSQL, "13.3 Explicit Locking"). SQLite has no server; a killed client commits nothing.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(delete(table).where(table.c.run_id == run_id))
