"""Read back what a plan has deleted, write a certificate, and confirm what was deleted by hand."""

from typing import Any

from data.errors import InputRefused, PolicyForbids, UsageError, VerificationFailed
from data.stores import plans, tasks, vendor_copies
from data.stores.plans import Step
from flows.certificates import told, write_certificate
from flows.decide import check_staff
from flows.plan_retention import read, record
from flows.wiring import Home
from governance import evidence
from governance.deletion import Plan
from pseudonymize import ExportFile, Progress, keys_in_export, raw_copy_paths, vendor_ids

_VENDOR = "vendor"
STILL_THERE = "answers still there"


def verify(home: Home, beginning: str) -> dict[str, Any]:
    """Look in every store whether what was to go is gone; returns the certificate.

    The certificate has numbers only; the file of the plan, which names ids, is deleted. Raises
    `VerificationFailed`, when all that is done, where something has come back since: it is for a new plan.
    """
    state, plan = read(home, beginning)
    with home.engine.connect() as connection:
        done = plans.steps(connection, plan.id)
        todo = tasks.tasks(connection, plan.controller, plan.id)
    if len(done) < len(plan.parts):
        left = len(plan.parts) - len(done)
        raise PolicyForbids(
            f"{left} of the plan's parts are not carried out", hint="`tillit retention apply`"
        )
    parts = [_read_back(home, plan, number, done[number]) for number in range(len(plan.parts))]
    now = home.clock.now()
    certificate = {
        "certificate": plan.id,
        "digest": state.digest,
        "controller": plan.controller,
        "policy": plan.policy,
        "planned_at": plan.made_at,
        "approved_by": state.approved_by,
        "verified_at": now.isoformat(),
        "parts": parts,
        "tasks": [told(task) for task in todo],
        "holds": [{"hold": h.hold, "store": h.store, "count": h.count} for h in plan.held],
    }
    write_certificate(home, plan.id, certificate)  # first, so that no verified plan is without it
    back = {part["store"]: part["back"] for part in parts if part["back"]}
    with home.lock(), home.engine.begin() as connection:
        plans.verified(connection, plan.id, now)
        record(home, connection, "retention verified", plan, state, back=sum(back.values()))
    home.plans.drop(plan.id)
    if back:
        said = ", ".join(
            f"{count} of the things are in the store {store} again" for store, count in back.items()
        )
        raise VerificationFailed(
            f"{said}; certificate {plan.id} says so",
            hint="make a new plan; see `tillit runs list` for what brought them back",
        )
    return certificate


def reveal(home: Home, controller: str, task_id: str) -> list[str]:
    """What a task still has to delete: survey and response id as the vendor writes them, or files.

    Raises `UsageError` where there is no open task of that id. Who looks is on record.
    """
    room = home.room(controller)
    with home.lock(), home.engine.begin() as connection:
        known = {task.id for task in tasks.tasks(connection, controller) if task.done_at is None}
        if task_id not in known:
            raise UsageError("there is no open task with that id", hint="see `tillit retention tasks`")
        items = tasks.items(connection, task_id)
        details = {"controller": controller, "task": task_id}
        evidence.record(connection, home.clock.now(), "task ids shown", details)
    inbox = {copy_id: str(path) for copy_id, path in raw_copy_paths(room).items() if copy_id in items}
    return [*sorted(inbox.values()), *vendor_ids(room, task_id)]


def _read_back(home: Home, plan: Plan, number: int, step: Step) -> dict[str, Any]:
    part = plan.parts[number]
    (store,) = (store for store in home.stores(plan.controller) if store.name == part.store)
    there = step.left if part.by_hand else len(store.present(part.ids))
    left = min(there, step.left)
    return {
        "store": part.store,
        "clause": part.clause,
        "action": part.action,
        "planned": len(part.ids),
        "before": step.planned - step.here,
        "gone": 0 if part.by_hand else max(0, step.here - there),
        "left": left,
        "back": there - left,
        "holds": step.holds if left else {},
        "by_hand": part.by_hand,
    }


def confirm_by_export(home: Home, export: ExportFile, by: str, progress: Progress) -> dict[str, int]:
    """Close the tasks at the survey tool of which nothing stands in a whole export of it any more.

    What is due is the oldest, so that nobody but `by`, who made the export, can say that it is of all
    dates. Raises `InputRefused` where it cannot be: it lacks answers that nobody was to delete. The export
    is in the list of the inbox from then on, as one that was taken in.
    """
    check_staff(by)
    controller, survey = export.mapping.controller, export.mapping.survey
    room = home.room(controller)
    seen, suppressed = keys_in_export(room, export, progress("reading", None))
    now = home.clock.now()
    with home.lock(), home.engine.begin() as connection:
        room.inbox.note(connection, export.raw_copy, now)
    with home.lock(), home.engine.begin() as connection:
        held = vendor_copies.of_survey(connection, controller, survey)
        todo = [t for t in tasks.tasks(connection, controller) if t.store == _VENDOR and not t.done_at]
        asked = {task.id: tasks.items(connection, task.id) & held.keys() for task in todo}
        to_delete = set().union(*asked.values())
        # A row that could not be taken in may have told a wrong id, which no export has: it proves nothing.
        taken_in = {key for key, was_taken_in in held.items() if was_taken_in}
        if missing := taken_in - seen - to_delete:
            raise InputRefused(
                f"the export is not whole: of the answers that nobody was to delete it lacks {len(missing)}",
                hint="export everything that the survey tool has, of all dates",
            )
        gone = to_delete - seen
        done = [
            task
            for task in todo
            if tasks.items_done(connection, task.id, asked[task.id] - seen, now, by.strip())
        ]
        # In one commit with the tasks: else a stop would leave answers that every whole export lacks.
        vendor_copies.forget(connection, controller, held.keys() - seen)
        details = {"controller": controller, "tasks": [task.id for task in done], "count": len(gone)}
        evidence.record(connection, now, "deleted by hand", details)
    still = len((to_delete & seen) | suppressed)
    return {"tasks done": len(done), "answers gone": len(gone), STILL_THERE: still}
