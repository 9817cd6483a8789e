"""The key of one backup, and files sealed with it: a stream of pieces, each bound to its place.

What a backup has is sealed whole, redacted texts as well. Its key lies, wrapped, with the copy of the keys
and nowhere else, so that the backup is unreadable as soon as that copy is gone.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from data.errors import VerificationFailed
from pseudonymize.seal import new_key, seal, unseal

_PIECE = 1 << 20
_LENGTH = 4
_PURPOSE = "backup"


@dataclass(frozen=True, slots=True)
class BackupKey:
    """The key of one backup; `wrapped` is what may be written down of it."""

    backup_id: str
    wrapped: bytes
    _key: bytes = field(repr=False)

    @classmethod
    def new(cls, key_encryption_key: bytes, backup_id: str) -> "BackupKey":
        """A random key for a new backup."""
        key = new_key()
        return cls(backup_id, seal(key_encryption_key, key, _PURPOSE, backup_id), key)

    @classmethod
    def open(cls, key_encryption_key: bytes, backup_id: str, wrapped: bytes) -> "BackupKey":
        """The key of a backup that is there. Raises `KeyUnavailable` where it does not open."""
        return cls(backup_id, wrapped, unseal(key_encryption_key, wrapped, _PURPOSE, backup_id))

    @contextmanager
    def sealing(self, path: Path, name: str) -> Iterator[IO[bytes]]:
        """A new file, readable by its owner only, that seals what is written to it under `name`."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as file:
            path.chmod(0o600)
            sealing = _Sealing(self, file, name)
            yield sealing  # type: ignore[misc] # all of a file that its writers use
            sealing.end()

    @contextmanager
    def opening(self, path: Path, name: str) -> Iterator[IO[bytes]]:
        """What was sealed under `name`. Raises `VerificationFailed` in reading where it is cut short.

        Raises `KeyUnavailable` in reading where it is not what was sealed.
        """
        with path.open("rb") as file, io.BufferedReader(_Opening(self, file, name), _PIECE) as opened:
            yield opened

    def _seal(self, plain: bytes, *place: str) -> bytes:
        return seal(self._key, plain, _PURPOSE, self.backup_id, *place)

    def _unseal(self, sealed: bytes, *place: str) -> bytes:
        return unseal(self._key, sealed, _PURPOSE, self.backup_id, *place)


class _Sealing(io.RawIOBase):
    """A file to write to. The last piece is bound to being the last, so that no end can be cut off."""

    def __init__(self, key: BackupKey, file: IO[bytes], name: str) -> None:
        self._key, self._file, self._name = key, file, name
        self._held, self._number = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        view = memoryview(content).cast("B")  # type: ignore[arg-type] # whatever has bytes
        self._held += view
        while len(self._held) > _PIECE:
            with memoryview(self._held) as held:
                self._write_piece(held[:_PIECE].tobytes(), "")
            del self._held[:_PIECE]
        return len(view)

    def end(self) -> None:
        self._write_piece(bytes(self._held), "last")

    def _write_piece(self, plain: bytes, last: str) -> None:
        sealed = self._key._seal(plain, self._name, str(self._number), last)
        self._file.write(len(sealed).to_bytes(_LENGTH))
        self._file.write(sealed)
        self._number += 1


class _Opening(io.RawIOBase):
    """A file to read from, each piece opened when it is asked for."""

    def __init__(self, key: BackupKey, file: IO[bytes], name: str) -> None:
        self._key, self._file, self._name = key, file, name
        self._held, self._number = memoryview(b""), 0
        self._next = self._read_piece()
        if not self._next:
            raise self._cut_short()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        into = memoryview(buffer).cast("B")  # type: ignore[arg-type] # whatever takes bytes
        while not self._held and self._next:
            sealed, self._next = self._next, self._read_piece()
            last = "" if self._next else "last"
            self._held = memoryview(self._key._unseal(sealed, self._name, str(self._number), last))
            self._number += 1
        count = min(len(into), len(self._held))
        into[:count], self._held = self._held[:count], self._held[count:]
        return count

    def _read_piece(self) -> bytes:
        head = self._file.read(_LENGTH)
        sealed = self._file.read(int.from_bytes(head)) if head else b""
        if head and (len(head) < _LENGTH or len(sealed) < int.from_bytes(head)):
            raise self._cut_short()
        return sealed

    def _cut_short(self) -> VerificationFailed:
        return VerificationFailed(f"the file {self._name} of the backup is cut short")
