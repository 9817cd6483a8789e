"""Every night: delete what is at the end of its period, where the policy asks nobody, and read it back."""

from collections.abc import Collection
from dataclasses import replace

from data.errors import KeyUnavailable, PolicyForbids
from data.stores import plans
from flows.apply_retention import apply, too_much
from flows.create_backup import put_on_record
from flows.plan_retention import find_due, keep
from flows.verify_retention import verify
from flows.wiring import Home
from governance import evidence
from governance.deletion import Plan
from pseudonymize import Progress, keep_requests


def retain_unattended(home: Home, controller: str, progress: Progress) -> dict[str, int]:
    """Plan, apply and verify; returns counts, alarms among them. First it ends what an earlier night left.

    A store that would lose more than the policy lets go unasked is left for a person, and told of at
    the end (`PolicyForbids`), when everything else is done.
    """
    policy = home.policy(controller)
    by = f"the policy ({policy.retention.clause})"
    unkept = _keep_requests(home, controller)
    for digest in _left(home, controller, by):
        _carry_out(home, digest, progress)
    with home.lock():
        unreadable = put_on_record(home, controller)
        found = find_due(home, controller, progress, policy.retention.unattended)
        waiting = too_much(policy, found)
        plan = _without(found, waiting.keys())
        state = keep(home, plan, by)
    if state:
        _carry_out(home, state.digest, progress)
    if waiting:
        said = ", ".join(f"{count} in {store}" for store, count in waiting.items())
        raise PolicyForbids(
            f"more falls due than the policy lets be deleted unasked: {said}",
            hint="`tillit retention plan`, look at it, and `apply --even-so`",
        )
    held, alarms = (
        sum(held.count for held in plan.held),
        sum(alarm.count for alarm in plan.alarms) + unreadable + unkept,
    )
    return {"due": plan.count, "held": held, "alarms": alarms}


def _keep_requests(home: Home, controller: str) -> int:
    """Do what a stop has left undone; where it fails, that is an alarm, and the night goes on."""
    with home.lock():
        try:
            keep_requests(home.room(controller))
        except KeyUnavailable as error:
            says = {"controller": controller, "says": f"open requests are not kept: {error}", "count": 1}
            with home.engine.begin() as connection:
                evidence.record(connection, home.clock.now(), "alarm", says)
            return 1
    return 0


def _left(home: Home, controller: str, by: str) -> list[str]:
    """Digests of the plans that the policy approved and that a stop has left, where they can be read."""
    with home.engine.connect() as connection:
        found = plans.all_plans(connection, controller)
    left = [plan for plan in found if plan.approved_by == by and plan.verified_at is None]
    return [plan.digest for plan in left if home.plans.is_whole(plan)]


def _carry_out(home: Home, digest: str, progress: Progress) -> None:
    apply(home, digest, progress)
    verify(home, digest)


def _without(plan: Plan, stores: Collection[str]) -> Plan:
    return replace(plan, parts=tuple(part for part in plan.parts if part.store not in stores))
