"""What somebody has to delete by hand: made a task, and closed when it is gone."""

from collections.abc import Mapping
from datetime import timedelta

from data.stores import tasks
from data.stores.tasks import Task
from flows.wiring import Home
from governance import evidence
from governance.policy import Policy

_INBOX = "inbox"


def make_task(
    home: Home, policy: Policy, store: str, items: Mapping[str, bytes], origin: str, clause: str
) -> set[str]:
    """Note what is to be deleted under a clause, for a plan or a case that has no task for it yet.

    Returns all that is somebody's task under it by now.
    """
    now = home.clock.now()
    with home.engine.begin() as connection:
        own = [task for task in tasks.tasks(connection, policy.controller, origin) if task.store == store]
        known = set().union(*(tasks.items(connection, task.id) for task in own))
        new = {item: sealed for item, sealed in items.items() if item not in known}
        if new:
            due = now + timedelta(days=policy.limit("task_days"))
            task = Task(tasks.new_id(), policy.controller, store, origin, clause, len(new), now, due)
            tasks.make(connection, task, new)
    return known | new.keys()


def settle_inbox(home: Home, controller: str) -> None:
    """Close the tasks about exports in an inbox that are there no more. Needs the home's lock."""
    (inbox,) = (store for store in home.stores(controller) if store.name == _INBOX)
    now = home.clock.now()
    with home.engine.connect() as connection:
        todo = [t for t in tasks.tasks(connection, controller) if t.store == _INBOX and not t.done_at]
        asked = {task.id: tasks.items(connection, task.id) for task in todo}
    gone = {task: items - inbox.present(items) for task, items in asked.items()}
    with home.engine.begin() as connection:
        done = [task for task, items in gone.items() if tasks.items_done(connection, task, items, now)]
        if done:
            details = {"controller": controller, "tasks": done, "count": sum(len(gone[t]) for t in done)}
            evidence.record(connection, now, "deleted by hand", details)
