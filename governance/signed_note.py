"""Text signed with Ed25519, as C2SP signed-note describes it (https://c2sp.org/signed-note). Pure.

A note is text, an empty line, and one line for each signature: an em dash, the name of the key, and in
Base64 the key's id with the signature. Whoever signs and whoever checks a signature is handed in.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from data.errors import UsageError, VerificationFailed

#: Signs bytes.
Sign = Callable[[bytes], bytes]
#: Whether a public key, a signature and the bytes that were signed belong together.
IsSigned = Callable[[bytes, bytes, bytes], bool]

_ED25519 = b"\x01"
_ID_BYTES, _PUBLIC_BYTES = 4, 32
_DASH = "—"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name; its text form is what verifiers hand around."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """What a signature line says of its key besides the name."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_encoded(_ED25519 + self.public)}"


def read_verifier_key(text: str) -> VerifierKey:
    """A key from its text form. Raises `UsageError`."""
    name, _, rest = text.strip().partition("+")
    content = decoded(rest.partition("+")[2])
    key = VerifierKey(name, content[1:])
    if not _is_name(name) or len(key.public) != _PUBLIC_BYTES or str(key) != text.strip():
        raise UsageError(
            "the verifier key is written wrongly: NAME+ID+KEY of an Ed25519 key is expected",
            hint="copy the line that `tillit evidence checkpoint` told",
        )
    return key


def signed_note(text: str, key: VerifierKey, sign: Sign) -> str:
    """A note of `text`, which ends with a line break, with one signature."""
    return f"{text}\n{_DASH} {key.name} {_encoded(key.id + sign(text.encode()))}\n"


def open_note(note: str, key: VerifierKey, is_signed: IsSigned) -> str:
    """The text of a note. Raises `VerificationFailed` where it is none, or the key did not sign it.

    Signatures of other keys are not looked at, as the description asks.
    """
    text, empty_line, lines = note.rpartition("\n\n")
    if not (text and empty_line and lines.endswith("\n")) or any(c < " " and c != "\n" for c in note):
        raise VerificationFailed("it is no signed note")
    text += "\n"
    found = [_signature(line) for line in lines[:-1].split("\n")]
    ours = [signature for name, key_id, signature in found if (name, key_id) == (key.name, key.id)]
    if not ours:
        raise VerificationFailed("it is not signed by this key")
    if not all(is_signed(key.public, signature, text.encode()) for signature in ours):
        raise VerificationFailed("it was changed after it was signed")
    return text


def decoded(text: str) -> bytes:
    """Bytes from the one right Base64 form of them; empty where the text is no such form."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return content if _encoded(content) == text else b""


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, signature = rest.partition(" ")
    content = decoded(signature)
    if dash != _DASH or not _is_name(name) or len(content) <= _ID_BYTES:
        raise VerificationFailed("it is no signed note")
    return name, content[:_ID_BYTES], content[_ID_BYTES:]


def _is_name(name: str) -> bool:
    return bool(name) and not any(c == "+" or c.isspace() for c in name)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
