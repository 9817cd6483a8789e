"""Runs that are killed with SIGKILL, and everything that must be the same afterwards.

As a program it does one thing to a home and, where it is told a moment, kills itself at that moment:

    python -m tests.support.killed --home DIR [--kill-at N] ACTION [FILE] [MAPPING]

A moment is anything that touches the state: a file opened, made, moved or removed, a statement, a
commit. A run that lives prints how many moments it had.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, event, select

from data.clock import FixedClock
from data.records import CrmReference, SurveyCycle
from data.stores import crm_ledger
from data.stores.cases import CASES
from data.stores.crm import SCORES
from data.stores.responses import FILES, INDEX
from data.stores.runs import RUNS
from flows.change_responses import rescan_responses, withhold_response
from flows.ingest import discard_quarantine, retry_quarantine
from flows.start_keys import ensure_keys
from flows.sync_scores import sync_scores
from flows.wiring import Home, Settings
from governance import evidence
from pseudonymize import no_progress, open_reference
from pseudonymize.keys import DATA_KEYS
from pseudonymize.quarantine import QUARANTINE, WAITING
from pseudonymize.seal import unseal
from pseudonymize.vault_links import LINKS_WAITING
from pseudonymize.vault_tables import DOOMED_KEYS, PEOPLE, PEOPLE_WAITING, RESPONSES, RESPONSES_WAITING
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import NOW, false_links, new_home, stored, take

ROOT = Path(__file__).parents[2]
CONTROLLER = "sectra"

_FILE_EVENTS = {"open", "os.mkdir", "os.remove", "os.rename", "os.link", "os.rmdir", "os.truncate"}


_LATER = "2026-10-01 10:00:00"


@dataclass
class Moments:
    """Counts the moments of this process, and kills it at the one that it is told."""

    folder: str
    fatal: int
    passed: int = 0
    opened: bool = False

    def watch(self) -> None:
        """Begin to count. An audit hook can never be taken away: it belongs in a process of its own."""
        sys.addaudithook(self._file)
        event.listen(Engine, "before_cursor_execute", self._database)
        event.listen(Engine, "commit", self._database)

    def _file(self, name: str, details: tuple[Any, ...]) -> None:
        if name not in _FILE_EVENTS:
            return
        # A number is a file that was opened just before, on its way to become a Python file. Others are the
        # pipes of worker processes, whose number is never the same.
        ours = self.opened if isinstance(details[0], int) else str(details[0]).startswith(self.folder)
        self.opened = ours and name == "open" and not isinstance(details[0], int)
        if ours:
            self._next()

    def _database(self, *_: Any) -> None:
        self._next()

    def _next(self) -> None:
        self.passed += 1
        if self.passed == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def open_again(folder: Path, environ: Mapping[str, str] | None = None) -> Home:
    """A home that is there already, at the tests' own time."""
    return Home(Settings.read(environ or {}, folder), FixedClock(NOW))


def copy_of(home: Home, folder: Path) -> Home:
    """Another home with the same keys and the same content."""
    shutil.copytree(home.settings.home, folder)
    shutil.copytree(f"{home.settings.home}.register", f"{folder}.register")
    shutil.copy2(home.settings.key_file, f"{folder}.key")
    return open_again(folder)


def first_export(path: Path, people: int, text: str = "") -> Path:
    """Answers of two cycles and a small third one, with all that can be odd about a row that is read."""
    plain = [_of_cycle(number, text=text) for number in range(people)]
    again = [_of_cycle(n, response_id=f"S-{n:05}", cycle="2026-Q1", text=text) for n in (0, 1)]
    edited = [_of_cycle(number, score="2", modified_at=_LATER, text=text) for number in (2, 3)]
    odd = [
        answer(9001, email="shared@example.com", text=text),
        answer(9002, email="Shared@Example.com", text=text),
        answer(9003, email="", text=text),
        answer(9004, first_name="", last_name="", score="", text=text),
        answer(9005, crm_reference="", text=text),
    ]
    bad = [
        answer(9101, score="11"),
        answer(9102, email="nobody.at.example"),
        answer(9103, score="4"),
        answer(9103, score="5"),
    ]
    return write_export(path, [*plain, *again, *edited, *odd, *bad, plain[4]])


def second_export(path: Path, text: str = "") -> Path:
    """Edits of the first: every file of it is rewritten, one is left empty, one person vanishes."""
    scores = [_of_cycle(number, score="1", modified_at=_LATER, text=text) for number in range(5, 12)]
    emptied = [
        _of_cycle(n, response_id=f"S-{n:05}", cycle="2026-Q2", modified_at=_LATER, text=text) for n in (0, 1)
    ]
    identities = [
        _of_cycle(12, email="corrected@example.com", modified_at=_LATER, text=text),
        _of_cycle(13, score="", modified_at=_LATER, text=text),
        _of_cycle(14, crm_reference="c0ffee00-0000-0000-0001-000000000014", modified_at=_LATER, text=text),
        answer(9201, email="person15@example.com", text=text),
        answer(9002, email="own@example.com", modified_at=_LATER, text=text),
    ]
    new = [answer(9202, text=text), answer(9101, score="11"), answer(9203, score="ten")]
    return write_export(path, [*scores, *emptied, *identities, *new])


def contacts(people: int) -> list[CrmReference]:
    """Those whom the CRM knows of them: not everybody."""
    numbers = [number for number in (*range(people), *range(9001, 9300)) if number % 10]
    return [CrmReference(answer(number)["crm_reference"]) for number in numbers]


def start(settings: Settings, action: str, *options: object, kill_at: int = 0) -> subprocess.Popen[str]:
    """The program above, on its way. It says "begun" as soon as it is about to do what it was asked."""
    command = [sys.executable, "-m", "tests.support.killed", "--home", settings.home, "--kill-at", kill_at]
    urls = {"TILLIT_STATE_URL": settings.state_url, "TILLIT_KEYS_URL": settings.keys_url}
    return subprocess.Popen(
        [str(part) for part in (*command, action, *options)],
        cwd=ROOT,
        env={**os.environ, **urls, "TILLIT_KEY_FILE": str(settings.key_file)},
        stdout=subprocess.PIPE,
        text=True,
    )


def moments_of(settings: Settings, action: str, *options: object) -> int:
    """Do it and let it live; returns how many moments it had."""
    return _moments_of(start(settings, action, *options))


def kill(settings: Settings, action: str, *options: object, at: int) -> None:
    """Do it and kill it at a moment. Fails where it ended in another way."""
    process = start(settings, action, *options, kill_at=at)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, f"the run was not killed at its moment {at}"


@dataclass(frozen=True)
class Trial:
    """One thing that is done to a home, and what the home keeps before it and after one clean run."""

    home: Home
    action: str
    options: tuple[Path, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    moments: int
    seconds: float

    @classmethod
    def of(cls, home: Home, folder: Path, action: str, *options: Path) -> "Trial":
        """Do it once, cleanly, to a copy in `folder`."""
        clean = copy_of(home, folder)
        process = start(clean.settings, action, *options)
        begun = _wait_until_begun(process)
        moments, seconds = _moments_of(process), time.monotonic() - begun
        check_nothing_left_over(clean)
        return cls(home, action, options, kept(home), kept(clean), moments, seconds)

    def spread(self, kills: int, chance: random.Random) -> list[int]:
        """Random moments, one in each of as many stretches of the run."""
        ends = [1 + self.moments * number // kills for number in range(kills + 1)]
        return [chance.randrange(first, end) for first, end in pairwise(ends)]

    def kill(self, folder: Path, at: int) -> Home:
        """The home as it stands after a run of a copy was killed at a moment."""
        killed = copy_of(self.home, folder)
        kill(killed.settings, self.action, *self.options, at=at)
        return killed

    def kill_from_outside(self, folder: Path, after: float) -> Home:
        """The same, killed by somebody else so many seconds after it began, or ended by then."""
        killed = copy_of(self.home, folder)
        process = start(killed.settings, self.action, *self.options)
        _wait_until_begun(process)
        time.sleep(after)
        process.kill()
        process.communicate()
        return killed

    def check_killed(self, home: Home) -> None:
        """A reader sees the old state or the new one, and nothing between."""
        assert kept(home) in (self.before, self.after)

    def repeat(self, home: Home) -> None:
        """Do it again, in this process, and compare the home with the one after one clean run."""
        do(self.action, home, *self.options)
        assert kept(home) == self.after
        check_nothing_left_over(home)


class Ground:
    """Homes and exports to try kills on, each made when it is first asked for."""

    def __init__(self, folder: Path, people: int) -> None:
        self._folder = folder
        self._first = first_export(folder / "first.csv", people)
        self._second = second_export(folder / "second.csv")
        self._mapping = write_mapping(folder / "mapping.yaml")
        self.new = new_home(folder / "new")
        self.new.crm.add_contacts(contacts(people))

    @cached_property
    def first_import(self) -> Trial:
        return self._trial("once", self.new, "import", self._first, self._mapping)

    @cached_property
    def import_of_texts(self) -> Trial:
        """As the first import, with something to redact in every answer."""
        text = "The support is good. Best regards, Förnamn1 Efternamn1, person1@example.com"
        texts = first_export(self._folder / "texts.csv", 40, text)
        return self._trial("with texts", self.new, "import", texts, self._mapping)

    @cached_property
    def second_import(self) -> Trial:
        return self._trial("twice", self._once, "import", self._second, self._mapping)

    @cached_property
    def first_sync(self) -> Trial:
        return self._trial("synced once", self._once, "sync")

    @cached_property
    def second_sync(self) -> Trial:
        """A sync that has to write, to change and to clear."""
        home = copy_of(self._once, self._folder / "synced and edited")
        do("sync", home)
        do("import", home, self._second, self._mapping)
        return self._trial("synced twice", home, "sync")

    @cached_property
    def retry(self) -> Trial:
        """One of the rows in quarantine passes under another mapping."""
        changes = [("  email: Email\n", ""), ("drop: [IP Address]", "drop: [IP Address, Email]")]
        mapping = write_mapping(self._folder / "without address.yaml", *changes)
        return self._trial("tried again", self._once, "retry", mapping)

    @cached_property
    def discard(self) -> Trial:
        return self._trial("discarded", self._once, "discard")

    @cached_property
    def _once(self) -> Home:
        home = copy_of(self.new, self._folder / "imported once")
        do("import", home, self._first, self._mapping)
        return home

    def _trial(self, name: str, home: Home, action: str, *options: Path) -> Trial:
        return Trial.of(home, self._folder / name, action, *options)


def do(action: str, home: Home, *files: Path) -> None:
    """What the program above does, in this process."""
    _ACTIONS[action](home, *files)


def kept(home: Home) -> dict[str, Any]:
    """All that a home keeps, opened, without the ids and keys that chance gives."""
    room = home.room(CONTROLLER)
    return {
        "responses": stored(home),
        "index": _rows(home.engine, INDEX, "file", "first_run"),
        "files": sorted(
            (row.controller, row.survey, row.cycle, row.rows) for row in _all(home.engine, FILES)
        ),
        "people": _people(home),
        "vendor responses": _vendor_responses(home),
        "quarantine": sorted((row.row, row.reason) for row in room.quarantine.rows()),
        "inbox": sorted(copy.path.name for copy in room.inbox.remaining()),
        "crm": _rows(home.crm._engine, SCORES),
        "ledger": _rows(home.engine, crm_ledger.CRM_LEDGER, "sealed_reference"),
        "ledger's references": sorted(
            open_reference(
                room, row.sealed_reference, (row.reference_key, SurveyCycle(row.survey, row.cycle))
            ).value
            for row in _all(home.engine, crm_ledger.CRM_LEDGER)
        ),
    }


def check_nothing_left_over(home: Home) -> None:
    """Nothing waits, no file or key is there for nothing, no score is in doubt, the log is whole."""
    assert not false_links(home)
    for table in (PEOPLE_WAITING, RESPONSES_WAITING, LINKS_WAITING, WAITING, DOOMED_KEYS):
        assert not _all(home.engine, table), f"{table.name} still holds rows"
    root = home.settings.home / "responses"
    named = {row.path for row in _all(home.engine, FILES)}
    assert {row.file for row in _all(home.engine, INDEX)} == {row.id for row in _all(home.engine, FILES)}
    assert {path.relative_to(root).as_posix() for path in root.rglob("*.*")} == named
    assert _keys_in_use(home) == sorted(row.id for row in _all(home.keys_engine, DATA_KEYS))
    assert all(row.confirmed for row in _all(home.engine, crm_ledger.CRM_LEDGER))
    assert not [run for run in _all(home.engine, RUNS) if run.state == "running"]
    with home.engine.connect() as connection:
        evidence.verify(connection)


def imports_that_brought_something(home: Home) -> int:
    """How many published runs there are that imported a row or more."""
    runs = [run for run in _all(home.engine, RUNS) if run.kind == "import" and run.state == "published"]
    return sum(run.counts["to import"] > 0 for run in runs)


def _wait_until_begun(process: subprocess.Popen[str]) -> float:
    assert process.stdout is not None
    process.stdout.readline()
    return time.monotonic()


def _moments_of(process: subprocess.Popen[str]) -> int:
    output, _ = process.communicate()
    assert process.returncode == 0, "a run that nobody killed failed"
    return int(output.split()[-1])


def _consume(home: Home, file: Path, mapping: Path) -> None:
    take(home, file, mapping, consume=True)


def _retry(home: Home, mapping: Path) -> None:
    retry_quarantine(home, mapping, no_progress)


def _withhold(home: Home) -> None:
    commented = (row for row in stored(home) if row["comment"] is not None)
    withhold_response(home, CONTROLLER, next(commented)["response_key"])


_ACTIONS: dict[str, Callable[..., object]] = {
    "keys": lambda home: ensure_keys(home, CONTROLLER),
    "import": take,
    "consume": _consume,
    "retry": _retry,
    "discard": lambda home: discard_quarantine(home, CONTROLLER, None),
    "sync": lambda home: sync_scores(home, CONTROLLER, no_progress),
    "rescan": lambda home: rescan_responses(home, CONTROLLER, no_progress),
    "withhold": _withhold,
}


def _of_cycle(number: int, **changes: str) -> dict[str, str]:
    return answer(number, **{"cycle": f"2026-Q{2 + number % 2}", **changes})


def _people(home: Home) -> list[Any]:
    rows = _all(home.engine, PEOPLE)
    identities = home.room(CONTROLLER).vault.identities([row.pseudonym for row in rows])
    opened = [(p, sorted(identity.to_bytes() for identity in found)) for p, found in identities.items()]
    return [*sorted((row.pseudonym, row.name_key, row.reference_key) for row in rows), *sorted(opened)]


def _vendor_responses(home: Home) -> list[Any]:
    people = {(row.pseudonym, row.name_key): row.key_id for row in _all(home.engine, PEOPLE)}
    keys = home.room(CONTROLLER).ring.data_keys("person", people.values())
    assert keys.keys() == set(people.values()), "the vault holds people whose data keys are gone"
    opened = []
    for row in _all(home.engine, RESPONSES):
        key = keys[people[row.pseudonym, row.name_key]]
        plain = unseal(key, row.sealed, "response", CONTROLLER, row.response_key)
        opened.append((row.response_key, row.pseudonym, row.name_key, plain))
    return sorted(opened)


def _keys_in_use(home: Home) -> list[str]:
    tables = (PEOPLE, QUARANTINE, CASES)
    return sorted(row.key_id for table in tables for row in _all(home.engine, table) if row.key_id)


def _rows(engine: Engine, table: Table, *but: str) -> list[str]:
    wanted = [column for column in table.columns if column.name not in but]
    return sorted(str(tuple(row)) for row in _all(engine, select(*wanted)))


def _all(engine: Engine, what: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(what if not isinstance(what, Table) else select(what)))


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--kill-at", type=int)
    parser.add_argument("action", choices=_ACTIONS)
    parser.add_argument("files", type=Path, nargs="*")
    asked = parser.parse_args()
    moments = Moments(str(asked.home), asked.kill_at)
    moments.watch()
    home = open_again(asked.home, os.environ)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    do(asked.action, home, *asked.files)
    sys.stdout.write(f"{moments.passed}\n")


if __name__ == "__main__":
    _main()
