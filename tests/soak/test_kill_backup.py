"""kill -9 at fifty random points of a backup and of a restore: the second try is whole, nothing is left.

pytest -m soak tests/soak/test_kill_backup.py
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.create_backup import create_backup
from flows.replay import replay
from flows.restore_backup import restore_backup
from flows.sync_scores import sync_scores
from flows.wiring import Home
from pseudonymize import no_progress
from tests.support.backups import killed
from tests.support.exports import write_mapping
from tests.support.homes import new_home, take
from tests.support.killed import check_nothing_left_over, contacts, first_export, kept, open_again

pytestmark = pytest.mark.soak

KILLS = 50


def kill_often(folder: Path, act: Callable[[], object], then: Callable[[], object]) -> None:
    """Kill it at random moments, and do what comes after each."""
    draw, done, longest = random.Random(7), 0, 1_000
    while done < KILLS:
        moment = draw.randint(1, longest)
        if killed(folder, moment, act):
            done += 1
        else:
            longest = min(longest, moment)
        then()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = new_home(tmp_path / "home")
    home.crm.add_contacts(contacts(60))
    take(home, first_export(tmp_path / "first.csv", 60), write_mapping(tmp_path / "mapping.yaml"))
    sync_scores(home, "sectra", no_progress)
    return tmp_path


def backed_up(folder: Path) -> dict[str, Any]:
    return create_backup(open_again(folder / "home"), folder / "backups", folder / "keys", no_progress)


def restored(folder: Path, made: dict[str, Any]) -> Home:
    home = open_again(folder / "home")
    shutil.rmtree(home.settings.home)
    restore_backup(home.settings, home.clock, made["data"], made["keys"], no_progress)
    return open_again(folder / "home")


def test_a_backup_after_one_that_was_killed_is_whole(folder: Path) -> None:
    def then() -> None:
        made = backed_up(folder)
        left = [path for name in ("backups", "keys") for path in (folder / name).glob("*.new")]
        assert not left
        assert made["data"].exists()
        shutil.rmtree(made["data"])

    kill_often(folder, lambda: backed_up(folder), then)


def test_a_restore_after_one_that_was_killed_is_whole(folder: Path) -> None:
    before, made = kept(open_again(folder / "home")), backed_up(folder)
    shutil.copytree(folder / "home" / "crm", folder / "crm")

    def then() -> None:
        home = restored(folder, made)
        shutil.copytree(folder / "crm", home.settings.home / "crm", dirs_exist_ok=True)
        replay(home)
        sync_scores(home, "sectra", no_progress)
        assert kept(home) == before
        check_nothing_left_over(home)
        assert not list(folder.glob("*.new"))
        for engine in (home.engine, home.keys_engine, home.register_engine):
            engine.dispose()

    kill_often(folder, lambda: restored(folder, made), then)
