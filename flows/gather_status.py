"""What is going on with one controller's data: gathered from every place, and nothing changed."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from data.errors import TillitError, VerificationFailed
from data.stores import case_recipients, cases, plans, reidentifications, runs, tasks
from data.stores.holds import Hold
from data.stores.plans import PlanState
from flows.hold import list_holds
from flows.plan_retention import looker, overdue
from flows.policies import last_evidence
from flows.tell_recipients import called
from flows.wiring import Home
from governance import evidence
from governance.deletion import Alarm, StorePlan
from governance.explain import explain
from governance.policy_check import Surroundings
from governance.status import (
    Due,
    DueCase,
    Recorded,
    Status,
    Unanswered,
    WaitingPlan,
    due_case,
    due_task,
    in_force,
    unsettled,
)
from pseudonymize import Progress

#: Stores of raw data: what is at the end of its period there is an alarm.
_RAW = ("inbox", "quarantine")
_NEWEST = 10


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in the stores: alarms, what is due, and how much each hold keeps of that, by its id."""

    alarms: Sequence[Alarm]
    due: Sequence[Due]
    kept: Mapping[str, int]


def gather_status(home: Home, controller: str, around: Surroundings, progress: Progress) -> Status:
    """Look at everything; what cannot be looked at is an alarm, so that the rest can be.

    Raises `PolicyInvalid` for a policy that leaves something to decide, `UsageError` where there is none.
    """
    policy, now = home.policy(controller), home.clock.now()
    today = now.date()
    behind = _behind(home)
    looked = Looked(behind, [], {}) if behind else _look(home, controller, progress)
    holds = _holds(home, controller)
    with home.engine.connect() as connection:
        last = last_evidence(connection, controller)
        return Status(
            controller=controller,
            name=policy.name,
            contact=policy.contact,
            policy=policy.version,
            made_at=now,
            cases=_cases(connection, controller, today),
            tasks=[
                due_task(t, policy, today) for t in tasks.tasks(connection, controller) if t.done_at is None
            ],
            unanswered=list(_unanswered(home, connection, controller)),
            unsettled=unsettled(policy, today),
            alarms=[
                *looked.alarms,
                *overdue(home, controller, holds, now),
                *_unfinished(connection, controller),
            ],
            recorded=list(_recorded(connection, controller)),
            recorded_in_all=evidence.count(connection, controller, "alarm"),
            plans=list(_plans(home, connection, controller)),
            due=looked.due,
            holds=[in_force(h, looked.kept.get(h.id, 0), today) for h in holds],
            named=len(reidentifications.reidentifications(connection, controller)),
            last={kind: entry.at for kind, entry in last.items()},
            clauses=explain(policy, around, last),
        )


def _behind(home: Home) -> list[Alarm]:
    try:
        home.check_not_behind()
    except TillitError as error:
        return [Alarm("register", f"{error}: {error.hint}", "", 1)]
    return []


def _holds(home: Home, controller: str) -> list[Hold]:
    """Those in force; none where the register is missing, which `_behind` makes an alarm of."""
    with suppress(VerificationFailed):
        return list_holds(home, controller)
    return []


def _look(home: Home, controller: str, progress: Progress) -> Looked:
    """What is at the end of its period in every store, and what somebody has to look at there."""
    try:
        stores, look = home.stores(controller), looker(home, controller)
    except TillitError as error:
        return Looked([Alarm("", f"what is kept could not be looked at: {error}", "", 1)], [], {})
    alarms, found, kept = list[Alarm](), list[Due](), Counter[str]()
    steps = progress("looking at every store", len(stores))
    for store in stores:
        try:
            plan = look(store, None)
        except TillitError as error:
            alarms.append(Alarm(store.name, f"could not be looked at: {error}", "", 1))
        else:
            alarms += plan.alarms
            found += _due(plan)
            kept.update({held.hold: held.count for held in plan.held})
        steps(1)
    raw = [one for one in found if one.store in _RAW]
    alarms += [Alarm(o.store, f"past their period since {o.since}", o.clause, o.count) for o in raw]
    return Looked(alarms, found, kept)


def _due(plan: StorePlan) -> Iterator[Due]:
    for part in plan.parts:
        yield Due(part.store, part.clause, len(part.ids), date.fromisoformat(part.due_from[:10]))


def _cases(connection: Connection, controller: str, today: date) -> list[DueCase]:
    """Those under way, most urgent first."""
    found = [case for case in cases.cases(connection, controller) if case.closed_at is None]
    return [due_case(case, cases.letters(connection, case.id).keys(), today) for case in found]


def _unanswered(home: Home, connection: Connection, controller: str) -> Iterator[Unanswered]:
    known = {case.id: case for case in cases.cases(connection, controller)}
    policy = home.policy(controller)
    for one in case_recipients.recipients(connection, known):
        if one.acknowledged_on is None:
            since = one.told_on or known[one.case_id].opened_at.date()
            name = called(policy, one.recipient)
            yield Unanswered(one.case_id, one.recipient, name, one.what, one.state, since)


def _unfinished(connection: Connection, controller: str) -> list[Alarm]:
    count = len(runs.unfinished(connection, controller))
    return [Alarm("", "a run that has begun and not ended: it runs now, or was stopped", "", count)][:count]


def _recorded(connection: Connection, controller: str) -> Iterator[Recorded]:
    for entry in evidence.last_of(connection, controller, "alarm", _NEWEST):
        details = json.loads(entry.details)
        yield Recorded(entry.number, entry.at, details["says"], details.get("count", 1))


def _plans(home: Home, connection: Connection, controller: str) -> Iterator[WaitingPlan]:
    begun = plans.begun(connection, controller)
    for plan in plans.all_plans(connection, controller):
        if plan.verified_at is None:
            waits_for = "approval"
            if plan.approved_at is not None:
                waits_for = "apply, or verify" if plan.id in begun else "apply"
            yield WaitingPlan(plan.digest[:12], plan.made_at.date(), waits_for, _counts(home, plan))


def _counts(home: Home, plan: PlanState) -> dict[str, int]:
    counts: dict[str, int] = {}
    with suppress(TillitError):  # a plan whose file is gone has no numbers to show, and can only be made anew
        for part in home.plans.read(plan).parts:
            counts[part.store] = counts.get(part.store, 0) + len(part.ids)
    return counts
