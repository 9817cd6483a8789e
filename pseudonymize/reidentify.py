"""Who wrote one answer, for a purpose of the policy: one person at a time, and never without a record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from data.errors import PolicyForbids
from data.stores import reidentifications
from data.stores.reidentifications import Reidentification
from pseudonymize.find_person import known_at_vendor, known_by
from pseudonymize.identity import Identity
from pseudonymize.normalize import canonical_name
from pseudonymize.raw import Raw
from pseudonymize.room import Room
from pseudonymize.seal import seal, unseal
from pseudonymize.vault_tables import Person
from pseudonymize.withhold import find_answer

_PURPOSE, _CONTEXT = "case", "reidentification"


@dataclass(frozen=True, slots=True, repr=False)
class Writer(Raw):
    """Who wrote one answer, and the version of the policy that it was given under.

    `told` is what may be shown: name, address and CRM reference, as the vault knows them today.
    """

    response_key: str
    policy_version: str
    told: Mapping[str, str]


def find_writer(room: Room, answer_id: str) -> Writer:
    """Who wrote the answer whose key begins so.

    Raises `UsageError` where that is not one answer, `PolicyForbids` where nobody can tell its writer, or the
    writer has restricted the use of their data or objects to it.
    """
    key, _ = find_answer(room, answer_id)
    controller = room.policy.controller
    (row,) = room.responses.rows(controller, [key], ["linkable", "policy_version"])
    if not row["linkable"]:
        raise PolicyForbids(
            "that answer came without an address and an id of its writer: nobody can tell who wrote it"
        )
    person, identity = _identity(room, key)
    _check_willing(room, key, person, identity)
    told = {
        "name": identity.current("name"),
        "address": identity.current("address"),
        "crm_reference": identity.current("crm_reference"),
    }
    if not any(told.values()):
        raise PolicyForbids("of who wrote that answer neither name, address nor CRM reference is known")
    return Writer(key, row["policy_version"], told)


def note_told(room: Room, connection: Connection, told: Reidentification, reason: str) -> None:
    """Note that somebody is told, with the reason sealed; in the caller's transaction, before they are."""
    (key,) = room.ring.new_data_keys(_PURPOSE, told.id, 1)
    sealed = seal(key.key, reason.encode(), _CONTEXT, told.controller, told.id)
    reidentifications.add(connection, replace(told, key_id=key.id, sealed=sealed))


def reasons(room: Room, found: Collection[Reidentification]) -> dict[str, str]:
    """Why somebody was told, each time, by its id."""
    keys = room.ring.data_keys(_PURPOSE, [one.key_id for one in found])
    opened = {one.id: unseal(keys[one.key_id], one.sealed, _CONTEXT, one.controller, one.id) for one in found}
    return {one: reason.decode() for one, reason in opened.items()}


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are one, however they are written."""
    return canonical_name(one) == canonical_name(other)


def _identity(room: Room, key: str) -> tuple[Person, Identity]:
    """Of the people at a shared address only the one who wrote this answer."""
    found = list(room.vault.identities_of(room.vault.writers([key])).items())
    if not found:
        raise PolicyForbids("the vault holds nobody of whom that answer is: nobody can tell who wrote it")
    ((person, identity),) = found
    return person, identity


def _check_willing(room: Room, key: str, person: Person, identity: Identity) -> None:
    at_vendor = room.vault.vendor_responses({person}).get(person, ())
    known = [*known_by(identity), *known_at_vendor(identity, at_vendor)]
    if key in room.responses.restricted(room.policy.controller) or room.register.restrictions()(known):
        raise PolicyForbids("the use of that answer is restricted: it is kept, and used for nothing")
    if room.register.check()(known):
        raise PolicyForbids("who wrote that answer was erased, or objects")
