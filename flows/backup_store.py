"""Backups as stores: what is kept, and the keys that open it, each with a clock of its own."""

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.store import Event, Holding, Subject, Why
from data.stores import backups
from data.stores.backups import PARTS, Backup, Part
from data.stores.cases import Case
from governance import evidence
from governance.policy import Policy
from governance.retention import deadline
from pseudonymize import controllers_with_keys

if TYPE_CHECKING:
    from flows.wiring import Home

_NAMES: dict[Part, str] = {"data": "backups", "keys": "backup_keys"}
#: In every folder of backups: where it is missing, the disk is, and nothing there can be seen to be gone.
_MARK = ".tillit-backups"


@dataclass(frozen=True, slots=True)
class BackupStore:
    """One part of every backup of a controller's data, since it was begun.

    A backup holds everybody, so that nothing in it can be deleted for one person: its keys go soon instead.
    It is gone for one controller when it is gone for all, so that the shortest clock of all counts.
    """

    home: "Home"
    controller: str
    part: Part
    by_hand = False

    @property
    def name(self) -> str:
        return _NAMES[self.part]

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        for backup in self.known():
            if ids is None or backup.id in ids:
                yield Holding(backup.id, {Event.COLLECTED: backup.made_at}, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        return ()

    def forget(self, ids: Collection[str], why: Why) -> int:
        """Delete folders. One whose disk is not there stays on the list, and `present` says so."""
        gone = [backup.id for backup in self.known() if backup.id in ids and _is_gone(backup.place)]
        with self.home.register_engine.begin() as connection:
            return backups.forget(connection, gone, self.part)

    def present(self, ids: Collection[str]) -> set[str]:
        return {backup.id for backup in self.known()} & set(ids)

    def known(self) -> list[Backup]:
        """Every backup of which this part is there, oldest first."""
        with self.home.register_engine.connect() as connection:
            return backups.known(connection, self.controller, self.part)


def mark(folder: Path) -> None:
    """Make a folder one of backups. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / _MARK).touch(mode=0o600)


def known_backups(home: "Home") -> list[dict[str, Any]]:
    """Every part of every backup, oldest first: where it lies, until when (UTC) the strictest policy says."""
    found: dict[Backup, datetime] = {}
    with home.keys_engine.connect() as keys, home.register_engine.connect() as connection:
        for controller in controllers_with_keys(keys):
            policy = home.policy(controller)
            for part in PARTS:
                for one in backups.known(connection, controller, part):
                    end = _end(policy, part, one.made_at)
                    found[one] = min(end, found.get(one, end))
    return [
        {"backup": one.id, "part": one.part, "made_at": one.made_at, "until": end, "place": str(one.place)}
        | {"within_reach": _is_within_reach(one.place)}
        for one, end in sorted(found.items(), key=lambda item: (item[0].made_at, item[0].id, item[0].part))
    ]


def readable_until(home: "Home", policy: Policy, deleted_at: datetime) -> datetime | None:
    """Until when (UTC) what was deleted can be read from a backup; None where none is left with its keys."""
    with home.register_engine.connect() as connection:
        found = backups.known(connection, policy.controller, "keys")
    return max((_end(policy, "keys", b.made_at) for b in found if b.made_at <= deleted_at), default=None)


def end_keys_by(home: "Home", case: Case, policy: Policy) -> None:
    """Delete now the keys of those backups that would outlive the last moment for an answer to a case.

    A backup that is made later holds nothing of the person. Where keys are out of reach, that is an alarm.
    """
    keys = BackupStore(home, policy.controller, "keys")
    late = [one.id for one in keys.known() if _end(policy, "keys", one.made_at) > case.due_at]
    if not late:
        return
    gone = keys.forget(late, "erasure")
    told = {"controller": policy.controller, "case": case.id}
    with home.engine.begin() as connection:
        evidence.record(connection, home.clock.now(), "backup keys ended", {**told, "count": gone})
        if left := len(late) - gone:
            says = {**told, "says": "who was erased can be read from a backup after the deadline"}
            evidence.record(connection, home.clock.now(), "alarm", {**says, "count": left})


def _end(policy: Policy, part: Part, made_at: datetime) -> datetime:
    return deadline(policy, _NAMES[part], {Event.COLLECTED: made_at}).at


def _is_within_reach(place: Path) -> bool:
    return (place.parent / _MARK).exists()


def _is_gone(place: Path) -> bool:
    if not _is_within_reach(place):
        return False
    left = (place, place.with_name(f"{place.name}.new"))
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return not any(folder.exists() for folder in left)
