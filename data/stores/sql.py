"""Opening the SQL databases that hold state; SQLite by default, PostgreSQL by URL."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from data.errors import UsageError

#: Tables of the state database: manifest, vault ciphertext, quarantine, ledgers, evidence.
STATE = MetaData()
#: Tables of the database of wrapped keys, kept apart so that its backups can be short-lived.
KEYS = MetaData()
#: Tables of the embedded CRM, which stands in for an outside system.
CRM = MetaData()


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"


def open_database(url: str, tables: MetaData) -> Engine:
    """An engine on a database with all of `tables`, which overwrites what is deleted; see also `compact`.

    SQLite runs with `secure_delete` on and a rollback journal: measured, no other pair
    leaves as little of a deleted row in the file at commit (a write-ahead log keeps it).
    """
    engine = create_engine(make_url(url), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _forget_deleted_rows)
        event.listen(engine, "begin", _begin)
    tables.create_all(engine)
    return engine


def compact(engine: Engine) -> None:
    """Write a SQLite file anew, so that no page of it has anything of a deleted row in its free space.

    `secure_delete` overwrites what is deleted, but where a page was rebuilt a copy may stay: measured, of one
    row in some 14,000 (`benchmarks/deleted_rows.py`). Other databases are their operator's to clear.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
    finally:
        connection.close()


def open_as_it_is(url: str) -> Engine:
    """An engine to read with, on a database that is there; nothing is made in it. Raises `UsageError`.

    It keeps no connection, so that there is nothing to close after the one look that it is for.
    """
    if not _is_there(url):
        raise UsageError("there is no state database in this home", hint="name another home with --home")
    return create_engine(make_url(url), hide_parameters=True, poolclass=NullPool)


def is_complete(url: str, tables: MetaData) -> bool:
    """Whether a database is there with all of `tables`, so that opening it makes nothing."""
    if not _is_there(url):
        return False
    return tables.tables.keys() <= set(inspect(open_as_it_is(url)).get_table_names())


def _is_there(url: str) -> bool:
    place = make_url(url)
    return place.get_backend_name() != "sqlite" or Path(place.database or "").is_file()


def _forget_deleted_rows(connection: Any, _record: Any) -> None:
    # Taking over BEGIN from the driver lets a transaction cover reads as well (sqlite3 docs).
    connection.isolation_level = None
    for pragma in (
        "journal_mode=DELETE",
        "secure_delete=ON",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE would slip past a trigger against deleting
        "synchronous=FULL",
        "busy_timeout=600000",  # ms; a commit waits for a backup's snapshot, and that for a commit
        "cache_size=-262144",  # KiB; keyed digests lie in no order, and an index of a million is of that size
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
