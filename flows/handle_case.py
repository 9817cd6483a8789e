"""The rights desk: open a case, look at what it takes, carry it out, write the certificate."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow.compute as pc

from data.errors import PolicyForbids, UsageError, VerificationFailed
from data.stores import cases, holds, register, tasks
from data.stores.cases import Case, CaseKind, CaseStep
from flows.by_hand import make_task
from flows.change_responses import withhold_all
from flows.check_leaks import places_of
from flows.erase import erase
from flows.replay import replay
from flows.verify_retention import read_certificate, told, write_certificate
from flows.wiring import Home
from governance import evidence, rights
from governance.policy import Policy
from pseudonymize import (
    Found,
    Kind,
    Room,
    check_objects,
    close_case,
    discard,
    find_subject,
    lift_objection,
    no_progress,
    open_case,
    search_for_asker,
    suppress,
    sweep,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the officer has decided: who, how identity was shown, and what only a person can decide.

    `whole_address`: everybody at a shared address. `texts`: what becomes of the answers of others that
    name the person, "withhold" or "leave". `override`: the ground on which the request is refused,
    with the `role` of who refuses it.
    """

    by: str
    identity: str
    whole_address: bool = False
    texts: str = ""
    override: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a case takes: things by store, tasks by hand, decisions that wait, what cannot be searched."""

    stores: dict[str, int]
    by_hand: frozenset[str]
    decisions: tuple[str, ...]
    unsearchable: int


def open_request(
    home: Home, controller: str, kind: CaseKind, address: str, name: str, *, named_in_text: bool
) -> Case:
    """Open a case. Raises `UsageError` for what is no address, `PolicyForbids` for what is no right."""
    room, now = home.room(controller), home.clock.now()
    clause = rights.check_right(room.policy, kind)
    if named_in_text and kind != "erase":
        raise UsageError("who is named in a text can have it erased", hint="--kind erase --named-in-text")
    case = Case(tasks.new_id(), controller, kind, "open", now, rights.due(now))
    with home.lock(), home.engine.begin() as connection:
        open_case(room, connection, case, address, name, named_in_text=named_in_text)
        details = {"case": case.id, "controller": controller, "kind": kind, "clause": clause}
        evidence.record(connection, now, "case opened", details)
    return case


def read_case(home: Home, controller: str, case_id: str) -> Case:
    """A case by its id. Raises `UsageError`."""
    with home.engine.connect() as connection:
        found = cases.find(connection, controller, case_id)
    if found is None:
        raise UsageError("there is no case with that id", hint="see `tillit rights list`")
    return found


def look_ahead(home: Home, controller: str, case_id: str) -> Outlook:
    """What carrying out a case would take; nothing is changed."""
    case, room = read_case(home, controller, case_id), home.room(controller)
    rights.check_open(case)
    if case.kind == "lift-objection":
        return Outlook({}, frozenset(), (), 0)
    found = find_subject(room, case)
    stores = home.stores(controller)
    return Outlook(
        stores={store.name: len(store.of(found.subject)) for store in stores},
        by_hand=frozenset(store.name for store in stores if store.by_hand),
        decisions=tuple(_to_decide(found)),
        unsearchable=_unlinkable(home, controller),
    )


def fulfil(home: Home, controller: str, case_id: str, decision: Decision) -> dict[str, Any]:
    """Carry out a case, or refuse it on a ground; returns the certificate. Goes on where it stopped.

    Raises `PolicyForbids` where a person has to decide first, or a legal hold stands against it.
    """
    if home.is_behind():
        replay(home)
    case, room = read_case(home, controller, case_id), home.room(controller)
    if case.closed_at:
        return _again(home, room, case)
    if not decision.by.strip():
        raise UsageError("somebody decides", hint="give --by NAME")
    if decision.override:
        return _refuse(home, room, case, decision)
    rights.check_assurance(room.policy, decision.identity)
    with home.lock():
        sweep(room)
        if case.kind == "lift-objection":
            _lift(home, room, case, decision)
        else:
            _erase(home, room, case, decision)
        return _close(home, room, case, decision)


def _again(home: Home, room: Room, case: Case) -> dict[str, Any]:
    """The certificate of a case that is closed, perhaps by a run that was killed right after that."""
    with home.lock():
        sweep(room)
    return read_certificate(home, case.id)


def _lift(home: Home, room: Room, case: Case, decision: Decision) -> None:
    if case.state == "open":
        check_objects(room, case)
    _begin(home, case, decision)
    _carry_out(home, lift_objection(room, case))


def _erase(home: Home, room: Room, case: Case, decision: Decision) -> None:
    found = find_subject(room, case, whole_address=decision.whole_address)
    if case.state == "open":
        _check_decided(found, decision)
        _check_holds(home, room.policy, found)
    _begin(home, case, decision)
    if decision.texts == "withhold":
        withhold_all(room, found.answers)
        with home.engine.begin() as connection:
            discard(room, connection, found.rows)
    if not found.in_texts:
        kind: Kind = "erased" if case.kind == "erase" else "objected"
        _carry_out(home, suppress(room, case, kind, whole_address=decision.whole_address))
        look = partial(_look_for_leaks, home, room, case, decision)
        erase(home, room.policy, found.subject, case.id, _noter(home, case), look)


def _look_for_leaks(home: Home, room: Room, case: Case, decision: Decision) -> None:
    """The last look at everything before the identity goes: afterwards nobody could look any more."""
    whole = decision.whole_address
    places, exports = search_for_asker(room, case, places_of(home), no_progress, whole_address=whole)
    if places:
        raise VerificationFailed(
            f"the person may still stand in {len(places)} places: {', '.join(places[:_PLACES_TOLD])}",
            hint="withhold the answer (`tillit rights open --kind erase --named-in-text` finds it), or "
            "delete the file; then fulfil the case again",
        )
    clause = room.policy.rights["erasure"].clause
    make_task(home, room.policy, _INBOX, dict.fromkeys(exports, b""), case.id, clause)


_PLACES_TOLD = 5
_INBOX = "inbox"


def _check_decided(found: Found, decision: Decision) -> None:
    if found.is_doubtful:
        known = f"{found.sharing} people are" if found.sharing > 1 else "somebody is"
        raise PolicyForbids(
            f"{known} known at this address, and nobody by the name that was given",
            hint="open the case with the person's name, or say --whole-address for everybody there",
        )
    if (found.answers or found.rows) and decision.texts not in ("withhold", "leave"):
        count = len(found.answers) + len(found.rows)
        raise PolicyForbids(
            f"{count} answers of others name the person: somebody has to decide",
            hint="say --texts withhold, or --texts leave",
        )


def _to_decide(found: Found) -> list[str]:
    waiting = []
    if found.sharing > 1:
        waiting.append(f"{found.sharing} people write from this address")
    if found.answers or found.rows:
        waiting.append(f"{len(found.answers)} answers and {len(found.rows)} quarantined rows name the person")
    return waiting


def _check_holds(home: Home, policy: Policy, found: Found) -> None:
    """Raise `PolicyForbids` where a legal hold is on anything of the person."""
    with home.engine.connect() as connection:
        in_force = holds.holds(connection, policy.controller)
    if not in_force:
        return
    for store in home.stores(policy.controller):
        ids = set(store.of(found.subject))
        for hold in in_force:
            if count := sum(one.id in ids and hold.holds(one) for one in store.holdings()):
                raise PolicyForbids(
                    f"hold {hold.id} is on {count} things of the person in {store.name} "
                    f"(review {hold.review})",
                    hint="lift the hold, or refuse the request: --override GROUND --role ROLE",
                )


def _begin(home: Home, case: Case, decision: Decision) -> None:
    if case.state == "fulfilling":
        return
    with home.engine.begin() as connection:
        who = {"assurance": decision.identity, "decided_by": decision.by.strip()}
        cases.change(connection, case.id, state="fulfilling", **who)
        details = {"case": case.id, "controller": case.controller, "kind": case.kind}
        evidence.record(connection, home.clock.now(), "case begun", details)


def _carry_out(home: Home, generation: int) -> None:
    with home.engine.begin() as connection:
        register.carry_out(connection, generation)


def _noter(home: Home, case: Case) -> Any:
    def noted(store: str, found: int, removed: int) -> None:
        with home.engine.begin() as connection:
            before = {step.store: step for step in cases.steps(connection, case.id)}.get(store)
            if found or before is None:
                now = home.clock.now()
                already = (before.found, before.removed) if before else (0, 0)
                step = CaseStep(store, found + already[0], removed + already[1], now)
                cases.step_done(connection, case.id, step)

    return noted


def _refuse(home: Home, room: Room, case: Case, decision: Decision) -> dict[str, Any]:
    """An override is a person's decision with its ground (GDPR Art. 12(4)); the default is to grant."""
    if not decision.role.strip():
        raise UsageError("who refuses has a role", hint="give --role, for example DPO")
    ground = f"{decision.override.strip()} ({decision.role.strip()})"
    return _close(home, room, case, decision, state="refused", ground=ground)


def _close(
    home: Home, room: Room, case: Case, decision: Decision, state: str = "closed", ground: str = ""
) -> dict[str, Any]:
    now = home.clock.now()
    with home.engine.connect() as connection:
        steps = cases.steps(connection, case.id)
        todo = tasks.tasks(connection, case.controller, case.id)
    certificate = {
        "certificate": case.id,
        "kind": case.kind,
        "outcome": state,
        "ground": ground,
        "controller": case.controller,
        "policy": room.policy.version,
        "clause": rights.check_right(room.policy, case.kind),
        "opened_at": case.opened_at.isoformat(),
        "due_at": case.due_at.isoformat(),
        "closed_at": now.isoformat(),
        "identity": decision.identity,
        "decided_by": decision.by.strip(),
        "stores": [{"store": s.store, "found": s.found, "gone": s.removed} for s in steps],
        "tasks": [told(task) for task in todo],
        "not searchable": {"answers without any identifier": _unlinkable(home, case.controller)},
    }
    write_certificate(home, case.id, certificate)  # before the case is closed, so that none is without it
    with home.engine.begin() as connection:
        who = {"assurance": decision.identity, "decided_by": decision.by.strip(), "ground": ground}
        close_case(room, connection, case, state=state, closed_at=now, **who)
        counts = {step.store: step.removed for step in steps}
        details = {"case": case.id, "controller": case.controller, "kind": case.kind, "outcome": state}
        evidence.record(connection, now, "case closed", {**details, "counts": counts})
    sweep(room)
    return certificate


def _unlinkable(home: Home, controller: str) -> int:
    """Answers that came without any identifier: nobody can find one person's among them."""
    linkable = home.responses.read(controller, ["linkable"])["linkable"]
    return int(pc.sum(pc.invert(linkable)).as_py() or 0)
