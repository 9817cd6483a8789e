"""Answers whose writers have had their processing restricted (GDPR Art. 18): kept, and read by nobody."""

from collections.abc import Collection, Iterator

from pseudonymize.find_person import known_at_vendor, known_by
from pseudonymize.identity import Identity
from pseudonymize.room import Room
from pseudonymize.vault_tables import Person as Key
from pseudonymize.vault_tables import VendorId


def restrict_as_entered(room: Room, response_keys: Collection[str] | None = None) -> int:
    """Bring some answers, or all, to what the register says of their writers, and their others with them.

    Returns how many are restricted.
    """
    controller, check = room.policy.controller, room.register.restrictions()
    restricted, free = set[str](), set[str]()
    for identities, responses in _people(room, response_keys):
        for key, identity in identities.items():
            known = (*known_by(identity), *known_at_vendor(identity, responses.get(key, ())))
            (restricted if check(known) else free).update(identity.answers)
    # What is marked and has no writer any more stays so: nobody is left who could take it back.
    free &= room.responses.restricted(controller)
    with room.engine.begin() as connection:
        room.responses.restrict(connection, controller, free, to=False)
        return room.responses.restrict(connection, controller, restricted, to=True)


def _people(
    room: Room, response_keys: Collection[str] | None
) -> Iterator[tuple[dict[Key, Identity], dict[Key, list[VendorId]]]]:
    if response_keys is None:
        yield from room.vault.everything()
    else:
        writers = room.vault.writers(response_keys)
        yield room.vault.identities_of(writers), room.vault.vendor_responses(writers)
