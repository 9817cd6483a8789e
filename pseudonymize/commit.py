"""The order in which a run becomes visible, in one place (docs/decisions/0003).

    1. data keys                    in their own database; of no use alone, swept after a crash
    2. sealed rows, Parquet files   waiting under the run's id, unseen, swept after a crash
    3. one SQL transaction          vault, quarantine, manifest, index, evidence, run: all or nothing
    4. destroy and unlink           what the transaction has let go of; done again after a crash

A process killed anywhere leaves the state before step 3 or the state after it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from data.errors import VerificationFailed
from data.stores import policy_versions, runs, vendor_copies
from data.stores.response_files import ResponseFile
from data.stores.responses import Switch
from governance import evidence
from pseudonymize import breaches
from pseudonymize.at_vendor import AtVendor
from pseudonymize.room import Room
from pseudonymize.source import Source


def begin(room: Room, run: runs.Run) -> None:
    """Write down that the run has begun, so that a crash of it will be swept."""
    with room.engine.begin() as connection:
        runs.start(connection, run)


@dataclass(frozen=True, slots=True)
class Found:
    """What an import has found: files, counts, and rows of the quarantine that are taken in after all.

    What stays outside stands `at_vendor` all the same; responses in `restricted` are kept and not used.
    """

    files: Sequence[ResponseFile]
    counts: Mapping[str, int]
    resolved: Iterable[str]
    at_vendor: AtVendor
    restricted: Set[str]


def publish(room: Room, run: runs.Run, source: Source, found: Found) -> dict[str, int]:
    """Steps 3 and 4."""
    switch = room.responses.prepare(run.id, found.files)
    written = sum(file.rows for file in found.files)
    counts = {**found.counts, "new": written - switch.replaced, "replaced": switch.replaced}
    with room.engine.begin() as connection:
        _claim(connection, run)
        room.responses.publish(connection, switch, found.restricted)
        room.vault.publish(connection, run.id)
        room.quarantine.publish(connection, run.id, found.resolved)
        _note_policy(room, connection)
        files = [file.id for file in found.files]
        if source.raw_copy is not None:  # rows that are tried again are known, or gone by now
            vendor_copies.note_files(connection, run.controller, files)
        breaches.release(room, connection, run, files)
        breaches.note(room, connection, run, found.at_vendor)
        _end(room, connection, run, source.raw_copy, "published", counts)
    room.destroy_doomed_keys()
    room.responses.sweep()
    return counts


def publish_changed(
    room: Room,
    run: runs.Run,
    switch: Switch,
    counts: Mapping[str, int],
    also: Callable[[Connection], None] = lambda connection: None,
) -> None:
    """Steps 3 and 4 of a run that brings no answer, but changes what is kept of some.

    `also` changes what else has to be seen with it, in the same transaction.
    """
    with room.engine.begin() as connection:
        _claim(connection, run)
        room.responses.publish(connection, switch)
        also(connection)
        _end(room, connection, run, None, "published", counts)
    room.responses.sweep()


def refuse(room: Room, run: runs.Run, source: Source | None, counts: Mapping[str, int]) -> None:
    """End a run of which nothing is kept but the fact that it was refused."""
    room.clear(run.id)
    with room.engine.begin() as connection:
        _end(room, connection, run, source.raw_copy if source else None, "refused", counts)


def _note_policy(room: Room, connection: Connection) -> None:
    """Keep the policy under which answers come in, the first time that any do."""
    policy, now = room.policy, room.clock.now()
    if policy_versions.note(connection, policy.controller, policy.version, policy.source, now):
        details = {"controller": policy.controller, "policy": policy.version}
        evidence.record(connection, now, "policy in force", details)


def _claim(connection: Connection, run: runs.Run) -> None:
    if not runs.move(connection, run.id, "running", "published"):
        raise VerificationFailed("another process has swept this run away", hint="run it again")


def _end(
    room: Room,
    connection: Connection,
    run: runs.Run,
    raw_copy: Path | None,
    state: runs.RunState,
    counts: Mapping[str, int],
) -> None:
    now = room.clock.now()
    runs.finish(connection, run.id, state, now, counts)
    if raw_copy is not None:
        room.inbox.note(connection, raw_copy, now)
    details = {"run": run.id, "controller": run.controller, "survey": run.survey, "state": state}
    evidence.record(
        connection, now, run.kind, {**details, "policy": run.policy_version, "counts": dict(counts)}
    )
