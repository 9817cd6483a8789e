"""No sequence of imports, edits, backups, restores, rotations and kills brings an erased person back.

No restricted row is used, no correction is undone, no row outlives its clocks, and nothing else is lost, no
link and no request either: a model of what should be kept goes along.
"""

import tempfile
from pathlib import Path

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from data.stores.cases import CaseKind
from tests.support.world import World

PEOPLE, SCORES = st.integers(0, 4), st.integers(1, 10)
#: The moment at which a first try is killed; mostly none is.
KILLS = st.one_of(st.just(0), st.just(0), st.integers(1, 250))


class Forgetting(RuleBasedStateMachine):
    """Everything that can happen to a home, in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="tillit-world-")
        self.world = World(Path(self.folder.name))
        for person in range(3):
            self.world.answer(person, 9)
        self.world.take_in(0)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule(person=PEOPLE, score=SCORES)
    def answer(self, person: int, score: int) -> None:
        self.world.answer(person, score)

    @rule(number=st.integers(0, 100), score=SCORES)
    def edit(self, number: int, score: int) -> None:
        self.world.now += relativedelta(hours=1)
        self.world.edit(number % len(self.world.vendor), score)

    @rule(kill_at=KILLS)
    def take_in(self, kill_at: int) -> None:
        self.world.take_in(kill_at)

    @rule(months=st.integers(1, 12), kill_at=KILLS)
    def backfill(self, months: int, kill_at: int) -> None:
        self.world.take_in(kill_at, self.world.now - relativedelta(months=months))

    @rule(kill_at=KILLS)
    def sync(self, kill_at: int) -> None:
        self.world.sync(kill_at)

    @rule(person=PEOPLE, kill_at=KILLS)
    def end_customer(self, person: int, kill_at: int) -> None:
        self.world.end_customer(person, kill_at)

    @rule(months=st.sampled_from([1, 7, 13, 19, 85]))
    def wait(self, months: int) -> None:
        self.world.now += relativedelta(months=months)

    @rule(person=PEOPLE, kill_at=KILLS)
    def erase(self, person: int, kill_at: int) -> None:
        self.world.ask("erase", person, kill_at)

    @rule(person=PEOPLE, kind=st.sampled_from(["object", "withdraw"]), kill_at=KILLS)
    def object(self, person: int, kind: CaseKind, kill_at: int) -> None:
        self.world.ask(kind, person, kill_at)

    @precondition(lambda self: self.world.objected)
    @rule(which=st.integers(0, 4))
    def lift(self, which: int) -> None:
        objecting = sorted(self.world.objected)
        self.world.ask("lift-objection", objecting[which % len(objecting)], 0)

    @rule(person=PEOPLE, kill_at=KILLS)
    def restrict(self, person: int, kill_at: int) -> None:
        self.world.ask("restrict", person, kill_at)

    @precondition(lambda self: self.world.restricted)
    @rule(which=st.integers(0, 4), kill_at=KILLS)
    def unrestrict(self, which: int, kill_at: int) -> None:
        restricted = sorted(self.world.restricted)
        self.world.ask("unrestrict", restricted[which % len(restricted)], kill_at)

    @rule(person=PEOPLE, score=SCORES, kill_at=KILLS)
    def rectify(self, person: int, score: int, kill_at: int) -> None:
        self.world.rectify(person, score, kill_at)

    @rule(person=PEOPLE)
    def ask_for_access(self, person: int) -> None:
        self.world.ask_for_access(person)

    @precondition(lambda self: self.world.waiting)
    @rule(which=st.integers(0, 4), kill_at=KILLS)
    def drop(self, which: int, kill_at: int) -> None:
        self.world.drop(which, kill_at)

    @rule(kill_at=KILLS)
    def retain(self, kill_at: int) -> None:
        self.world.retain(kill_at)

    @precondition(lambda self: self.world.model.runs)
    @rule()
    def take_back(self) -> None:
        self.world.take_back(0)

    @rule(kill_at=KILLS)
    def rotate(self, kill_at: int) -> None:
        self.world.rotate(kill_at)

    @rule(kill_at=KILLS)
    def rotate_register(self, kill_at: int) -> None:
        self.world.rotate_register(kill_at)

    @rule(kill_at=KILLS)
    def back_up(self, kill_at: int) -> None:
        self.world.back_up(kill_at)

    @precondition(lambda self: self.world.backups)
    @rule(which=st.integers(0, 5), kill_at=KILLS)
    def restore(self, which: int, kill_at: int) -> None:
        self.world.restore(which, kill_at)

    @invariant()
    def home_and_model_agree(self) -> None:
        if hasattr(self, "world"):
            self.world.check()


def settled(examples: int, steps: int) -> settings:
    """So many examples of so many steps each; homes take their time."""
    quiet = list(HealthCheck)
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet
    )


def test_no_sequence_brings_an_erased_person_back_and_nothing_else_is_lost() -> None:
    run_state_machine_as_test(Forgetting, settings=settled(8, 15))
