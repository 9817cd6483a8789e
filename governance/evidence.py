"""The evidence log: append-only, hash-chained, and without personal data.

Each entry holds the hash of the one before, so that a change, a removal or a change of order shows
in every later hash. Entries hold random run and case numbers, counts, names of stores and policy
versions; who was in a run stands elsewhere, so that forgetting a person never breaks the chain.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, func, insert, select, type_coerce
from sqlalchemy.exc import OperationalError

from data.errors import VerificationFailed
from data.stores.sql_types import utc_text
from governance.evidence_table import EVIDENCE

_BEFORE_THE_FIRST = "0" * 64

_COLUMNS = [column.name for column in EVIDENCE.columns]

#: Times as they are stored: the same moment written otherwise is a change.
_AS_STORED = select(
    *(type_coerce(EVIDENCE.c.at, String).label("at") if c.name == "at" else c for c in EVIDENCE.columns)
).order_by(EVIDENCE.c.number)
_BATCH = 1000


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
    entry = Entry(number, at, kind, text, previous, _hash(_leaf(number, at, kind, text, previous)))
    row = {name: getattr(entry, name) for name in _COLUMNS}
    connection.execute(insert(EVIDENCE), row)
    return entry


def verify(connection: Connection) -> int:
    """Check the whole chain; returns its length. Raises `VerificationFailed` at the first break."""
    return sum(1 for _ in leaves(connection))


def leaves(connection: Connection) -> Iterator[bytes]:
    """What each entry's hash is made of, in order, each checked on the way.

    Reads in batches, so that a log of any length takes the same memory. Raises `VerificationFailed` at the
    first break.
    """
    previous, count = _BEFORE_THE_FIRST, 0
    rows = iter(connection.execute(_AS_STORED, execution_options={"yield_per": _BATCH}))
    while row := _next(rows, count):
        count += 1
        leaf = _stored_leaf(row)
        if leaf is None or (row.number, row.previous, row.hash) != (count, previous, _hash(leaf)):
            raise VerificationFailed(f"the evidence log is broken at entry {count}")
        previous = row.hash
        yield leaf


def _next(rows: Iterator[Row[Any]], count: int) -> Row[Any] | None:
    try:
        return next(rows, None)
    except OperationalError as error:
        if "UTF-8" not in str(error.orig):
            raise
    raise VerificationFailed(f"the evidence log is broken after entry {count}: bytes there are no text")


def _stored_leaf(row: Row[Any]) -> bytes | None:
    """None where no entry was ever stored like this."""
    try:
        at = datetime.fromisoformat(row.at)
        as_recorded = utc_text(at) == row.at
        return _leaf(row.number, at, row.kind, row.details, row.previous) if as_recorded else None
    except (TypeError, ValueError, OverflowError):
        return None


def _leaf(number: int, at: datetime, kind: str, details: str, previous: str) -> bytes:
    entry = {
        "number": number,
        "at": at.astimezone(UTC).isoformat(),
        "kind": kind,
        "details": details,
        "previous": previous,
    }
    return _canonical(entry).encode()


def _hash(leaf: bytes) -> str:
    return hashlib.sha256(leaf).hexdigest()


def _canonical(content: Mapping[str, Any]) -> str:
    # RFC 8785 for the subset used here: ASCII keys, strings, whole numbers, booleans.
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def newest(connection: Connection, controller: str) -> list[Entry]:
    """The newest entry of each kind about one controller."""
    last = select(func.max(EVIDENCE.c.number)).where(_about(controller)).group_by(EVIDENCE.c.kind)
    rows = connection.execute(select(EVIDENCE).where(EVIDENCE.c.number.in_(last)).order_by(EVIDENCE.c.number))
    return [Entry(**row._mapping) for row in rows]


def last_of(connection: Connection, controller: str, kind: str, limit: int) -> list[Entry]:
    """The last entries of one kind about one controller, newest first."""
    mine = select(EVIDENCE).where(_about(controller), EVIDENCE.c.kind == kind)
    rows = connection.execute(mine.order_by(EVIDENCE.c.number.desc()).limit(limit))
    return [Entry(**row._mapping) for row in rows]


def count(connection: Connection, controller: str, kind: str) -> int:
    """How many entries of one kind there are about one controller."""
    mine = select(func.count()).select_from(EVIDENCE).where(_about(controller), EVIDENCE.c.kind == kind)
    return connection.scalar(mine) or 0


def _about(controller: str) -> ColumnElement[bool]:
    return EVIDENCE.c.details.contains(f'"controller":"{controller}"', autoescape=True)
