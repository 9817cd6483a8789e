"""What the vendor calls the answers that somebody has to delete there, sealed until it is done."""

from collections.abc import Collection, Mapping

from data.stores import tasks, vendor_copies
from pseudonymize.room import Room
from pseudonymize.seal import seal, unseal

_DOMAIN = "tasks"


def seal_vendor_ids(room: Room, response_keys: Collection[str]) -> dict[str, bytes]:
    """The vendor's id of each answer, sealed; empty for one whose id nobody knows any more.

    The vault knows those of answers that were taken in; of others it is kept with what we know of the
    vendor's copy.
    """
    known = room.vault.vendor_ids(response_keys)
    ids = {key: f"{survey} {response_id}" for key, (_, survey, response_id) in known.items()}
    sealed = seal_ids(room, response_keys, ids)
    with room.engine.connect() as connection:
        return sealed | vendor_copies.sealed_ids(connection, room.policy.controller, response_keys)


def seal_ids(room: Room, response_keys: Collection[str], known: Mapping[str, str]) -> dict[str, bytes]:
    """The same of ids that are at hand."""
    key = room.ring.domain(_DOMAIN).key
    return {
        answer: seal(key, known[answer].encode(), _DOMAIN, room.policy.controller, answer)
        if answer in known
        else b""
        for answer in response_keys
    }


def vendor_ids(room: Room, task_id: str) -> list[str]:
    """Survey and response id, as the vendor writes them, of what a task still has to delete."""
    with room.engine.connect() as connection:
        sealed = tasks.sealed_items(connection, task_id)
    key = room.ring.domain(_DOMAIN).key
    return sorted(
        unseal(key, content, _DOMAIN, room.policy.controller, answer).decode()
        for answer, content in sealed.items()
        if content
    )
