"""Erase again whom an older copy of the home has brought back; correct and restrict again what was.

Whose key is gone, though the copy holds them, was deleted after it was made as well: all of that goes first.
"""

from collections import Counter

from sqlalchemy import select, union

from data.errors import VerificationFailed
from data.store import Subject
from data.stores import keys_of_backup, register
from data.stores.open_requests import OPEN_REQUESTS
from data.stores.register import CORRECTIONS, REGISTER_KEYS
from flows.by_hand import make_task
from flows.crm_store import clear_scores
from flows.erase import PLACES_TOLD, erase, look_for_leaks
from flows.sync_scores import without
from flows.wiring import Home
from governance import evidence
from pseudonymize import (
    Lost,
    Room,
    bring_back_requests,
    controllers_with_keys,
    correct_as_entered,
    find_lost,
    find_returned,
    forget_lost,
    keep_requests,
    restrict_as_entered,
    rotate_if_needed,
    search_for_right_names,
    sweep,
    withhold_all,
)

_ORIGIN = "replay"
_PEOPLE = "people of the vault"
#: What only the raw room can forget without the keys.
_SEALED = ("vault", "quarantine", "cases")


def replay(home: Home) -> dict[str, int]:
    """Bring the home up to the register, controller by controller; returns counts of things by store.

    Of a store where we cannot delete it is what somebody has to, and the name says `tasks at`. Raises
    `VerificationFailed`, when all that is done, where somebody may still stand in another place.
    """
    counts: Counter[str] = Counter({_PEOPLE: 0})
    places: list[str] = []
    with home.lock():
        with home.register_engine.connect() as connection, home.keys_engine.connect() as keys:
            newest, _ = register.newest(connection)
            both = (select(table.c.controller) for table in (REGISTER_KEYS, CORRECTIONS))
            entered = connection.scalars(union(*both))
            asked = set(connection.scalars(select(OPEN_REQUESTS.c.controller).distinct()))
            controllers = {*entered, *controllers_with_keys(keys)}
        for controller in sorted(controllers):
            places += _replay(home, controller, counts)
        for controller in sorted(asked - controllers):  # of whom nothing is kept but what people ask
            _bring_back(home.room(controller, even_behind=True), counts)
        now = home.clock.now()
        with home.engine.begin() as connection:
            register.carry_out(connection, newest)
            details = {"generation": newest, "counts": dict(counts), "places": len(places)}
            evidence.record(connection, now, "suppressions replayed", details)
        with home.keys_engine.begin() as keys:
            keys_of_backup.forget(keys)
    if places:
        raise VerificationFailed(
            f"who was erased may still stand elsewhere ({len(places)}): {', '.join(places[:PLACES_TOLD])}",
            hint="delete the file, or withhold the answer (`tillit rights open --kind erase --named-in-text` "
            "finds it); all else is done, and the home opens",
        )
    return dict(counts)


def _replay(home: Home, controller: str, counts: Counter[str]) -> list[str]:
    """One controller: counts what goes, and returns in which other places somebody may still stand.

    Pseudonyms of before a rotation are renewed once those are gone whose keys are.
    """
    room = home.room(controller, even_behind=True)
    sweep(room)
    _forget_lost(home, room, find_lost(room), counts)
    found, places = find_returned(room), list[str]()
    counts[_PEOPLE] += found.count
    counts["texts"] += withhold_all(room, found.texts)

    def noted(store: str, there: int, gone: int) -> None:
        if there:
            counts[store if gone else f"tasks at {store}"] += there

    def look() -> None:
        if not found.person.identifiers:
            return
        places.extend(look_for_leaks(home, room, found, _ORIGIN, noted))
        if places:  # said at once: after a stop nobody is left to be looked for
            says = {"controller": controller, "says": "who was erased may still stand elsewhere"}
            with home.engine.begin() as connection:
                evidence.record(connection, home.clock.now(), "alarm", {**says, "count": len(places)})

    if found.person.subject != Subject():
        erase(home, room.policy, found.person.subject, "replay", _ORIGIN, noted, look)
    _bring_back(room, counts)
    if renewed := rotate_if_needed(room):
        counts["pseudonyms"] += renewed
    if corrected := correct_as_entered(room):
        counts["corrected again"] += corrected
    search_for_right_names(room)
    if restricted := restrict_as_entered(room):
        counts["restricted again"] += restricted
    return places


def _bring_back(room: Room, counts: Counter[str]) -> None:
    if requests := bring_back_requests(room):
        counts["requests opened again"] += requests
    keep_requests(room)


def _forget_lost(home: Home, room: Room, lost: Lost, counts: Counter[str]) -> None:
    """Everything of whom no key is left, identities last; nobody can look for them by name any more."""
    stores = home.stores(room.policy.controller, even_behind=True)
    found = [(store, set(store.of(lost.subject))) for store in stores if store.name not in _SEALED]
    clear_scores(home, room, without(home, room, lost.subject.response_keys))
    for store, ids in found:
        if ids and store.by_hand:  # nobody can tell its id any more; an export that lacks it closes the task
            items, clause = dict.fromkeys(ids, b""), room.policy.rights["erasure"].clause
            made = make_task(home, room.policy, store.name, items, _ORIGIN, clause)
            counts[f"tasks at {store.name}"] += len(made)
        elif ids:
            store.forget(ids, "replay")
            counts[store.name] += len(ids)
            if left := store.present(ids):
                raise VerificationFailed(
                    f"{len(left)} of {len(ids)} things are still in the store {store.name}"
                )
    counts.update({store: count for store, count in forget_lost(room, lost).items() if count})
    counts[_PEOPLE] += len(lost.people)
