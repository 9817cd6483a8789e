"""Open requests beside the register, which is never put back: those that a restored state lacks come back."""

from data.stores import cases, open_requests
from data.stores.cases import Case
from data.stores.open_requests import OpenRequest
from data.stores.sql import compact
from governance import evidence
from pseudonymize import case_files
from pseudonymize.case_files import Asker
from pseudonymize.room import Room


def keep_requests(room: Room) -> None:
    """Keep every open request as it is now, and no answered one. Needs the home's lock.

    What a stop has left undone is done by the next call. One that no case knows stays: the state that lacks
    it was put back.
    """
    controller = room.policy.controller
    with room.engine.connect() as connection:
        known = cases.cases(connection, controller)
    with room.register.engine.connect() as connection:
        kept = {
            one.id: (one.due_at, one.extended_for) for one in open_requests.requests(connection, controller)
        }
    asked = [case for case in known if case.closed_at is None]
    answered = [case.id for case in known if case.closed_at is not None and case.id in kept]
    changed = [case for case in asked if kept.get(case.id) != (case.due_at, case.extended_for)]
    if not changed and not answered:
        return
    with room.register.engine.begin() as connection:
        for case in changed:
            sealed = room.register.seal(case_files.open_asker(room, case).to_bytes(), *_place(case.id))
            one = OpenRequest(case.id, case.kind, case.opened_at, case.due_at, case.extended_for, sealed)
            open_requests.put(connection, controller, one)
        open_requests.forget(connection, answered)
    if answered:
        compact(room.register.engine)


def bring_back_requests(room: Room) -> int:
    """Open again each request that is kept and that no case knows; returns how many."""
    controller, now = room.policy.controller, room.clock.now()
    with room.engine.connect() as connection:
        known = {case.id for case in cases.cases(connection, controller)}
    with room.register.engine.connect() as connection:
        lost = [one for one in open_requests.requests(connection, controller) if one.id not in known]
    for one in lost:
        who = Asker.from_bytes(room.register.unseal(one.sealed, *_place(one.id)))
        case = Case(
            one.id, controller, one.kind, "open", one.opened_at, one.due_at, extended_for=one.extended_for
        )
        with room.engine.begin() as connection:
            case_files.add(room, connection, case, who)
            details = {"case": case.id, "controller": controller, "kind": case.kind}
            evidence.record(connection, now, "case brought back", details)
    return len(lost)


def _place(case_id: str) -> tuple[str, str]:
    return "request", case_id
