"""Who asks, sealed with a key for each case, which is destroyed when the case is closed."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields, replace

from sqlalchemy import Connection

from data.store import Event, Holding, Subject, Why
from data.stores import cases, open_requests, reidentifications
from data.stores.cases import Case
from data.stores.reidentifications import Reidentification
from pseudonymize.raw import Raw
from pseudonymize.room import Room
from pseudonymize.seal import seal, unseal
from pseudonymize.vault_tables import doom

_PURPOSE = "case"
#: Before the id of a case: who asked, as a thing of its own, which an erasure forgets.
_ASKER = "asker "
#: Before the id of a time that somebody was told who wrote an answer: it goes with the answer's writer.
_TOLD = "told "


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

    @classmethod
    def from_bytes(cls, plain: bytes) -> "Asker":
        """Read back what `to_bytes` wrote."""
        return cls(**json.loads(plain))

    def to_bytes(self) -> bytes:
        """The plain form that is sealed."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return json.dumps(said, ensure_ascii=False).encode()


def add(room: Room, connection: Connection, case: Case, asker: Asker) -> None:
    """Note a new case, with who asks sealed."""
    (key,) = room.ring.new_data_keys(_PURPOSE, case.id, 1)
    sealed = seal(key.key, asker.to_bytes(), _PURPOSE, case.controller, case.id)
    cases.add(connection, replace(case, key_id=key.id, sealed=sealed))


def open_asker(room: Room, case: Case) -> Asker:
    """Who asks. Raises `KeyUnavailable` once the case is closed."""
    key = room.ring.data_keys(_PURPOSE, [case.key_id])[case.key_id]
    return Asker.from_bytes(unseal(key, case.sealed, _PURPOSE, case.controller, case.id))


def close(connection: Connection, case: Case, **values: object) -> None:
    """Close a case, and destroy what it says of who asked; the caller destroys doomed keys after it."""
    cases.change(connection, case.id, sealed=b"", key_id="", **values)
    if case.key_id:
        doom(connection, [case.key_id])


@dataclass(frozen=True, slots=True)
class CaseStore:
    """Requests, as a store: kept for a while after they are closed, to show how they were answered.

    So is who was told who wrote an answer, which is closed as soon as it is done.
    """

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
        for told in self._told():
            if ids is None or _TOLD + told.id in ids:
                at = {Event.COLLECTED: told.at, Event.CASE_CLOSED: told.at}
                yield Holding(_TOLD + told.id, at, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        # An open case needs to know who asks; a closed one of access knows a digest, and no other.
        with self.room.engine.connect() as connection:
            known = cases.cases(connection, self.room.policy.controller)
        asked = {_ASKER + case.id for case in known if case.asker in subject.askers}
        return asked | {_TOLD + t.id for t in self._told() if t.response_key in subject.response_keys}

    def forget(self, ids: Collection[str], why: Why) -> int:
        told = [one for one in self._told() if _TOLD + one.id in ids]
        # First: one that no case knows is brought back.
        open_requests.forget(self.room.register.engine, ids)
        with self.room.engine.begin() as connection:
            for one in ids:
                if one.startswith(_ASKER):
                    cases.change(connection, one.removeprefix(_ASKER), asker="")
            gone = [case for case in cases.cases(connection, self.room.policy.controller) if case.id in ids]
            count = cases.forget(connection, [case.id for case in gone])
            doom(connection, [case.key_id for case in gone if case.key_id])
            count += reidentifications.forget(connection, [one.id for one in told])
            doom(connection, [one.key_id for one in told])
        self.room.destroy_doomed_keys()
        return count

    def present(self, ids: Collection[str]) -> set[str]:
        with self.room.engine.connect() as connection:
            found = cases.cases(connection, self.room.policy.controller)
        asked = {_ASKER + case.id for case in found if case.asker}
        told = {_TOLD + one.id for one in self._told()}
        return ({case.id for case in found} | asked | told) & set(ids)

    def _told(self) -> list[Reidentification]:
        with self.room.engine.connect() as connection:
            return reidentifications.reidentifications(connection, self.room.policy.controller)
