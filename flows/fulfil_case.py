"""The rights desk: carry a case out, or refuse it, and write the certificate."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from data.errors import PolicyForbids, UsageError, VerificationFailed
from data.store import Why
from data.stores.cases import Case, CaseKind
from flows.answer_case import answer
from flows.backup_store import end_keys_by
from flows.begin_case import Decision, begin, carried_out, check_certain, check_fits, note
from flows.certificates import read_certificate
from flows.close_case import close
from flows.decide import check_ground, check_role, check_staff
from flows.erase import PLACES_TOLD, Noted, erase, look_for_leaks
from flows.hold import check_not_held, held_things, told_holds
from flows.open_case import LEFT, LIFTED, UNNAMED, read_case, things_of, withholding
from flows.rectify_case import rectify
from flows.restrict_case import end_restriction, restrict
from flows.tell_recipients import note_recipients
from flows.wiring import Home
from governance import rights
from pseudonymize import (
    Found,
    Kind,
    Room,
    check_entered,
    check_names_nobody,
    discard,
    enter,
    find_subject,
    lift,
    sweep,
    withhold_all,
)

_QUARANTINE, _TEXTS = "quarantine", "texts"
_KINDS: dict[str, Kind] = {"erase": "erased", "object": "objected", "withdraw": "objected"}


def fulfil(home: Home, controller: str, case_id: str, decision: Decision) -> dict[str, Any]:
    """Carry out a case, or refuse it on a ground; returns the certificate, once with what is told once.

    Called again after a stop it goes on, with what was decided when it was begun; when it is done, it is not
    done again. Raises `PolicyForbids` where a person has to decide first, or a legal hold stands against it,
    and `UsageError` for a case that was closed in another way.
    """
    room = home.room(controller)
    with home.lock():
        sweep(room)
        case = read_case(home, controller, case_id)
        refuses = decision.override is not None or decision.role is not None
        if case.state == ("refused" if refuses else "closed"):
            return read_certificate(home, case.id)
        rights.check_open(case)
        check_staff(decision.by)
        if decision.identity or not refuses:
            rights.check_assurance(room.policy, decision.identity)
        if refuses:
            return _refuse(home, room, case, decision)
        rights.check_not_doubted(case)
        check_fits(case, decision)
        more = _CARRY_OUT[case.kind](home, room, case, decision) or {}
        return close(home, room, read_case(home, controller, case_id), "closed") | more


def _lift(home: Home, room: Room, case: Case, decision: Decision) -> None:
    if case.state == "open":
        check_entered(room, case, LIFTED[case.kind])
        begin(home, room, case, decision, {})
    carried_out(home, lift(room, case, LIFTED[case.kind]))


def _uninvite(home: Home, room: Room, case: Case, decision: Decision) -> None:
    if case.state == "open":
        begin(home, room, case, decision, {})
    carried_out(home, enter(room, case, find_subject(room, case), "uninvited"))


def _erase(home: Home, room: Room, case: Case, decision: Decision) -> None:
    begun = case.state == "fulfilling"
    whole, texts = (case.whole_address, case.texts) if begun else (decision.whole_address, decision.texts)
    found = find_subject(room, case, whole_address=whole)
    withhold, kind = texts == "withhold", _KINDS[case.kind]
    if not begun:
        _check_decided(case, found, texts)
        things = things_of(home, case.controller, found)
        taken = withholding(things, found) if withhold else things
        check_not_held(home, room.policy, taken, "; or refuse: --override GROUND --role ROLE")
        begin(home, room, case, decision, _numbers(things, found, withhold=withhold))
    carried_out(home, enter(room, case, found, kind, withhold=withhold))
    if withhold:
        withhold_all(room, found.answers)
        with home.engine.begin() as connection:
            discard(room, connection, found.rows)
        for store in (_TEXTS, _QUARANTINE):
            note(home, case, store, 0, 0)
    if found.person is not None:
        why: Why = "erasure" if case.kind == "erase" else "objection"
        noted = partial(note, home, case)
        look = partial(_look_for_leaks, home, room, case, found, noted)
        erase(home, room.policy, found.subject, why, case.id, noted, look)
        note_recipients(home, room.policy, case.id, "erased")
    end_keys_by(home, case, room.policy)


def _look_for_leaks(home: Home, room: Room, case: Case, found: Found, noted: Noted) -> None:
    """The last look at everything before the identity goes: afterwards nobody could look any more."""
    if places := look_for_leaks(home, room, found, case.id, noted):
        raise VerificationFailed(
            f"the person may still stand elsewhere ({len(places)}): {', '.join(places[:PLACES_TOLD])}",
            hint="withhold the answer (`tillit rights open --kind erase --named-in-text` finds it), or "
            "delete the file; then fulfil the case again",
        )


def _check_decided(case: Case, found: Found, texts: str) -> None:
    check_certain(case, found)
    if (found.answers or found.rows) and texts not in ("withhold", "leave"):
        raise PolicyForbids(
            f"some bear the name or address and may be somebody else's: {len(found.answers)} of the answers, "
            f"{len(found.rows)} of the quarantined rows",
            hint="somebody has to decide: say --texts withhold, or --texts leave",
        )


def _numbers(things: Mapping[str, set[str]], found: Found, *, withhold: bool) -> dict[str, int]:
    """How many things are found in each store, before any of them goes."""
    numbers = {store: len(ids) for store, ids in things.items()}
    if withhold:
        numbers[_TEXTS] = len(found.answers)
        numbers[_QUARANTINE] = len(things.get(_QUARANTINE, set()) | found.rows)
    else:
        numbers[LEFT] = len(found.answers) + len(found.rows)
    if found.person is not None:
        numbers[UNNAMED] = found.person.unnamed
    return {store: number for store, number in numbers.items() if number}


def _refuse(home: Home, room: Room, case: Case, decision: Decision) -> dict[str, Any]:
    """An override is a person's decision with its ground (GDPR Art. 12(4)); the default is to grant."""
    if case.state == "fulfilling":
        raise UsageError(
            f"case {case.id} is being carried out", hint="fulfil it again; what is begun is not refused"
        )
    ground, role = decision.override or "", decision.role or ""
    check_ground("a refusal", ground, "--override")
    check_role(role)
    check_names_nobody(room, case, f"{ground} {role}")
    ground = f"{ground.strip()} ({role.strip()})"
    refused = replace(
        case,
        assurance=decision.identity,
        decided_by=decision.by.strip(),
        ground=ground,
        holds=_holds_on(home, room, case, decision),
    )
    return close(home, room, refused, "refused")


def _holds_on(home: Home, room: Room, case: Case, decision: Decision) -> list[dict[str, Any]]:
    """Which holds keep something of the person, so that the answer can say when to ask again."""
    if case.kind not in _KINDS:  # nothing would have gone
        return []
    found = find_subject(room, case, whole_address=decision.whole_address)
    return told_holds(held_things(home, case.controller, things_of(home, case.controller, found)))


_CARRY_OUT: dict[CaseKind, Callable[[Home, Room, Case, Decision], dict[str, Any] | None]] = {
    "access": answer,
    "portability": answer,
    "erase": _erase,
    "object": _erase,
    "withdraw": _erase,
    "lift-objection": _lift,
    "restrict": restrict,
    "unrestrict": end_restriction,
    "no-invites": _uninvite,
    "invites": _lift,
    "rectify": rectify,
}
