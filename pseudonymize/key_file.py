"""The key-encryption key, in a file of mode 0600 that lies apart from the data."""

import base64
import binascii
import os
from collections.abc import Callable
from pathlib import Path

from data.errors import HomeUnusable, KeyUnavailable
from data.stores.response_files import bring_to_disk
from pseudonymize.seal import KEY_BYTES, new_key


def ensure_key_file(path: Path, may_create: Callable[[], None]) -> None:
    """Write a new random key where there is no file, whole or not at all; never writes over one.

    `may_create` raises where a new key must not be made.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        new.unlink(missing_ok=True)  # of a process that was killed here
        if path.exists():
            return
        may_create()
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(new, base64.b64encode(new_key()) + b"\n")
        os.link(new, path)  # fails where the path is taken, which a rename would not
        new.unlink()
        bring_to_disk(path, path.parent)
    except OSError as error:
        raise HomeUnusable(f"the key file {path} cannot be made: {error.strerror}") from None


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
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
