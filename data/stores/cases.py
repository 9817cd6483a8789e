"""What people have asked for: each request a case with its deadline, and what was done in which store.

A case tells nothing of the person but through what the raw room has sealed; that is destroyed when the
case is closed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

CaseKind = Literal[
    "access",
    "portability",
    "erase",
    "object",
    "withdraw",
    "lift-objection",
    "restrict",
    "unrestrict",
    "no-invites",
    "invites",
    "rectify",
]
#: What the person was told in the course of a case.
Letter = Literal["receipt", "identity", "extension", "lifting", "refusal", "answer"]
CASE_KINDS: tuple[CaseKind, ...] = get_args(CaseKind)
CaseState = Literal["open", "fulfilling", "closed", "refused", "dropped"]

CASES = Table(
    "cases",
    STATE,
    Column("id", String(16), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("assurance", String(40), nullable=False),
    Column("decided_by", String(100), nullable=False),
    Column("ground", Text, nullable=False),
    Column("whole_address", Boolean, nullable=False),
    Column("texts", String(10), nullable=False),
    Column("cover", JSON, nullable=False),
    Column("texts_read", String(64), nullable=False),
    Column("holds", JSON, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("asker", String(64), nullable=False),
    Column("extended_for", Text, nullable=False),
    Column("doubted_at", UtcTime),
    Column("doubted_for", Text, nullable=False),
)

CASE_STEPS = Table(
    "case_steps",
    STATE,
    Column("case_id", String(16), primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("found", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
)

CASE_LETTERS = Table(
    "case_letters",
    STATE,
    Column("case_id", String(16), primary_key=True),
    Column("letter", String(20), primary_key=True),
    Column("sent_on", Date, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One request. `assurance` says how the person's identity was shown, `decided_by` who decided.

    `ground` is why it was refused or dropped, where it was; `whole_address`, `texts` and `cover` are what
    was decided when it was begun; `holds` are what legal holds keep of the person after a refusal, by hold
    and store. `asker` is a digest of who asked for access, once that is answered, to count the requests of a
    year, `texts_read` one of the texts that somebody has read. `extended_for` is why the answer takes longer,
    `doubted_at` since when it is doubted who asks, `doubted_for` why it is, or was. Times are UTC; `due_at`
    is the last moment for an answer.
    """

    id: str
    controller: str
    kind: CaseKind
    state: CaseState
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    assurance: str = ""
    decided_by: str = ""
    ground: str = ""
    whole_address: bool = False
    texts: str = ""
    cover: Sequence[int] = ()
    texts_read: str = ""
    holds: Sequence[Mapping[str, Any]] = ()
    key_id: str = field(default="", repr=False)
    sealed: bytes = field(default=b"", repr=False)
    asker: str = ""
    extended_for: str = ""
    doubted_at: datetime | None = None
    doubted_for: str = ""


@dataclass(frozen=True, slots=True)
class CaseStep:
    """What was found of the person in one store, and removed."""

    store: str
    found: int
    removed: int
    at: datetime


def add(connection: Connection, case: Case) -> None:
    """Note a new request."""
    connection.execute(insert(CASES), {c.name: getattr(case, c.name) for c in CASES.columns})


def change(connection: Connection, case_id: str, **values: object) -> None:
    """Note how a request goes on."""
    connection.execute(update(CASES).where(CASES.c.id == case_id).values(**values))


def find(connection: Connection, controller: str, case_id: str) -> Case | None:
    """One request by its id, or nothing."""
    this = (CASES.c.controller == controller) & (CASES.c.id == case_id)
    row = connection.execute(select(CASES).where(this)).one_or_none()
    return _case(row) if row else None


def cases(connection: Connection, controller: str) -> list[Case]:
    """All requests, those under way first, most urgent first."""
    mine = select(CASES).where(CASES.c.controller == controller)
    rows = connection.execute(mine.order_by(CASES.c.closed_at.is_not(None), CASES.c.due_at, CASES.c.id))
    return [_case(row) for row in rows]


def note_step(connection: Connection, case_id: str, step: CaseStep) -> None:
    """Note what was found in a store and what of it is gone, in the place of what was noted before."""
    this = (CASE_STEPS.c.case_id == case_id) & (CASE_STEPS.c.store == step.store)
    connection.execute(delete(CASE_STEPS).where(this))
    row = {"store": step.store, "found": step.found, "removed": step.removed, "at": step.at}
    connection.execute(insert(CASE_STEPS), {"case_id": case_id, **row})


def steps(connection: Connection, case_id: str) -> list[CaseStep]:
    """What was done in which store, in the order in which it was done."""
    mine = select(CASE_STEPS).where(CASE_STEPS.c.case_id == case_id).order_by(CASE_STEPS.c.at)
    return [CaseStep(row.store, row.found, row.removed, row.at) for row in connection.execute(mine)]


def note_letter(connection: Connection, case_id: str, letter: Letter, sent_on: date) -> None:
    """Note that the person was told something; the last day counts."""
    this = (CASE_LETTERS.c.case_id == case_id) & (CASE_LETTERS.c.letter == letter)
    connection.execute(delete(CASE_LETTERS).where(this))
    connection.execute(insert(CASE_LETTERS), {"case_id": case_id, "letter": letter, "sent_on": sent_on})


def letters(connection: Connection, case_id: str) -> dict[Letter, date]:
    """What the person was told, and when."""
    mine = select(CASE_LETTERS).where(CASE_LETTERS.c.case_id == case_id).order_by(CASE_LETTERS.c.sent_on)
    return {row.letter: row.sent_on for row in connection.execute(mine)}


def forget(connection: Connection, case_ids: Collection[str]) -> int:
    """Forget requests whose period is over; returns how many."""
    connection.execute(delete(CASE_LETTERS).where(CASE_LETTERS.c.case_id.in_(case_ids)))
    connection.execute(delete(CASE_STEPS).where(CASE_STEPS.c.case_id.in_(case_ids)))
    return connection.execute(delete(CASES).where(CASES.c.id.in_(case_ids))).rowcount


def _case(row: Row[Any]) -> Case:
    return Case(**row._mapping)
