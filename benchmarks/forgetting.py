"""How long forgetting and backups take in a large home, and how much memory.

python benchmarks/forgetting.py build --home DIR [--rows 1000000] about ten minutes, once
python benchmarks/forgetting.py erase --home DIR                  one person, store by store
python benchmarks/forgetting.py sweep --home DIR --on 2032-08-15  plan, apply and verify what is due then
python benchmarks/forgetting.py backup --home DIR                 create, restore beside it, replay
python benchmarks/forgetting.py rotate --home DIR                 new pseudonyms for everybody
python benchmarks/forgetting.py killed --home DIR                 the same, killed 20 times on its way
"""

import argparse
import csv
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from data.clock import FixedClock
from data.records import CrmReference
from data.stores import cases
from data.stores.plans import PlanState
from flows.apply_retention import apply
from flows.begin_case import Decision
from flows.create_backup import create_backup
from flows.fulfil_case import fulfil
from flows.ingest import exports, ingest
from flows.open_case import open_request
from flows.plan_retention import approve, make_plan
from flows.replay import replay
from flows.restore_backup import restore_backup
from flows.rotate_keys import rotate_keys
from flows.start_keys import ensure_keys
from flows.sync_scores import sync_scores
from flows.verify_retention import verify
from flows.wiring import Home, Settings
from governance.deletion import Plan
from pseudonymize import Steps, no_progress
from tests.support.exports import COLUMNS, answer, write_mapping
from tests.support.links import links, pseudonyms

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAYS = 500  # over which answers were given before NOW: none is past its 18 months at the vendor
CONTROLLER = "sectra"
KILLS, UNTIL_KILLED = 20, (5, 120)  # seconds
WHO = "person23456@example.com"


def opened(folder: Path, now: datetime) -> Home:
    return Home(Settings.read({}, folder), FixedClock(now))


def build(folder: Path, rows: int) -> dict[str, Any]:
    """A home of `rows` answers by four tenths as many people, with their scores in the CRM."""
    export = folder.with_suffix(".csv")
    people = max(1, rows * 4 // 10)
    with export.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.values())
        for number in range(rows):
            row = _row(number, rows, people)
            writer.writerow([row[name] for name in COLUMNS])
    home = opened(folder, NOW)
    ensure_keys(home, CONTROLLER)
    home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(people))
    (file_of,) = exports(home, "bench", export, write_mapping(folder.with_suffix(".yaml")))
    seconds = {"import": timed(lambda: ingest(home, file_of, "bench", None, None, True, no_progress))}
    seconds["sync"] = timed(lambda: sync_scores(home, CONTROLLER, no_progress))
    return {"seconds": seconds}


def erase(folder: Path) -> dict[str, Any]:
    """One person, from the answer to the certificate; seconds from one store to the next.

    Those of "vendor" are finding the person as well, those of "inbox" the last search of everything.
    """
    home = Home(Settings.read({}, folder), Running())
    case = open_request(home, CONTROLLER, "erase", WHO, "", named_in_text=False)
    home.stores(CONTROLLER)
    begun = home.clock.now()
    whole = timed(lambda: fulfil(home, CONTROLLER, case.id, Decision("Eva Ek", "address on file")))
    with home.engine.connect() as connection:
        steps = sorted(cases.steps(connection, case.id), key=lambda step: step.at)
    moments = [begun, *(step.at for step in steps)]
    between = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    return {"seconds": {**dict(zip((s.store for s in steps), between, strict=True)), "whole": whole}}


def back_up(folder: Path) -> dict[str, Any]:
    """A backup, put back beside the home that goes on with the same register and keys, and replayed."""
    home, there = Home(Settings.read({}, folder), Running()), folder.with_name(f"{folder.name} restored")
    made: dict[str, Any] = {}
    places = [folder.with_name(f"{folder.name} {what}") for what in ("backups", "keys of backups")]
    seconds = {"create": timed(lambda: made.update(create_backup(home, *places, no_progress)))}
    beside = {"TILLIT_REGISTER_URL": home.settings.register_url, "TILLIT_KEY_FILE": f"{folder}.key"}
    settings = Settings.read(beside, there)
    back = timed(lambda: restore_backup(settings, home.clock, made["data"], made["keys"], no_progress))
    seconds["restore"] = back
    seconds["replay"] = timed(lambda: replay(Home(settings, home.clock)))
    for path in (there, *places):
        shutil.rmtree(path)
    return {"seconds": seconds, "files": made["files"], "rows": made["rows"], "mb": made["bytes"] >> 20}


class Running:
    """The time of the benchmark's world, which passes as ours does."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.perf_counter() - self._begun)


def sweep(folder: Path, on: datetime) -> dict[str, Any]:
    """Plan, apply and verify everything that is due on a day."""
    home = opened(folder, on)
    seconds: dict[str, float] = {}
    made: list[tuple[PlanState | None, Plan]] = []
    seconds["plan"] = timed(lambda: made.append(make_plan(home, CONTROLLER, no_progress)))
    ((state, plan),) = made
    if state:
        digest = state.digest
        approve(home, digest, "Eva Ek")
        seconds["apply"] = timed(lambda: apply(home, digest, no_progress, even_so=True))
        seconds["verify"] = timed(lambda: verify(home, digest))
    due = {f"{part.store} {part.clause}": len(part.ids) for part in plan.parts}
    return {"seconds": seconds, "due": due, "of": dict(plan.totals)}


def rotate(folder: Path) -> dict[str, Any]:
    """New pseudonyms for everybody; seconds of each stretch of work, the commit and the rest in "whole"."""
    seconds: dict[str, float] = {}
    counts: dict[str, int] = {}

    def progress(what: str, total: int | None) -> Steps:
        begun = time.perf_counter()

        def steps(done: int) -> None:
            seconds[what] = round(time.perf_counter() - begun, 2)

        return steps

    home = opened(folder, NOW)
    seconds["whole"] = timed(lambda: counts.update(rotate_keys(home, CONTROLLER, progress)))
    return {"seconds": seconds, "counts": counts}


def killed(folder: Path) -> dict[str, Any]:
    """A rotation that is killed at random moments and gone on with, and who is linked to whom after it.

    `ended` counts those that came to their end before they were to be killed: the next is another rotation.
    """
    before, old = links(opened(folder, NOW)), pseudonyms(opened(folder, NOW))
    draw = random.Random(7)  # noqa: S311 - moments to kill at
    command = [sys.executable, __file__, "rotate", "--home", str(folder)]
    kills = ended = 0
    while kills < KILLS:
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            if running.wait(draw.uniform(*UNTIL_KILLED)):
                raise SystemExit("a rotation failed")
            ended += 1
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            kills += 1
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    home = opened(folder, NOW)
    same = links(home) == before
    return {"kills": kills, "ended": ended, "same links": same, "old left": len(old & pseudonyms(home))}


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return round(time.perf_counter() - begun, 2)


def _row(number: int, rows: int, people: int) -> dict[str, str]:
    at = NOW - timedelta(days=DAYS * (rows - number) / rows)
    cycle = f"{at.year}-Q{(at.month + 2) // 3}"
    when = f"{at:%Y-%m-%d %H:%M:%S}"
    times = {"answered_at": when, "modified_at": when}
    return answer(number % people, response_id=f"R-{number:07}", cycle=cycle, text="", **times)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["build", "erase", "sweep", "rotate", "killed", "backup"])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--on", type=lambda text: datetime.fromisoformat(f"{text}T12:00:00+00:00"), default=NOW
    )
    asked = parser.parse_args()
    figures = {
        "build": lambda: build(asked.home, asked.rows),
        "erase": lambda: erase(asked.home),
        "sweep": lambda: sweep(asked.home, asked.on),
        "rotate": lambda: rotate(asked.home),
        "killed": lambda: killed(asked.home),
        "backup": lambda: back_up(asked.home),
    }[asked.what]()
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
