"""Killed with SIGKILL at any moment, a second run ends in the same state as one clean run.

The moments are drawn at random, one from each stretch of a run; `KILL_SEED` draws the same again.
The long form of this proof is in tests/soak.
"""

import os
import random
import secrets
from pathlib import Path

import pytest

from tests.support.killed import Ground, Trial, imports_that_brought_something

SEED = int(os.environ.get("KILL_SEED") or secrets.randbits(32))

# The homes that every trial starts from are made once for all of them.
pytestmark = pytest.mark.xdist_group("killed")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("killed"), 300)


@pytest.mark.parametrize("stretch", range(2))
def test_an_import_killed_at_any_moment_and_run_again_ends_like_a_clean_one(
    ground: Ground, tmp_path: Path, stretch: int
) -> None:
    trial = ground.first_import
    home = trial.kill(tmp_path / "home", _moment(trial, stretch, 2))
    trial.check_killed(home)
    trial.repeat(home)
    assert imports_that_brought_something(home) == 1


@pytest.mark.parametrize("stretch", range(2))
def test_an_import_of_edits_killed_at_any_moment_and_run_again_ends_like_a_clean_one(
    ground: Ground, tmp_path: Path, stretch: int
) -> None:
    trial = ground.second_import
    home = trial.kill(tmp_path / "home", _moment(trial, stretch, 2))
    trial.check_killed(home)
    trial.repeat(home)
    assert imports_that_brought_something(home) == 2


@pytest.mark.parametrize("what", ["import_of_texts", "second_sync"])
def test_anything_else_killed_at_any_moment_and_run_again_ends_like_a_clean_one(
    ground: Ground, tmp_path: Path, what: str
) -> None:
    trial = getattr(ground, what)
    trial.repeat(trial.kill(tmp_path / "home", _moment(trial, 0, 1)))


def _moment(trial: Trial, stretch: int, stretches: int) -> int:
    moment = trial.spread(stretches, random.Random(SEED))[stretch]
    print(f"KILL_SEED={SEED}: killed at moment {moment} of {trial.moments}")  # noqa: T201 - shown on failure
    return moment
