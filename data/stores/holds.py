"""Legal holds: what must not be deleted for now, on which ground, who says so, and when it is reviewed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Date, Row, String, Table, delete, insert, select

from data.store import Holding
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

HOLDS = Table(
    "legal_holds",
    STATE,
    Column("id", String(16), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("ground", String(200), nullable=False),
    Column("by", String(100), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("review", Date, nullable=False),
    Column("survey", String(40), nullable=False),
    Column("cycle", String(40), nullable=False),
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
    connection.execute(insert(HOLDS), {**asdict(hold), "controller": controller})


def lift(connection: Connection, controller: str, hold_id: str) -> bool:
    """Let a hold end; returns false where there is none of that id."""
    this = (HOLDS.c.controller == controller) & (HOLDS.c.id == hold_id)
    return connection.execute(delete(HOLDS).where(this)).rowcount == 1


def holds(connection: Connection, controller: str) -> list[Hold]:
    """The holds in force, next review first."""
    mine = select(HOLDS).where(HOLDS.c.controller == controller).order_by(HOLDS.c.review)
    return [_hold(row) for row in connection.execute(mine)]


def _hold(row: Row[Any]) -> Hold:
    return Hold(row.id, row.ground, row.by, row.since, row.review, row.survey, row.cycle)
