"""Whoever else has something of a person hears of what was erased, corrected or restricted (GDPR Art. 19)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection

from data.errors import UsageError
from data.store import Subject
from data.stores import case_recipients, cases, tasks
from data.stores.case_recipients import READ_BACK, Recipient, What
from data.stores.cases import Case
from flows.decide import check_staff
from flows.open_case import read_case
from flows.wiring import Home
from governance import evidence
from governance.policy import Policy

_CRM = "crm"


def note_recipients(home: Home, policy: Policy, case_id: str, what: What, also: Collection[str] = ()) -> None:
    """Note who has something of the person of a case, once it is carried out; called again, it adds the rest.

    What stood in the CRM is gone from it, and that was read back. Where something was found, or stands in one
    of `also`, that nobody but its owner can change, somebody has to tell them.
    """
    today, case = home.clock.now().astimezone().date(), read_case(home, policy.controller, case_id)
    by_hand = {store.name for store in home.stores(policy.controller) if store.by_hand}
    with home.engine.begin() as connection:
        found = {step.store for step in cases.steps(connection, case.id) if step.found} | {*also}
        told = Recipient(case.id, _CRM, what, today, case.decided_by, today, READ_BACK)
        if _CRM in found and case_recipients.add(connection, told):
            _record(home, connection, told, case, "recipient answered")
        for store in sorted(found & by_hand):
            if policy.stores[store].owner != policy.name:
                case_recipients.add(connection, Recipient(case.id, store, what))


def holding_by_hand(home: Home, controller: str, subject: Subject) -> list[str]:
    """Stores that hold something of a person, and in which nothing can be done from here."""
    return [store.name for store in home.stores(controller) if store.by_hand and store.of(subject)]


def note_told(
    home: Home, controller: str, case_id: str, recipient: str, by: str, *, acknowledged: bool, on: date | None
) -> Recipient:
    """Note that a recipient was told on a day, or, if `acknowledged`, has answered; if not today.

    Raises `UsageError` for a case or a recipient that there is not, a day that cannot be, an answer to what
    nobody was told, and one where an open task waits for what is read back.
    """
    check_staff(by)
    day = on or home.clock.now().astimezone().date()
    with home.lock():
        case = read_case(home, controller, case_id)
        found = _of_case(home, case, recipient)
        _check_day(home, case, day)
        if acknowledged:
            _check_answer(home, case, found, day)
            values: dict[str, Any] = {"acknowledged_on": day, "acknowledged_by": by.strip()}
        else:
            if found.acknowledged_on is not None:
                raise UsageError(f"{recipient} has answered on {found.acknowledged_on}", hint=_see(case))
            values = {"told_on": day, "told_by": by.strip()}
        with home.engine.begin() as connection:
            case_recipients.change(connection, case.id, recipient, **values)
            kind = "recipient answered" if acknowledged else "recipient told"
            _record(home, connection, found, case, kind)
        return _of_case(home, case, recipient)


def told(policy: Policy, found: Recipient) -> dict[str, Any]:
    """A recipient, as certificates tell it; of the staff only the days."""
    return {
        "recipient": found.recipient,
        "name": called(policy, found.recipient),
        "what": found.what,
        "told": found.told_on and found.told_on.isoformat(),
        "acknowledged": found.acknowledged_on and found.acknowledged_on.isoformat(),
    }


def called(policy: Policy, recipient: str) -> str:
    """Who a recipient is, in the words of the policy."""
    if recipient in policy.recipients:
        return policy.recipients[recipient].name
    return policy.stores[recipient].owner if recipient in policy.stores else recipient


def recipients_of(home: Home, case_ids: Collection[str]) -> list[Recipient]:
    """The recipients of some cases."""
    with home.engine.connect() as connection:
        return case_recipients.recipients(connection, case_ids)


def _of_case(home: Home, case: Case, recipient: str) -> Recipient:
    known = {one.recipient: one for one in recipients_of(home, [case.id])}
    if recipient not in known:
        raise UsageError(
            f"case {case.id} has no such recipient; its recipients: {', '.join(known) or 'none'}",
            hint="who never had anything of the person is none; they are known once the case is carried out",
        )
    return known[recipient]


def _check_day(home: Home, case: Case, day: date) -> None:
    if day > home.clock.now().astimezone().date():
        raise UsageError("that day lies ahead", hint="give --on YYYY-MM-DD")
    if day < case.opened_at.astimezone().date():
        raise UsageError(f"that day lies before case {case.id} was opened", hint="give --on YYYY-MM-DD")


def _check_answer(home: Home, case: Case, found: Recipient, day: date) -> None:
    if found.acknowledged_on is not None:
        raise UsageError(f"{found.recipient} has answered on {found.acknowledged_on}", hint=_see(case))
    if found.told_on is None:
        raise UsageError(
            f"{found.recipient} was not told yet, so that there is nothing to answer",
            hint="first without --acknowledged, with the day on which they were told",
        )
    if day < found.told_on:
        raise UsageError(f"{found.recipient} was told on {found.told_on}, after that day", hint=_see(case))
    with home.engine.connect() as connection:
        todo = tasks.tasks(connection, case.controller, case.id)
    if waiting := [task.id for task in todo if task.store == found.recipient and task.done_at is None]:
        raise UsageError(
            f"task {waiting[0]} waits until what was to be deleted there is seen to be gone",
            hint="`tillit retention verify --export` closes it, and notes the answer",
        )


def _see(case: Case) -> str:
    return f"see `tillit rights show {case.id}`"


def _record(home: Home, connection: Connection, found: Recipient, case: Case, kind: str) -> None:
    which = {"case": case.id, "controller": case.controller}
    details = {**which, "recipient": found.recipient, "what": found.what}
    evidence.record(connection, home.clock.now(), kind, details)
