"""Who was told who wrote an answer, for what, and who approved it: one row for each time.

The reason may name the writer: the raw room has sealed it, with a key that goes with the row.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, Connection, LargeBinary, String, Table, delete, insert, select

from data.chunks import chunks
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

REIDENTIFICATIONS = Table(
    "reidentifications",
    STATE,
    Column("id", String(16), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("response_key", String(64), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("clause", String(40), nullable=False),
    Column("by", String(100), nullable=False),
    Column("approver", String(100), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Reidentification:
    """One time that somebody was told who wrote one answer. `by` and `approver` are two of the staff. UTC."""

    id: str
    controller: str
    response_key: str
    purpose: str
    clause: str
    by: str
    approver: str
    at: datetime
    key_id: str = field(default="", repr=False)
    sealed: bytes = field(default=b"", repr=False)


def add(connection: Connection, told: Reidentification) -> None:
    """Note one."""
    connection.execute(
        insert(REIDENTIFICATIONS), {c.name: getattr(told, c.name) for c in REIDENTIFICATIONS.columns}
    )


def reidentifications(connection: Connection, controller: str) -> list[Reidentification]:
    """All of a controller, newest first."""
    mine = select(REIDENTIFICATIONS).where(REIDENTIFICATIONS.c.controller == controller)
    rows = connection.execute(mine.order_by(REIDENTIFICATIONS.c.at.desc(), REIDENTIFICATIONS.c.id))
    return [Reidentification(**row._mapping) for row in rows]


def of(connection: Connection, controller: str, response_keys: Collection[str]) -> list[Reidentification]:
    """Those about some answers, newest first."""
    wanted = set(response_keys)
    return [one for one in reidentifications(connection, controller) if one.response_key in wanted]


def forget(connection: Connection, ids: Collection[str]) -> int:
    """Forget some; returns how many. The caller destroys their keys."""
    count = 0
    for some in chunks(ids, 500):
        these = REIDENTIFICATIONS.c.id.in_(some)
        count += connection.execute(delete(REIDENTIFICATIONS).where(these)).rowcount
    return count
