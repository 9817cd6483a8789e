"""The CRM as a place for scores: the interface, and the embedded CRM that runs anywhere.

Neither can create a contact: a score for a reference that the CRM does not know is reported back
as unknown (promise 2 of the design).
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Engine,
    ForeignKey,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
)

from data.chunks import chunks
from data.records import CrmReference, ScoreRecord, SurveyCycle
from data.stores.sql import CRM

CONTACTS = Table("contacts", CRM, Column("reference", String(64), primary_key=True))

SCORES = Table(
    "scores",
    CRM,
    Column("reference", ForeignKey(CONTACTS.c.reference), primary_key=True),
    Column("survey", String(40), primary_key=True),
    Column("cycle", String(40), primary_key=True),
    Column("score", Integer, nullable=False),
    Column("scale_minimum", Integer, nullable=False),
    Column("scale_maximum", Integer, nullable=False),
    Column("answered_on", Date, nullable=False),
)


_PLACE = ("reference", "survey", "cycle")


class Outcome(StrEnum):
    """What became of one score."""

    WRITTEN = "written"
    UNKNOWN = "unknown"


class Crm(Protocol):
    """A CRM that holds one score for each contact, survey and cycle."""

    name: str

    def put(self, records: Sequence[ScoreRecord]) -> list[Outcome]:
        """Write scores, one outcome for each, in order; never creates a contact."""
        ...

    def clear(self, scores: Iterable[tuple[CrmReference, SurveyCycle]]) -> None:
        """Remove scores; one that is not there is no error."""
        ...

    def held(self, scores: Iterable[tuple[CrmReference, SurveyCycle]]) -> int:
        """How many of these scores stand there now, read from the CRM itself."""
        ...


class EmbeddedCrm:
    """A CRM in a SQL database of its own, so that the whole way can be run on one machine."""

    name = "embedded"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, records: Sequence[ScoreRecord]) -> list[Outcome]:
        with self._engine.begin() as connection:
            wanted = CONTACTS.c.reference.in_({record.reference.value for record in records})
            known = set(connection.scalars(select(CONTACTS.c.reference).where(wanted)))
            rows = [_row(r) for r in records if r.reference.value in known]
            for row in rows:
                connection.execute(delete(SCORES).where(*_same(row)))
            if rows:
                connection.execute(insert(SCORES), rows)
        return [Outcome.WRITTEN if r.reference.value in known else Outcome.UNKNOWN for r in records]

    def clear(self, scores: Iterable[tuple[CrmReference, SurveyCycle]]) -> None:
        same = [SCORES.c[name] == bindparam(f"its_{name}") for name in _PLACE]
        rows = [
            {"its_reference": reference.value, "its_survey": cycle.survey, "its_cycle": cycle.cycle}
            for reference, cycle in scores
        ]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(delete(SCORES).where(*same), rows)

    def held(self, scores: Iterable[tuple[CrmReference, SurveyCycle]]) -> int:
        wanted = {(reference.value, cycle.survey, cycle.cycle) for reference, cycle in scores}
        here = set[tuple[str, str, str]]()
        with self._engine.connect() as connection:
            for some in chunks(sorted({reference for reference, _, _ in wanted}), 500):
                rows = connection.execute(select(SCORES).where(SCORES.c.reference.in_(some)))
                here |= {(row.reference, row.survey, row.cycle) for row in rows}
        return len(wanted & here)

    def add_contacts(self, references: Iterable[CrmReference]) -> int:
        """Stand in for the people who keep a CRM's contacts; returns how many were new."""
        with self._engine.begin() as connection:
            known = set(connection.scalars(select(CONTACTS.c.reference)))
            new = sorted({r.value for r in references} - known)
            if new:
                connection.execute(insert(CONTACTS), [{"reference": value} for value in new])
        return len(new)


def _row(record: ScoreRecord) -> dict[str, object]:
    return {
        "reference": record.reference.value,
        "survey": record.cycle.survey,
        "cycle": record.cycle.cycle,
        "score": record.score,
        "scale_minimum": record.scale.minimum,
        "scale_maximum": record.scale.maximum,
        "answered_on": record.answered_on,
    }


def _same(row: Mapping[str, object]) -> list[ColumnElement[bool]]:
    return [SCORES.c[name] == row[name] for name in _PLACE]
