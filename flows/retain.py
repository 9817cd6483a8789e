"""Every night: delete what is at the end of its period, where the policy asks nobody, and read it back."""

from data.errors import PolicyForbids
from data.stores import plans
from data.stores.plans import PlanState
from flows.apply_retention import apply, too_much
from flows.plan_retention import drop, make_plan
from flows.verify_retention import verify
from flows.wiring import Home
from governance import evidence
from governance.deletion import Plan
from pseudonymize import Progress


def retain_unattended(home: Home, controller: str, progress: Progress) -> dict[str, int]:
    """Plan, apply and verify; returns counts, alarms among them.

    A store that would lose more than the policy lets go unasked is left for a person, and told of at
    the end (`PolicyForbids`), when everything else is done.
    """
    policy = home.policy(controller)
    state, plan = make_plan(home, controller, progress, policy.retention.unattended)
    waiting = too_much(policy, plan)
    if waiting and state:
        drop(home, controller, [state])
        state, plan = make_plan(home, controller, progress, policy.retention.unattended - waiting.keys())
    if state:
        _approve(home, state, plan, policy.retention.clause)
        apply(home, state.digest, progress)
        verify(home, state.digest)
    if waiting:
        said = ", ".join(f"{count} in {store}" for store, count in waiting.items())
        raise PolicyForbids(
            f"more falls due than the policy lets be deleted unasked: {said}",
            hint="`tillit retention plan`, look at it, and `apply --even-so`",
        )
    held, alarms = sum(held.count for held in plan.held), sum(alarm.count for alarm in plan.alarms)
    return {"due": plan.count, "held": held, "alarms": alarms}


def _approve(home: Home, state: PlanState, plan: Plan, clause: str) -> None:
    now = home.clock.now()
    with home.lock(), home.engine.begin() as connection:
        plans.approve(connection, state.id, f"the policy ({clause})", now)
        details = {"plan": plan.id, "digest": state.digest, "controller": plan.controller, "clause": clause}
        evidence.record(connection, now, "retention plan approved", details)
