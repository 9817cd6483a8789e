"""The long proof that a kill at any moment leaves nothing half-done: fifty moments, and more.

`KILL_SEED` draws the same moments again.
"""

import os
import random
import secrets
import shutil
from pathlib import Path

import pytest

from flows.wiring import Home, Settings
from tests.support.exports import write_mapping
from tests.support.killed import (
    Ground,
    check_nothing_left_over,
    copy_of,
    do,
    first_export,
    kept,
    kill,
    moments_of,
    open_again,
)

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("kills")]

SEED = int(os.environ.get("KILL_SEED") or secrets.randbits(32))

#: How often each thing is killed: fifty times in all.
KILLS = {
    "first_import": 12,
    "import_of_texts": 4,
    "second_import": 12,
    "first_sync": 6,
    "second_sync": 6,
    "retry": 6,
    "discard": 4,
}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Enough rows for several batches."""
    return Ground(tmp_path_factory.mktemp("ground"), 700)


@pytest.fixture
def chance() -> random.Random:
    print(f"KILL_SEED={SEED}")  # noqa: T201 - shown on failure
    return random.Random(SEED)


@pytest.mark.parametrize("what", KILLS)
def test_killed_at_fifty_moments_each_second_run_ends_like_a_clean_one(
    ground: Ground, tmp_path: Path, chance: random.Random, what: str
) -> None:
    trial = getattr(ground, what)
    for moment in trial.spread(KILLS[what], chance):
        print(f"killed at moment {moment} of {trial.moments}")  # noqa: T201
        home = trial.kill(tmp_path / "home", moment)
        if trial.action != "sync":  # which hands scores over batch by batch
            trial.check_killed(home)
        trial.repeat(home)
        _remove(home)


@pytest.mark.parametrize("what", ["first_import", "second_import", "second_sync", "retry"])
def test_killed_again_while_it_recovers_a_third_run_ends_like_a_clean_one(
    ground: Ground, tmp_path: Path, chance: random.Random, what: str
) -> None:
    trial = getattr(ground, what)
    for moment in trial.spread(4, chance):
        home = trial.kill(tmp_path / "home", moment)
        again = chance.randrange(1, 40)  # clearing up comes first
        print(f"killed at moment {moment} of {trial.moments}, then at {again}")  # noqa: T201
        kill(home.settings, trial.action, *trial.options, at=again)
        trial.repeat(home)
        _remove(home)


@pytest.mark.parametrize("what", ["first_import", "second_import", "first_sync"])
def test_killed_from_outside_at_any_time_a_second_run_ends_like_a_clean_one(
    ground: Ground, tmp_path: Path, chance: random.Random, what: str
) -> None:
    trial = getattr(ground, what)
    for _ in range(10):
        seconds = chance.uniform(0, trial.seconds)
        print(f"killed after {seconds:.3f} of {trial.seconds:.3f} seconds")  # noqa: T201
        home = trial.kill_from_outside(tmp_path / "home", seconds)
        trial.repeat(home)
        _remove(home)


def test_an_export_that_is_to_be_consumed_is_imported_before_it_is_gone(
    ground: Ground, tmp_path: Path, chance: random.Random
) -> None:
    export, mapping = tmp_path / "export.csv", write_mapping(tmp_path / "mapping.yaml")
    first_export(export, 60)
    clean = copy_of(ground.new, tmp_path / "clean")
    moments = moments_of(clean.settings, "consume", export, mapping)
    # The last moments are those of the deletion itself.
    for moment in [*(chance.randrange(1, moments + 1) for _ in range(5)), moments - 1, moments]:
        first_export(export, 60)
        home = copy_of(ground.new, tmp_path / "home")
        kill(home.settings, "consume", export, mapping, at=moment)
        if export.exists():
            do("consume", home, export, mapping)
        assert not export.exists()
        assert kept(home) == kept(clean)
        check_nothing_left_over(home)
        _remove(home)


def test_a_home_whose_keys_are_made_can_be_killed_at_each_moment(tmp_path: Path, mapping: Path) -> None:
    settings = Settings.read({}, tmp_path / "clean")
    export = first_export(tmp_path / "export.csv", 10)
    for moment in range(1, moments_of(settings, "keys") + 1):
        killed = Settings.read({}, tmp_path / f"killed at moment {moment:03}")
        kill(killed, "keys", at=moment)
        home = open_again(killed.home)
        print(f"killed at moment {moment}")  # noqa: T201
        do("keys", home)
        do("import", home, export, mapping)
        check_nothing_left_over(home)
        assert set(tmp_path.glob(f"*{killed.home.name}*")) == {killed.home, killed.key_file}
        _remove(home)


def _remove(home: Home) -> None:
    shutil.rmtree(home.settings.home)
    home.settings.key_file.unlink()
