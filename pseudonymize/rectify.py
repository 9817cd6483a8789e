"""What somebody wants corrected: checked, kept with their case, and entered for every later import."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from data.errors import UsageError
from data.records import canonical_reference, is_crm_reference, is_label
from data.stores.cases import Case
from governance.policy import Policy
from governance.rules import ScaleRule
from pseudonymize.case_files import Asker, open_asker
from pseudonymize.corrections import Correction, Corrections, Values, Writer, moved, score_of, writer_of
from pseudonymize.derive import address_pseudonym, name_key
from pseudonymize.find_person import Person
from pseudonymize.generalize import OTHER, Generalizer
from pseudonymize.normalize import canonical_email, canonical_name
from pseudonymize.register import Identifier
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
_IDENTITY = frozenset(_KEPT_AS.values())
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
    if person is None or not person.subject.response_keys:
        return []
    right, visits = open_asker(room, case).corrections, _visits(room, person)
    return [*_of_no_answer(right, visits), *_kept_out(room, right, person), *_others(room, right, visits)]


def _of_no_answer(right: Values, visits: Iterable[Visit]) -> Iterator[str]:
    given = {_cycle(visit) for visit in visits}
    if unknown := [name for name in right if name.startswith("score ") and name not in given]:
        there = ", ".join(sorted(given))
        yield f"{len(unknown)} of the scores are of no answer of the person; there is {there}"


def _kept_out(room: Room, right: Values, person: Person) -> Iterator[str]:
    names = {canonical_name(name) for name in (right.get("name", ""), *person.names)}
    known: list[Identifier] = [("reference", right["crm_reference"])] if "crm_reference" in right else []
    if address := right.get("address"):
        known += [("address", address), *(("person", address, name) for name in names if name)]
    if room.register.check()(known):
        yield "who has the right address or reference was erased or objects: it is kept out"


def _others(room: Room, right: Values, visits: Iterable[Visit]) -> Iterator[str]:
    """Without a name nobody could tell the person from those who are known at the right address."""
    address, nameless = right.get("address"), not all(_writer(visit)[-1] for visit in visits)
    others = room.vault.people_at([address_pseudonym(room.ring, address)]) if address else set()
    if others and nameless and "name" not in right:
        yield f"{len(others)} are known at the right address, and answers of the person have no name"


def enter_corrections(room: Room, case: Case, person: Person | None) -> int:
    """Enter what is to be corrected for every later import, once; returns the register's generation."""
    if room.register.corrections(case.id) or person is None or not person.subject.response_keys:
        return room.register.generation()
    who = open_asker(room, case)
    entries = [one.to_bytes() for one in _entries(room, who, _visits(room, person), person)]
    uninvited = room.register.uninvited().entries_of([("address", who.address)])
    more = {("address", who.corrections["address"])} if "address" in who.corrections and uninvited else set()
    return room.register.correct(
        entries, room.clock.now(), case.id, uninvited=more, into=min(uninvited, default="")
    )


def _entries(room: Room, who: Asker, visits: Collection[Visit], person: Person) -> Iterator[Correction]:
    """First where they write from, and then, of whoever writes from there, the rest.

    Known by the wrong name and by the right one, since the survey tool may correct the one before the other.
    """
    right = who.corrections
    writers = {(*parts, name) for *parts, wrong in map(_writer, visits) for name in _names(wrong, right)}
    if person.sharing <= 1:
        writers.add(("address", who.address, ""))
    if address := right.get("address"):
        wrong = frozenset(w for w in writers if w[:2] == ("address", who.address))
        first = Correction("", wrong, {"address": address})
        yield first
        writers |= {moved(w, first) for w in wrong}
        if room.vault.people_at([address_pseudonym(room.ring, address)]):
            writers -= {("address", address, "")}
    rest = {name: value for name, value in right.items() if name != "address" and name in _IDENTITY}
    scores = {score_of(v.vendor_response): right[_cycle(v)] for v in visits if _cycle(v) in right}
    if rest or scores:
        yield Correction("", frozenset(writers), rest | scores)


def _names(wrong: str, right: Values) -> set[str]:
    return {wrong, *([canonical_name(right["name"])] if "name" in right and wrong else [])}


def find_corrected(room: Room, case: Case) -> frozenset[str]:
    """Response keys of the person of a case, once everything is corrected; none where nothing was."""
    corrections, own = (Corrections.read(room.register.corrections(one)) for one in ("", case.id))
    today = {w for one in own.entries for w in corrections.current(one.writers, "")}
    people = {
        (address_pseudonym(room.ring, w[1]), name_key(room.ring, w[2])) for w in today if w[0] == "address"
    }
    known = room.vault.people_at({pseudonym for pseudonym, _ in people}) & people
    return frozenset(visit.response_key for visit in room.vault.visits(known))


def entered(room: Room, case: Case) -> list[str]:
    """Names of what a case has corrected."""
    return to_correct(room, case) if room.register.corrections(case.id) else []


def _cycle(visit: Visit) -> str:
    return f"score {visit.cycle.survey}/{visit.cycle.cycle}"


def _visits(room: Room, person: Person) -> list[Visit]:
    keys = person.subject.response_keys
    return [visit for visit in room.vault.visits(room.vault.writers(keys)) if visit.response_key in keys]


def _writer(visit: Visit) -> Writer:
    return writer_of(visit.identity.answers[visit.response_key], visit.vendor_response)
