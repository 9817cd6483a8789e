"""A new pseudonym for everybody, under a new key, and the end of the old key.

    1. the new key                  not in force yet
    2. the vault, the other stores' pseudonyms, the Parquet files, each piece by piece: all of it waits unseen
    3. one SQL transaction          vault, index, ledger, manifest and the key in force: all or nothing
    4. the old key is destroyed, old files are unlinked; done again after a crash

A stop in step 2 is gone on from by the next rotation; any other run that comes first clears it away.
Whoever is in the vault gets the pseudonym that their next answer will have, so that links go on; where no
identity is left the new pseudonym is random, and the answers under it stay linked to each other.
"""

import secrets
from dataclasses import dataclass

import pyarrow as pa
from sqlalchemy import Connection

from data.stores import keys_in_force, new_pseudonyms, runs
from data.stores.crm_ledger import CRM_LEDGER
from data.stores.new_pseudonyms import Replacement
from data.stores.responses import INDEX, Switch
from pseudonymize import commit
from pseudonymize.keys import DomainKey
from pseudonymize.rekey_vault import VaultUnderNewKey
from pseudonymize.reports import Progress, no_progress
from pseudonymize.rewrite import new_run, or_refuse
from pseudonymize.room import Room

_DOMAIN, _KIND = "respondent", "rotate"
_PSEUDONYM_BYTES = 32
#: Where pseudonyms stand beside the vault.
_TABLES = (INDEX, CRM_LEDGER)


def rotate_pseudonyms(room: Room, progress: Progress) -> dict[str, int]:
    """Give everybody a new pseudonym and destroy the key of the old ones. Needs the home's lock.

    Returns the version of the new key, and how many pseudonyms and answers there are. Raises `KeyUnavailable`
    where a person's data key is missing; then the old pseudonyms stay.
    """
    run = _stopped(room) or _begin(room)
    with or_refuse(room, run):
        rotation = _Rotation(room, run.id, room.ring.next_domain_key(_DOMAIN, room.clock.now()))
        rotation.stage_people(progress)
        switch = rotation.rewrite(progress)
        counts = rotation.counts(switch)
    commit.publish_changed(room, run, switch, counts, rotation.publish)
    room.ring.destroy_retired()
    return counts


def rotate_if_needed(room: Room) -> int:
    """Rotate where the data is of before the last rotation; returns how many pseudonyms are new."""
    if not room.ring.exists() or room.ring.is_there(_DOMAIN):
        return 0
    return rotate_pseudonyms(room, no_progress)["pseudonyms"]


@dataclass(frozen=True, slots=True)
class _Rotation:
    """One rotation under way."""

    room: Room
    run_id: str
    key: DomainKey

    @property
    def vault(self) -> VaultUnderNewKey:
        return VaultUnderNewKey(self.room, self.run_id, self.key)

    def stage_people(self, progress: Progress) -> None:
        """A new pseudonym for everybody in the vault, and then for those of whom no identity is left."""
        steps = progress("sealing people for new pseudonyms", self.room.vault.count())
        for done in self.vault.stage():
            steps(done)
        controller = self.room.policy.controller
        with self.room.engine.begin() as connection:
            for table in _TABLES:
                unknown = new_pseudonyms.missing(connection, self.run_id, table, controller)
                chosen = {old: secrets.token_hex(_PSEUDONYM_BYTES) for old in unknown}
                new_pseudonyms.add(connection, self.run_id, chosen)

    def rewrite(self, progress: Progress) -> Switch:
        """Copies of all files with the new pseudonyms."""
        with self.room.engine.connect() as connection:
            replaced = Replacement(connection, self.run_id, self.key.version)
        files = self.room.responses.files(self.room.policy.controller)
        steps = progress("writing answers with new pseudonyms", sum(file.rows for file in files))

        def change(answers: pa.Table) -> pa.Table:
            steps(len(answers))
            return replaced(answers)

        return self.room.responses.prepare_changed(self.run_id, files, change)

    def counts(self, switch: Switch) -> dict[str, int]:
        """What the rotation tells of itself."""
        with self.room.engine.connect() as connection:
            pseudonyms = new_pseudonyms.count(connection, self.run_id)
        answers = sum(file.rows for file in switch.kept.values() if file)
        return {"key version": self.key.version, "pseudonyms": pseudonyms, "answers": answers}

    def publish(self, connection: Connection) -> None:
        """Put all that waits, and the key, in the place of the old ones."""
        controller = self.room.policy.controller
        self.vault.publish(connection)
        for table in _TABLES:
            new_pseudonyms.replace(connection, self.run_id, table, controller)
        keys_in_force.note(connection, controller, _DOMAIN, self.key.version)
        new_pseudonyms.forget(connection, self.run_id)


def _stopped(room: Room) -> runs.Run | None:
    """A rotation that was stopped, with nothing after it: what waits for it is still good."""
    with room.engine.connect() as connection:
        found = [runs.find(connection, run) for run in runs.unfinished(connection, room.policy.controller)]
    stopped = [run for run in found if run and run.kind == _KIND and run.state == "running"]
    return stopped[0] if len(found) == len(stopped) == 1 else None


def _begin(room: Room) -> runs.Run:
    room.sweep()
    run = new_run(room, _KIND, None)
    commit.begin(room, run)
    return run
