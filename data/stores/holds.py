"""Legal holds: what must not be deleted for now, on which ground, who says so, and when it is reviewed.

They stand in the database of the register, which is never put back: one that was forgotten with a state that
was restored would let a night delete what must stay.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Date, Row, String, Table, insert, select, update

from data.store import Holding
from data.stores.register import REGISTER
from data.stores.sql_types import UtcTime

HOLDS = Table(
    "legal_holds",
    REGISTER,
    Column("id", String(16), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("ground", String(200), nullable=False),
    Column("by", String(100), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("review", Date, nullable=False),
    Column("survey", String(40), nullable=False),
    Column("cycle", String(40), nullable=False),
    Column("lifted_at", UtcTime),
    Column("lifted_by", String(100), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Hold:
    """Stops deletion of a survey, of one cycle of it, or, with neither, of everything."""

    id: str
    ground: str
    by: str
    since: datetime
    review: date
    survey: str = ""
    cycle: str = ""

    def holds(self, holding: Holding) -> bool:
        """Whether a thing must stay; so does one of which nobody knows of what survey or cycle it is.

        What is of no survey at all stays only where everything is held.
        """
        if self.survey and holding.survey not in ("", self.survey):
            return False
        return not self.cycle or holding.cycle in ("", self.cycle)


def add(connection: Connection, controller: str, hold: Hold) -> None:
    """Let a hold begin."""
    connection.execute(insert(HOLDS), {**asdict(hold), "controller": controller, "lifted_by": ""})


def lift(connection: Connection, hold_id: str, at: datetime, by: str) -> None:
    """Let a hold end at a moment (UTC)."""
    connection.execute(update(HOLDS).where(HOLDS.c.id == hold_id).values(lifted_at=at, lifted_by=by))


def holds(connection: Connection, controller: str) -> list[Hold]:
    """The holds in force, next review first."""
    mine = select(HOLDS).where(_in_force(controller)).order_by(HOLDS.c.review)
    return [_hold(row) for row in connection.execute(mine)]


def lifted(connection: Connection, controller: str) -> dict[str, datetime]:
    """When each hold was lifted that was, by its id: it shows for a while who let it end."""
    mine = (HOLDS.c.controller == controller) & HOLDS.c.lifted_at.is_not(None)
    return {row.id: row.lifted_at for row in connection.execute(select(HOLDS).where(mine))}


def _in_force(controller: str) -> ColumnElement[bool]:
    return (HOLDS.c.controller == controller) & HOLDS.c.lifted_at.is_(None)


def _hold(row: Row[Any]) -> Hold:
    return Hold(row.id, row.ground, row.by, row.since, row.review, row.survey, row.cycle)
