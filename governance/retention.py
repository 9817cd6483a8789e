"""When something must be gone: the earliest end of every period that applies. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from data.errors import PolicyForbids
from data.store import Event, Events
from governance.policy import Policy
from governance.rules import End, LifeRule


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment (UTC) from which a thing may no longer be kept, the clause that says so, and what then."""

    at: datetime
    clause: str
    end: End = "delete"


def deadline(policy: Policy, store: str, events: Events, survey: str = "") -> Deadline:
    """The shortest of the store's own period, the policy's cap (SEC-25, SEC-26) and what ends all at once.

    A clock that has not started leaves the cap alone. The cap goes by the earliest start that is known
    where its own is not: that can only be too late by what lies between the two. Raises `PolicyForbids`
    where no clock has started at all, since then nothing says how long the thing may stay.
    """
    life = life_of(policy, store, survey)
    ends = [*_ends(policy, life, events)]
    if not ends:
        raise PolicyForbids(f"no clock of the store {store!r} has started")
    return min(ends, key=lambda end: end.at)


def life_of(policy: Policy, store: str, survey: str) -> LifeRule:
    """The rule of a store, or its rule for one survey. Raises `PolicyForbids` where there is none."""
    if store not in policy.stores:
        raise PolicyForbids(f"the policy of {policy.name} has no store {store!r}")
    for name, rules in policy.surveys.items():
        if store in rules and (survey == name or (name.endswith("*") and survey.startswith(name[:-1]))):
            return rules[store]
    return policy.stores[store]


def _ends(policy: Policy, life: LifeRule, events: Events) -> Iterator[Deadline]:
    if life.clock in events:
        yield Deadline(life.period.after(events[life.clock]), life.clause, life.end)
    for rule in policy.ended_by:
        if rule.clock in events:
            yield Deadline(events[rule.clock], rule.clause)
    if life.period.unlimited:
        return
    start = events.get(policy.cap.clock) or min(events.values(), default=None)
    if start is not None:
        yield Deadline(policy.cap.period.after(start), policy.cap.clause, life.end)


def unknown_start(
    policy: Policy, store: str, survey: str, events: Collection[Event], awaits: frozenset[Event]
) -> bool:
    """Whether nobody can say if the store's clock has started: then only the cap holds.

    A survey is compiled when we are told so; for as long as we are not, it is not.
    """
    clock = life_of(policy, store, survey).clock
    return clock not in events and clock not in awaits and clock is not Event.COMPILED
