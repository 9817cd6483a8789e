"""What the CRM tells of customers and surveys: who is one, who no longer, which cycle is compiled.

Contacts and organisations stand here as keyed digests of their references, and only those contacts of
whom we hold, or held, something: an end has to be known when an old answer comes in once more. The last
word on a contact or an organisation counts. What is told here goes a while after it was told, and not
after it happened: a customer of many years is told of again with every file.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Engine, String, Table, delete, func, insert, select

from data.chunks import chunks
from data.store import Event, Holding, Subject, Why
from data.stores.lookup import present
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

#: That a contact or an organisation is a customer at a moment, as against no longer being one.
CUSTOMER = "customer"

RELATIONS = Table(
    "relations",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("reference_key", String(64), primary_key=True),
    Column("event", String(20), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("told_at", UtcTime, nullable=False),
    Column("organisation_key", String(64), nullable=False),
)

COMPILED = Table(
    "compiled_cycles",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("survey", String(40), primary_key=True),
    Column("cycle", String(40), primary_key=True),
    Column("at", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One event of a contact, or of an organisation; `organisation_key` says whose contact it is."""

    reference_key: str
    event: str
    at: datetime
    organisation_key: str = ""


def note(
    connection: Connection,
    controller: str,
    relations: Iterable[Relation],
    told_at: datetime,
    renewed: Container[str],
) -> None:
    """Remember events; of two of one kind about one contact or organisation the later stays.

    `told_at` is when the file that tells them was taken in (UTC). What is told once more counts from
    then for those in `renewed`; for others from when it was told first, so that it ends.
    """
    for new in relations:
        same = (
            (RELATIONS.c.controller == controller)
            & (RELATIONS.c.reference_key == new.reference_key)
            & (RELATIONS.c.event == new.event)
        )
        known = connection.execute(select(RELATIONS.c.at, RELATIONS.c.told_at).where(same)).one_or_none()
        if known is None or known.at <= new.at:
            since = told_at if known is None or new.reference_key in renewed else known.told_at
            connection.execute(delete(RELATIONS).where(same))
            connection.execute(insert(RELATIONS), {**asdict(new), "controller": controller, "told_at": since})


def note_compiled(connection: Connection, controller: str, survey: str, cycle: str, at: datetime) -> None:
    """Remember that a cycle of a survey was compiled; its first compilation counts."""
    key = {"controller": controller, "survey": survey, "cycle": cycle}
    same = [COMPILED.c[name] == value for name, value in key.items()]
    known = connection.scalar(select(COMPILED.c.at).where(*same))
    if known is None or at < known:
        connection.execute(delete(COMPILED).where(*same))
        connection.execute(insert(COMPILED), {**key, "at": at})


def compiled(connection: Connection, controller: str) -> dict[tuple[str, str], datetime]:
    """When each cycle was compiled, by survey and cycle."""
    rows = connection.execute(select(COMPILED).where(COMPILED.c.controller == controller))
    return {(row.survey, row.cycle): row.at for row in rows}


def known(connection: Connection, controller: str) -> set[str]:
    """Digests of every contact and organisation of which something is known."""
    mine = RELATIONS.c.controller == controller
    return set(connection.scalars(select(RELATIONS.c.reference_key).where(mine).distinct()))


def told_of(connection: Connection, controller: str, reference_keys: Iterable[str]) -> list[Relation]:
    """Every event of some contacts themselves, in order; those of their organisations are no part."""
    found = []
    for some in chunks(reference_keys, 500):
        mine = (RELATIONS.c.controller == controller) & RELATIONS.c.reference_key.in_(some)
        found += [
            Relation(r.reference_key, r.event, r.at)
            for r in connection.execute(select(RELATIONS).where(mine))
        ]
    return sorted(found, key=lambda one: (one.at, one.event))


def forget(connection: Connection, controller: str, reference_keys: Collection[str]) -> int:
    """Forget what is known of some contacts; returns how many events."""
    gone = 0
    for some in chunks(reference_keys, 500):
        mine = (RELATIONS.c.controller == controller) & RELATIONS.c.reference_key.in_(some)
        gone += connection.execute(delete(RELATIONS).where(mine)).rowcount
    return gone


class Relations:
    """The last word on every contact and organisation of a controller."""

    def __init__(self, relations: Iterable[Relation] = ()) -> None:
        self._said: dict[str, dict[str, datetime]] = {}
        self._organisation: dict[str, str] = {}
        for one in relations:
            self._said.setdefault(one.reference_key, {})[one.event] = one.at
            if one.organisation_key:
                self._organisation[one.reference_key] = one.organisation_key

    @classmethod
    def read(cls, connection: Connection, controller: str) -> "Relations":
        """What is known now."""
        rows = connection.execute(select(RELATIONS).where(RELATIONS.c.controller == controller))
        return cls(Relation(row.reference_key, row.event, row.at, row.organisation_key) for row in rows)

    def of(self, reference_keys: Iterable[str]) -> tuple[Mapping[Event, datetime], frozenset[Event]]:
        """What has started for a contact, and what is known not to have.

        The earlier end counts: the contact's, the organisation's, or that the person left it.
        """
        started: dict[Event, datetime] = {}
        active = False
        for key in reference_keys:
            active |= bool(self._said.get(key)) or bool(self._said.get(self._organisation.get(key, "")))
            for event, at in self._ends(key):
                started[event] = min(at, started.get(event, at))
        awaits = {Event.CUSTOMER_ENDED, Event.PERSON_LEFT} - started.keys() if active else set()
        return started, frozenset(awaits)

    def __bool__(self) -> bool:
        return bool(self._said)

    def _ends(self, key: str) -> list[tuple[Event, datetime]]:
        found = []
        for subject in (key, self._organisation.get(key, "")):
            said = self._said.get(subject, {})
            for event in (Event.CUSTOMER_ENDED, Event.PERSON_LEFT):
                at = said.get(event)
                if at is not None and not (CUSTOMER in said and said[CUSTOMER] > at):
                    found.append((event, at))
                    found.append((Event.CUSTOMER_ENDED, at))
        return found


class RelationStore:
    """What is known of contacts and organisations, since it was last told; see `note`."""

    name = "relations"
    by_hand = False

    def __init__(self, engine: Engine, controller: str) -> None:
        self._engine = engine
        self._controller = controller

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        last = func.max(RELATIONS.c.told_at).label("last")
        mine = select(RELATIONS.c.reference_key, last).where(RELATIONS.c.controller == self._controller)
        with self._engine.connect() as connection:
            for row in connection.execute(mine.group_by(RELATIONS.c.reference_key)).all():
                if ids is None or row.reference_key in ids:
                    yield Holding(row.reference_key, {Event.COLLECTED: row.last}, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        return self.present(subject.reference_keys)

    def forget(self, ids: Collection[str], why: Why) -> int:
        with self._engine.begin() as connection:
            return forget(connection, self._controller, ids)

    def present(self, ids: Collection[str]) -> set[str]:
        with self._engine.connect() as connection:
            mine = RELATIONS.c.controller == self._controller
            return present(connection, RELATIONS.c.reference_key, ids, mine)
