"""Export files that lie in an inbox: raw personal data with a clock, until their operator deletes them.

The path may itself name somebody, so it is sealed like any other raw value.
"""

import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, LargeBinary, String, Table, delete, insert, select

from data.store import Event
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime
from governance.policy import Policy
from governance.retention import deadline
from pseudonymize.keys import KeyRing
from pseudonymize.raw import Raw
from pseudonymize.seal import seal, unseal

INBOX = Table(
    "inbox_files",
    STATE,
    Column("id", String(32), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("sealed_path", LargeBinary, nullable=False),
    Column("since", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True, repr=False)
class RawCopy(Raw):
    """An export file that remains, and the moment (UTC) by which it must be gone."""

    id: str
    path: Path
    stamp: str
    since: datetime
    due: datetime

    @property
    def is_as_it_was(self) -> bool:
        """Whether the file that was taken in is there, and nothing has been written to it since."""
        return _stamp(self.path) == self.stamp


class Inbox:
    """The raw copies that one controller's imports have left behind."""

    def __init__(self, engine: Engine, ring: KeyRing, policy: Policy) -> None:
        self._engine = engine
        self._ring = ring
        self._policy = policy

    def note(self, connection: Connection, path: Path, at: datetime) -> None:
        """Remember that a raw copy lies at `path`.

        A file that is known keeps its first clock; another one under its name, taken in now, has its own.
        """
        stamp = _stamp(path)
        known = {copy.stamp: copy.id for copy in self._all(connection) if copy.path == path}
        if stamp in known:
            return
        connection.execute(delete(INBOX).where(INBOX.c.id.in_(list(known.values()))))
        copy_id = secrets.token_hex(8)
        plain = json.dumps([str(path), stamp]).encode()
        sealed = seal(self._ring.domain("inbox").key, plain, *self._context(copy_id))
        row = {"id": copy_id, "controller": self._policy.controller, "sealed_path": sealed, "since": at}
        connection.execute(insert(INBOX), row)

    def remaining(self) -> list[RawCopy]:
        """Raw copies that are still there, most urgent first."""
        with self._engine.connect() as connection:
            copies = [copy for copy in self._all(connection) if copy.path.exists()]
        return sorted(copies, key=lambda copy: copy.due)

    def delete(self, ids: Collection[str]) -> int:
        """Delete raw copies at the end of their period; returns how many.

        A file that was written to since it was taken in may hold answers that nobody has taken in yet: it
        stays, and so does its clock, until somebody takes it in or away.
        """
        with self._engine.connect() as connection:
            wanted = [copy for copy in self._all(connection) if copy.id in ids and copy.is_as_it_was]
        for copy in wanted:
            copy.path.unlink()
        with self._engine.begin() as connection:
            connection.execute(delete(INBOX).where(INBOX.c.id.in_([copy.id for copy in wanted])))
        return len(wanted)

    def forget_gone(self) -> None:
        """Forget the copies that are there no more, so that another file of that name has its own clock."""
        with self._engine.begin() as connection:
            gone = [copy.id for copy in self._all(connection) if not copy.path.exists()]
            connection.execute(delete(INBOX).where(INBOX.c.id.in_(gone)))

    def _all(self, connection: Connection) -> Iterator[RawCopy]:
        mine = INBOX.c.controller == self._policy.controller
        for row in connection.execute(select(INBOX).where(mine)).all():
            key = self._ring.domain("inbox").key
            path, stamp = json.loads(unseal(key, row.sealed_path, *self._context(row.id)))
            due = deadline(self._policy, "inbox", {Event.COLLECTED: row.since}).at
            yield RawCopy(row.id, Path(path), stamp, row.since, due)

    def _context(self, copy_id: str) -> tuple[str, ...]:
        return "inbox", self._policy.controller, copy_id


def _stamp(path: Path) -> str:
    """What tells a file from another one of its name; empty where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"
