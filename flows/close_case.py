"""The end of a case: the certificate of what was done, and nothing left of who asked."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from data.errors import UsageError
from data.stores import case_recipients, cases, tasks
from data.stores.cases import Case, CaseState
from flows import tell_recipients
from flows.backup_store import readable_until
from flows.certificates import told, write_certificate
from flows.decide import check_ground, check_staff
from flows.open_case import UNNAMED, read_case, unlinkable
from flows.wiring import Home
from governance import evidence, rights
from governance.policy import Policy
from pseudonymize import (
    Room,
    check_names_nobody,
    close_case,
    entered,
    forget_request,
    is_named_by_others,
    sweep,
)

_DECIDED = ("assurance", "decided_by", "ground", "holds")


def drop(home: Home, controller: str, case_id: str, by: str, ground: str) -> dict[str, Any]:
    """Close a case that the person took back, or that was opened in error; nothing is deleted.

    Returns the certificate. Raises `UsageError` where the case is closed, or begun.
    """
    check_staff(by)
    check_ground("closing a case that was not carried out", ground, "--ground")
    room = home.room(controller)
    with home.lock():
        sweep(room)
        case = read_case(home, controller, case_id)
        rights.check_open(case)
        if case.state == "fulfilling":
            raise UsageError(
                f"case {case.id} is being carried out", hint=f"go on: `tillit rights fulfil {case.id}`"
            )
        check_names_nobody(room, case, ground)
        return close(home, room, replace(case, decided_by=by.strip(), ground=ground.strip()), "dropped")


def close(home: Home, room: Room, case: Case, outcome: CaseState) -> dict[str, Any]:
    """Write the certificate of a case, and forget who asked; returns the certificate."""
    now = home.clock.now()
    certificate = _certificate(home, room, case, outcome, now)
    write_certificate(home, case.id, certificate)  # before the case is closed, so that none is without it
    forget_request(room, case.id)
    with home.engine.begin() as connection:
        decided = {name: getattr(case, name) for name in _DECIDED}
        close_case(room, connection, case, state=outcome, closed_at=now, **decided)
        counts = {row["store"]: row["gone"] for row in certificate["stores"]}
        details = {"case": case.id, "controller": case.controller, "kind": case.kind, "outcome": outcome}
        evidence.record(connection, now, "case closed", {**details, "counts": counts})
    sweep(room)
    return certificate


def still_readable(
    home: Home, policy: Policy, case: Case, outcome: CaseState, closed_at: datetime | None
) -> datetime | None:
    """Until when (UTC) backups can show what a case has deleted; None where it has, or they do, nothing."""
    if case.kind not in rights.DELETES or outcome != "closed" or closed_at is None:
        return None
    return readable_until(home, policy, closed_at)


def _certificate(home: Home, room: Room, case: Case, outcome: CaseState, now: datetime) -> dict[str, Any]:
    with home.engine.connect() as connection:
        steps = cases.steps(connection, case.id)
        todo = tasks.tasks(connection, case.controller, case.id)
        told_of = cases.letters(connection, case.id)
        hearing = case_recipients.recipients(connection, [case.id])
    until = still_readable(home, room.policy, case, outcome, now)
    unnamed = sum(step.found for step in steps if step.store == UNNAMED)
    return {
        "certificate": case.id,
        "kind": case.kind,
        "outcome": outcome,
        "ground": case.ground,
        "controller": case.controller,
        "policy": room.policy.version,
        "clause": rights.check_right(room.policy, case.kind),
        "opened_at": case.opened_at.isoformat(),
        "due_at": case.due_at.isoformat(),
        "closed_at": now.isoformat(),
        "identity": case.assurance,
        "decided_by": case.decided_by,
        "named by others": is_named_by_others(room, case),
        "corrected": entered(room, case) if outcome == "closed" else [],
        "held": any(step.found for step in steps),
        "told": {letter: day.isoformat() for letter, day in told_of.items()},
        "holds": case.holds,
        "stores": [
            {"store": s.store, "found": s.found, "gone": s.removed} for s in steps if s.store != UNNAMED
        ],
        "readable_in_backups_until": until.isoformat() if until else "",
        "tasks": [told(task) for task in todo],
        "recipients": [tell_recipients.told(room.policy, one) for one in hearing],
        "not searchable": {
            "answers without any identifier": unlinkable(home, case.controller),
            "rows of the person without an id of their own: look at the survey tool": unnamed,
        },
    }
