"""The key-encryption key, in a file of mode 0600 that lies apart from the data."""

import base64
import binascii
import os
from pathlib import Path

from data.errors import HomeUnusable, KeyUnavailable
from pseudonymize.seal import KEY_BYTES, new_key


def create_key_file(path: Path) -> None:
    """Write a new random key; never writes over a file that is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise HomeUnusable(f"the key file {path} cannot be made: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(new_key()) + b"\n")
        file.flush()
        os.fsync(descriptor)


def read_key_file(path: Path) -> bytes:
    """The key in a file. Raises `KeyUnavailable` where it is missing, open to others, or no key."""
    try:
        mode = path.stat().st_mode
        content = path.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        raise KeyUnavailable(
            f"there is no readable key file at {path}",
            hint="run `tillit keys init` for a new home, or set TILLIT_KEY_FILE or TILLIT_KEY",
        ) from None
    if mode & 0o077:
        raise KeyUnavailable(f"the key file {path} can be read by others", hint=f"chmod 600 {path}")
    return decode_key(content, str(path))


def decode_key(text: str, origin: str) -> bytes:
    """A key from its Base64 form; `origin` is named in errors."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(f"{origin} does not hold a key: {KEY_BYTES} bytes in Base64 are expected")
    return key
