"""Corrections as a store: kept for as long as an answer could come that says what was wrong."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from data.store import Event, Holding, Subject, Why
from pseudonymize.corrections import Correction, Corrections, moved
from pseudonymize.derive import address_pseudonym, asker_key
from pseudonymize.room import Room
from pseudonymize.vault_tables import RESPONSES


@dataclass(frozen=True, slots=True)
class CorrectionStore:
    """What people have had corrected, sealed, by its mark."""

    room: Room
    name = "corrections"
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        """Since each was entered, or since the last answer of whom it is about."""
        corrections, entered = (
            Corrections.read(self.room.register.corrections()),
            self.room.register.corrected_at(),
        )
        for one in corrections.entries:
            if ids is None or one.mark in ids:
                answered = self._last_answer(corrections, one)
                since = max(entered[one.mark], answered) if answered else entered[one.mark]
                yield Holding(one.mark, {Event.COLLECTED: since}, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        if not subject.askers:
            return ()
        entries = Corrections.read(self.room.register.corrections()).entries
        return {one.mark for one in entries if not self._askers(one).isdisjoint(subject.askers)}

    def forget(self, ids: Collection[str], why: Why) -> int:
        return self.room.register.forget_corrections(ids)

    def present(self, ids: Collection[str]) -> set[str]:
        return self.room.register.corrected_at().keys() & set(ids)

    def _last_answer(self, corrections: Corrections, one: Correction) -> datetime | None:
        today = corrections.current({moved(writer, one) for writer in one.writers}, one.mark)
        pseudonyms = {address_pseudonym(self.room.ring, w[1]) for w in today if w[0] == "address"}
        mine = (RESPONSES.c.controller == self.room.policy.controller) & RESPONSES.c.pseudonym.in_(pseudonyms)
        with self.room.engine.connect() as connection:
            last: datetime | None = connection.scalar(select(func.max(RESPONSES.c.answered_at)).where(mine))
        return last

    def _askers(self, one: Correction) -> set[str]:
        """Digests of whom it is about, by the wrong address and by the right one, always with the name."""
        writers = one.writers | {moved(writer, one) for writer in one.writers}
        named = (("person", *rest) for kind, *rest in writers if kind == "address")
        return {asker_key(self.room.ring, person) for person in named}
