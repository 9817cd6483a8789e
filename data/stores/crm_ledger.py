"""What we have written to the CRM, so that a sync writes only what has changed. Pseudonymous."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from data.chunks import chunks
from data.records import Scale, SurveyCycle
from data.stores.sql import STATE

CRM_LEDGER = Table(
    "crm_ledger",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("reference_key", String(64), primary_key=True),
    Column("survey", String(40), primary_key=True),
    Column("cycle", String(40), primary_key=True),
    Column("pseudonym", String(64), nullable=False),
    Column("score", Integer, nullable=False),
    Column("scale_minimum", Integer, nullable=False),
    Column("scale_maximum", Integer, nullable=False),
    Column("answered_on", Date, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("sealed_reference", LargeBinary, nullable=False),
    Index("crm_ledger_by_pseudonym", "controller", "pseudonym"),
)

#: A keyed digest of a CRM reference, and a cycle.
Place = tuple[str, SurveyCycle]


@dataclass(frozen=True, slots=True)
class Score:
    """A score as it is, or should be, in the CRM, and whose it is.

    It is noted before it is written and confirmed afterwards, so that a score that may stand in the
    CRM is never missing here. The reference is sealed by the raw room, which opens it to clear the score.
    """

    pseudonym: str
    score: int
    scale: Scale
    answered_on: date
    confirmed: bool = True
    sealed_reference: bytes = field(default=b"", compare=False, repr=False)


def read(connection: Connection, controller: str) -> dict[Place, Score]:
    """All that we have written for a controller, or tried to, and not cleared since."""
    rows = connection.execute(select(CRM_LEDGER).where(CRM_LEDGER.c.controller == controller))
    return dict(map(_entry, rows))


def find(connection: Connection, controller: str, places: Iterable[Place]) -> dict[Place, Score]:
    """What we have written to some places."""
    wanted, found = set(places), dict[Place, Score]()
    for some in chunks(sorted({reference_key for reference_key, _ in wanted}), 500):
        mine = (CRM_LEDGER.c.controller == controller) & CRM_LEDGER.c.reference_key.in_(some)
        found.update(map(_entry, connection.execute(select(CRM_LEDGER).where(mine))))
    return {place: found[place] for place in wanted & found.keys()}


def note(connection: Connection, controller: str, scores: Iterable[tuple[Place, Score]]) -> None:
    """Write down what the CRM is about to get, or has taken."""
    scores = list(scores)
    forget(connection, controller, [place for place, _ in scores])
    if scores:
        connection.execute(insert(CRM_LEDGER), [_row(controller, *entry) for entry in scores])


def forget(connection: Connection, controller: str, cleared: Iterable[Place]) -> None:
    """Forget what the CRM has cleared."""
    columns = ("controller", "reference_key", "survey", "cycle")
    same = [CRM_LEDGER.c[name] == bindparam(f"its_{name}") for name in columns]
    places = ((controller, key, cycle.survey, cycle.cycle) for key, cycle in cleared)
    rows = [{f"its_{n}": v for n, v in zip(columns, place, strict=True)} for place in places]
    if rows:
        connection.execute(delete(CRM_LEDGER).where(*same), rows)


def near(
    connection: Connection, controller: str, pseudonyms: Iterable[str], reference_keys: Iterable[str]
) -> set[Place]:
    """Places of the scores of some people, by either of the ids that we know of them."""
    mine = CRM_LEDGER.c.controller == controller
    found: set[Place] = set()
    for column, values in (
        (CRM_LEDGER.c.pseudonym, pseudonyms),
        (CRM_LEDGER.c.reference_key, reference_keys),
    ):
        for some in chunks(values, 500):
            for row in connection.execute(select(CRM_LEDGER).where(mine, column.in_(some))):
                found.add((row.reference_key, SurveyCycle(row.survey, row.cycle)))
    return found


def count(connection: Connection, controller: str) -> int:
    """How many scores the CRM holds from us."""
    mine = CRM_LEDGER.c.controller == controller
    return connection.scalar(select(func.count()).select_from(CRM_LEDGER).where(mine)) or 0


def _entry(row: Row[Any]) -> tuple[Place, Score]:
    scale = Scale(row.scale_minimum, row.scale_maximum)
    score = Score(row.pseudonym, row.score, scale, row.answered_on, row.confirmed, row.sealed_reference)
    return (row.reference_key, SurveyCycle(row.survey, row.cycle)), score


def _row(controller: str, place: Place, score: Score) -> dict[str, object]:
    reference_key, cycle = place
    return {
        "controller": controller,
        "reference_key": reference_key,
        "survey": cycle.survey,
        "cycle": cycle.cycle,
        "pseudonym": score.pseudonym,
        "score": score.score,
        "scale_minimum": score.scale.minimum,
        "scale_maximum": score.scale.maximum,
        "answered_on": score.answered_on,
        "confirmed": score.confirmed,
        "sealed_reference": score.sealed_reference,
    }
