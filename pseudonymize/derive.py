"""Pseudonyms and digests: HMAC-SHA-256 under a domain key (RFC 2104; GDPR Art. 4(5)). Pure.

Each digest covers a label that says what it is a digest of, so that no two kinds can ever meet.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from data.records import Pseudonym
from pseudonymize.keys import DomainKey, KeyRing
from pseudonymize.normalize import canonical_name
from pseudonymize.raw import RawResponse


@dataclass(frozen=True, slots=True)
class Derivation:
    """Everything that is derived from raw values under one controller's keys."""

    respondent: DomainKey
    record: DomainKey
    vendor: str
    survey: str

    @classmethod
    def from_ring(cls, ring: KeyRing, vendor: str, survey: str) -> "Derivation":
        """Derivation under the keys in force."""
        return cls(ring.domain("respondent"), ring.domain("record"), vendor, survey)

    def pseudonym(self, raw: RawResponse) -> tuple[Pseudonym, bool]:
        """The writer's pseudonym, and whether it links this answer to others.

        From the address; without one, from the vendor's respondent id; without either, from this
        response's own id, which links to nothing.
        """
        vendor_id = (self.vendor, self.survey, raw.response_id)
        parts = writer_parts(raw.email, raw.respondent_id, vendor_id)
        return pseudonym_of(self.respondent, parts), parts[0] != "response"

    def response_key(self, raw: RawResponse) -> str:
        """Digest of the vendor's response id: the same response is imported once."""
        return self.key_of(raw.response_id)

    def key_of(self, response_id: str) -> str:
        """The same of a response id alone."""
        return _response_key(self.record, (self.vendor, self.survey, response_id))

    def content_key(self, raw: RawResponse) -> str:
        """Digest of everything taken from the row but its time of change: has it been edited?"""
        values = (getattr(raw.written or raw, name) for name in _CONTENT)
        return _digest(self.record.key, "content", *("" if v is None else str(v) for v in values))

    def name_key(self, name: str) -> str:
        """Digest of a canonical name, empty for no name: tells people apart who share an address."""
        canonical = canonical_name(name)
        return _digest(self.record.key, "name", canonical) if canonical else ""

    def row_key(self, cells: dict[str, str]) -> str:
        """Digest of a row as it stood in the export: a bad row is quarantined once."""
        return _digest(self.record.key, "row", self.survey, json.dumps(cells, sort_keys=True))


def writer_parts(address: str, respondent_id: str, vendor_id: tuple[str, str, str]) -> tuple[str, ...]:
    """What a writer's pseudonym is made of; `vendor_id` is vendor, survey and response id of an answer."""
    if address:
        return "address", address
    return ("respondent", vendor_id[0], respondent_id) if respondent_id else ("response", *vendor_id)


def pseudonym_of(key: DomainKey, parts: Sequence[str]) -> Pseudonym:
    """The pseudonym of what `writer_parts` tells, under a key."""
    return Pseudonym(_digest(key.key, *parts), key.version)


def response_key(ring: KeyRing, vendor_id: tuple[str, str, str]) -> str:
    """Digest of a response id as `Derivation.response_key` makes it; needs no key of pseudonyms."""
    return _response_key(ring.domain("record"), vendor_id)


def _response_key(record: DomainKey, vendor_id: tuple[str, str, str]) -> str:
    return _digest(record.key, "response", *vendor_id)


def reference_key(ring: KeyRing, reference: str) -> str:
    """Digest of a CRM reference, empty for none, so that a change shows without opening the vault."""
    return _digest(ring.domain("record").key, "reference", reference) if reference else ""


def respondent_key(ring: KeyRing, respondent_id: str) -> str:
    """Digest of a survey tool's id of a respondent, by which they are found again under another address."""
    return _digest(ring.domain("record").key, "respondent", respondent_id)


def address_pseudonym(ring: KeyRing, address: str) -> str:
    """The pseudonym of whoever writes from a canonical address."""
    return _digest(ring.domain("respondent").key, "address", address)


def name_key(ring: KeyRing, name: str) -> str:
    """Digest of a name, as `Derivation.name_key` makes it."""
    canonical = canonical_name(name)
    return _digest(ring.domain("record").key, "name", canonical) if canonical else ""


def asker_key(ring: KeyRing, identifier: Sequence[str]) -> str:
    """Digest of an address, alone or with a name, by which who has asked for something is known again."""
    return _digest(ring.domain("record").key, "asker", *identifier)


def organisation_key(ring: KeyRing, organisation: str) -> str:
    """Digest of the CRM's id of an organisation, empty for none."""
    return _digest(ring.domain("record").key, "organisation", organisation) if organisation else ""


_CONTENT = (
    "respondent_id",
    "crm_reference",
    "name",
    "email",
    "answered_at",
    "cycle",
    "score",
    "text",
    "given",
)


def _digest(key: bytes, *parts: str) -> str:
    return hmac.digest(key, json.dumps(parts).encode(), hashlib.sha256).hex()
