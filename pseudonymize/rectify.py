"""What somebody wants corrected: checked, kept with their case, and entered for every later import."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from data.errors import UsageError
from data.records import canonical_reference, is_crm_reference, is_label
from data.stores.cases import Case
from governance.policy import Policy
from governance.rules import ScaleRule
from pseudonymize.case_files import open_asker
from pseudonymize.corrections import Correction, Values, Writer, moved, writer_of
from pseudonymize.derive import address_pseudonym
from pseudonymize.find_person import Person, find_person
from pseudonymize.generalize import OTHER, Generalizer
from pseudonymize.normalize import canonical_email
from pseudonymize.room import Room
from pseudonymize.vault import Visit

#: What can be corrected: each field of an export, and as what it is kept.
_KEPT_AS = {
    "name": "name",
    "email": "address",
    "crm_reference": "crm_reference",
    "job_title": "role",
    "workplace": "workplace",
    "country": "country",
}
_SCORE = re.compile(r"score ([^/ ]+)/([^/ ]+)")
_LONGEST = 200
_FORM = f"{', '.join(_KEPT_AS)}, or score SURVEY/CYCLE, each with its right value"


def checked(policy: Policy, given: Mapping[str, str]) -> dict[str, str]:
    """What is to be corrected, in the form in which it is kept. Raises `UsageError`, without a value."""
    if not given:
        raise UsageError("nothing is to be corrected", hint=_FORM)
    return dict(_checked(policy, name, " ".join(value.split())) for name, value in given.items())


def _checked(policy: Policy, name: str, value: str) -> tuple[str, str]:
    score = _SCORE.fullmatch(name)
    if score is None and name not in _KEPT_AS:
        raise UsageError("there is a field that cannot be corrected", hint=_FORM)
    field = "score" if score else name
    known = policy.fields.keys() | ({"name"} if "last_name" in policy.fields else set())
    if field not in known:
        raise UsageError(
            f"the policy of {policy.name} takes in no {field}", hint="there is nothing to correct"
        )
    right = _score(policy.scale, value) if score else _VALUES[name](policy, value)
    if not right or (score and not all(map(is_label, score.groups()))):
        raise UsageError(f"the right {field} is not one", hint=_HINTS.get(field, _FORM))
    return _KEPT_AS.get(name, name), right


def _score(scale: ScaleRule, value: str) -> str:
    whole = int(value) if re.fullmatch("[0-9]{1,2}", value) else -1
    return str(whole) if scale.minimum <= whole <= scale.maximum else ""


def _name(policy: Policy, value: str) -> str:
    return value if len(value) <= _LONGEST and any(map(str.isalpha, value)) else ""


def _address(policy: Policy, value: str) -> str:
    try:
        return canonical_email(value)
    except ValueError:
        return ""


def _reference(policy: Policy, value: str) -> str:
    return canonical_reference(value) if is_crm_reference(value) else ""


def _category(kind: str) -> Callable[[Policy, str], str]:
    def choose(policy: Policy, value: str) -> str:
        category: str = getattr(Generalizer(policy.categories), kind)(value)
        return "" if category == OTHER or not value else category

    return choose


_VALUES: dict[str, Callable[[Policy, str], str]] = {
    "name": _name,
    "email": _address,
    "crm_reference": _reference,
    **{field: _category(_KEPT_AS[field]) for field in ("job_title", "workplace", "country")},
}
_HINTS = {
    "score": "a whole number on the policy's scale, of an answer named as SURVEY/CYCLE",
    "job_title": "it has to belong to one of the policy's categories of roles",
    "workplace": "it has to belong to one of the policy's categories of workplaces",
    "country": "it has to be one of the policy's countries",
}


def to_correct(room: Room, case: Case) -> list[str]:
    """Names of what an open case wants corrected."""
    return sorted(open_asker(room, case).corrections)


def against(room: Room, case: Case, person: Person | None) -> list[str]:
    """Why what is wanted cannot be corrected as it is: counts and cycles, no value."""
    who, found = open_asker(room, case), list[str]()
    if person is None or not person.subject.response_keys:
        return found
    given = {f"score {v.cycle.survey}/{v.cycle.cycle}" for v in _visits(room, person)}
    if unknown := [name for name in who.corrections if name.startswith("score ") and name not in given]:
        there = ", ".join(sorted(given))
        found.append(f"there is no answer to {', '.join(sorted(unknown))} of the person; there is {there}")
    if (address := who.corrections.get("address")) and not (who.name or who.corrections.get("name")):
        others = room.vault.people_at([address_pseudonym(room.ring, address)])
        if others and not any(person.names):
            found.append(f"{len(others)} are known at the right address: open the case with the name")
    return found


def enter_corrections(room: Room, case: Case, person: Person | None) -> int:
    """Enter what is to be corrected for every later import, once; returns the register's generation."""
    if room.register.corrections(case.id) or person is None:
        return room.register.generation()
    who = open_asker(room, case)
    writers = {_writer(visit) for visit in _visits(room, person)}
    if not writers:
        return room.register.generation()
    entries = _entries(who.address, who.corrections, writers, alone=person.sharing <= 1)
    return room.register.correct([one.to_bytes() for one in entries], room.clock.now(), case.id)


def _entries(address: str, values: Values, writers: set[Writer], *, alone: bool) -> Iterable[Correction]:
    """First where they write from, and then, of whoever writes from there, the rest.

    Of an address that is theirs alone, also what comes without a name is theirs.
    """
    nameless = {("address", a, "") for kind, a, *_ in writers if kind == "address"} if alone else set()
    writers = writers | nameless
    if right := values.get("address"):
        wrong = frozenset(w for w in writers if w[:2] == ("address", address))
        first = Correction("", wrong, {"address": right})
        yield first
        writers = {moved(w, first) if w in wrong else w for w in writers}
    if rest := {name: value for name, value in values.items() if name != "address"}:
        yield Correction("", frozenset(writers), rest)


def find_corrected(room: Room, case: Case) -> Person | None:
    """The person of a case as they are known once everything is corrected; None where nothing was."""
    if not room.register.corrections(case.id):
        return None
    who = open_asker(room, case)
    address, name = (who.corrections.get(one, "") for one in ("address", "name"))
    return find_person(
        room, replace(who, address=address or who.address, name=(name or who.name) if who.name else "")
    )


def _visits(room: Room, person: Person) -> list[Visit]:
    keys = person.subject.response_keys
    return [visit for visit in room.vault.visits(room.vault.writers(keys)) if visit.response_key in keys]


def _writer(visit: Visit) -> Writer:
    return writer_of(visit.identity.answers[visit.response_key], visit.vendor_response)
