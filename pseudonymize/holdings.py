"""The stores that only the raw room can open: what they keep since when, and how they forget it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from data.store import Event, Holding, Subject, Why
from data.stores import vendor_copies
from data.stores.lookup import present, rows_of, wanted
from data.stores.responses import FILES, INDEX
from data.stores.vendor_copies import VENDOR_COPIES
from pseudonymize.forget import forget_answers, forget_identities
from pseudonymize.quarantine import QUARANTINE
from pseudonymize.room import Room
from pseudonymize.vault_tables import RESPONSES as VAULT_RESPONSES

#: What a holding tells of an answer; what is sealed need not be read for it.
_KNOWN = ("response_key", "answered_at", "survey", "cycle")
_NOTHING: frozenset[Event] = frozenset()


@dataclass(frozen=True, slots=True)
class VendorStore:
    """What the survey tool still has, as far as its exports have shown. Deleted there by hand only."""

    room: Room
    name = "vendor"
    by_hand = True

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        whose = VAULT_RESPONSES.c
        same = (whose.controller == VENDOR_COPIES.c.controller) & (
            whose.response_key == VENDOR_COPIES.c.response_key
        )
        told = (VENDOR_COPIES.c[name] for name in (*_KNOWN, "seen_at"))
        known = select(*told, whose.pseudonym).outerjoin(VAULT_RESPONSES, same)
        mine = wanted(VENDOR_COPIES, self.room.policy.controller, VENDOR_COPIES.c.response_key, ids)
        with self.room.engine.connect() as connection:
            for key, at, survey, cycle, seen, pseudonym in rows_of(connection, known, mine):
                started = {Event.ANSWERED: at} if at else {Event.COLLECTED: seen}
                yield Holding(key, started, _NOTHING, survey, cycle, pseudonym or "")

    def of(self, subject: Subject) -> Collection[str]:
        return self.present(subject.response_keys | subject.at_vendor)

    def forget(self, ids: Collection[str], why: Why) -> int:
        with self.room.engine.begin() as connection:
            return vendor_copies.forget(connection, self.room.policy.controller, ids)

    def present(self, ids: Collection[str]) -> set[str]:
        with self.room.engine.connect() as connection:
            return vendor_copies.known(connection, self.room.policy.controller, ids)


@dataclass(frozen=True, slots=True)
class AnswerStore:
    """De-identified answers, by response key."""

    room: Room
    name = "responses"
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        own = (INDEX.c.response_key, INDEX.c.answered_at, INDEX.c.pseudonym, INDEX.c.policy_version)
        joined = select(*own, FILES.c.survey, FILES.c.cycle).join(FILES, FILES.c.id == INDEX.c.file)
        mine = wanted(INDEX, self.room.policy.controller, INDEX.c.response_key, ids)
        with self.room.engine.connect() as connection:
            for key, at, pseudonym, version, survey, cycle in rows_of(connection, joined, mine):
                yield Holding(key, {Event.ANSWERED: at}, _NOTHING, survey, cycle, pseudonym, "", version)

    def of(self, subject: Subject) -> Collection[str]:
        return self.present(subject.response_keys)

    def forget(self, ids: Collection[str], why: Why) -> int:
        return forget_answers(self.room, ids, why)

    def present(self, ids: Collection[str]) -> set[str]:
        return set(self.room.responses.known(self.room.policy.controller, ids))


@dataclass(frozen=True, slots=True)
class VaultStore:
    """Sealed identities, by the response key of each answer that tells something of its writer."""

    room: Room
    name = "vault"
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        mine = wanted(VAULT_RESPONSES, self.room.policy.controller, VAULT_RESPONSES.c.response_key, ids)
        told = (*(VAULT_RESPONSES.c[name] for name in _KNOWN), VAULT_RESPONSES.c.pseudonym)
        with self.room.engine.connect() as connection:
            for key, at, survey, cycle, pseudonym in rows_of(connection, select(*told), mine):
                yield Holding(key, {Event.ANSWERED: at}, _NOTHING, survey, cycle, pseudonym)

    def of(self, subject: Subject) -> Collection[str]:
        return self.present(subject.response_keys)

    def forget(self, ids: Collection[str], why: Why) -> int:
        return forget_identities(self.room, ids)

    def present(self, ids: Collection[str]) -> set[str]:
        mine = VAULT_RESPONSES.c.controller == self.room.policy.controller
        with self.room.engine.connect() as connection:
            return present(connection, VAULT_RESPONSES.c.response_key, ids, mine)


@dataclass(frozen=True, slots=True)
class QuarantineStore:
    """Rows that could not be taken in, each with a key of its own."""

    room: Room
    name = "quarantine"
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        for row in self.room.quarantine.rows():
            if ids is None or row.id in ids:
                yield Holding(row.id, {Event.COLLECTED: row.since}, survey=row.survey)

    def of(self, subject: Subject) -> Collection[str]:
        return self.present(subject.rows)

    def forget(self, ids: Collection[str], why: Why) -> int:
        with self.room.engine.begin() as connection:
            count = self.room.quarantine.discard(connection, ids)
        self.room.destroy_doomed_keys()
        return count

    def present(self, ids: Collection[str]) -> set[str]:
        mine = QUARANTINE.c.controller == self.room.policy.controller
        with self.room.engine.connect() as connection:
            return present(connection, QUARANTINE.c.id, ids, mine)


@dataclass(frozen=True, slots=True)
class InboxStore:
    """Export files that remain where their operator put them."""

    room: Room
    name = "inbox"
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        for copy in self.room.inbox.remaining():
            if ids is None or copy.id in ids:
                yield Holding(copy.id, {Event.COLLECTED: copy.since})

    def of(self, subject: Subject) -> Collection[str]:
        return self.present(subject.rows)

    def forget(self, ids: Collection[str], why: Why) -> int:
        return self.room.inbox.delete(ids)

    def present(self, ids: Collection[str]) -> set[str]:
        return {copy.id for copy in self.room.inbox.remaining()} & set(ids)
