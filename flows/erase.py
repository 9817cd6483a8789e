"""Erase one person from every store, in the order that loses nothing: outside first, identity last."""

from collections.abc import Callable

from data.errors import VerificationFailed
from data.store import Subject
from flows.by_hand import make_task
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
            noted("leak check", 0, 0)
        ids = set(store.of(subject))
        if store.by_hand:
            room = home.room(policy.controller, even_behind=True)
            items, clause = seal_vendor_ids(room, ids), policy.rights["erasure"].clause
            make_task(home, policy, store.name, items, origin, clause)
            noted(store.name, len(ids), len(ids))
            continue
        if ids:
            store.forget(ids)
        if left := store.present(ids):
            raise VerificationFailed(f"{len(left)} of {len(ids)} things are still in the store {store.name}")
        noted(store.name, len(ids), len(ids))
