"""Rows that could not be taken in: sealed whole, listed by file row and reason.

Each row has a data key of its own, wrapped by the quarantine's domain key, so that destroying the
key forgets the row wherever a copy of the ciphertext may be. The clock of a row starts at its first
arrival; trying it again does not start it anew.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
)

from data.chunks import chunks
from data.stores.lookup import present
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime
from data.stores.waiting import forget_run, move_in, waiting_room
from pseudonymize.guess import Unread
from pseudonymize.keys import DataKey, KeyRing
from pseudonymize.raw import Raw, RawRow
from pseudonymize.seal import seal, unseal
from pseudonymize.validate import Reason
from pseudonymize.vault_tables import doom

QUARANTINE = Table(
    "quarantine",
    STATE,
    Column("id", String(32), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("vendor", String(40), nullable=False),
    Column("survey", String(40), nullable=False),
    Column("row", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("row_key", String(64), nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("run_id", String(32), nullable=False),
    Index("quarantine_by_row", "controller", "row_key"),
)

WAITING = waiting_room(QUARANTINE, STATE)

_PURPOSE = "quarantine"


@dataclass(frozen=True, slots=True, repr=False)
class BadRow(Raw):
    """A row and why it cannot pass; `row_key` tells whether it has been here before."""

    row: RawRow
    reason: Reason
    row_key: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What may be told of a row in quarantine: where it stood, why it is here, since when (UTC)."""

    id: str
    survey: str
    row: int
    reason: str
    since: datetime
    run_id: str


class Quarantine:
    """One controller's quarantine."""

    def __init__(self, engine: Engine, ring: KeyRing, controller: str) -> None:
        self._engine = engine
        self._ring = ring
        self._controller = controller

    def stage(self, run_id: str, vendor: str, survey: str, rows: Sequence[BadRow], since: datetime) -> None:
        """Seal rows that are not here yet; unseen until the run is published."""
        new = {bad.row_key: bad for bad in rows}
        for key in self._present(new):
            del new[key]
        keys = self._ring.new_data_keys(_PURPOSE, run_id, len(new))
        sealed = [
            self._row(run_id, vendor, survey, bad, key, since)
            for bad, key in zip(new.values(), keys, strict=True)
        ]
        if sealed:
            with self._engine.begin() as connection:
                connection.execute(insert(WAITING), sealed)

    def publish(self, connection: Connection, run_id: str, resolved: Iterable[str]) -> None:
        """Let a run's rows be seen, and let go of the rows that the run has taken in after all."""
        move_in(connection, QUARANTINE, WAITING, run_id)
        self._release(connection, resolved)

    def sweep(self, run_id: str) -> None:
        """Forget what an unpublished run left waiting."""
        with self._engine.begin() as connection:
            forget_run(connection, WAITING, run_id)

    def rows(self) -> list[Quarantined]:
        """All rows, oldest first, without a word of what they hold."""
        mine = QUARANTINE.c.controller == self._controller
        query = select(QUARANTINE).where(mine).order_by(QUARANTINE.c.since, QUARANTINE.c.row, QUARANTINE.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [Quarantined(r.id, r.survey, r.row, Reason[r.reason].value, r.since, r.run_id) for r in rows]

    def open(self, survey: str) -> Iterator[tuple[str, RawRow]]:
        """The rows of one survey with their ids, unsealed in memory, to try them again."""
        return ((bad.id, bad.row) for bad in self._unsealed(QUARANTINE.c.survey == survey))

    def open_all(self) -> Iterator[Unread]:
        """All rows, unsealed in memory, to find a person in them."""
        return self._unsealed(QUARANTINE.c.id != "")

    def _unsealed(self, wanted: ColumnElement[bool]) -> Iterator[Unread]:
        mine = (QUARANTINE.c.controller == self._controller) & wanted
        with self._engine.connect() as connection:
            rows = connection.execute(select(QUARANTINE).where(mine).order_by(QUARANTINE.c.id)).all()
        keys = self._ring.data_keys(_PURPOSE, [row.key_id for row in rows])
        for row in rows:
            yield self._open(row, keys[row.key_id])

    def discard(self, connection: Connection, ids: Iterable[str]) -> int:
        """Let go of rows for good, in the caller's transaction; returns how many were there."""
        return self._release(connection, ids)

    def _present(self, row_keys: Iterable[str]) -> list[str]:
        found, row_keys = set[str](), set(row_keys)
        with self._engine.connect() as connection:
            for table in (QUARANTINE, WAITING):
                mine = table.c.controller == self._controller
                found |= present(connection, table.c.row_key, row_keys, mine)
        return sorted(found)

    def _release(self, connection: Connection, ids: Iterable[str]) -> int:
        released: list[str] = []
        for some in chunks(ids, 500):
            mine = (QUARANTINE.c.controller == self._controller) & QUARANTINE.c.id.in_(some)
            released += connection.scalars(select(QUARANTINE.c.key_id).where(mine))
            connection.execute(delete(QUARANTINE).where(mine))
        doom(connection, released)
        return len(released)

    def _row(
        self, run_id: str, vendor: str, survey: str, bad: BadRow, key: DataKey, since: datetime
    ) -> dict[str, object]:
        row_id = secrets.token_hex(8)
        content = {"cells": bad.row.cells, "ragged": bad.row.ragged, "columns": dict(bad.columns)}
        plain = json.dumps(content, ensure_ascii=False).encode()
        return {
            "id": row_id,
            "controller": self._controller,
            "vendor": vendor,
            "survey": survey,
            "row": bad.row.number,
            "reason": bad.reason.name,
            "row_key": bad.row_key,
            "key_id": key.id,
            "sealed": seal(key.key, plain, "quarantine", self._controller, row_id),
            "since": since,
            "run_id": run_id,
        }

    def _open(self, row: Row[Any], key: bytes) -> Unread:
        content = json.loads(unseal(key, row.sealed, "quarantine", self._controller, row.id))
        opened = RawRow(row.row, content["cells"], content["ragged"])
        return Unread(opened, row.vendor, row.survey, content["columns"], row.id)
