"""Legal holds: what must not be deleted for now, on which ground, who says so, and when it is reviewed."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Date, Row, String, Table, Text, delete, insert, select

from data.store import Holding, Subject
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
    Column("subject", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Hold:
    """Stops deletion of a survey, of one cycle of it, of one person, or, with neither, of everything."""

    id: str
    ground: str
    by: str
    since: datetime
    review: date
    survey: str = ""
    cycle: str = ""
    subject: Subject | None = None

    def holds(self, holding: Holding) -> bool:
        """Whether a thing must stay; so does one of which nobody knows of what survey or cycle it is.

        What is of no survey at all stays only where everything is held.
        """
        if self.survey and holding.survey not in ("", self.survey):
            return False
        if self.cycle and holding.cycle not in ("", self.cycle):
            return False
        return self.subject is None or is_of(holding, self.subject)


def is_of(holding: Holding, subject: Subject) -> bool:
    """Whether a thing is a person's, as far as its pseudonymous ids tell."""
    known = subject.response_keys | subject.rows
    return (
        holding.id in known
        or holding.pseudonym in subject.pseudonyms
        or holding.reference_key in subject.reference_keys
    )


def add(connection: Connection, controller: str, hold: Hold) -> None:
    """Let a hold begin."""
    row = {c.name: getattr(hold, c.name) for c in HOLDS.columns if c.name not in ("controller", "subject")}
    connection.execute(
        insert(HOLDS), {**row, "controller": controller, "subject": _subject_text(hold.subject)}
    )


def lift(connection: Connection, controller: str, hold_id: str) -> bool:
    """Let a hold end; returns false where there is none of that id."""
    this = (HOLDS.c.controller == controller) & (HOLDS.c.id == hold_id)
    return connection.execute(delete(HOLDS).where(this)).rowcount == 1


def holds(connection: Connection, controller: str) -> list[Hold]:
    """The holds in force, next review first."""
    mine = select(HOLDS).where(HOLDS.c.controller == controller).order_by(HOLDS.c.review)
    return [_hold(row) for row in connection.execute(mine)]


def _subject_text(subject: Subject | None) -> str:
    if subject is None:
        return ""
    return json.dumps({name: sorted(getattr(subject, name)) for name in Subject.__slots__})


def _hold(row: Row[Any]) -> Hold:
    read = json.loads(row.subject) if row.subject else None
    subject = Subject(**{name: frozenset(ids) for name, ids in read.items()}) if read else None
    return Hold(row.id, row.ground, row.by, row.since, row.review, row.survey, row.cycle, subject)
