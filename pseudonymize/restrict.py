"""Answers whose writers have had their processing restricted (GDPR Art. 18): kept, and read by nobody."""

import secrets
from collections.abc import Collection, Iterable, Iterator

from data.stores import register
from pseudonymize.derive import response_key
from pseudonymize.find_person import Known
from pseudonymize.identity import Identity, as_written
from pseudonymize.normalize import canonical_name
from pseudonymize.register import Identifier
from pseudonymize.room import Room
from pseudonymize.vault_tables import Person as Key
from pseudonymize.vault_tables import VendorId


def restrict_as_entered(room: Room, response_keys: Collection[str] | None = None) -> int:
    """Bring some answers, or all, to what the register says of them; returns how many become restricted.

    An answer is restricted by what it says of its writer itself, and by its own id. What is marked and has no
    writer in the vault any more stays so: nobody is left who could take it back.
    """
    controller, check = room.policy.controller, room.register.restrictions()
    marked = room.responses.restricted(controller)
    restricted, free = set[str](), set[str]()
    for key, known in _answers(room, response_keys):
        (restricted if check(known) else free).add(key)
    with room.engine.begin() as connection:
        room.responses.restrict(connection, controller, free & marked, to=False)
        return room.responses.restrict(connection, controller, restricted - marked, to=True)


def learn(room: Room) -> None:
    """Enter what has become known of restricted people, and restrict what is theirs by it.

    A later answer tells another address, or another CRM reference: an answer that comes with nothing but
    that is theirs as well. Needs the home's lock.
    """
    marked = room.responses.restricted(room.policy.controller)
    if not marked:
        return
    check, new, theirs = room.register.restrictions(), dict[str, set[Identifier]](), set[str]()
    for person in room.vault.writers(marked):
        known = Known.of(room, {person}, set())
        # Where there is no entry the mark is of an answer that is somebody else's by now.
        for entry in sorted(check.entries_of(known.identifiers))[:1]:
            more = {identifier for identifier in known.identifiers if not check([identifier])}
            new.setdefault(entry, set()).update(more)
            theirs |= {key for one in known.identities.values() for key in one.answers}
    for entry, identifiers in new.items():
        if identifiers:
            _enter(room, entry, identifiers)
    if any(new.values()) or theirs - marked:
        restrict_as_entered(room, theirs)


def _enter(room: Room, entry: str, identifiers: Iterable[Identifier]) -> None:
    """Enter more of somebody who is in the register already, as a change of this home's own."""
    change = secrets.token_hex(8)
    with room.engine.begin() as connection:
        register.carry_out(connection, room.register.generation(), pending=change)
    generation = room.register.add({"restricted": identifiers}, room.clock.now(), change, into=entry)
    with room.engine.begin() as connection:
        register.carry_out(connection, generation)


def _answers(room: Room, response_keys: Collection[str] | None) -> Iterator[tuple[str, list[Identifier]]]:
    """Answers by their key, each with every identifier of its writer that it tells."""
    for identities, responses in _people(room, response_keys):
        for person, identity in identities.items():
            ids = {response_key(room.ring, one): one for one in responses.get(person, ())}
            for key, said in identity.answers.items():
                if response_keys is None or key in response_keys:
                    yield key, list(_identifiers(said, ids.get(key)))


def _people(
    room: Room, response_keys: Collection[str] | None
) -> Iterator[tuple[dict[Key, Identity], dict[Key, list[VendorId]]]]:
    if response_keys is None:
        yield from room.vault.everything()
    else:
        writers = room.vault.writers(response_keys)
        yield room.vault.identities_of(writers), room.vault.vendor_responses(writers)


def _identifiers(said: dict[str, str], vendor_id: VendorId | None) -> Iterator[Identifier]:
    if address := said.get("address"):
        yield "address", address
        yield "person", address, canonical_name(said.get("name", ""))
    if address := as_written(said).get("address"):
        yield "person", address, canonical_name(as_written(said).get("name", ""))
    if reference := said.get("crm_reference"):
        yield "reference", reference
    if vendor_id is not None:
        yield "response", *vendor_id
        if respondent := said.get("respondent_id"):
            yield "respondent", vendor_id[0], respondent
