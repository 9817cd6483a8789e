"""What is past its deadline in one store, under every policy that it is under. Pure."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from functools import cache

from data.store import Event, Events, Holding
from governance.policy import Policy
from governance.retention import Deadline, deadline

#: The policies that a thing is under: the one in force, and the one that it was given under.
PoliciesOf = Callable[[str], Sequence[Policy]]


class Dues:
    """The things of one store that are due at one moment (UTC). Raises as `deadline` does."""

    def __init__(self, store: str, policies: PoliciesOf, moment: datetime) -> None:
        self._store = store
        self._policies = policies
        self._moment = moment
        self._soonest = cache(self._soonest_of)

    def __call__(self, holding: Holding) -> Deadline | None:
        """The deadline of a thing, where it has passed."""
        if not holding.started:
            return None
        survey = holding.survey or ""
        # Most things are not due for years: days are compared first, and those are soon known.
        days = tuple([(event, at.date()) for event, at in holding.started.items()])
        if self._soonest(holding.policy_version, survey, days) > self._moment:
            return None
        exact = self._deadline(holding.policy_version, survey, holding.started)
        return exact if exact.at <= self._moment else None

    def _soonest_of(self, version: str, survey: str, days: tuple[tuple[Event, date], ...]) -> datetime:
        events = {event: datetime.combine(day, time(), UTC) for event, day in days}
        return self._deadline(version, survey, events).at

    def _deadline(self, version: str, survey: str, events: Events) -> Deadline:
        """The stricter of the policy in force and the one that a thing was given under (C15)."""
        found = [deadline(policy, self._store, events, survey) for policy in self._policies(version)]
        return min(found, key=lambda one: one.at)
