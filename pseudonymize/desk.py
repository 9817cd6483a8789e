"""What the rights desk may ask of the raw room: whom a case is about, as the stores know them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from data.errors import PolicyForbids, UsageError
from data.store import Subject
from data.stores.cases import Case
from data.stores.staff import staff_names
from pseudonymize import case_files
from pseudonymize.case_files import open_asker
from pseudonymize.derive import asker_key
from pseudonymize.find_person import Person, asker, find_person
from pseudonymize.find_returned import Returned
from pseudonymize.guess import itself, texts_of
from pseudonymize.leak_scan.identifiers import Wanted
from pseudonymize.leak_scan.places import Places
from pseudonymize.leak_scan.scan import export_of, search_for_one
from pseudonymize.named_texts import answers_naming, rows_naming
from pseudonymize.normalize import canonical_name
from pseudonymize.raw import Raw
from pseudonymize.rectify import checked
from pseudonymize.register import Identifier, Kind, text_of
from pseudonymize.reports import Progress
from pseudonymize.room import Room

#: What is taken back.
_CALLED: dict[Kind, str] = {
    "objected": "objection",
    "restricted": "restriction",
    "uninvited": "wish for no invitations",
}


@dataclass(frozen=True, slots=True, repr=False)
class Found(Raw):
    """What was found of the person of a case; nothing of it can be printed but ids and counts.

    `person` is None for somebody whom others name. `answers` and `rows` bear a name, and may be
    somebody else's: a person decides on them.
    """

    person: Person | None
    answers: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()

    @property
    def subject(self) -> Subject:
        """How the stores know the person."""
        return self.person.subject if self.person else Subject()

    @property
    def sharing(self) -> int:
        """How many people are known at the address."""
        return self.person.sharing if self.person else 0

    @property
    def is_doubtful(self) -> bool:
        """Whether nobody but a person can say whose the answers at the address are."""
        return self.sharing > 0 and not self.subject.response_keys


def open_case(
    room: Room,
    connection: Connection,
    case: Case,
    address: str,
    name: str,
    *,
    named_in_text: bool,
    corrections: Mapping[str, str],
) -> None:
    """Note a new case with who asks, sealed, and what they want corrected.

    Raises `UsageError` for what is no address, no full name, or cannot be corrected.
    """
    who = asker(address, name, named_in_text=named_in_text)
    right = checked(room.policy, corrections) if case.kind == "rectify" else {}
    case_files.add(room, connection, case, replace(who, corrections=right))


def close_case(room: Room, connection: Connection, case: Case, **values: object) -> None:
    """Close a case, and forget who asked; of access a pseudonym stays, to count the requests of a year."""
    asker = asker_of(room, case) if case.kind == "access" else ""
    case_files.close(connection, case, asker=asker, **values)


def asked_this_year(found: Found, case: Case, others: Iterable[Case]) -> int:
    """How many requests for access there are this calendar year with this one: counted, never refused."""
    year = case.opened_at.astimezone().year
    earlier = [other for other in others if other.asker in found.subject.askers]
    return 1 + sum(other.opened_at.astimezone().year == year for other in earlier)


def asker_of(room: Room, case: Case) -> str:
    """The digest by which who asks is known again: of the address, with the name where one was given."""
    who = open_asker(room, case)
    named: Identifier = (
        ("person", who.address, canonical_name(who.name)) if who.name else ("address", who.address)
    )
    return asker_key(room.ring, named)


def is_named_by_others(room: Room, case: Case) -> bool:
    """Whether an open case is about a name in what others have answered, and nothing else."""
    return open_asker(room, case).named_in_text


def find_subject(room: Room, case: Case, *, whole_address: bool = False, certain: bool = False) -> Found:
    """Everything that we hold of who asks, and where others name them; see `find_person`."""
    who = open_asker(room, case)
    if who.named_in_text:
        answers, rows = answers_naming(room, who.name), rows_naming(room, who.name)
        return Found(None, frozenset(answers), frozenset(rows))
    person = find_person(room, who, whole_address=whole_address, certain=certain)
    return Found(person, rows=person.namesakes)


def asked_as_well(room: Room, case: Case, others: Iterable[Case]) -> list[Case]:
    """Those of some open cases that come from the same address."""
    address = open_asker(room, case).address
    return [other for other in others if address and open_asker(room, other).address == address]


def enter(room: Room, case: Case, found: Found, kind: Kind, *, withhold: bool = False) -> int:
    """Enter a person into the register, once; returns its generation.

    With `withhold` also the rows and the texts that bear the name, so that no export brings them again;
    they stay out also when an objection is lifted.
    """
    into = ""
    wanted: dict[Kind, set[Identifier]] = {"erased": set(), kind: set()}
    if found.person is not None and kind == "restricted":  # what has become known since is entered as well
        restricted = room.register.restrictions()
        wanted[kind] |= {known for known in found.person.identifiers if not restricted([known])}
        into = min(restricted.entries_of(found.person.identifiers), default="")
    elif found.person is not None and kind == "uninvited":
        uninvited = room.register.uninvited()
        wanted[kind] |= {known for known in _addresses(room, case, found.person) if not uninvited([known])}
    elif found.person is not None and not _entered(room, found.person, kind):
        wanted[kind] |= found.person.identifiers | _shared(found.person)
    if withhold:
        check = room.register.check()
        wanted["erased"] |= {known for known in _bearing_the_name(room, found) if not check([known])}
    wanted = {kind: identifiers for kind, identifiers in wanted.items() if identifiers}
    if not wanted:
        return room.register.generation()
    return room.register.add(wanted, room.clock.now(), case.id, into=into)


def search_for(
    room: Room, found: Found | Returned, places: Places, progress: Progress
) -> tuple[list[str], set[str]]:
    """Look everywhere for a person, or for those who are back, while their identity is still known.

    Returns the places in which they stand or that could not be read, and the ids of those exports in an
    inbox of which that is true.
    """
    person = found.person
    if person is None:
        return [], set()
    addresses = {i[1] for i in person.identifiers if i[0] in ("address", "person")}
    ids = _values(person, "response") | _values(person, "respondent")
    # Who decides stands on record, also as somebody's namesake.
    with room.engine.connect() as state, room.register.engine.connect() as register:
        staff = {canonical_name(name) for name in staff_names(state, register)}
    names = {name for name in person.names if canonical_name(name) not in staff}
    wanted = Wanted(addresses, ids, _values(person, "reference"), names)
    report = search_for_one(room, wanted, places, progress)
    leaks = [*(found.place for found in report.leaks), *report.unreadable]
    exports = {place: export_of(place) for place in (*leaks, *(found.place for found in report.expected))}
    return [place for place in leaks if not exports[place]], {one for one in exports.values() if one}


def check_names_nobody(room: Room, case: Case, ground: str) -> None:
    """Raise `UsageError` where a ground, which stays on record, names who asks."""
    who = open_asker(room, case)
    at_address = set[str]() if who.named_in_text else find_person(room, who, whole_address=True).names
    said, right = _words(ground), who.corrections.get("name", "")
    if any(_words(name) <= said for name in {who.name, right, *at_address} if name):
        raise UsageError("the ground names who asks, and it stays on record", hint="say it without the name")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", canonical_name(text)))


def check_entered(room: Room, case: Case, kind: Kind) -> None:
    """Raise `PolicyForbids` where the register holds nothing of that kind of who asks."""
    if not _entries(room, case, kind):
        raise PolicyForbids(
            f"the register holds no {_CALLED[kind]} of this person", hint="nothing is to be lifted"
        )


def lift(room: Room, case: Case, kind: Kind) -> int:
    """Take what the register holds of that kind of who asks out of it; returns its generation."""
    return room.register.lift(_entries(room, case, kind), case.id)


def _entries(room: Room, case: Case, kind: Kind) -> list[str]:
    """Entries of the register of that kind of who asks; who has objected is not known otherwise."""
    who = open_asker(room, case)
    person = find_person(room, who)
    named: set[Identifier] = {("person", who.address, canonical_name(who.name))} if who.name else set()
    named |= {("address", who.address)} if kind == "uninvited" else set()
    return _entered(room, replace(person, identifiers=person.identifiers | named), kind)


def _values(person: Person, kind: str) -> set[str]:
    return {identifier[-1] for identifier in person.identifiers if identifier[0] == kind}


def _addresses(room: Room, case: Case, person: Person) -> set[Identifier]:
    """Where a person is invited: an invitation goes to an address, whoever else reads it there."""
    own: set[Identifier] = {i for i in person.identifiers if i[0] == "address"}
    return own | {("address", open_asker(room, case).address)}


def _shared(person: Person) -> set[Identifier]:
    """Addresses at which others are known: who asks there later is not taken for the one who is left."""
    identifiers = person.identifiers
    return {
        ("shared", i[1]) for i in identifiers if i[0] == "person" and ("address", i[1]) not in identifiers
    }


def _bearing_the_name(room: Room, found: Found) -> Iterator[Identifier]:
    yield from (text_of(*vendor_id) for vendor_id in room.vault.vendor_ids(found.answers).values())
    for row in room.quarantine.open_all():
        if row.id in found.rows:
            yield itself(row)
            yield from texts_of(row)  # corrected, the row is another, and its text the same


def _entered(room: Room, person: Person, kind: Kind) -> list[str]:
    """Entries of the register of that kind that hold the person's own address, or address and name."""
    own: list[Identifier] = [i for i in person.identifiers if i[0] in ("address", "person")]
    checkers = {"restricted": room.register.restrictions, "uninvited": room.register.uninvited}
    checker = checkers.get(kind, room.register.check)()
    return [entry for entry, known in checker.entries_of(own).items() if known == kind]
