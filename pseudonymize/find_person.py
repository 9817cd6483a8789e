"""Finding one person in everything that we hold, from the address they write from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from data.errors import UsageError
from data.store import Subject
from pseudonymize.case_files import Asker
from pseudonymize.corrections import Corrections, Writer
from pseudonymize.derive import address_pseudonym, asker_key, name_key, reference_key, response_key
from pseudonymize.guess import Unread, addresses_of, guessed, names_of, response_id_of
from pseudonymize.identity import Identity, as_written, is_corrected
from pseudonymize.normalize import canonical_email, canonical_name
from pseudonymize.raw import Raw
from pseudonymize.register import Identifier
from pseudonymize.room import Room
from pseudonymize.vault_tables import Person as Key
from pseudonymize.vault_tables import VendorId

_WORDS_OF_A_NAME = 2
_LONGEST_NAME = 200
_LINKS = ("reference", "respondent")


@dataclass(frozen=True, slots=True, repr=False)
class Person(Raw):
    """One person found: how the stores know them, and how the world does.

    `sharing` is how many people the vault knows at the address; `names` are what they were called.
    `namesakes` are quarantined rows that may be somebody else's: they bear the name and no address, or a
    shared address and no name. Of `unnamed` quarantined rows of the
    person nobody can tell the survey tool's id, or it is that of somebody else's answer.
    """

    subject: Subject
    identifiers: frozenset[Identifier]
    names: frozenset[str]
    sharing: int = 1
    namesakes: frozenset[str] = frozenset()
    unnamed: int = 0


def asker(address: str, name: str, *, named_in_text: bool = False) -> Asker:
    """Who asks, in canonical form. Raises `UsageError`, without what was given."""
    try:
        canonical = canonical_email(address) if address.strip() else ""
    except ValueError:
        canonical = ""
    if not canonical and not named_in_text:
        raise UsageError("that is not an e-mail address", hint="one address, as the person writes it")
    if len(name) > _LONGEST_NAME:
        raise UsageError(f"a name has up to {_LONGEST_NAME} characters", hint="first and last name")
    if named_in_text and address.strip():
        raise UsageError(
            "only what others have written is searched for a name, and nothing by the address",
            hint="leave the address empty; what is the person's own is a case without --named-in-text",
        )
    if named_in_text and len(canonical_name(name).split()) < _WORDS_OF_A_NAME:
        raise UsageError("who is named in a text is looked for by first and last name")
    return Asker(canonical, " ".join(name.split()), named_in_text)


def find_person(room: Room, who: Asker, *, whole_address: bool = False, certain: bool = False) -> Person:
    """Everything by which we know who asks. Of the people at the address, the one of that name.

    `certain` is for what is given to them: nobody without a name is then taken for them elsewhere.
    Without a name a single one is found; with `whole_address` everybody. The same CRM reference or
    respondent id under the same name is the same person, whatever the address; where one has no name, only
    if no other name has it. Somebody of whom we hold nothing is found by the address alone, so that no
    later import brings them.
    """
    who = _today(room, who)
    pseudonym = address_pseudonym(room.ring, who.address)
    people = room.vault.people_at([pseudonym])
    sharing = len([key for key in people if key[1]])
    if sharing == 1 and room.register.check()([("shared", who.address)]):
        sharing = 2  # another was erased or objects
    named: Identifier = ("address", who.address)
    if not whole_address and (sharing > 1 or (sharing == 1 and who.name)):
        own = people & {(pseudonym, name_key(room.ring, who.name))}
        # One person alone has also sent what came from there without a name.
        people = people if own and sharing == 1 else own
        named = ("person", who.address, canonical_name(who.name))
    return _person(room, people, named, {who.name} - {""}, sharing, certain=certain)


def _corrections(room: Room) -> Corrections:
    return Corrections.read(room.register.corrections())


def _today(room: Room, who: Asker) -> Asker:
    """Who asks from an address that was corrected since, as they are known today; the name tells them."""
    if not who.name:
        return who
    asked = ("address", who.address, canonical_name(who.name))
    (today,) = _corrections(room).current([asked])
    return who if today == asked else replace(who, address=today[1], name=today[2])


def _writers(identities: Iterable[Identity]) -> set[Writer]:
    """As whom the writers of some answers were known, and are, by address."""
    both = (
        said for one in identities for answer in one.answers.values() for said in (answer, as_written(answer))
    )
    return {("address", s["address"], canonical_name(s.get("name", ""))) for s in both if "address" in s}


def _wrong_addresses(identities: Iterable[Identity]) -> set[str]:
    return {address for one in identities for address in {*one.ever("address")} - {*one.all("address")}}


def _nameless_at(room: Room, addresses: set[str]) -> set[str]:
    """Ids of quarantined rows without a name from addresses that were wrong: a person has to decide."""
    rows = room.quarantine.open_all() if addresses else ()
    return {row.id for row in rows if not names_of(row) and not addresses.isdisjoint(addresses_of(row))}


@dataclass(frozen=True, slots=True, repr=False)
class Known(Raw):
    """What the vault knows of somebody: their rows, and identifiers and names that are theirs alone."""

    identities: dict[Key, Identity]
    identifiers: set[Identifier]
    names: set[str]

    @classmethod
    def of(cls, room: Room, people: set[Key], names: set[str], *, certain: bool = False) -> "Known":
        """What is known of some vault rows, and of those that are linked to them.

        Where it has to be `certain`, nobody without a name is taken for somebody with one.
        """
        while True:
            identities, responses = room.vault.identities_of(people), room.vault.vendor_responses(people)
            names = names | {name for one in identities.values() for name in one.ever("name")}
            known = {i for one in identities.values() for i in known_by(one)}
            known |= {i for key, o in identities.items() for i in known_at_vendor(o, responses.get(key, ()))}
            linked = _Linked.to(room, identities, known, names, certain=certain)
            if linked.people <= people:
                break
            people = people | linked.people
        alone = {pseudonym for pseudonym, _ in people if room.vault.people_at([pseudonym]) <= people}
        addresses = {a for (p, _), one in identities.items() if p in alone for a in one.all("address")}
        known = {i for i in known if i[0] != "address" or i[1] in addresses} - linked.shared
        ever = _corrections(room).ever(_writers(identities.values()))
        known |= {("person", w[1], w[2]) for w in ever if w[0] == "address" and w[2]}
        return cls(identities, known, names)


def _person(
    room: Room, people: set[Key], named: Identifier, names: set[str], sharing: int, *, certain: bool
) -> Person:
    """What is known of some vault rows, and of those that are linked to them, in every store."""
    vault = Known.of(room, people, names, certain=certain)
    known, names = vault.identifiers, vault.names
    if sharing > 1 and named[0] == "person":
        known = known - {("address", named[1])}
    identifiers = known | {named}
    at = "" if ("address", named[1]) in identifiers else named[1]
    rows, namesakes = _quarantined(room, identifiers, names, at, _others_at(room, at, {*vault.identities}))
    namesakes |= _nameless_at(room, _wrong_addresses(vault.identities.values())) - {row.id for row in rows}
    subject = subject_of(room, vault.identities, identifiers, rows)
    at_vendor = [row for row in rows if _key_of(room, row) in subject.at_vendor]
    identifiers |= {("response", row.vendor, row.survey, response_id_of(row)) for row in at_vendor}
    unnamed = len(rows) - len(at_vendor)
    return Person(subject, frozenset(identifiers), frozenset(names), sharing, namesakes, unnamed)


@dataclass(frozen=True, slots=True, repr=False)
class _Linked(Raw):
    """Who shares an identifier with somebody: the same person, by the name, or a stranger.

    An identifier of a stranger is `shared`. Where somebody has no name, those who share an identifier with
    them are strangers as soon as they have several names between them.
    """

    people: set[Key]
    shared: set[Identifier]

    @classmethod
    def to(
        cls,
        room: Room,
        people: dict[Key, Identity],
        known: set[Identifier],
        names: set[str],
        *,
        certain: bool,
    ) -> "_Linked":
        called = {canonical_name(name) for name in names}
        wanted = {identifier for identifier in known if identifier[0] in _LINKS}
        others = dict(_sharing(room, people, wanted))
        foreign = {key: other for key, (other, _) in others.items() if other and called.isdisjoint(other)}
        if not called and len(set[str]().union(*foreign.values())) == 1:
            foreign = {}  # one name alone may be that of somebody who has given none
        shared = set[Identifier]().union(*(others[key][1] for key in foreign))
        named = {key for key, (other, _) in others.items() if other} - foreign.keys()
        if certain:
            return cls({*people, *(named if called else ())}, shared)
        nameless = {key for key, (other, both) in others.items() if not other and both - shared}
        return cls({*people, *named, *nameless}, shared)


def _sharing(
    room: Room, people: dict[Key, Identity], wanted: set[Identifier]
) -> Iterator[tuple[Key, tuple[set[str], set[Identifier]]]]:
    """Everybody else who has any of some identifiers: what they are called, and which of these."""
    others = room.vault.linked(people.values()) - people.keys()
    responses = room.vault.vendor_responses(others)
    for key, one in room.vault.identities_of(others).items():
        if both := wanted & {*known_by(one), *known_at_vendor(one, responses.get(key, ()))}:
            yield key, ({canonical_name(name) for name in one.all("name")}, both)


def subject_of(
    room: Room,
    identities: dict[Key, Identity],
    identifiers: Iterable[Identifier],
    rows: Sequence[Unread] = (),
) -> Subject:
    """How the stores know some people, who have these identifiers to themselves, and these rows."""
    known = set(identifiers)
    people = identities.keys()
    alone = {pseudonym for pseudonym, _ in people if room.vault.people_at([pseudonym]) <= people}
    own, found = {key for one in identities.values() for key in one.answers}, {row.id for row in rows}
    told = {key for row in rows if (key := _key_of(room, row))}
    strangers = set(room.responses.known(room.policy.controller, told - own))
    others = room.quarantine.open_all() if told else ()
    strangers |= {_key_of(room, row) for row in others if row.id not in found}
    return Subject(
        pseudonyms=frozenset(alone),
        response_keys=frozenset(own),
        reference_keys=frozenset(reference_key(room.ring, i[1]) for i in known if i[0] == "reference"),
        rows=frozenset(row.id for row in rows),
        at_vendor=frozenset(told - strangers),
        askers=frozenset(asker_key(room.ring, i) for i in known if i[0] in ("address", "person")),
    )


def _key_of(room: Room, row: Unread) -> str:
    """The response key of a quarantined row, empty where it cannot tell it."""
    response_id = response_id_of(row)
    return response_key(room.ring, (row.vendor, row.survey, response_id)) if response_id else ""


def _references(identity: Identity) -> list[str]:
    return identity.all("crm_reference")


def known_by(identity: Identity) -> Iterator[Identifier]:
    """Each address, alone and with each name, and each CRM reference."""
    for address in identity.all("address"):
        yield "address", address
    for address in identity.ever("address"):  # alone, one that was corrected may be another's
        for name in identity.ever("name"):
            yield "person", address, canonical_name(name)
    for written in map(as_written, filter(is_corrected, identity.answers.values())):
        if "address" in written:
            yield "person", written["address"], canonical_name(written.get("name", ""))
    for reference in _references(identity):
        yield "reference", reference


def known_at_vendor(identity: Identity, responses: Iterable[VendorId]) -> Iterator[Identifier]:
    """How the survey tool knows the person: the ids of their answers, and of them as a respondent."""
    for vendor, survey, response_id in responses:
        yield "response", vendor, survey, response_id
        yield from (("respondent", vendor, respondent) for respondent in identity.all("respondent_id"))


def _others_at(room: Room, address: str, people: set[Key]) -> set[str]:
    """Canonical names of others who are known at an address."""
    others = room.vault.people_at([address_pseudonym(room.ring, address)]) - people if address else set[Key]()
    return {canonical_name(n) for one in room.vault.identities_of(others).values() for n in one.all("name")}


def _quarantined(
    room: Room, identifiers: Iterable[Identifier], names: Iterable[str], at: str, others: set[str]
) -> tuple[list[Unread], frozenset[str]]:
    """Quarantined rows of the person, opened in memory: those found by an identifier, and ids of namesakes.

    A full name in a row without an address may be somebody else's, and so may a row from the address `at`,
    which the person shares with `others`, that bears the name of none of them: a person has to decide.
    """
    wanted = set(identifiers)
    called = {canonical_name(name) for name in names if len(name.split()) >= _WORDS_OF_A_NAME}
    rows, namesakes = list[Unread](), set[str]()
    for bad in room.quarantine.open_all():
        if not wanted.isdisjoint(guessed(bad)):
            rows.append(bad)
        elif addresses := addresses_of(bad):
            if at in addresses and others.isdisjoint(names_of(bad)):
                namesakes.add(bad.id)
        elif not called.isdisjoint(names_of(bad)):
            namesakes.add(bad.id)
    return rows, frozenset(namesakes)
