"""What an export shows at the vendor of what was not taken in: noted, and a task where it is a breach."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from data.stores import tasks, vendor_copies
from data.stores.lookup import present
from data.stores.responses import INDEX
from data.stores.runs import Run
from data.stores.tasks import Task
from governance import evidence
from pseudonymize.at_vendor import AtVendor
from pseudonymize.gate import PAST, SUPPRESSED
from pseudonymize.room import Room
from pseudonymize.task_ids import seal_ids

_STORE = "vendor"
#: What an alarm says, by why an answer was kept out.
SAYS = {
    PAST: "answers past their period are still at the vendor",
    SUPPRESSED: "answers of people who were erased or object are still at the vendor",
}
_UNNAMED = "of them without an id that can be read: in no task, look for them at the vendor"


def alarms(found: AtVendor) -> dict[str, int]:
    """What somebody has to look at: in words, how many answers."""
    said = {SAYS[why]: len(keys) + found.unnamed[why] for why, keys in found.kept_out.items()}
    return said | ({_UNNAMED: found.unnamed.total()} if found.unnamed else {})


def note(room: Room, connection: Connection, run: Run, found: AtVendor) -> None:
    """Note what was not taken in, and make a task of what is nobody's yet; in the import's commit."""
    here = vendor_copies.known(connection, run.controller, found.copies)
    sealed = seal_ids(room, found.copies.keys() - here, found.ids)
    copies = (replace(found.copies[key], sealed_id=sealed_id) for key, sealed_id in sealed.items())
    vendor_copies.note(connection, run.controller, copies)
    for says, count in alarms(found).items():
        details = {"controller": run.controller, "run": run.id, "says": says, "count": count}
        evidence.record(connection, room.clock.now(), "alarm", details)
    under_way = tasks.open_items(connection, run.controller, _STORE)
    for why, keys in found.kept_out.items():
        if new := keys - under_way:
            tasks.make(connection, _task(room, run, len(new), why), seal_ids(room, new, found.ids))


def release(room: Room, connection: Connection, run: Run, files: Collection[str], found: AtVendor) -> None:
    """Let out of tasks what an import has let in: answers in some files, by id, and quarantined rows.

    They were to be deleted for an objection that has been lifted since: else they would have been kept out.
    """
    asked = tasks.open_items(connection, run.controller, _STORE)
    quarantined = {key for key, copy in found.copies.items() if copy.answered_at}  # else nobody knows the age
    kept = present(connection, INDEX.c.response_key, asked, INDEX.c.file.in_(files)) | (asked & quarantined)
    if kept := kept.difference(*found.kept_out.values()):
        now = room.clock.now()
        todo = [t.id for t in tasks.tasks(connection, run.controller) if t.store == _STORE and not t.done_at]
        done = [task_id for task_id in todo if tasks.items_done(connection, task_id, kept, now)]
        details = {"controller": run.controller, "run": run.id, "tasks": done, "count": len(kept)}
        evidence.record(connection, now, "kept after all", details)


def _task(room: Room, run: Run, count: int, why: str) -> Task:
    policy, now = room.policy, room.clock.now()
    clause = policy.stores[_STORE].clause if why == PAST else policy.stores["register"].clause
    due = now + timedelta(days=policy.limit("task_days"))
    return Task(tasks.new_id(), run.controller, _STORE, run.id, clause, count, now, due)
