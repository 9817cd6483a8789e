"""Where identities are looked for: files below folders, and databases on a server."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine

from pseudonymize.leak_scan.containers import is_sealed


class Expected(StrEnum):
    """What of a person is expected in a place, and why; `LATE` may stand there no more."""

    NOTHING = ""
    RAW = "an export in an inbox, raw until its date"
    LATE = "an export in an inbox, beyond its date"
    REFERENCES = "the CRM's own references"


@dataclass(frozen=True, slots=True)
class Places:
    """Folders and files by the name that reports give them, databases of servers, and the CRM's file.

    What lies encrypted in `packages` is for one person each, and nobody here can open it.
    """

    folders: Mapping[str, Path]
    databases: Mapping[str, Engine]
    crm: Path
    packages: Path


@dataclass(frozen=True, slots=True)
class File:
    """One file, and its name in a report. Size in bytes. What is inside a `sealed` one is not looked at."""

    name: str
    path: Path
    size: int
    expected: Expected
    sealed: bool = False


@dataclass(slots=True)
class Walk:
    """All files of some places, each once, and what could not be looked at.

    `names` are those of the places themselves, and the paths below them that no file's path tells: empty
    folders, and what is not read there, as links and pipes.
    """

    crm: Path
    packages: Path
    files: list[File] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    _seen: set[Path] = field(default_factory=set)
    _told: set[Path] = field(default_factory=set)

    def add(self, name: str, path: Path, expected: Expected = Expected.NOTHING) -> None:
        """Take a file, or every file below a folder. Links to folders are not followed."""
        if not expected:
            self.names.append((name, path.name))
        if not path.is_dir():
            self._file(name, path, expected)
            return
        failed: list[OSError] = []
        for at, folders, names in os.walk(path, onerror=failed.append):
            folder = Path(at)
            if not folders and not names and folder != path:
                self.names.append((f"{name}: an empty folder", str(folder.relative_to(path))))
            links = [folder / link for link in folders if (folder / link).is_symlink()]
            files = [folder / file for file in sorted(names)]
            read = {file for file in files if self._file(f"{name}/{file.relative_to(path)}", file, expected)}
            unread = (str(below.relative_to(path)) for below in (*links, *files) if below not in read)
            self.names.extend((f"{name}: what is not read there", below) for below in unread)
        self.unreadable.extend(f"{name}/{_below(error, path)}" for error in failed)

    def _file(self, name: str, path: Path, expected: Expected) -> bool:
        """Take a file that was not seen before; returns whether the report of a file tells its path."""
        try:
            resolved, about = path.resolve(), path.stat()
        except OSError:
            self.unreadable.append(name)
            return True
        here = path.parent.resolve() / path.name if path.is_symlink() else resolved
        if resolved not in self._seen and stat.S_ISREG(about.st_mode):
            self._seen.add(resolved)
            self._told.add(here)
            sealed = path.parent == self.packages and is_sealed(path)
            self.files.append(File(name, path, about.st_size, self._expected(path, expected), sealed))
        return here in self._told

    def _expected(self, path: Path, expected: Expected) -> Expected:
        beside = {self.crm.with_name(self.crm.name + end) for end in ("", "-journal")}
        return Expected.REFERENCES if path in beside else expected


def _below(error: OSError, path: Path) -> str:
    return str(Path(error.filename).relative_to(path))


@dataclass(frozen=True, slots=True)
class Task:
    """A part of the work on one file: bytes from `start`, or what is inside it (`size` is 0)."""

    file: int
    path: Path
    start: int
    size: int


_AT_ONCE = 1 << 26  # bytes of one file that one process reads in one go, so that all have work


def tasks(files: list[File]) -> Iterator[Task]:
    """All work on some files."""
    for number, file in enumerate(files):
        if not file.sealed:
            yield Task(number, file.path, 0, 0)
        for start in range(0, file.size, _AT_ONCE):
            yield Task(number, file.path, start, min(_AT_ONCE, file.size - start))
