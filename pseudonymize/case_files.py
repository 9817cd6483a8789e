"""Who asks, sealed with a key for each case. Destroyed when the case is closed."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields, replace

from sqlalchemy import Connection

from data.store import Event, Holding, Subject, Why
from data.stores import cases
from data.stores.cases import Case
from pseudonymize.raw import Raw
from pseudonymize.room import Room
from pseudonymize.seal import seal, unseal
from pseudonymize.vault_tables import doom

_PURPOSE = "case"
#: Before the id of a case: who asked, as a thing of its own, which an erasure forgets.
_ASKER = "asker "


@dataclass(frozen=True, slots=True, repr=False)
class Asker(Raw):
    """Who asks: an address, canonical, and a name where one is needed to tell people apart.

    `named_in_text` is true of somebody who is named in the answers of others. `corrections` are what they
    want corrected, with its right value.
    """

    address: str
    name: str = ""
    named_in_text: bool = False
    corrections: dict[str, str] = field(default_factory=dict)


def add(room: Room, connection: Connection, case: Case, asker: Asker) -> None:
    """Note a new case, with who asks sealed."""
    (key,) = room.ring.new_data_keys(_PURPOSE, case.id, 1)
    said = {one.name: getattr(asker, one.name) for one in fields(asker)}
    plain = json.dumps(said, ensure_ascii=False).encode()
    sealed = seal(key.key, plain, _PURPOSE, case.controller, case.id)
    cases.add(connection, replace(case, key_id=key.id, sealed=sealed))


def open_asker(room: Room, case: Case) -> Asker:
    """Who asks. Raises `KeyUnavailable` once the case is closed."""
    key = room.ring.data_keys(_PURPOSE, [case.key_id])[case.key_id]
    return Asker(**json.loads(unseal(key, case.sealed, _PURPOSE, case.controller, case.id)))


def close(connection: Connection, case: Case, **values: object) -> None:
    """Close a case, and destroy what it says of who asked; the caller destroys doomed keys after it."""
    cases.change(connection, case.id, sealed=b"", key_id="", **values)
    if case.key_id:
        doom(connection, [case.key_id])


@dataclass(frozen=True, slots=True)
class CaseStore:
    """Requests, as a store: kept for a while after they are closed, to show how they were answered."""

    room: Room
    name = "cases"
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        with self.room.engine.connect() as connection:
            found = cases.cases(connection, self.room.policy.controller)
        for case in found:
            started = {Event.COLLECTED: case.opened_at}
            closed = {Event.CASE_CLOSED: case.closed_at} if case.closed_at else {}
            awaits = frozenset[Event]() if closed else frozenset({Event.CASE_CLOSED})
            for one in (case.id, *([_ASKER + case.id] if case.asker else [])):
                if ids is None or one in ids:
                    yield Holding(one, {**started, **closed}, awaits, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        # An open case needs to know who asks; a closed one of access knows a digest, and no other.
        with self.room.engine.connect() as connection:
            known = cases.cases(connection, self.room.policy.controller)
        return {_ASKER + case.id for case in known if case.asker in subject.askers}

    def forget(self, ids: Collection[str], why: Why) -> int:
        with self.room.engine.begin() as connection:
            for one in ids:
                if one.startswith(_ASKER):
                    cases.change(connection, one.removeprefix(_ASKER), asker="")
            gone = [case for case in cases.cases(connection, self.room.policy.controller) if case.id in ids]
            count = cases.forget(connection, [case.id for case in gone])
            doom(connection, [case.key_id for case in gone if case.key_id])
        self.room.destroy_doomed_keys()
        return count

    def present(self, ids: Collection[str]) -> set[str]:
        with self.room.engine.connect() as connection:
            found = cases.cases(connection, self.room.policy.controller)
        asked = {_ASKER + case.id for case in found if case.asker}
        return ({case.id for case in found} | asked) & set(ids)
