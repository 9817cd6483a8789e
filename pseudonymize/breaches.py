"""What an export shows at the vendor of what was not taken in: noted, and a task where it is a breach."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from data.stores import cases, runs, tasks, vendor_copies
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
_UNNAMED = "of them without an id of their own that can be read: in no task, look for them at the vendor"


def alarms(found: AtVendor) -> dict[str, int]:
    """What somebody has to look at: in words, how many answers."""
    said = {SAYS[why]: len(keys) + found.unnamed[why] for why, keys in found.kept_out.items()}
    return said | ({_UNNAMED: found.unnamed.total()} if found.unnamed.total() else {})


def note(room: Room, connection: Connection, run: Run, found: AtVendor) -> None:
    """Note what was not taken in, and make a task of what is nobody's yet; in the import's commit."""
    _name_no_strangers(connection, run.controller, found)
    here = vendor_copies.known(connection, run.controller, found.copies)
    here -= vendor_copies.untimed(connection, run.controller, here)
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


def release(room: Room, connection: Connection, run: Run, files: Collection[str]) -> None:
    """Let the answers in some files, by id, that a run has published, out of tasks.

    Only out of those that an objection, or an import since then, has made, and before one was lifted.
    """
    todo = _for_an_objection(connection, run.controller)
    asked = set[str]().union(*(tasks.items(connection, task_id) for task_id in todo))
    if kept := present(connection, INDEX.c.response_key, asked, INDEX.c.file.in_(files)):
        now = room.clock.now()
        done = [task_id for task_id in todo if tasks.items_done(connection, task_id, kept, now, tasks.KEPT)]
        details = {"controller": run.controller, "run": run.id, "tasks": done, "count": len(kept)}
        evidence.record(connection, now, "kept after all", details)


def _for_an_objection(connection: Connection, controller: str) -> list[str]:
    """Open tasks that may stand for an objection which has been lifted since."""
    known = cases.cases(connection, controller)
    lifted = [c.closed_at for c in known if (c.kind, c.state) == ("lift-objection", "closed") and c.closed_at]
    if not lifted:
        return []
    objections = {case.id for case in known if case.kind == "object"}
    return [
        task.id
        for task in tasks.tasks(connection, controller)
        if task.store == _STORE and not task.done_at and task.made_at <= max(lifted)
        if task.origin in objections or runs.find(connection, task.origin)
    ]


def _name_no_strangers(connection: Connection, controller: str, found: AtVendor) -> None:
    """Under the id of an answer that is kept, what was kept out for its writer is somebody else's."""
    keys = found.kept_out.get(SUPPRESSED, set())
    strangers = present(connection, INDEX.c.response_key, keys, INDEX.c.controller == controller)
    keys -= strangers
    found.unnamed[SUPPRESSED] += len(strangers)


def _task(room: Room, run: Run, count: int, why: str) -> Task:
    policy, now = room.policy, room.clock.now()
    clause = policy.stores[_STORE].clause if why == PAST else policy.stores["register"].clause
    due = now + timedelta(days=policy.limit("task_days"))
    return Task(tasks.new_id(), run.controller, _STORE, run.id, clause, count, now, due)
