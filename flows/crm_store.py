"""The scores in the CRM, and our ledger of them, as stores that forget."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from data.chunks import chunks
from data.errors import OutsideSystemFailed
from data.records import SurveyCycle
from data.store import Event, Holding, Subject, Why
from data.stores import crm_ledger
from data.stores.crm_ledger import CRM_LEDGER, Place, Score
from data.stores.lookup import rows_of, wanted
from pseudonymize import Room, open_reference

if TYPE_CHECKING:
    from flows.wiring import Home

_BATCH = 500
_NOTHING: frozenset[Event] = frozenset()
#: All that a holding tells; what is sealed need not be read for it.
_KNOWN = ("reference_key", "survey", "cycle", "pseudonym", "answered_on")


def clear_scores(home: "Home", room: Room, scores: Mapping[Place, Score]) -> int:
    """Remove scores from the CRM, read back that they are gone, then forget them; returns how many.

    Raises `OutsideSystemFailed` where the CRM still has one; then the ledger still knows of it.
    """
    for some in chunks(scores.items(), _BATCH):
        known = [(open_reference(room, score.sealed_reference, place), place[1]) for place, score in some]
        home.crm.clear(known)
        if left := home.crm.held(known):
            raise OutsideSystemFailed(f"the CRM still holds {left} of {len(known)} scores that were cleared")
        with home.engine.begin() as connection:
            crm_ledger.forget(connection, room.policy.controller, [place for place, _ in some])
    return len(scores)


@dataclass(frozen=True, slots=True)
class CrmStore:
    """What the CRM has from us, as our ledger knows it: a score leaves both or neither.

    The CRM and the ledger are two stores of a policy, and each has its own clock; `name` says which.
    """

    home: "Home"
    room: Room
    name: str
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        told = (CRM_LEDGER.c[name] for name in _KNOWN)
        keys = None if ids is None else {_place(one)[0] for one in ids}
        mine = wanted(CRM_LEDGER, self.room.policy.controller, CRM_LEDGER.c.reference_key, keys)
        begin = cache(lambda day: datetime.combine(day, time(), UTC))
        with self.home.engine.connect() as connection:
            for key, survey, cycle, pseudonym, day in rows_of(connection, select(*told), mine):
                started, one = {Event.ANSWERED: begin(day)}, f"{key}/{survey}/{cycle}"
                if ids is None or one in ids:
                    yield Holding(one, started, _NOTHING, survey, cycle, pseudonym, key)

    def of(self, subject: Subject) -> Collection[str]:
        with self.home.engine.connect() as connection:
            places = crm_ledger.near(
                connection, self.room.policy.controller, subject.pseudonyms, subject.reference_keys
            )
        return {_id(place) for place in places}

    def forget(self, ids: Collection[str], why: Why) -> int:
        return clear_scores(self.home, self.room, self._scores(ids))

    def present(self, ids: Collection[str]) -> set[str]:
        here = self._scores(ids)
        return {one for one in ids if _place(one) in here}

    def _scores(self, ids: Collection[str]) -> dict[Place, Score]:
        with self.home.engine.connect() as connection:
            return crm_ledger.find(connection, self.room.policy.controller, map(_place, ids))


def _id(place: Place) -> str:
    return f"{place[0]}/{place[1].survey}/{place[1].cycle}"


def _place(holding_id: str) -> Place:
    reference_key, survey, cycle = holding_id.split("/")
    return reference_key, SurveyCycle(survey, cycle)
