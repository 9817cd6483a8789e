"""Letters to who has asked: written from what is on record of a case, and noted when they are sent."""

from datetime import date

from data.errors import UsageError
from data.stores import cases
from data.stores.cases import Letter
from flows.certificates import read_certificate
from flows.open_case import read_case
from flows.wiring import Home
from governance import evidence
from governance.letters import check_letter, due_letter, letter
from governance.spoken import Language, language_of


def write_letter(
    home: Home, controller: str, case_id: str, name: Letter | None, language: Language | None
) -> tuple[Letter, str]:
    """The letter that a case calls for, or the one of that name, as plain text that names nobody.

    Raises `UsageError` where the case is not as the letter would tell.
    """
    home.check_not_behind()
    policy, case = home.policy(controller), read_case(home, controller, case_id)
    name = name or due_letter(case)
    check_letter(case, name)
    certificate = read_certificate(home, case.id) if name in ("answer", "refusal") else {}
    today = home.clock.now().astimezone().date()
    return name, letter(name, language or language_of(policy), policy, case, certificate, today)


def note_sent(home: Home, controller: str, case_id: str, name: Letter, on: date) -> None:
    """Note that a letter was sent on a day. Raises `UsageError` for one that lies ahead."""
    case = read_case(home, controller, case_id)
    check_letter(case, name)
    if on > home.clock.now().astimezone().date():
        raise UsageError("the day on which the letter was sent lies ahead", hint="give --sent YYYY-MM-DD")
    with home.engine.begin() as connection:
        cases.note_letter(connection, case.id, name, on)
        details = {"case": case.id, "controller": controller, "letter": name, "on": on.isoformat()}
        evidence.record(connection, home.clock.now(), "letter sent", details)
