"""What a state that was restored still holds although its keys are gone: people and rows deleted since.

The keys of a database that lived on are newer than the state. Whoever they are missing for was erased, or was
at the end of a period, after the backup was made: nobody can read who it was, and everything of them goes.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from data.chunks import chunks
from data.errors import KeyUnavailable
from data.store import Subject
from data.stores import cases, reidentifications
from data.stores.cases import CASES
from data.stores.lookup import everything, present, rows_of
from data.stores.reidentifications import REIDENTIFICATIONS
from pseudonymize.keys import DATA_KEYS
from pseudonymize.quarantine import QUARANTINE
from pseudonymize.room import Room
from pseudonymize.vault_links import LINKS
from pseudonymize.vault_tables import PEOPLE, RESPONSES, Person, delete_people

_SEALED = (
    (PEOPLE, "person"),
    (QUARANTINE, "quarantine"),
    (CASES, "case"),
    (REIDENTIFICATIONS, "case"),
)


@dataclass(frozen=True, slots=True)
class Lost:
    """People whose keys are gone, with all that the stores have of them, and rows and cases of that kind.

    `named` are the times that somebody was told who wrote an answer.
    """

    people: frozenset[Person]
    subject: Subject
    cases: frozenset[str]
    named: frozenset[str]


def check_same_home(state: Connection, keys: Connection) -> None:
    """Raise `KeyUnavailable` where a state has sealed rows, and a database of keys the key of none."""
    needed = {key for table, _ in _SEALED for key in state.scalars(select(table.c.key_id)) if key}
    if needed and not present(keys, DATA_KEYS.c.id, needed):
        raise KeyUnavailable(
            "the database of wrapped keys that is there belongs to another home",
            hint="set TILLIT_KEYS_URL to the one of this home, or to a new one, which gets the backup's keys",
        )


def find_lost(room: Room) -> Lost:
    """Everything of which the key is gone."""
    with room.engine.connect() as connection:
        people, rows, lost_cases, told = (_lost(room, connection, table, of) for table, of in _SEALED)
        who = frozenset((row.pseudonym, row.name_key) for row in people)
        subject = Subject(
            pseudonyms=_without_others(room, connection, who, "pseudonym"),
            response_keys=_answers(room, connection, who),
            reference_keys=_without_others(room, connection, who, "reference_key"),
            rows=frozenset(row.id for row in rows),
        )
    return Lost(who, subject, frozenset(row.id for row in lost_cases), frozenset(row.id for row in told))


def forget_lost(room: Room, lost: Lost) -> dict[str, int]:
    """Delete what only this room can: identities, quarantined rows, and cases that were closed since."""
    controller = room.policy.controller
    with room.engine.begin() as connection:
        delete_people(connection, PEOPLE, controller, lost.people)
        delete_people(connection, LINKS, controller, lost.people)
        delete_people(connection, RESPONSES, controller, lost.people)
        room.quarantine.discard(connection, lost.subject.rows)
        closed = sum(cases.forget(connection, some) for some in chunks(lost.cases, 500))
        reidentifications.forget(connection, lost.named)
    room.destroy_doomed_keys()
    return {"vault": len(lost.subject.response_keys), "quarantine": len(lost.subject.rows), "cases": closed}


def _lost(room: Room, connection: Connection, table: Table, purpose: str) -> list[Row[Any]]:
    keys = room.ring.data_key_ids(purpose)
    mine = select(table).where(everything(table, room.policy.controller))
    return [row for row in rows_of(connection, mine) if row.key_id and row.key_id not in keys]


def _answers(room: Room, connection: Connection, people: Set[Person]) -> frozenset[str]:
    found, controller = set[str](), RESPONSES.c.controller == room.policy.controller
    for some in chunks({pseudonym for pseudonym, _ in people}, 500):
        rows = connection.execute(select(RESPONSES).where(controller, RESPONSES.c.pseudonym.in_(some)))
        found |= {row.response_key for row in rows if (row.pseudonym, row.name_key) in people}
    return frozenset(found)


def _without_others(room: Room, connection: Connection, people: Set[Person], column: str) -> frozenset[str]:
    """The values of a column that these people have, and nobody who is still known shares."""
    if not people:
        return frozenset()
    theirs, others = set[str](), set[str]()
    for row in rows_of(connection, select(PEOPLE).where(everything(PEOPLE, room.policy.controller))):
        (theirs if (row.pseudonym, row.name_key) in people else others).add(getattr(row, column))
    return frozenset(theirs - others - {""})
