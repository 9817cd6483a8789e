"""Whom an older copy of the home has brought back: everybody in the stores who is in the register."""

from dataclasses import dataclass, replace

from pseudonymize.derive import response_key
from pseudonymize.find_person import Person, known_at_vendor, known_by, subject_of
from pseudonymize.guess import Unread, guessed, itself, texts_of
from pseudonymize.identity import Identity
from pseudonymize.raw import Raw
from pseudonymize.register import Identifier, IsSuppressed, text_of
from pseudonymize.room import Room
from pseudonymize.vault_tables import Person as Key


@dataclass(frozen=True, slots=True, repr=False)
class Returned(Raw):
    """Everybody who is back, as one: `count` people of the vault, and quarantined rows.

    `texts` are response keys of answers of others whose text was taken out.
    """

    person: Person
    count: int
    texts: frozenset[str]


def find_returned(room: Room) -> Returned:
    """Everybody and everything in the stores that is in the register."""
    check = room.register.check()
    people, entered, texts = dict[Key, Identity](), set[Identifier](), set[str]()
    for identities, responses in room.vault.everything():
        for key, identity in identities.items():
            answers = responses.get(key, ())
            # Of an identifier that a stranger shares, and that is therefore not entered, nothing is theirs.
            if known := {i for i in (*known_by(identity), *known_at_vendor(identity, answers)) if check([i])}:
                people[key] = identity
                entered |= known
            texts |= {response_key(room.ring, one) for one in answers if check([text_of(*one)])}
    own, bearing = _rows(room, check)
    entered |= {i for bad in own for i in guessed(bad) if check([i])}
    subject = subject_of(room, people, entered, own)
    subject = replace(subject, rows=subject.rows | bearing)
    names = {name for identity in people.values() for name in identity.ever("name")}
    person = Person(subject, frozenset(entered), frozenset(names))
    return Returned(person, len(people), frozenset(texts))


def _rows(room: Room, check: IsSuppressed) -> tuple[list[Unread], set[str]]:
    """Quarantined rows of people who are in the register, and ids of rows that are in it by name or text."""
    own, bearing = list[Unread](), set[str]()
    for bad in room.quarantine.open_all():
        if check(guessed(bad)):
            own.append(bad)
        elif check([itself(bad)]) or (bad.cell("text") and check(texts_of(bad))):
            bearing.add(bad.id)
    return own, bearing
