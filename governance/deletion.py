"""What falls due in each store, as a plan that a person can approve: ids, counts, clauses, dates. Pure.

A plan names things by random and keyed ids only. Its digest is the SHA-256 of the file that it is
written to, so that what was approved is what is carried out.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from data.store import Event, Holding, Store
from data.stores.holds import Hold
from governance.dues import Dues, PoliciesOf
from governance.retention import Deadline, life_of, unknown_start
from governance.rules import End

_UNKNOWN, _OPEN = "unknown start", "not compiled"


@dataclass(frozen=True, slots=True)
class Part:
    """Things of one store that fall due under one clause, and what is to be done. Moments in UTC."""

    store: str
    action: End
    clause: str
    by_hand: bool
    due_from: str
    due_to: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that somebody has to look at: in which store, what, under which clause, how many."""

    store: str
    says: str
    clause: str
    count: int


@dataclass(frozen=True, slots=True)
class Held:
    """What would fall due and stays, because of a legal hold."""

    hold: str
    ground: str
    by: str
    review: str
    store: str
    count: int


@dataclass(frozen=True, slots=True)
class StorePlan:
    """What falls due in one store, of how many things that it keeps."""

    total: int
    parts: tuple[Part, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What falls due in all stores of a controller at one moment (UTC)."""

    id: str
    controller: str
    policy: str
    made_at: str
    totals: Mapping[str, int]
    parts: tuple[Part, ...]
    alarms: tuple[Alarm, ...]
    held: tuple[Held, ...]

    @property
    def count(self) -> int:
        """How many things fall due."""
        return sum(len(part.ids) for part in self.parts)


def written(plan: Plan) -> bytes:
    """The plan as its file holds it."""
    return (json.dumps(asdict(plan), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def digest(content: bytes) -> str:
    """SHA-256 of a plan's file, in hex."""
    return hashlib.sha256(content).hexdigest()


def read_plan(content: bytes) -> Plan:
    """A plan from its file; raises ValueError or TypeError where it is none."""
    said: dict[str, Any] = json.loads(content)
    lists: dict[str, type] = {"parts": Part, "alarms": Alarm, "held": Held}
    for name, kind in lists.items():
        said[name] = tuple(kind(**row) for row in said[name])
    said["parts"] = tuple(replace(part, ids=tuple(part.ids)) for part in said["parts"])
    return Plan(**said)


def plan_store(
    store: Store,
    holdings: Iterable[Holding],
    policies: PoliciesOf,
    holds: Sequence[Hold],
    under_way: Set[str],
    now: datetime,
) -> StorePlan:
    """What falls due in one store. Things in `under_way` are somebody's task already."""
    work = _Work(store, policies, now)
    for holding in holdings:
        work.total += 1
        due = work.due(holding)
        if due is None or holding.id in under_way:
            continue
        if hold := next((hold for hold in holds if hold.holds(holding)), None):
            work.held[hold] += 1
        else:
            work.add(holding, due)
    return work.result()


@dataclass
class _Work:
    """The planning of one store under way."""

    store: Store
    policies: PoliciesOf
    moment: datetime
    total: int = 0
    held: Counter[Hold] = field(default_factory=Counter)
    alarms: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: dict[tuple[End, str], list[tuple[datetime, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._dues = Dues(self.store.name, self.policies, self.moment)
        self._missing = cache(self._missing_of)

    def due(self, holding: Holding) -> Deadline | None:
        """The deadline of a thing, where it has passed. Counts what has to be looked at."""
        self._watch(holding)
        return self._dues(holding)

    def add(self, holding: Holding, due: Deadline) -> None:
        """Note a thing that falls due."""
        self.found.setdefault((due.end, due.clause), []).append((due.at, holding.id))

    def result(self) -> StorePlan:
        """The plan of this store, its parts in the order of their clauses."""
        parts = tuple(self._part(end, clause, due) for (end, clause), due in sorted(self.found.items()))
        alarms = tuple(
            Alarm(self.store.name, says, clause, count)
            for (says, clause), count in sorted(self.alarms.items())
        )
        held = tuple(
            Held(hold.id, hold.ground, hold.by, hold.review.isoformat(), self.store.name, count)
            for hold, count in sorted(self.held.items(), key=lambda item: item[0].id)
        )
        return StorePlan(self.total, parts, alarms, held)

    def _part(self, end: End, clause: str, due: list[tuple[datetime, str]]) -> Part:
        first, last = min(at for at, _ in due), max(at for at, _ in due)
        ids = tuple(sorted(holding_id for _, holding_id in due))
        by_hand, name = self.store.by_hand, self.store.name
        return Part(name, end, clause, by_hand, first.isoformat(), last.isoformat(), ids)

    def _watch(self, holding: Holding) -> None:
        says, clause = self._missing(holding.survey or "", tuple(holding.started), holding.awaits)
        if says == _OPEN:
            days = self.policies("")[0].limit("compiled_days")
            if min(holding.started.values()) + timedelta(days=days) > self.moment:
                return
            says = f"{_OPEN} after {days:.0f} days"
        if says:
            self.alarms[says, clause] += 1

    def _missing_of(
        self, survey: str, events: tuple[Event, ...], awaits: frozenset[Event]
    ) -> tuple[str, str]:
        """What is to be said of things of which only these events are known, and under which clause."""
        policy = self.policies("")[0]
        life = life_of(policy, self.store.name, survey)
        if life.clock in events:
            return "", ""
        if not events:
            return "nothing says since when it is kept", life.clause
        if unknown_start(policy, self.store.name, survey, events, awaits):
            told = life.clock.replace("_", " ")
            return f"{_UNKNOWN}: {told}; only the cap of {policy.cap.period} holds", life.clause
        return (_OPEN, policy.limits["compiled_days"]) if life.clock is Event.COMPILED else ("", "")
