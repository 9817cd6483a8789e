"""Backups as stores: what is kept, and the keys that open it, each with a clock of its own."""

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import OutsideSystemFailed
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
#: What is at its end is deleted by `retain`, which runs every night: so it can be there for a night more.
_UNTIL_NIGHT = timedelta(days=1)


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
        policy = self.home.policy(self.controller)
        for backup in self.known():
            if ids is None or backup.id in ids:
                # One that ends before its period does is as old as one whose period ends then.
                early = end_of(policy, self.part, backup.made_at) - backup.ends_at
                started = backup.made_at - max(early, timedelta())
                yield Holding(backup.id, {Event.COLLECTED: started}, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        return ()

    def forget(self, ids: Collection[str], why: Why) -> int:
        """Delete folders. One whose disk is not there stays on the list, and `present` says so."""
        gone = [backup.id for backup in self.known() if backup.id in ids and delete(backup.place)]
        with self.home.register_engine.begin() as connection:
            return backups.forget(connection, gone, self.part)

    def present(self, ids: Collection[str]) -> set[str]:
        return {backup.id for backup in self.known()} & set(ids)

    def known(self) -> list[Backup]:
        """Every backup of which this part is there, oldest first."""
        with self.home.register_engine.connect() as connection:
            return backups.known(connection, self.controller, self.part)


def check_disk(home: "Home", folder: Path) -> None:
    """Raise `OutsideSystemFailed` where backups that are known lie in a folder that is not to be seen.

    Marked, an empty mount point would be taken for the disk, and what is on that for gone.
    """
    with home.register_engine.connect() as connection:
        known = any(place.parent == folder for place in backups.places(connection))
    if known and not _is_within_reach(folder):
        raise OutsideSystemFailed(
            f"{folder} has backups, and they are not to be seen: the disk seems to be away",
            hint="bring the disk back, or name another folder until it is there",
        )


def lies_among_backups(folder: Path) -> bool:
    """Whether a folder lies in one of backups, where it would end with them or hide them."""
    return any((parent / _MARK).exists() for parent in folder.parents)


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
                    end = end_of(policy, part, one.made_at)
                    found[one] = min(end, one.ends_at, found.get(one, end))
    return [
        {"backup": one.id, "part": one.part, "made_at": one.made_at, "until": end, "place": str(one.place)}
        | {"within_reach": _is_within_reach(one.place.parent)}
        for one, end in sorted(found.items(), key=lambda item: (item[0].made_at, item[0].id, item[0].part))
    ]


def readable_until(home: "Home", policy: Policy, deleted_at: datetime) -> datetime | None:
    """Until when (UTC) what was deleted can be read from a backup; None where none is left with its keys."""
    with home.register_engine.connect() as connection:
        found = backups.known(connection, policy.controller, "keys")
    ends = [end_of(policy, "keys", b.made_at) + _UNTIL_NIGHT for b in found if b.made_at <= deleted_at]
    return max(ends, default=None)


def end_keys_by(home: "Home", case: Case, policy: Policy) -> None:
    """Delete now the keys of those backups that would outlive the last moment for an answer to a case.

    A backup that is made later holds nothing of the person. Where keys are out of reach, that is an alarm;
    they end then all the same, so that the first night on which they can be reached deletes them.
    """
    keys = BackupStore(home, policy.controller, "keys")
    ends = {one.id: end_of(policy, "keys", one.made_at) + _UNTIL_NIGHT for one in keys.known()}
    late = [backup_id for backup_id, end in ends.items() if end > case.due_at]
    if not late:
        return
    with home.register_engine.begin() as connection:
        backups.end_by(connection, late, "keys", home.clock.now())
    gone = keys.forget(late, "erasure")
    told = {"controller": policy.controller, "case": case.id}
    with home.engine.begin() as connection:
        evidence.record(connection, home.clock.now(), "backup keys ended", {**told, "count": gone})
        if left := len(late) - gone:
            says = {**told, "says": "who was erased can be read from a backup after the deadline"}
            evidence.record(connection, home.clock.now(), "alarm", {**says, "count": left})


def end_of(policy: Policy, part: Part, made_at: datetime) -> datetime:
    """When (UTC) the period of a part of a backup ends."""
    return deadline(policy, _NAMES[part], {Event.COLLECTED: made_at}).at


def delete(place: Path) -> bool:
    """Delete a part of a backup, also one that is being made; returns whether it was seen to be gone."""
    left = (place, place.with_name(f"{place.name}.new"))
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    there = _names(place.parent)
    return _MARK in there and not there & {folder.name for folder in left}


def is_there(place: Path) -> bool:
    """Whether a part of a backup can be seen."""
    return place.name in _names(place.parent)


def _is_within_reach(folder: Path) -> bool:
    return _MARK in _names(folder)


def _names(folder: Path) -> set[str]:
    """What is in a folder; nothing where its disk is away, or does not answer."""
    try:
        return {path.name for path in folder.iterdir()}
    except OSError:
        return set()
