"""The two folders of a backup: what is kept, sealed file by file, and the keys; each with its manifest."""

import base64
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError

from data.errors import UsageError, VerificationFailed
from data.stores.backups import Part
from governance.yaml_files import Closed
from pseudonymize import BackupKey, Steps

_MANIFEST = "manifest.json"
_SEALED = ".sealed"
_NOTHING = "nothing was restored; take another copy of it, or another backup"


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError("a file of a backup lies in its folder")
    return name


def _base64(text: str) -> str:
    base64.b64decode(text, validate=True)  # what is none is a ValueError
    return text


class FileDigest(Closed):
    """One sealed file, as it lies there."""

    size: int
    sha256: str


class Manifest(Closed):
    """What one part of a backup has; times in UTC. It tells nothing of anybody.

    `generation` is how many changes of the register the state had carried out, `tables` how many rows each
    table has, `key` the wrapped key of the backup, Base64, which only the part with the keys has.
    """

    format: Literal[1]
    id: str
    part: Part
    made_at: datetime
    generation: int
    tables: dict[str, int]
    files: dict[Annotated[str, AfterValidator(_inside)], FileDigest] = Field(default_factory=dict)
    key: Annotated[str, AfterValidator(_base64)] = ""

    @property
    def wrapped(self) -> bytes:
        """The wrapped key."""
        return base64.b64decode(self.key)


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A folder of files sealed with the key of one backup."""

    folder: Path
    key: BackupKey

    @contextmanager
    def sealing(self, name: str) -> Iterator[IO[bytes]]:
        """A new file of that name."""
        with self.key.sealing(self._path(name), name) as file:
            yield file

    @contextmanager
    def opening(self, name: str) -> Iterator[IO[bytes]]:
        """The file of that name."""
        with self.key.opening(self._path(name), name) as file:
            yield file

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return self._path(name).exists()

    def seal_file(self, source: Path, name: str) -> None:
        """Seal a copy of a file. Raises FileNotFoundError where it is gone."""
        with source.open("rb") as plain, self.sealing(name) as sealed:
            shutil.copyfileobj(plain, sealed)

    def open_file(self, name: str, target: Path) -> None:
        """Put an opened copy of a file to `target`, which is new."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.opening(name) as sealed, target.open("xb") as plain:
            target.chmod(0o600)
            shutil.copyfileobj(sealed, plain)

    def keep_only(self, names: set[str], below: str) -> None:
        """Delete the files below a folder that have none of these names."""
        for path in (self.folder / below).rglob(f"*{_SEALED}"):
            if _name(path, self.folder) not in names:
                path.unlink()

    def write_manifest(self, manifest: Manifest) -> Manifest:
        """Write a manifest, with the digests of all that is there; returns it with them.

        It is readable without a key, and sealed as well, so that nobody can change it unnoticed.
        """
        paths = sorted(self.folder.rglob(f"*{_SEALED}"))
        whole = manifest.model_copy(update={"files": {_name(p, self.folder): _digest(p) for p in paths}})
        file = self.folder / _MANIFEST
        file.write_text(whole.model_dump_json(indent=1) + "\n", "utf-8")
        file.chmod(0o600)
        self.seal_file(file, _MANIFEST)
        return whole

    def check_manifest(self) -> None:
        """Raise `VerificationFailed` or `KeyUnavailable` where the manifest is not as it was made."""
        try:
            with self.opening(_MANIFEST) as file:
                made = file.read()
        except FileNotFoundError:
            made = b""
        if made != (self.folder / _MANIFEST).read_bytes():
            raise VerificationFailed(f"{self.folder / _MANIFEST} is not as it was made", hint=_NOTHING)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_SEALED}"


def read_manifest(folder: Path, part: Part) -> Manifest:
    """The manifest of a part. Raises `UsageError` where the folder has none of this kind."""
    what = "backup" if part == "data" else "backup's keys"
    try:
        manifest = Manifest.model_validate_json((folder / _MANIFEST).read_bytes())
    except (OSError, ValidationError):
        manifest = None
    if manifest is None or manifest.part != part:
        raise UsageError(
            f"{folder} is no folder of a {what}: it has no {_MANIFEST} of one",
            hint="name the folder tillit-… that `tillit backup create` has made",
        )
    return manifest


def check_files(folder: Path, manifest: Manifest, steps: Steps) -> None:
    """Raise `VerificationFailed` at the first file that is not as it was when the backup was made."""
    for name, was in manifest.files.items():
        try:
            found = _digest(folder / f"{name}{_SEALED}")
        except OSError:
            found = None
        if found != was:
            state = "missing or unreadable" if found is None else "not as it was made"
            raise VerificationFailed(
                f"the file {name}{_SEALED} of the backup {manifest.id} is {state}",
                hint=_NOTHING,
            )
        steps(1)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix().removesuffix(_SEALED)


def _digest(path: Path) -> FileDigest:
    with path.open("rb") as file:
        return FileDigest(size=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())
