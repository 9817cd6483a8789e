"""Which answers the survey tool still has, as far as we know: by keyed digest, since when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, LargeBinary, String, Table, delete, insert, select

from data.chunks import chunks
from data.stores.lookup import present, rows_of
from data.stores.responses import FILES, INDEX
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

VENDOR_COPIES = Table(
    "vendor_copies",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("response_key", String(64), primary_key=True),
    Column("survey", String(40), nullable=False),
    Column("cycle", String(40), nullable=False),
    Column("answered_at", UtcTime),
    Column("seen_at", UtcTime),
    Column("sealed_id", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class VendorCopy:
    """One answer that was seen in an export, so that the survey tool has it. Times in UTC.

    Of an answer that was not taken in the raw room gives the vendor's id of it, sealed, since the vault does
    not know it. Where nobody can say when it was answered, `seen_at` says when we saw it first.
    """

    response_key: str
    survey: str
    cycle: str
    answered_at: datetime | None
    seen_at: datetime | None = None
    sealed_id: bytes = b""


def note(connection: Connection, controller: str, copies: Iterable[VendorCopy]) -> None:
    """Remember what an export showed.

    What is known stays as it is, until the answer itself is taken in, or its time is told at last.
    """
    mine, key = VENDOR_COPIES.c.controller == controller, VENDOR_COPIES.c.response_key
    for some in chunks(copies, 500):
        taken_in = key.in_([copy.response_key for copy in some if not copy.sealed_id])
        timed = key.in_([copy.response_key for copy in some if copy.answered_at])
        less = (taken_in & (VENDOR_COPIES.c.sealed_id != b"")) | (
            timed & VENDOR_COPIES.c.answered_at.is_(None)
        )
        connection.execute(delete(VENDOR_COPIES).where(mine, less))
        here = known(connection, controller, [copy.response_key for copy in some])
        rows = [_row(controller, copy) for copy in some if copy.response_key not in here]
        if rows:
            connection.execute(insert(VENDOR_COPIES), rows)


def note_files(connection: Connection, controller: str, files: Collection[str]) -> None:
    """Remember the answers in some files, by id, that a run has published; what is known stays as it is."""
    new = select(INDEX, FILES.c.survey, FILES.c.cycle).join(FILES, FILES.c.id == INDEX.c.file)
    of_run = INDEX.c.file.in_(files) & (INDEX.c.controller == controller)
    for some in chunks(connection.execute(new.where(of_run)).all(), 2_000):
        note(
            connection,
            controller,
            (VendorCopy(r.response_key, r.survey, r.cycle, r.answered_at) for r in some),
        )


def known(connection: Connection, controller: str, response_keys: Iterable[str]) -> set[str]:
    """Which of these answers the survey tool has."""
    mine = VENDOR_COPIES.c.controller == controller
    return present(connection, VENDOR_COPIES.c.response_key, response_keys, mine)


def untimed(connection: Connection, controller: str, response_keys: Iterable[str]) -> set[str]:
    """Of which of these answers nobody can say when they were given."""
    mine = (VENDOR_COPIES.c.controller == controller) & VENDOR_COPIES.c.answered_at.is_(None)
    return present(connection, VENDOR_COPIES.c.response_key, response_keys, mine)


def of_survey(connection: Connection, controller: str, survey: str) -> dict[str, bool]:
    """The answers of one survey that the survey tool has, and whether each was ever taken in."""
    mine = (VENDOR_COPIES.c.controller == controller) & (VENDOR_COPIES.c.survey == survey)
    told = select(VENDOR_COPIES.c.response_key, VENDOR_COPIES.c.sealed_id).where(mine)
    return {key: not sealed_id for key, sealed_id in rows_of(connection, told)}


def sealed_ids(connection: Connection, controller: str, response_keys: Iterable[str]) -> dict[str, bytes]:
    """The vendor's sealed id of those of these answers that were not taken in."""
    found = {}
    for some in chunks(response_keys, 500):
        mine = (VENDOR_COPIES.c.controller == controller) & VENDOR_COPIES.c.response_key.in_(some)
        for row in connection.execute(select(VENDOR_COPIES).where(mine, VENDOR_COPIES.c.sealed_id != b"")):
            found[row.response_key] = row.sealed_id
    return found


def forget(connection: Connection, controller: str, response_keys: Iterable[str]) -> int:
    """Note that the survey tool has some answers no more; returns how many were known."""
    gone = 0
    for some in chunks(response_keys, 500):
        mine = (VENDOR_COPIES.c.controller == controller) & VENDOR_COPIES.c.response_key.in_(some)
        gone += connection.execute(delete(VENDOR_COPIES).where(mine)).rowcount
    return gone


def _row(controller: str, copy: VendorCopy) -> dict[str, object]:
    return {
        "controller": controller,
        "response_key": copy.response_key,
        "survey": copy.survey,
        "cycle": copy.cycle,
        "answered_at": copy.answered_at,
        "seen_at": copy.seen_at,
        "sealed_id": copy.sealed_id,
    }
