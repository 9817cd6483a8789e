"""kill -9 at fifty random points of an erasure, a sweep, an undo and a replay: the second run ends it.

pytest -m soak tests/soak/test_kill_forgetting.py
"""

import os
import random
import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from data.clock import FixedClock
from data.records import CrmReference
from flows.apply_retention import apply
from flows.fulfil_case import fulfil
from flows.open_case import open_request
from flows.plan_retention import approve, make_plan
from flows.replay import replay
from flows.sync_scores import sync_scores
from flows.undo_run import undo
from flows.wiring import Home, Settings
from pseudonymize import no_progress
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import NOW, new_home, take
from tests.support.killed import Moments, check_nothing_left_over, kept
from tests.support.world import CONTROLLER, DECISION

pytestmark = pytest.mark.soak

KILLS = 50
Act = Callable[[Home], object]


def opened(folder: Path, days: int = 0) -> Home:
    return Home(Settings.read({}, folder), FixedClock(NOW + timedelta(days=days)))


def copied(source: Path, target: Path) -> Path:
    for end in ("", ".register"):
        shutil.rmtree(f"{target}{end}", ignore_errors=True)
        shutil.copytree(f"{source}{end}", f"{target}{end}")
    shutil.copy2(f"{source}.key", f"{target}.key")
    return target


def killed_at(moment: int, folder: Path, act: Act, days: int) -> bool:
    """Do it in a process that is killed at that moment; false where it ended before."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            Moments(str(folder), moment).watch()
            act(opened(folder, days))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of forty people in two cycles, with scores in the CRM and rows in quarantine."""
    folder = tmp_path_factory.mktemp("forgetting")
    home = new_home(folder / "base")
    home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(60))
    rows = [answer(n, text="", cycle=f"2026-Q{2 + n % 2}") for n in range(40)]
    rows += [answer(1, response_id="S-1", text=""), answer(1, response_id="B-1", score="11", text="")]
    take(home, write_export(folder / "e.csv", rows), write_mapping(folder / "mapping.yaml"))
    wrong = [answer(n, text="") for n in range(40, 50)]
    report = take(home, write_export(folder / "w.csv", wrong), folder / "mapping.yaml")
    (folder / "run").write_text(report.run_id)
    sync_scores(home, "sectra", no_progress)
    case = open_request(home, "sectra", "erase", "person1@example.com", "", named_in_text=False)
    (folder / "case").write_text(case.id)
    return folder


def erasure(base: Path) -> tuple[Path, Act, int]:
    case = (base / "case").read_text()
    return base / "base", lambda home: fulfil(home, CONTROLLER, case, DECISION), 0


def sweep(base: Path) -> tuple[Path, Act, int]:
    source, days = copied(base / "base", base / "swept"), 7 * 366
    home = opened(source, days)
    state, _ = make_plan(home, "sectra", no_progress)
    assert state
    approve(home, state.digest, "Eva Ek")
    return source, lambda home: apply(home, state.digest, no_progress, even_so=True), days


def undoing(base: Path) -> tuple[Path, Act, int]:
    run = (base / "run").read_text()
    return base / "base", lambda home: undo(home, run), 0


def replaying(base: Path) -> tuple[Path, Act, int]:
    source = copied(base / "base", base / "ahead")
    fulfil(opened(source), CONTROLLER, (base / "case").read_text(), DECISION)
    shutil.rmtree(source)
    shutil.copytree(base / "base", source)
    return source, replay, 0


@pytest.mark.parametrize("prepare", [erasure, sweep, undoing, replaying])
def test_it_is_done_on_the_second_run(base: Path, prepare: Callable[[Path], tuple[Path, Act, int]]) -> None:
    source, act, days = prepare(base)
    clean = copied(source, base / "clean")
    act(opened(clean, days))
    wanted = kept(opened(clean, days))
    draw, done, longest = random.Random(7), 0, 2_000
    while done < KILLS:
        moment = draw.randint(1, longest)
        home = copied(source, base / "killed")
        if not killed_at(moment, home, act, days):
            longest = min(longest, moment)
            continue
        done += 1
        again = opened(home, days)
        if prepare is not undoing or not _is_undone(again, base):
            act(again)
        assert kept(again) == wanted, f"killed at moment {moment}"
        check_nothing_left_over(again)


def _is_undone(home: Home, base: Path) -> bool:
    from data.stores import runs

    with home.engine.connect() as connection:
        run = runs.find(connection, (base / "run").read_text())
    return run is not None and run.state == "undone"
