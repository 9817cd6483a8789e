"""The evidence log: append-only, hash-chained, and without personal data.

Each entry holds the hash of the one before, so that a change, a removal or a change of order shows
in every later hash. Entries hold random run and case numbers, counts, names of stores and policy
versions; who was in a run stands elsewhere, so that forgetting a person never breaks the chain.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DDL, Column, Connection, Integer, String, Table, Text, event, func, insert, select

from data.errors import VerificationFailed
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

EVIDENCE = Table(
    "evidence",
    STATE,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)


def _ddl(statement: str) -> DDL:
    return DDL(statement)  # type: ignore[no-untyped-call]


for _verb in ("UPDATE", "DELETE"):
    _refusal = _ddl(
        f"CREATE TRIGGER IF NOT EXISTS evidence_no_{_verb.lower()} BEFORE {_verb} ON evidence "
        "BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END"
    )
    event.listen(EVIDENCE, "after_create", _refusal.execute_if(dialect="sqlite"))

event.listen(
    EVIDENCE,
    "after_create",
    _ddl(
        "CREATE TRIGGER IF NOT EXISTS evidence_no_replace BEFORE INSERT ON evidence "
        "WHEN EXISTS (SELECT 1 FROM evidence WHERE number = NEW.number) "
        "BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END"
    ).execute_if(dialect="sqlite"),
)

for _statement in (
    "CREATE OR REPLACE FUNCTION evidence_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'evidence is append-only'; END $$",
    "CREATE TRIGGER evidence_append_only BEFORE UPDATE OR DELETE ON evidence "
    "FOR EACH ROW EXECUTE FUNCTION evidence_append_only()",
    "CREATE TRIGGER evidence_not_emptied BEFORE TRUNCATE ON evidence "
    "FOR EACH STATEMENT EXECUTE FUNCTION evidence_append_only()",
):
    event.listen(EVIDENCE, "after_create", _ddl(_statement).execute_if(dialect="postgresql"))

_BEFORE_THE_FIRST = "0" * 64

_COLUMNS = [column.name for column in EVIDENCE.columns]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: what kind, when (UTC), with which counts and ids."""

    number: int
    at: datetime
    kind: str
    details: str
    previous: str
    hash: str


def record(connection: Connection, at: datetime, kind: str, details: Mapping[str, Any]) -> Entry:
    """Append an entry within the caller's transaction, so that it stands if and only if the act does."""
    last = connection.execute(select(EVIDENCE).order_by(EVIDENCE.c.number.desc()).limit(1)).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, _BEFORE_THE_FIRST)
    text = _canonical(details)
    entry = Entry(number, at, kind, text, previous, _hash(number, at, kind, text, previous))
    row = {name: getattr(entry, name) for name in _COLUMNS}
    connection.execute(insert(EVIDENCE), row)
    return entry


def verify(connection: Connection) -> int:
    """Check the whole chain; returns its length. Raises `VerificationFailed` at the first break."""
    previous, count = _BEFORE_THE_FIRST, 0
    for row in connection.execute(select(EVIDENCE).order_by(EVIDENCE.c.number)):
        count += 1
        right = _hash(row.number, row.at, row.kind, row.details, row.previous)
        if (row.number, row.previous, row.hash) != (count, previous, right):
            raise VerificationFailed(f"the evidence log is broken at entry {count}")
        previous = row.hash
    return count


def _hash(number: int, at: datetime, kind: str, details: str, previous: str) -> str:
    entry = _canonical(
        {
            "number": number,
            "at": at.astimezone(UTC).isoformat(),
            "kind": kind,
            "details": details,
            "previous": previous,
        }
    )
    return hashlib.sha256(entry.encode()).hexdigest()


def _canonical(content: Mapping[str, Any]) -> str:
    # RFC 8785 for the subset used here: ASCII keys, strings, whole numbers, booleans.
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def newest(connection: Connection, controller: str) -> list[Entry]:
    """The newest entry of each kind about one controller."""
    mine = EVIDENCE.c.details.contains(f'"controller":"{controller}"', autoescape=True)
    last = select(func.max(EVIDENCE.c.number)).where(mine).group_by(EVIDENCE.c.kind)
    rows = connection.execute(select(EVIDENCE).where(EVIDENCE.c.number.in_(last)).order_by(EVIDENCE.c.number))
    return [Entry(**row._mapping) for row in rows]
