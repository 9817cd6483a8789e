"""Answer a request for access or portability: everything of one person, in one encrypted file for them."""

from dataclasses import replace
from typing import Any

from data.errors import PolicyForbids, UsageError
from data.stores import cases, crm_ledger, packages, reidentifications, relations
from data.stores.cases import Case
from flows.begin_case import Decision, begin, check_certain, note
from flows.open_case import is_portable, is_told, read_case, things_of
from flows.package_files import package_path
from flows.wiring import Home
from governance import evidence, rights
from governance.policy import Policy
from governance.spoken import language_of
from pseudonymize import (
    Found,
    Order,
    Room,
    ToRead,
    asked_this_year,
    find_subject,
    new_passphrase,
    pack,
    read_texts,
    sweep,
    write_package,
)


def answer(home: Home, room: Room, case: Case, decision: Decision) -> dict[str, Any]:
    """Write the package of a person; returns where it lies, and the passphrase, which is kept nowhere.

    Nothing where nothing is held. Called again after a stop it writes another one, as was decided when it was
    begun. Raises `PolicyForbids` while nobody has read what may name others (GDPR Art. 15(4), 20(4)).
    """
    found, portable = find_subject(room, case, certain=True), is_portable(case)
    check_certain(case, found)
    if case.state == "fulfilling" and case.texts:
        decision = replace(decision, texts=case.texts, cover=tuple(case.cover))
    _check_read(case, decision, read_texts(room, found, portable=portable))
    things = things_of(home, case.controller, found)
    numbers = {store: len(ids) for store, ids in things.items() if ids and is_told(case, store)}
    if not numbers:
        _note_nothing(home, case)
        return {}
    order = Order(
        language=decision.language or language_of(room.policy),
        portable=portable,
        passphrase=new_passphrase(),
        covered=decision.cover,
        cover_all=decision.texts == "withhold",
    )
    package = pack(room, found, order, _told(home, room, case, found))
    begin(home, room, case, decision, numbers)
    path = package_path(home.packages, case.id)
    of = found.subject.askers | found.subject.response_keys
    with home.engine.begin() as connection:  # first, so that an erasure finds whatever there is
        packages.note(connection, case.controller, case.id, home.clock.now(), of)
    write_package(package, order, path)
    for store, number in numbers.items():
        note(home, case, store, number, 0)
    return {"package": path, "passphrase": order.passphrase}


def _note_nothing(home: Home, case: Case) -> None:
    """Note that nothing is held any more of what a stopped run had found."""
    now = home.clock.now()
    with home.engine.begin() as connection:
        for step in cases.steps(connection, case.id):
            cases.note_step(connection, case.id, replace(step, found=0, at=now))


def _check_read(case: Case, decision: Decision, reading: ToRead) -> None:
    count = len(reading.texts)
    if count and decision.texts != "withhold":
        look = f"`tillit rights texts {case.id}` shows them"
        if decision.texts != "leave" or not case.texts_read:
            raise PolicyForbids(
                f"{count} texts may name others, and nobody has read them",
                hint=f"{look}; then say --texts leave, with --cover NUMBER for each that stays out, or "
                "--texts withhold",
            )
        if case.texts_read != reading.digest:
            raise PolicyForbids("the texts are others than those that were read", hint=f"{look} as they are")
    if unknown := set(decision.cover) - set(range(1, count + 1)):
        raise UsageError(f"there is no text {min(unknown)}; the person has {count}")


def texts(home: Home, controller: str, case_id: str) -> list[tuple[str, str]]:
    """The texts of who asks that may name others, in order, each with what it is of; on record.

    Raises `UsageError` for a closed case, or one that no texts go out for, `PolicyForbids` where nobody can
    tell whose they are.
    """
    room = home.room(controller)
    with home.lock():
        sweep(room)
        case = read_case(home, controller, case_id)
        rights.check_open(case)
        rights.check_given(case)
        found = find_subject(room, case, certain=True)
        check_certain(case, found)
        reading = read_texts(room, found, portable=is_portable(case))
        with home.engine.begin() as connection:
            cases.change(connection, case.id, texts_read=reading.digest)
            if case.texts_read != reading.digest:  # what was decided was about other texts
                cases.change(connection, case.id, texts="", cover=[])
            details = {"case": case.id, "controller": controller, "count": len(reading.texts)}
            evidence.record(connection, home.clock.now(), "texts read", details)
    return reading.texts


def _purpose(policy: Policy, name: str) -> dict[str, str]:
    """In both languages; one that the policy had once, and has no more, by its name."""
    rule = policy.purposes.get(name)
    return {"purpose": rule.says if rule else name, "purpose_in_swedish": rule.swedish if rule else name}


def _told(home: Home, room: Room, case: Case, found: Found) -> dict[str, Any]:
    """What stands outside the raw room of a person, in the form of a package."""
    subject, controller = found.subject, case.controller
    with home.engine.connect() as connection:
        places = crm_ledger.near(connection, controller, subject.pseudonyms, subject.reference_keys)
        scores = crm_ledger.find(connection, controller, places)
        events = relations.told_of(connection, controller, subject.reference_keys)
        others = cases.cases(connection, controller)
        named = reidentifications.of(connection, controller, subject.response_keys)
    return {
        "scores": [
            {
                "survey": cycle.survey,
                "cycle": cycle.cycle,
                "score": score.score,
                "scale_minimum": score.scale.minimum,
                "scale_maximum": score.scale.maximum,
                "answered_on": score.answered_on.isoformat(),
            }
            for (_, cycle), score in sorted(scores.items(), key=lambda item: item[1].answered_on)
        ],
        "events": [{"event": one.event, "at": one.at.isoformat()} for one in events],
        "disclosures": [],  # no AI processor is told anything yet
        "named": [
            {
                "at": one.at.isoformat(),
                **_purpose(room.policy, one.purpose),
                "clause": one.clause,
            }
            for one in named
        ],
        "asked_this_year": asked_this_year(found, case, others),
    }
