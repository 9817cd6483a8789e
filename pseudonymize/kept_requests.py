"""Open requests beside the register, which is never put back: those that a restored state lacks come back."""

from typing import Any

from data.stores import cases, open_requests
from data.stores.cases import Case
from data.stores.open_requests import OpenRequest
from governance import evidence
from pseudonymize import case_files
from pseudonymize.case_files import Asker
from pseudonymize.room import Room

#: What may have changed of a request since a backup; who asks, and what they want, does not.
_CHANGES = ("due_at", "extended_for", "doubted_at", "doubted_for")


def keep_request(room: Room, case: Case) -> None:
    """Keep an open request as it is, or is about to be. Raises `KeyUnavailable`."""
    sealed = room.register.seal(case_files.open_asker(room, case).to_bytes(), *_place(case.id))
    when = {name: getattr(case, name) for name in _CHANGES}
    one = OpenRequest(id=case.id, kind=case.kind, opened_at=case.opened_at, sealed=sealed, **when)
    with room.register.engine.begin() as connection:
        open_requests.put(connection, case.controller, one)


def keep_requests(room: Room) -> None:
    """Keep every open request as it is now, and no other: what a stop has left undone. Needs the home's lock.

    One that no case knows is of a state that was lost, and stays. Raises `KeyUnavailable`.
    """
    kept, known = _kept(room), _cases(room)
    answered = [case_id for case_id in kept if case_id in known and known[case_id].closed_at]
    open_requests.forget(room.register.engine, answered)  # an older state may have opened them again
    for case in known.values():
        if case.closed_at is None and not _is_kept(case, kept.get(case.id)):
            keep_request(room, case)


def forget_request(room: Room, case_id: str) -> None:
    """Keep a request no longer; before its case is closed, so that nothing brings back who asked."""
    open_requests.forget(room.register.engine, [case_id])


def bring_back_requests(room: Room) -> int:
    """Open again each request that is kept and that no case knows; returns how many.

    One that is known gets the days that it has had since.
    """
    known, lost = _cases(room), 0
    for one in _kept(room).values():
        when = {name: getattr(one, name) for name in _CHANGES}
        if not one.sealed:  # a stop came when it was answered
            forget_request(room, one.id)
        elif one.id not in known:
            _open_again(room, one, when)
            lost += 1
        elif known[one.id].closed_at is None and not _is_kept(known[one.id], one):
            with room.engine.begin() as connection:
                cases.change(connection, one.id, **when)
    return lost


def _open_again(room: Room, one: OpenRequest, when: dict[str, Any]) -> None:
    controller = room.policy.controller
    who = Asker.from_bytes(room.register.unseal(one.sealed, *_place(one.id)))
    case = Case(
        id=one.id, controller=controller, kind=one.kind, state="open", opened_at=one.opened_at, **when
    )
    with room.engine.begin() as connection:
        case_files.add(room, connection, case, who)
        details = {"case": case.id, "controller": controller, "kind": case.kind}
        evidence.record(connection, room.clock.now(), "case brought back", details)


def _cases(room: Room) -> dict[str, Case]:
    with room.engine.connect() as connection:
        return {case.id: case for case in cases.cases(connection, room.policy.controller)}


def _kept(room: Room) -> dict[str, OpenRequest]:
    with room.register.engine.connect() as connection:
        return open_requests.requests(connection, room.policy.controller)


def _is_kept(case: Case, kept: OpenRequest | None) -> bool:
    """Whether a request is kept as it is; one without who asks was about to be forgotten, and was not."""
    if kept is None or not kept.sealed:
        return False
    return all(getattr(case, name) == getattr(kept, name) for name in _CHANGES)


def _place(case_id: str) -> tuple[str, str]:
    return "request", case_id
