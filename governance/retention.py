"""When something must be gone: the earliest end of every period that applies. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from data.errors import PolicyForbids
from governance.policy import Policy
from governance.rules import Clock

#: When each clock started, in UTC; an event that has not happened, or is not known, is absent.
Events = Mapping[Clock, datetime]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment (UTC) from which a thing may no longer be kept, and the clause that says so."""

    at: datetime
    clause: str


def deadline(policy: Policy, store: str, events: Events) -> Deadline:
    """The shortest of the store's own period and the policy's cap (SEC-25, SEC-26).

    A clock that has not started leaves the cap alone; raises `PolicyForbids` where no clock has
    started at all, since then nothing says how long the thing may stay.
    """
    if store not in policy.stores:
        raise PolicyForbids(f"the policy of {policy.name} has no store {store!r}")
    rules = [policy.stores[store], policy.cap]
    ends = [Deadline(r.period.after(events[r.clock]), r.clause) for r in rules if r.clock in events]
    if not ends:
        raise PolicyForbids(f"no clock of the store {store!r} has started")
    return min(ends, key=lambda end: end.at)
