"""Erase one person from every store, in the order that loses nothing: outside first, identity last."""

from collections.abc import Callable
from datetime import timedelta

from data.errors import VerificationFailed
from data.store import Store, Subject
from data.stores import tasks
from data.stores.tasks import Task
from flows.wiring import Home
from governance.policy import Policy
from pseudonymize import seal_vendor_ids

#: Told of each store: its name, how many things were found, and how many are gone or in a task.
Noted = Callable[[str, int, int], None]
_IDENTITY = "vault"


def erase(
    home: Home,
    policy: Policy,
    subject: Subject,
    origin: str,
    noted: Noted,
    before_identity: Callable[[], None] = lambda: None,
) -> None:
    """Delete everything of a person; what cannot be deleted becomes a task of the case `origin`.

    `before_identity` is called when everything but the identity is gone. Needs the home's lock; called
    again after a stop, it does the rest. Raises `VerificationFailed` where something is still there.
    """
    for store in home.stores(policy.controller, even_behind=True):
        if store.name == _IDENTITY:
            before_identity()
        ids = set(store.of(subject))
        if store.by_hand:
            _make_task(home, policy, store, ids, origin)
            noted(store.name, len(ids), len(ids))
            continue
        if ids:
            store.forget(ids)
        if left := store.present(ids):
            raise VerificationFailed(f"{len(left)} of {len(ids)} things are still in the store {store.name}")
        noted(store.name, len(ids), len(ids))


def _make_task(home: Home, policy: Policy, store: Store, ids: set[str], origin: str) -> None:
    now = home.clock.now()
    with home.engine.begin() as connection:
        if new := ids - tasks.open_items(connection, policy.controller, store.name):
            due = now + timedelta(days=policy.limit("task_days"))
            clause = policy.rights["erasure"].clause
            task = Task(tasks.new_id(), policy.controller, store.name, origin, clause, len(new), now, due)
            tasks.make(connection, task, seal_vendor_ids(home.room(policy.controller, even_behind=True), new))
