"""Authenticated encryption of small values: AES-256-GCM as `cryptography` documents it."""

import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from data.errors import KeyUnavailable

KEY_BYTES = 32
_NONCE_BYTES = 12


def new_key() -> bytes:
    """A random 256-bit key."""
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def seal(key: bytes, plain: bytes, *context: str) -> bytes:
    """Encrypt under a fresh random nonce, bound to `context` (where the value belongs).

    A person's data key seals a few values, so random 96-bit nonces stay far below the 2^32 messages
    that NIST SP 800-38D section 8.3 allows; key-wrapping keys seal one value for each person.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, _associated(context))


def unseal(key: bytes, sealed: bytes, *context: str) -> bytes:
    """Decrypt; raises `KeyUnavailable` where key, context or value are not the ones sealed together."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _associated(context))
    except (InvalidTag, ValueError):  # ValueError where it is cut off
        pass
    raise KeyUnavailable(
        "a sealed value does not open with this key",
        hint="put the key-encryption key back that this home was made with",
    )


def _associated(context: tuple[str, ...]) -> bytes:
    return json.dumps(context).encode()
