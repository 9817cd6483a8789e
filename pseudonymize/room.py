"""Everything that one controller's raw room holds, built once and handed around inside it."""

from dataclasses import dataclass

from sqlalchemy import Engine, delete, select

from data.chunks import chunks
from data.clock import Clock
from data.stores import new_pseudonyms, runs
from data.stores.cases import CASES
from data.stores.responses import ResponseStore
from governance import evidence
from governance.policy import Policy
from pseudonymize.inbox import Inbox
from pseudonymize.keys import KeyRing
from pseudonymize.quarantine import QUARANTINE, Quarantine
from pseudonymize.redact import Redactor
from pseudonymize.register import Register
from pseudonymize.vault import Vault
from pseudonymize.vault_tables import DOOMED_KEYS, PEOPLE


@dataclass(frozen=True, slots=True)
class Room:
    """One controller's policy, keys, stores, redactor and clock."""

    policy: Policy
    engine: Engine
    ring: KeyRing
    vault: Vault
    quarantine: Quarantine
    inbox: Inbox
    responses: ResponseStore
    redactor: Redactor
    register: Register
    clock: Clock

    @classmethod
    def build(
        cls,
        policy: Policy,
        engine: Engine,
        ring: KeyRing,
        responses: ResponseStore,
        redactor: Redactor,
        register: Register,
        clock: Clock,
    ) -> "Room":
        """Put a room together around one database and one key ring."""
        return cls(
            policy=policy,
            engine=engine,
            ring=ring,
            vault=Vault(engine, ring, policy.controller),
            quarantine=Quarantine(engine, ring, policy.controller),
            inbox=Inbox(engine, ring, policy),
            responses=responses,
            redactor=redactor,
            register=register,
            clock=clock,
        )

    def sweep(self) -> list[str]:
        """Clear away what crashed runs left; returns their ids. Needs the home's lock."""
        with self.engine.connect() as connection:
            unfinished = runs.unfinished(connection, self.policy.controller)
        crashed = [run_id for run_id in unfinished if self._take_over(run_id)]
        for run_id in crashed:
            self.clear(run_id)
        self.responses.sweep()
        self.destroy_doomed_keys()
        self.ring.destroy_retired()
        self._destroy_keys_of_no_case()
        self.inbox.forget_gone()
        now = self.clock.now()
        for run_id in crashed:
            details = {"run": run_id, "controller": self.policy.controller, "state": "swept"}
            with self.engine.begin() as connection:
                runs.finish(connection, run_id, "swept", now, {})
                evidence.record(connection, now, "crashed run swept", details)
        return crashed

    def _destroy_keys_of_no_case(self) -> None:
        """A case's key is made before the case; a kill between the two leaves it alone."""
        with self.engine.connect() as connection:
            used = set(connection.scalars(select(CASES.c.key_id)))
        self.ring.destroy(self.ring.data_key_ids("case") - used)

    def _take_over(self, run_id: str) -> bool:
        with self.engine.begin() as connection:
            return runs.move(connection, run_id, "running", "sweeping") or runs.move(
                connection, run_id, "sweeping", "sweeping"
            )

    def clear(self, run_id: str) -> None:
        """Forget everything that one unpublished run has written.

        Nothing published refers to a key that this run made, so that all of them can go.
        """
        self.vault.sweep(run_id)
        self.quarantine.sweep(run_id)
        with self.engine.begin() as connection:
            new_pseudonyms.forget(connection, run_id)
        self.ring.destroy_run(run_id)
        self.responses.sweep()

    def check_data_keys(self) -> None:
        """Raise `KeyUnavailable` unless every sealed row has its data key."""
        with self.engine.connect() as connection:
            for table, purpose in ((PEOPLE, "person"), (QUARANTINE, "quarantine"), (CASES, "case")):
                mine = (table.c.controller == self.policy.controller) & (table.c.key_id != "")
                self.ring.data_keys(purpose, connection.scalars(select(table.c.key_id).where(mine)).all())

    def destroy_doomed_keys(self) -> None:
        """Destroy the data keys whose rows a published run has let go of."""
        with self.engine.connect() as connection:
            doomed = list(connection.scalars(select(DOOMED_KEYS.c.key_id)))
        self.ring.destroy(doomed)
        with self.engine.begin() as connection:
            for some in chunks(doomed, 500):
                connection.execute(delete(DOOMED_KEYS).where(DOOMED_KEYS.c.key_id.in_(some)))
