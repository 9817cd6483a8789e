"""The files of packages, encrypted for one person each, and the store that forgets them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from data.store import Event, Holding, Subject, Why
from data.stores import packages


@dataclass(frozen=True, slots=True)
class PackageStore:
    """One controller's packages. What is in them nobody can read here: the passphrase is not kept."""

    engine: Engine
    folder: Path
    controller: str
    name = "packages"
    by_hand = False

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        for case_id, at in self._made().items():
            if ids is None or case_id in ids:
                yield Holding(case_id, {Event.COLLECTED: at, Event.CASE_CLOSED: at}, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        with self.engine.connect() as connection:
            return packages.of(connection, self.controller, subject.askers | subject.response_keys)

    def forget(self, ids: Collection[str], why: Why) -> int:
        ours = self._made().keys() & set(ids)
        for case_id in ours:
            package_path(self.folder, case_id).unlink(missing_ok=True)
        with self.engine.begin() as connection:
            return packages.forget(connection, ours)

    def present(self, ids: Collection[str]) -> set[str]:
        there = {case_id for case_id in ids if package_path(self.folder, case_id).exists()}
        return there | (self._made().keys() & set(ids))

    def _made(self) -> dict[str, datetime]:
        with self.engine.connect() as connection:
            return packages.made(connection, self.controller)


def package_path(folder: Path, case_id: str) -> Path:
    """Where the package of a case lies."""
    return folder / f"{case_id}.zip"
