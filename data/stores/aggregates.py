"""What is left of answers at the end of their period where a policy keeps groups: counts of scores.

A group is a survey, a cycle and, where answers are anonymised, a category of role, workplace and
country. Each batch was large enough when it was made (`governance.groups`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Column, Connection, Engine, Integer, String, Table, delete, insert, select

from data.chunks import chunks
from data.store import Event, Holding, Subject, Why
from data.stores.lookup import present
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

AGGREGATES = Table(
    "aggregates",
    STATE,
    Column("id", String(40), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("batch", String(24), nullable=False, index=True),
    Column("survey", String(40), nullable=False),
    Column("cycle", String(40), nullable=False),
    Column("role", String(40), nullable=False),
    Column("workplace", String(40), nullable=False),
    Column("country", String(40), nullable=False),
    Column("scale_minimum", Integer, nullable=False),
    Column("scale_maximum", Integer, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("since", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Group:
    """How often each score was given in one group."""

    survey: str
    cycle: str
    role: str
    workplace: str
    country: str
    scale_minimum: int
    scale_maximum: int
    scores: Mapping[int, int]


def put(connection: Connection, controller: str, batch: str, groups: Collection[Group], at: datetime) -> None:
    """Keep the groups of one batch in the place of what was kept of that batch before."""
    mine = (AGGREGATES.c.controller == controller) & (AGGREGATES.c.batch == batch)
    connection.execute(delete(AGGREGATES).where(mine))
    for number, group in enumerate(groups):
        row = {name: getattr(group, name) for name in Group.__slots__ if name != "scores"}
        scores = {str(score): count for score, count in sorted(group.scores.items())}
        key = {"id": f"{batch}-{number}", "controller": controller, "batch": batch, "since": at}
        connection.execute(insert(AGGREGATES), {**row, **key, "scores": scores})


class AggregateStore:
    """The groups of one controller; nobody's."""

    name = "aggregates"
    by_hand = False

    def __init__(self, engine: Engine, controller: str) -> None:
        self._engine = engine
        self._mine = AGGREGATES.c.controller == controller

    def groups(self) -> list[Group]:
        """Everything that is kept."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(AGGREGATES).where(self._mine).order_by(AGGREGATES.c.id)).all()
        names = [name for name in Group.__slots__ if name != "scores"]
        return [
            Group(**{n: getattr(r, n) for n in names}, scores={int(s): c for s, c in r.scores.items()})
            for r in rows
        ]

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        with self._engine.connect() as connection:
            for row in connection.execute(select(AGGREGATES).where(self._mine)).all():
                if ids is None or row.id in ids:
                    yield Holding(row.id, {Event.COLLECTED: row.since}, survey=row.survey, cycle=row.cycle)

    def of(self, subject: Subject) -> Collection[str]:
        return ()  # a group of enough people is nobody's

    def forget(self, ids: Collection[str], why: Why) -> int:
        gone = 0
        with self._engine.begin() as connection:
            for some in chunks(ids, 500):
                these = delete(AGGREGATES).where(self._mine, AGGREGATES.c.id.in_(some))
                gone += connection.execute(these).rowcount
        return gone

    def present(self, ids: Collection[str]) -> set[str]:
        with self._engine.connect() as connection:
            return present(connection, AGGREGATES.c.id, ids, self._mine)
