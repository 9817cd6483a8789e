"""What an export shows that the vendor should not have any more: noted, and somebody's task."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection

from data.stores import tasks, vendor_copies
from data.stores.runs import Run
from data.stores.tasks import Task
from data.stores.vendor_copies import VendorCopy
from governance import evidence
from pseudonymize.gate import PAST, SUPPRESSED
from pseudonymize.room import Room
from pseudonymize.task_ids import seal_ids

_STORE = "vendor"
#: What an alarm says, by why an answer was kept out.
SAYS = {
    PAST: "answers past their period are still at the vendor",
    SUPPRESSED: "answers of people who were erased or object are still at the vendor",
}


def note(
    room: Room,
    connection: Connection,
    run: Run,
    kept_out: Mapping[str, Mapping[str, VendorCopy]],
    vendor_ids: Mapping[str, str],
) -> None:
    """Note what was kept out, by reason, and make a task of what is nobody's yet; in the import's commit."""
    under_way = tasks.open_items(connection, run.controller, _STORE)
    for why, copies in kept_out.items():
        vendor_copies.note(connection, run.controller, copies.values())
        details = {"controller": run.controller, "run": run.id, "says": SAYS[why], "count": len(copies)}
        evidence.record(connection, room.clock.now(), "alarm", details)
        if new := copies.keys() - under_way:
            tasks.make(connection, _task(room, run, len(new), why), seal_ids(room, new, vendor_ids))


def _task(room: Room, run: Run, count: int, why: str) -> Task:
    policy, now = room.policy, room.clock.now()
    clause = policy.stores[_STORE].clause if why == PAST else policy.stores["register"].clause
    due = now + timedelta(days=policy.limit("task_days"))
    return Task(tasks.new_id(), run.controller, _STORE, run.id, clause, count, now, due)
