"""The evidence log in the hands of somebody who can write to its file."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.checkpoint_evidence import checkpoint_evidence
from flows.wiring import Home
from governance import evidence
from tests.support.homes import NOW, Said, tillit

Row = dict[str, Any]

#: An entry of something that never happened.
FORGED: Row = {"at": NOW.isoformat(timespec="microseconds"), "kind": "import", "details": '{"forged":1}'}

_INSERT = "INSERT INTO evidence VALUES (:number, :at, :kind, :details, :previous, :hash)"


def add(home: Home, number: int) -> None:
    """One more honest entry."""
    with home.engine.begin() as connection:
        evidence.record(connection, NOW, "import", {"run": f"r{number}", "counts": {"new": number}})


def save(home: Home, path: Path) -> Path:
    """A checkpoint as a file."""
    checkpoint_evidence(home, path)
    return path


def verify(home: Home, *options: object) -> Said:
    """What the command says of a home's log."""
    return tillit("evidence", "verify", "--home", home.settings.home, *options)


@contextmanager
def by_hand(home: Home) -> Iterator[sqlite3.Connection]:
    """The state database without what refuses changes; commits at the end."""
    home.engine.dispose()
    connection = sqlite3.connect(home.settings.home / "state" / "state.db")
    connection.row_factory = sqlite3.Row
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    with connection:
        yield connection
    connection.close()


def rows_of(connection: sqlite3.Connection) -> list[Row]:
    """All entries, in order."""
    return [dict(row) for row in connection.execute("SELECT * FROM evidence ORDER BY number")]


def edit(connection: sqlite3.Connection, number: int, /, **changes: object) -> None:
    """Change columns of one entry."""
    for column, value in changes.items():
        statement = f"UPDATE evidence SET {column} = ? WHERE number = ?"  # noqa: S608
        connection.execute(statement, (value, number))


def put(connection: sqlite3.Connection, rows: list[Row]) -> None:
    """Put these entries in the place of all, as they are."""
    connection.execute("DELETE FROM evidence")
    connection.executemany(_INSERT, rows)


def hashed(rows: list[Row]) -> list[Row]:
    """Entries numbered and hashed, each following from the one before; not by the code under test."""
    previous, made = "0" * 64, []
    for number, row in enumerate(rows, start=1):
        content = {"kind": row["kind"], "details": row["details"], "number": number, "previous": previous}
        told = {**content, "at": row["at"].replace(".000000", "")}
        text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(text.encode()).hexdigest()
        made.append({**content, "at": row["at"], "hash": previous})
    return made
