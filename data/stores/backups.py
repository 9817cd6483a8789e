"""Which backups there are, where each part of one lies, and since when: kept where nothing is put back.

A state that is restored knows nothing of the backups made after it, and nobody would delete them: so the list
stands in the database of the register, which is never restored.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Column, Connection, String, Table, Text, delete, func, insert, select, update

from data.stores.register import REGISTER
from data.stores.sql_types import UtcTime

#: What a backup is made of: what is kept, sealed, and the keys that open it. Each has a clock of its own.
Part = Literal["data", "keys"]
PARTS: tuple[Part, ...] = ("data", "keys")

BACKUPS = Table(
    "backups",
    REGISTER,
    Column("id", String(16), primary_key=True),
    Column("part", String(4), primary_key=True),
    Column("controller", String(40), primary_key=True),
    Column("made_at", UtcTime, nullable=False),
    Column("place", Text, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Backup:
    """One part of a backup: its folder, when (UTC) the backup was begun, and when it ends at the latest.

    No policy lengthens `ends_at`; a late erasure makes it earlier.
    """

    id: str
    part: Part
    made_at: datetime
    place: Path
    ends_at: datetime


def add(connection: Connection, parts: Iterable[Backup], controllers: Collection[str]) -> None:
    """Note a backup that is about to be made: it is of several controllers, each of whose clocks counts."""
    rows = [
        {"id": one.id, "part": one.part, "controller": c, "made_at": one.made_at}
        | {"place": str(one.place), "ends_at": one.ends_at}
        for one in parts
        for c in controllers
    ]
    connection.execute(insert(BACKUPS), rows)


def known(connection: Connection, controller: str, part: Part) -> list[Backup]:
    """The backups of a controller of which a part is there, oldest first."""
    mine = (BACKUPS.c.controller == controller) & (BACKUPS.c.part == part)
    rows = connection.execute(select(BACKUPS).where(mine).order_by(BACKUPS.c.made_at, BACKUPS.c.id))
    return [Backup(row.id, part, row.made_at, Path(row.place), row.ends_at) for row in rows]


def is_known(connection: Connection, backup_id: str) -> bool:
    """Whether neither part of a backup has been deleted."""
    parts = connection.scalars(select(BACKUPS.c.part).where(BACKUPS.c.id == backup_id).distinct())
    return set(parts) == set(PARTS)


def places(connection: Connection) -> list[Path]:
    """The folder of every part of every backup that is not known to be gone."""
    return [Path(place) for place in connection.scalars(select(BACKUPS.c.place).distinct())]


def ends_at(connection: Connection, backup_id: str) -> datetime:
    """When (UTC) the first part of a backup that is known ends."""
    ends = select(func.min(BACKUPS.c.ends_at, type_=BACKUPS.c.ends_at.type))
    first: datetime = connection.scalars(ends.where(BACKUPS.c.id == backup_id)).one()
    return first


def end_by(connection: Connection, ids: Collection[str], part: Part, at: datetime) -> None:
    """Note that a part of backups ends at a moment (UTC), where it would end later."""
    later = BACKUPS.c.id.in_(ids) & (BACKUPS.c.part == part) & (BACKUPS.c.ends_at > at)
    connection.execute(update(BACKUPS).where(later).values(ends_at=at))


def forget(connection: Connection, ids: Collection[str], *parts: Part) -> int:
    """Note that parts of backups are gone, for every controller; returns of how many backups."""
    these = BACKUPS.c.id.in_(ids) & BACKUPS.c.part.in_(parts)
    gone = set(connection.scalars(select(BACKUPS.c.id).where(these)))
    connection.execute(delete(BACKUPS).where(these))
    return len(gone)
