"""The files of deletion plans, and the store that forgets them in their turn."""

from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, delete

from data.chunks import chunks
from data.errors import VerificationFailed
from data.store import Event, Holding, Subject, Why
from data.stores import holds, plans, tasks
from data.stores.holds import HOLDS
from data.stores.lookup import present
from data.stores.plans import PLANS, STEPS, PlanState
from data.stores.tasks import TASKS
from governance.deletion import Plan, digest, read_plan, written

#: A hold in force is no thing of this store, and nothing forgets it.
_LIFTED = HOLDS.c.lifted_at.is_not(None)


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """The folder of plans. Their ids are pseudonymous, so that a plan goes once it is verified."""

    folder: Path

    def path(self, plan_id: str) -> Path:
        """Where the plan of that id lies."""
        return self.folder / f"{plan_id}.json"

    def write(self, plan: Plan) -> str:
        """Write a plan; returns its digest."""
        content = written(plan)
        self.path(plan.id).write_bytes(content)
        self.path(plan.id).chmod(0o600)
        return digest(content)

    def read(self, state: PlanState) -> Plan:
        """A plan, to the byte as it was made. Raises `VerificationFailed` where it is not."""
        try:
            content = self.path(state.id).read_bytes()
        except OSError:
            content = b""
        if digest(content) != state.digest:
            raise VerificationFailed(
                f"the file of plan {state.id} is missing, or not as it was made",
                hint="nothing was deleted; make a new plan with `tillit retention plan`",
            )
        return read_plan(content)

    def is_whole(self, state: PlanState) -> bool:
        """Whether a plan's file is there as it was made."""
        try:
            return bool(self.read(state))
        except VerificationFailed:
            return False

    def sweep(self, kept: Collection[str]) -> None:
        """Delete every plan but some: a file that no plan knows was left by a stop. Needs the home's lock."""
        for path in self.folder.glob("*.json"):
            if path.stem not in kept:
                path.unlink()

    def drop(self, plan_id: str) -> None:
        """Delete a plan's file."""
        self.path(plan_id).unlink(missing_ok=True)


class PlanStore:
    """One controller's plans, tasks and what became of them, and the legal holds that are lifted."""

    name = "plans"
    by_hand = False

    def __init__(self, engine: Engine, register: Engine, files: PlanFiles, controller: str) -> None:
        self._engine = engine
        self._register = register
        self._files = files
        self._controller = controller

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        with self._engine.connect() as connection:
            made = plans.all_plans(connection, self._controller)
            todo = tasks.tasks(connection, self._controller)
        with self._register.connect() as connection:
            lifted = holds.lifted(connection, self._controller)
        waiting = {task.origin for task in todo if task.done_at is None}
        since = {plan.id: plan.made_at for plan in made if plan.id not in waiting}
        since |= {task.id: task.made_at for task in todo if task.done_at is not None}
        for one, at in (since | lifted).items():
            if ids is None or one in ids:
                yield Holding(one, {Event.COLLECTED: at}, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        """Plans that nobody has begun to carry out and that list something of the person: made anew.

        One that is begun keeps its list until it is verified, so that it can be.
        """
        known = subject.response_keys | subject.at_vendor | subject.rows
        with self._engine.connect() as connection:
            made, begun = (
                plans.all_plans(connection, self._controller),
                plans.begun(connection, self._controller),
            )
        waiting = [plan for plan in made if plan.id not in begun]
        return {plan.id for plan in waiting if self._lists(plan, known, subject.reference_keys)}

    def _lists(self, plan: PlanState, known: Set[str], references: Set[str]) -> bool:
        if not self._files.path(plan.id).exists():
            return False
        if not self._files.is_whole(plan):
            return True  # nobody can say what it lists, nor carry it out
        parts = self._files.read(plan).parts
        return any(one in known or one.partition("/")[0] in references for part in parts for one in part.ids)

    def forget(self, ids: Collection[str], why: Why) -> int:
        for plan_id in ids:
            self._files.drop(plan_id)
        gone = 0
        with self._engine.begin() as connection:
            for some in chunks(ids, 500):
                connection.execute(delete(STEPS).where(STEPS.c.plan_id.in_(some)))
                gone += connection.execute(delete(PLANS).where(PLANS.c.id.in_(some))).rowcount
                gone += connection.execute(delete(TASKS).where(TASKS.c.id.in_(some))).rowcount
        with self._register.begin() as connection:
            for some in chunks(ids, 500):
                gone += connection.execute(delete(HOLDS).where(HOLDS.c.id.in_(some), _LIFTED)).rowcount
        return gone

    def present(self, ids: Collection[str]) -> set[str]:
        with self._engine.connect() as connection:
            here = present(connection, PLANS.c.id, ids) | present(connection, TASKS.c.id, ids)
        with self._register.connect() as connection:
            return here | present(connection, HOLDS.c.id, ids, _LIFTED)
