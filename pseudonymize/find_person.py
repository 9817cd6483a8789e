"""Finding one person in everything that we hold, from the address they write from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from data.errors import UsageError
from data.store import Subject
from pseudonymize.case_files import Asker
from pseudonymize.derive import address_pseudonym, name_key, reference_key
from pseudonymize.guess import addresses_of, cells_of, guessed, names_of
from pseudonymize.identity import Identity
from pseudonymize.normalize import canonical_email, canonical_name
from pseudonymize.raw import Raw
from pseudonymize.register import Identifier
from pseudonymize.room import Room
from pseudonymize.vault_tables import Person as Key

_WORDS_OF_A_NAME = 2


@dataclass(frozen=True, slots=True, repr=False)
class Person(Raw):
    """One person found: how the stores know them, and how the world does.

    `sharing` is how many people the vault knows at the address; `names` are what they were called.
    """

    subject: Subject
    identifiers: frozenset[Identifier]
    names: frozenset[str]
    sharing: int = 1


def asker(address: str, name: str, *, named_in_text: bool = False) -> Asker:
    """Who asks, in canonical form. Raises `UsageError`, without what was given."""
    try:
        canonical = canonical_email(address) if address.strip() else ""
    except ValueError:
        canonical = ""
    if not canonical and not named_in_text:
        raise UsageError("that is not an e-mail address", hint="one address, as the person writes it")
    if named_in_text and len(canonical_name(name).split()) < _WORDS_OF_A_NAME:
        raise UsageError("who is named in a text is looked for by first and last name")
    return Asker(canonical, " ".join(name.split()), named_in_text)


def find_person(room: Room, who: Asker, *, whole_address: bool = False) -> Person:
    """Everything by which we know who asks. Of the people at the address, the one of that name.

    Without a name a single one is found; with `whole_address` everybody. The same CRM reference at
    another address is the same person. Somebody of whom we hold nothing is found by the address alone,
    so that no later import brings them.
    """
    pseudonym = address_pseudonym(room.ring, who.address)
    at_address = room.vault.people_at([pseudonym])
    sharing = len([key for key in at_address if key[1]])
    if whole_address or sharing == 0 or (sharing == 1 and not who.name):
        found = _person(room, at_address, set(), {("address", who.address)}, {who.name} - {""})
    else:
        people = at_address & {(pseudonym, name_key(room.ring, who.name))}
        if people and sharing == 1:
            people = at_address  # together with what came from there without a name
        named: Identifier = ("person", who.address, canonical_name(who.name))
        found = _person(room, people, at_address - people, {named}, {who.name} - {""})
    return Person(found.subject, found.identifiers, found.names, sharing)


def suppressed_people(room: Room) -> Iterator[Person]:
    """Everybody in the vault who is in the register, as after a return to an older copy of the home."""
    check = room.register.check()
    for identities, responses in room.vault.everything():
        for key, identity in identities.items():
            known = {*_known_by(identity), *_at_vendor(identity, responses.get(key, ()))}
            if check(known):
                others = room.vault.people_at([key[0]]) - {key}
                yield _person(room, {key}, others, known, set())


def suppressed_rows(room: Room) -> list[str]:
    """Quarantined rows of people who are in the register."""
    check = room.register.check()
    rows = room.quarantine.open_all()
    return [row_id for row_id, vendor, survey, row in rows if check(guessed(cells_of(row), vendor, survey))]


def _person(
    room: Room, people: set[Key], others: set[Key], identifiers: set[Identifier], names: set[str]
) -> Person:
    """What is known of some vault rows, which are one person's, and of those of the same CRM reference.

    `others` are at the same address: what is theirs as well identifies nobody.
    """
    identities = room.vault.identities_of(people)
    references = {reference_key(room.ring, r) for one in identities.values() for r in _references(one)}
    people = people | (room.vault.people_of_reference(references) - others)
    identities = room.vault.identities_of(people)
    alone = {pseudonym for pseudonym, _ in people if room.vault.people_at([pseudonym]) <= people}
    responses = room.vault.vendor_responses(people)
    identifiers = set(identifiers)
    for key, identity in identities.items():
        identifiers |= {*_at_vendor(identity, responses.get(key, ()))}
        identifiers |= {i for i in _known_by(identity) if i[0] != "address" or key[0] in alone}
    identifiers -= _theirs(room, others)
    names = names | {name for one in identities.values() for name in one.all("name")}
    subject = Subject(
        pseudonyms=frozenset(alone),
        response_keys=frozenset(key for one in identities.values() for key in one.answers),
        reference_keys=frozenset(reference_key(room.ring, i[1]) for i in identifiers if i[0] == "reference"),
        rows=frozenset(_quarantined(room, identifiers, names)),
    )
    return Person(subject, frozenset(identifiers), frozenset(names))


def _theirs(room: Room, others: set[Key]) -> set[Identifier]:
    responses = room.vault.vendor_responses(others)
    known = room.vault.identities_of(others).items()
    return {i for key, one in known for i in (*_known_by(one), *_at_vendor(one, responses.get(key, ())))}


def _references(identity: Identity) -> list[str]:
    return identity.all("crm_reference")


def _known_by(identity: Identity) -> Iterator[Identifier]:
    """Each address, alone and with each name, and each CRM reference."""
    for address in identity.all("address"):
        yield "address", address
        for name in identity.all("name"):
            yield "person", address, canonical_name(name)
    for reference in _references(identity):
        yield "reference", reference


def _at_vendor(identity: Identity, responses: Iterable[tuple[str, str, str]]) -> Iterator[Identifier]:
    """How the survey tool knows the person: the ids of their answers, and of them as a respondent."""
    for vendor, survey, response_id in responses:
        yield "response", vendor, survey, response_id
        yield from (("respondent", vendor, respondent) for respondent in identity.all("respondent_id"))


def _quarantined(room: Room, identifiers: Iterable[Identifier], names: Iterable[str]) -> Iterator[str]:
    """Ids of quarantined rows of the person, opened in memory: by address, by id, or by full name.

    A name alone counts where the row has no address that could be somebody else's.
    """
    wanted = set(identifiers)
    called = {canonical_name(name) for name in names if len(name.split()) >= _WORDS_OF_A_NAME}
    for row_id, vendor, survey, row in room.quarantine.open_all():
        cells = cells_of(row)
        by_name = not addresses_of(cells) and not called.isdisjoint(names_of(cells))
        if by_name or not wanted.isdisjoint(guessed(cells, vendor, survey)):
            yield row_id
