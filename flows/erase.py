"""Erase one person from every store, in the order that loses nothing: outside first, identity last."""

from collections.abc import Callable

from data.errors import VerificationFailed
from data.store import Subject, Why
from flows.by_hand import make_task
from flows.check_leaks import places_of
from flows.crm_store import clear_scores
from flows.sync_scores import without
from flows.wiring import Home
from governance.policy import Policy
from pseudonymize import Found, Returned, Room, no_progress, seal_vendor_ids, search_for

#: Told of each store: its name, how many things were found, and how many are gone.
Noted = Callable[[str, int, int], None]
#: How many places of a person a message names.
PLACES_TOLD = 5
_IDENTITY, _INBOX = "vault", "inbox"


def erase(
    home: Home,
    policy: Policy,
    subject: Subject,
    why: Why,
    origin: str,
    noted: Noted,
    before_identity: Callable[[], None] = lambda: None,
) -> None:
    """Delete everything of a person; what cannot be deleted becomes a task of the case `origin`.

    `before_identity` is called when everything but the identity is gone. Needs the home's lock; called
    again after a stop, it does the rest. Raises `VerificationFailed` where something is still there.
    """
    room = home.room(policy.controller, even_behind=True)
    stores = home.stores(policy.controller, even_behind=True)
    found = {store.name: set(store.of(subject)) for store in stores}
    # Also a score that stands under a reference which the person shares with somebody else.
    clear_scores(home, room, without(home, room, subject.response_keys))
    for store in stores:
        ids = found[store.name]
        if store.name == _IDENTITY:
            before_identity()
            noted("leak check", 0, 0)
        if store.by_hand:
            items, clause = seal_vendor_ids(room, ids), policy.rights["erasure"].clause
            given = make_task(home, policy, store.name, items, origin, clause)
            noted(store.name, len(given), 0)
            continue
        if ids:
            store.forget(ids, why)
        if left := store.present(ids):
            raise VerificationFailed(f"{len(left)} of {len(ids)} things are still in the store {store.name}")
        noted(store.name, len(ids), len(ids))


def look_for_leaks(home: Home, room: Room, found: Found | Returned, origin: str, noted: Noted) -> list[str]:
    """Search everything for a person; an export in an inbox that holds them becomes a task of `origin`.

    Returns the other places in which they stand, or that could not be read.
    """
    places, exports = search_for(room, found, places_of(home), no_progress)
    clause = room.policy.rights["erasure"].clause
    given = make_task(home, room.policy, _INBOX, dict.fromkeys(exports, b""), origin, clause)
    noted(_INBOX, len(given), 0)
    return places
