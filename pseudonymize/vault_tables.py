"""The tables of the vault: sealed people, the sealed ids of their answers, keys to be destroyed."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    LargeBinary,
    Row,
    String,
    Table,
    bindparam,
    delete,
    insert,
)

from data.stores.sql import STATE
from data.stores.sql_types import UtcTime
from data.stores.waiting import waiting_room

PEOPLE = Table(
    "vault_people",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("pseudonym", String(64), primary_key=True),
    Column("name_key", String(64), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("reference_key", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("run_id", String(32), nullable=False),
)

RESPONSES = Table(
    "vault_responses",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("response_key", String(64), primary_key=True),
    Column("pseudonym", String(64), nullable=False),
    Column("name_key", String(64), nullable=False),
    Column("answered_at", UtcTime, nullable=False),
    Column("survey", String(40), nullable=False),
    Column("cycle", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("run_id", String(32), nullable=False),
    Index("vault_responses_by_pseudonym", "controller", "pseudonym"),
)

PEOPLE_WAITING = waiting_room(PEOPLE, STATE)
RESPONSES_WAITING = waiting_room(RESPONSES, STATE)

#: Data keys whose rows are gone; destroyed after the transaction that named them here.
DOOMED_KEYS = Table("doomed_keys", STATE, Column("key_id", String(32), primary_key=True))

#: A pseudonym and a name key.
Person = tuple[str, str]
PersonRow = Row[Any]

#: Vendor, survey and response id, as the vendor writes them.
VendorId = tuple[str, str, str]


def identity_context(controller: str, person: Person) -> tuple[str, ...]:
    """What a sealed identity is bound to, so that no row can be moved to another person."""
    return "identity", controller, *person


def response_context(controller: str, response_key: str) -> tuple[str, ...]:
    """What the survey tool's sealed id of an answer is bound to; to its writer it is by their key."""
    return "response", controller, response_key


def delete_people(
    connection: Connection,
    table: Table,
    controller: str,
    people: Iterable[Person],
    *also: ColumnElement[bool],
) -> None:
    """Delete rows of some people from a table of the vault."""
    named = ("controller", "pseudonym", "name_key")
    theirs = [dict(zip((f"its_{name}" for name in named), (controller, *p), strict=True)) for p in people]
    if theirs:
        same = [table.c[name] == bindparam(f"its_{name}") for name in named]
        connection.execute(delete(table).where(*same, *also), theirs)


def doom(connection: Connection, key_ids: Sequence[str]) -> None:
    """Mark data keys for destruction, in the transaction that lets go of what they sealed."""
    if key_ids:
        connection.execute(insert(DOOMED_KEYS), [{"key_id": key_id} for key_id in key_ids])
