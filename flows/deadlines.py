"""When a request has to be answered: later for a reason that the person is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from data.errors import UsageError
from data.stores import cases
from data.stores.cases import Case
from flows.decide import check_ground, check_staff
from flows.open_case import read_case
from flows.wiring import Home
from governance import evidence, rights
from pseudonymize import check_names_nobody, keep_request


def extend(home: Home, controller: str, case_id: str, by: str, ground: str) -> Case:
    """Take two months more (GDPR Art. 12(3)), once, and within the first month; returns the case.

    Raises `UsageError` where it is too late, or was done before.
    """
    check_staff(by)
    check_ground("a longer time", ground, "--ground")
    with home.lock():
        case = _open(home, controller, case_id, ground)
        if case.extended_for:
            raise UsageError(f"the time for case {case.id} was extended before", hint="it is done once")
        if home.clock.now() > case.due_at:
            raise UsageError(
                f"the time for case {case.id} is over, and a month is what there is to say so",
                hint="answer it",
            )
        return _change(
            home, case, "case extended", by, due_at=rights.extended(case.due_at), extended_for=ground.strip()
        )


def doubt(home: Home, controller: str, case_id: str, by: str, ground: str) -> Case:
    """Note that somebody doubts who asks: the time stands still until it is over (GDPR Art. 12(6))."""
    check_staff(by)
    check_ground("a doubt", ground, "--ground")
    with home.lock():
        case = _open(home, controller, case_id, ground)
        if case.state != "open" or case.doubted_at is not None:
            raise UsageError(f"case {case.id} is {'doubted' if case.doubted_at else 'being carried out'}")
        return _change(
            home, case, "identity doubted", by, doubted_at=home.clock.now(), doubted_for=ground.strip()
        )


def end_doubt(home: Home, controller: str, case_id: str, by: str) -> Case:
    """Note that the person has shown who they are: the time goes on where it stood."""
    check_staff(by)
    with home.lock():
        case = _open(home, controller, case_id, "")
        if case.doubted_at is None:
            raise UsageError(f"nobody doubts who asks in case {case.id}")
        stood: timedelta = home.clock.now() - case.doubted_at
        return _change(home, case, "identity shown", by, due_at=case.due_at + stood, doubted_at=None)


def _open(home: Home, controller: str, case_id: str, ground: str) -> Case:
    room, case = home.room(controller), read_case(home, controller, case_id)
    rights.check_open(case)
    if ground:
        check_names_nobody(room, case, ground)
    return case


def _change(home: Home, case: Case, kind: str, by: str, **values: Any) -> Case:
    # First what a replay goes by: after a stop the state is behind it, and a doubt is there rather than not.
    keep_request(home.room(case.controller), replace(case, **values))
    with home.engine.begin() as connection:
        cases.change(connection, case.id, decided_by=by.strip(), **values)
        details = {"case": case.id, "controller": case.controller}
        evidence.record(connection, home.clock.now(), kind, details)
    return read_case(home, case.controller, case.id)
