"""What every case does that is carried out: note what was decided before anything changes, and each store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.errors import PolicyForbids, UsageError
from data.stores import cases, register
from data.stores.cases import Case, CaseStep
from flows.wiring import Home
from governance import evidence, rights
from governance.spoken import Language
from pseudonymize import Found, Room


@dataclass(frozen=True, slots=True)
class Decision:
    """What the officer has decided: who, how identity was shown, and what only a person can decide.

    `whole_address`: everybody at a shared address. `texts`: what becomes of answers and rows that bear the
    person's name and may be somebody else's, "withhold" or "leave". `notified`: the day on which the person
    was told that a restriction ends. `override`: the ground on which the request is refused, with the `role`
    of who refuses it; an empty one is a ground that is missing. Of a package for the person `cover` are the
    numbers of texts that stay out, `language` is that of its page: "sv", "en", or None for the policy's.
    """

    by: str
    identity: str
    whole_address: bool = False
    texts: str = ""
    notified: date | None = None
    cover: tuple[int, ...] = ()
    language: Language | None = None
    override: str | None = None
    role: str | None = None


def check_certain(case: Case, found: Found) -> None:
    """Raise `PolicyForbids` where nobody but a person can say whose the answers at an address are."""
    if found.is_doubtful:
        known = f"{found.sharing} people are" if found.sharing > 1 else "somebody is"
        everybody = ", or say --whole-address for everybody there" if case.kind in rights.DELETES else ""
        raise PolicyForbids(
            f"{known} known at this address, and none of them for certain who asks",
            hint=f"open the case with the person's name{everybody}",
        )


def check_fits(case: Case, decision: Decision) -> None:
    """Raise `UsageError` where something was decided that a case of its kind does not ask for."""
    given = case.kind in rights.GIVES
    fits = {
        "--whole-address": (decision.whole_address, case.kind in rights.DELETES),
        "--texts": (decision.texts, given or case.kind in rights.DELETES),
        "--cover": (decision.cover, given and decision.texts == "leave"),
        "--language": (decision.language, case.kind == "access"),
        "--notified": (decision.notified, case.kind == "unrestrict"),
    }
    for option, (said, allowed) in fits.items():
        if said and not allowed:
            raise UsageError(f"{option} says nothing in a case to {case.kind}, as it was given")


def begin(home: Home, room: Room, case: Case, decision: Decision, numbers: Mapping[str, int]) -> None:
    """Note what was decided, what was found, and that the register is about to change, before anything does.

    What was found is noted at once, since after a stop nobody could tell what had gone by then.
    """
    now = home.clock.now()
    with home.engine.begin() as connection:
        decided = {"assurance": decision.identity, "decided_by": decision.by.strip()}
        how = {
            "whole_address": decision.whole_address,
            "texts": decision.texts,
            "cover": list(decision.cover),
        }
        cases.change(connection, case.id, state="fulfilling", **decided, **how)
        for store, number in numbers.items():
            cases.note_step(connection, case.id, CaseStep(store, number, 0, now))
        register.carry_out(connection, room.register.generation(), pending=case.id)
        details = {"case": case.id, "controller": case.controller, "kind": case.kind}
        evidence.record(connection, now, "case begun", details)


def carried_out(home: Home, generation: int) -> None:
    """Note that this home has carried out the change that a case has made to the register."""
    with home.engine.begin() as connection:
        register.carry_out(connection, generation)


def note(home: Home, case: Case, store: str, found: int, removed: int) -> None:
    """Note a store that is done: all is gone that was found when the case was begun, less what is left."""
    with home.engine.begin() as connection:
        at_first = {step.store: step.found for step in cases.steps(connection, case.id)}.get(store, 0)
        whole = max(at_first, found)
        step = CaseStep(store, whole, whole - (found - removed), home.clock.now())
        cases.note_step(connection, case.id, step)
