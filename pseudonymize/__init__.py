"""The only room with raw personal data. This is its door: nothing else is imported from outside.

Raw rows go in; what comes out are reports of counts, pseudonymous records in the stores, and for the
CRM the opaque references that the CRM itself gave.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from data.errors import KeyUnavailable
from data.records import CrmReference
from data.stores.crm_ledger import CRM_LEDGER, Place
from pseudonymize.backup_key import BackupKey
from pseudonymize.case_files import CaseStore
from pseudonymize.correct import correct_as_entered
from pseudonymize.correction_store import CorrectionStore
from pseudonymize.derive import reference_key
from pseudonymize.desk import (
    Found,
    asked_as_well,
    asked_this_year,
    check_entered,
    check_names_nobody,
    close_case,
    enter,
    find_subject,
    is_named_by_others,
    lift,
    open_case,
    search_for,
)
from pseudonymize.encodings import Encoding
from pseudonymize.event_feed import at_shared_alone, read_feed
from pseudonymize.find_returned import Returned, find_returned
from pseudonymize.first_pass import Window
from pseudonymize.holdings import AnswerStore, InboxStore, QuarantineStore, VaultStore, VendorStore
from pseudonymize.inbox import INBOX
from pseudonymize.intake import examine, keys_in_export, take_in, try_again
from pseudonymize.invitations import InvitationList, clear_invitations
from pseudonymize.kept_requests import bring_back_requests, forget_request, keep_request, keep_requests
from pseudonymize.key_file import decode_key, ensure_key_file, read_key_file
from pseudonymize.keys import DOMAIN_KEYS, DOMAINS, KeyInForce, KeyRing
from pseudonymize.leak_scan.places import Places
from pseudonymize.leak_scan.report import LeakReport, PlaceFound
from pseudonymize.leak_scan.scan import search_for_leaks
from pseudonymize.lost_keys import Lost, check_same_home, find_lost, forget_lost
from pseudonymize.mapping import Mapping, load_mapping
from pseudonymize.package.archive import Order, new_passphrase
from pseudonymize.package.giving import ToRead, pack, read_texts, write_package
from pseudonymize.quarantine import QUARANTINE, Quarantined
from pseudonymize.rectify import against, enter_corrections, entered, find_corrected, to_correct
from pseudonymize.redact import Redactor
from pseudonymize.redaction.extra import languages
from pseudonymize.register import Kind, Register
from pseudonymize.reidentify import Writer, find_writer, is_same_name, note_told, reasons
from pseudonymize.reports import IntakeReport, Progress, RescanReport, Steps, no_progress
from pseudonymize.rescan import rescan, search_for_right_names
from pseudonymize.restrict import learn, restrict_as_entered
from pseudonymize.room import Room
from pseudonymize.rotate import rotate_if_needed, rotate_pseudonyms
from pseudonymize.seal import seal, unseal
from pseudonymize.signing import SIGNING_KEYS, Signer, is_signed, open_signer
from pseudonymize.sources.export_file import ExportFile
from pseudonymize.sources.named import NamedSource, named_source
from pseudonymize.task_ids import seal_vendor_ids, vendor_ids
from pseudonymize.text_files import TextFields, explain_file, redact_file
from pseudonymize.vault_tables import PEOPLE
from pseudonymize.withhold import keep_out, withhold, withhold_all

__all__ = [
    "AnswerStore",
    "BackupKey",
    "CaseStore",
    "CorrectionStore",
    "Encoding",
    "ExportFile",
    "Found",
    "InboxStore",
    "IntakeReport",
    "InvitationList",
    "KeyInForce",
    "KeyRing",
    "KeyStatus",
    "Kind",
    "LeakReport",
    "Lost",
    "Mapping",
    "NamedSource",
    "Order",
    "PlaceFound",
    "Places",
    "Progress",
    "QuarantineStore",
    "Quarantined",
    "Redactor",
    "Register",
    "RescanReport",
    "Returned",
    "Room",
    "Signer",
    "Steps",
    "TextFields",
    "ToRead",
    "VaultStore",
    "VendorStore",
    "Window",
    "Writer",
    "against",
    "any_keys",
    "asked_as_well",
    "asked_this_year",
    "at_shared_alone",
    "bring_back_requests",
    "check_entered",
    "check_names_nobody",
    "check_nothing_sealed",
    "check_same_home",
    "clear_invitations",
    "close_case",
    "controllers_with_keys",
    "correct_as_entered",
    "create_keys",
    "crm_reference_keys",
    "crm_reference_keys_of",
    "crm_references",
    "decode_key",
    "discard",
    "ensure_key_file",
    "enter",
    "enter_corrections",
    "entered",
    "examine",
    "explain_file",
    "find_corrected",
    "find_lost",
    "find_returned",
    "find_subject",
    "find_writer",
    "forget_lost",
    "forget_request",
    "is_named_by_others",
    "is_same_name",
    "is_signed",
    "keep_out",
    "keep_request",
    "keep_requests",
    "key_status",
    "keys_in_export",
    "languages",
    "learn",
    "lift",
    "load_mapping",
    "named_source",
    "new_passphrase",
    "no_progress",
    "not_suppressed",
    "note_told",
    "open_case",
    "open_reference",
    "open_signer",
    "pack",
    "quarantined",
    "raw_copies",
    "raw_copy_paths",
    "read_feed",
    "read_key_file",
    "read_texts",
    "reasons",
    "redact_file",
    "rescan",
    "restrict_as_entered",
    "rotate_if_needed",
    "rotate_pseudonyms",
    "seal_reference",
    "seal_vendor_ids",
    "search_for",
    "search_for_leaks",
    "search_for_right_names",
    "shared_addresses",
    "sweep",
    "take_in",
    "to_correct",
    "try_again",
    "vendor_ids",
    "withhold",
    "withhold_all",
    "write_package",
]


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """The keys in force, and how many data keys they and the key-encryption key wrap.

    `register` is None while nobody was ever entered into the register: its key is made then.
    """

    domains: dict[str, KeyInForce]
    register: KeyInForce | None
    people: int
    quarantined: int


def any_keys(connection: Connection) -> bool:
    """Whether a database of wrapped keys holds keys: of any controller, or the one that signs."""
    tables = (DOMAIN_KEYS, SIGNING_KEYS)
    return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)


def controllers_with_keys(connection: Connection) -> list[str]:
    """The controllers for whom a database of wrapped keys holds keys."""
    controllers = select(DOMAIN_KEYS.c.controller).distinct().order_by(DOMAIN_KEYS.c.controller)
    return list(connection.scalars(controllers))


def create_keys(room: Room) -> bool:
    """Make a controller's keys; returns false where they are there and open.

    Raises `KeyUnavailable` where the vault holds people whose keys are gone: new keys would make
    them look as if they had never been there.
    """
    if not room.ring.exists():
        with room.engine.connect() as connection:
            check_nothing_sealed(connection, room.policy.controller)
    return room.ring.create(room.clock.now())


def check_nothing_sealed(connection: Connection, controller: str) -> None:
    """Raise `KeyUnavailable` where a state database holds anything that a controller's lost keys sealed."""
    people, *others = (
        connection.scalar(select(func.count()).select_from(table).where(table.c.controller == controller))
        or 0
        for table in (PEOPLE, QUARANTINE, INBOX, CRM_LEDGER)
    )
    if people or any(others):
        raise KeyUnavailable(
            f"the vault holds {people} people and the database of wrapped keys is empty "
            f"({sum(others)} other things are sealed as well)",
            hint="restore the database of wrapped keys from its backup",
        )


def key_status(room: Room) -> KeyStatus:
    """The state of a controller's keys. Raises `KeyUnavailable` where the key does not fit them."""
    for domain in DOMAINS:
        room.ring.domain(domain)
    room.check_data_keys()
    return KeyStatus(
        room.ring.in_force(),
        room.register.in_force(),
        room.ring.count_data_keys("person"),
        room.ring.count_data_keys("quarantine"),
    )


def quarantined(room: Room) -> Sequence[Quarantined]:
    """What stands in quarantine, by row number and reason."""
    return room.quarantine.rows()


def discard(room: Room, connection: Connection, ids: Collection[str]) -> int:
    """Destroy rows of the quarantine, in the caller's transaction; returns how many."""
    return room.quarantine.discard(connection, ids)


def crm_reference_keys(room: Room) -> dict[str, set[str]]:
    """Digests of the CRM references of every pseudonym that has one."""
    return room.vault.reference_keys()


def crm_reference_keys_of(room: Room, pseudonyms: Iterable[str]) -> dict[str, set[str]]:
    """The same of some pseudonyms."""
    return room.vault.reference_keys_of(pseudonyms)


def shared_addresses(room: Room) -> set[str]:
    """Pseudonyms of addresses that several respondents share; rights on them go to a person."""
    return room.vault.shared()


def sweep(room: Room) -> list[str]:
    """Clear away what crashed runs left, and destroy keys whose rows are gone. Needs the home's lock."""
    return room.sweep()


def raw_copies(room: Room) -> list[tuple[Path, datetime]]:
    """Export files that remain in an inbox, with the moment (UTC) by which they must be gone."""
    return [(copy.path, copy.due) for copy in room.inbox.remaining()]


def raw_copy_paths(room: Room) -> dict[str, Path]:
    """Where the export files lie that remain in an inbox, by our id of each."""
    return {copy.id: copy.path for copy in room.inbox.remaining()}


def crm_references(room: Room, pseudonyms: Iterable[str]) -> dict[str, CrmReference]:
    """Every CRM reference known of some people, by its digest. No name, no address."""
    found = {}
    for identities in room.vault.identities(pseudonyms).values():
        for identity in identities:
            for reference in identity.all("crm_reference"):
                found[reference_key(room.ring, reference)] = CrmReference(reference)
    return found


def not_suppressed(room: Room, references: dict[str, CrmReference]) -> set[str]:
    """Those digests of CRM references whose people neither were erased nor object."""
    check = room.register.check()
    return {key for key, reference in references.items() if not check([("reference", reference.value)])}


def seal_reference(room: Room, reference: CrmReference, place: Place) -> bytes:
    """A CRM reference as the ledger of what was written keeps it, bound to its place there."""
    return seal(room.ring.domain("ledger").key, reference.value.encode(), *_ledger_context(room, place))


def open_reference(room: Room, sealed: bytes, place: Place) -> CrmReference:
    """The CRM reference that `seal_reference` sealed. Raises `KeyUnavailable` where it does not open."""
    plain = unseal(room.ring.domain("ledger").key, sealed, *_ledger_context(room, place))
    return CrmReference(plain.decode())


def _ledger_context(room: Room, place: Place) -> tuple[str, ...]:
    digest, cycle = place
    return "ledger", room.policy.controller, digest, cycle.survey, cycle.cycle
