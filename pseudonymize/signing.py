"""The key that signs checkpoints of the evidence: Ed25519 (RFC 8032), as `cryptography` documents it.

Random, one for each home, and wrapped by the key-encryption key beside the domain keys.
"""

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Column, Engine, LargeBinary, String, Table, insert, select

from data.errors import KeyUnavailable
from data.stores.sql import KEYS
from pseudonymize.seal import seal, unseal

SIGNING_KEYS = Table(
    "signing_keys",
    KEYS,
    Column("name", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Signer:
    """A signing key. Its name is random, so that it says nothing of a person, a company or a machine."""

    name: str
    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """A signature of 64 bytes."""
        return self._private.sign(message)


def open_signer(key_encryption_key: bytes, engine: Engine, *, may_make: bool) -> Signer:
    """The signing key of a home. Raises `KeyUnavailable` where it is missing or does not open.

    `may_make` says whether a missing one may be made, as it is when nothing was ever signed.
    """
    with engine.begin() as connection:
        row = connection.execute(select(SIGNING_KEYS)).one_or_none()
        if row is None and may_make:
            made = insert(SIGNING_KEYS).returning(SIGNING_KEYS)
            row = connection.execute(made, _new(key_encryption_key)).one()
    if row is None:
        raise KeyUnavailable(
            "the key that signs checkpoints is missing",
            hint="restore the database of wrapped keys from its backup",
        )
    private = unseal(key_encryption_key, row.wrapped, "signing", row.name)
    return Signer(row.name, Ed25519PrivateKey.from_private_bytes(private))


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the owner of a public key of 32 bytes has signed a message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _new(key_encryption_key: bytes) -> dict[str, object]:
    name = f"tillit/{secrets.token_hex(8)}"
    private = Ed25519PrivateKey.generate().private_bytes_raw()
    return {"name": name, "wrapped": seal(key_encryption_key, private, "signing", name)}
