"""Promise 1: after any run, success or failure, no identifier of a respondent stands anywhere outside.

People with unmistakable names go through everything that an operator can do, on the command line and
under a real Prefect server, including what goes wrong: rows that cannot pass, exports that are refused,
commands that are mistyped, crashes with their values at hand, a run that is killed. Then every file,
table, column and line of output is searched for them.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from data.clock import SystemClock
from data.records import CrmReference
from data.stores.responses import FILES
from flows.start_keys import ensure_keys
from flows.wiring import Home, Settings
from pseudonymize.validate import Reason
from pseudonymize.vault_tables import PEOPLE, PEOPLE_WAITING
from tests.acceptance import canaries
from tests.acceptance.canaries import CANARIES, REFERENCES, WORDS
from tests.support.commands import as_operator, begin, environment
from tests.support.exports import AS_PARQUET, AS_WORKBOOK, write_mapping
from tests.support.homes import stored, tillit
from tests.support.scan import Findings, Scanner

if TYPE_CHECKING:
    from tests.support.prefect_server import PrefectServer  # a plugin is loaded by its name, below

pytest_plugins = ["tests.support.prefect_server"]
pytestmark = pytest.mark.xdist_group("prefect")


#: So many files has the import begun that is killed.
BEGUN = 10

Done = subprocess.CompletedProcess[bytes]


@dataclass
class World:
    """Where everything lies. The inbox and the keys are outside; everything below `inside` is searched."""

    root: Path
    answers: int = 0
    said: dict[str, Done] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def inside(self) -> Path:
        return self.root / "inside"

    def environ(self, name: str) -> dict[str, str]:
        """The environment of an operator who works with the home of that name."""
        return environment(
            self.inside / "user",
            TILLIT_HOME=str(self.inside / name),
            TILLIT_KEY_FILE=str(self.root / "keys" / name),
            TILLIT_SOURCES=str(self.inbox / "sources.yaml"),
            TMPDIR=str(self.inside / "temporary"),
        )

    def home(self, name: str) -> Home:
        """A home, opened as a command opens it."""
        return Home(Settings.read(self.environ(name)), SystemClock())

    def process(self, *command: object, code: int = 0) -> Done:
        """Run a command in a process of its own, as an operator does."""
        return self._remember(code, as_operator(*command, environ=self.environ("home")))

    def tillit(self, *command: object, code: int = 0) -> Done:
        """Run a command in this process, which is quicker."""
        said = tillit(*command, environ=self.environ("home"))
        return self._remember(code, Done(command, said.code, said.out.encode(), said.err.encode()))

    def _remember(self, code: int, done: Done) -> Done:
        self.said[f"command {len(self.said)}"] = done
        assert done.returncode == code, f"{done.args}\n{done.stdout.decode()}{done.stderr.decode()}"
        return done

    def file(self, name: str, mapping: str = "mapping") -> list[object]:
        """The options that name an export."""
        return ["--file", self.inbox / name, "--mapping", self.inbox / f"{mapping}.yaml"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, prefect_server: PrefectServer) -> World:
    """The world after everything: commands on one home, and meanwhile deployed flows on the other."""
    world = World(tmp_path_factory.mktemp("canary"))
    for folder in ("keys", "inside/user", "inside/temporary"):
        (world.root / folder).mkdir(parents=True)
    fill(world)
    for name in ("home", "scheduled"):
        ensure_keys(world.home(name), "sectra")
    with ThreadPoolExecutor() as pool:
        flows = pool.submit(run_flows, world, prefect_server)
        run_commands(world)
        flows.result()
    return world


@pytest.fixture(scope="module")
def found(world: World, prefect_server: PrefectServer) -> Findings:
    """What of the canaries stands in anything that was left or said."""
    scanner = Scanner([*WORDS, *REFERENCES])
    scanner.folder(world.inside)
    scanner.folder(prefect_server.folder)
    for name, done in world.said.items():
        scanner.output(name, done.stdout + done.stderr)
    return scanner.found


def test_all_that_identifies_the_canaries_lies_in_the_inbox(world: World) -> None:
    scanner = Scanner([*WORDS, *REFERENCES])
    scanner.folder(world.inbox)
    assert {hit.needle for hit in scanner.found.hits} == set(range(len(WORDS) + len(REFERENCES)))


def test_good_answers_are_taken_in_and_rows_that_are_bad_in_any_way_are_not(world: World) -> None:
    (report,) = json.loads(world.said["command 1"].stdout)
    assert report["counts"]["new"] == len(stored(world.home("home"))) == world.answers
    assert report["counts"]["quarantined"] == canaries.BAD
    in_an_export = set(Reason) - {Reason.COLUMN}  # a file's header has been checked; a retry may lack one
    assert set(report["quarantined"]) == {reason.value for reason in in_an_export}
    assert all(report["removed"][kind] >= len(CANARIES) for kind in ("PERSON", "PHONE", "NATIONAL_ID"))


def test_the_vault_knows_the_canaries(world: World) -> None:
    room = world.home("home").room("sectra")
    with room.engine.connect() as connection:
        pseudonyms = connection.scalars(select(PEOPLE.c.pseudonym)).all()
    identities = [one for some in room.vault.identities(pseudonyms).values() for one in some]
    assert {canary.name for canary in CANARIES} <= {name for one in identities for name in one.all("name")}


def test_the_deployed_flows_completed_and_failed_and_crashed(
    world: World, prefect_server: PrefectServer
) -> None:
    ends = {name: state["type"] for name, state in world.states.items()}
    assert [name for name, end in ends.items() if end == "COMPLETED"] == ["good", "scores"]
    assert [name for name, end in ends.items() if end == "FAILED"] == ["undecodable", "spoilt"]
    assert [name for name, end in ends.items() if end == "CRASHED"] == ["terminated"]
    assert "Unforeseen: IntegrityError" in world.states["spoilt"]["message"]
    assert len(stored(world.home("scheduled"))) == world.answers
    with sqlite3.connect(f"file:{prefect_server.database}?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() > (20,)


def test_the_killed_import_left_what_it_had_begun(found: Findings, world: World) -> None:
    assert found.files  # looked at before a database is opened here, which would roll back and tidy
    assert world.said["killed"].returncode == -signal.SIGKILL
    home = world.home("home")
    assert waiting(home)
    with home.engine.connect() as connection:
        named = set(connection.scalars(select(FILES.c.path)))
    responses = home.settings.home / "responses"
    left = {path.relative_to(responses).as_posix() for path in responses.rglob("*.parquet")} - named
    assert len(left) >= BEGUN


def test_nothing_that_identifies_a_canary_stands_anywhere(found: Findings) -> None:
    leaks = sorted(hit for hit in found.hits if hit.needle < len(WORDS))
    assert not leaks, "\n".join([f"{len(leaks)} leaks", *map(str, leaks[:40])])


def test_a_reference_of_the_crm_stands_in_the_crm_and_nowhere_else(found: Findings) -> None:
    places = {hit.place for hit in found.hits if hit.needle >= len(WORDS)}
    databases = {f"inside/{name}/crm/crm.db" for name in ("home", "scheduled")}
    columns = {
        f"{name}: {column}" for name in databases for column in ("contacts.reference", "scores.reference")
    }
    assert places == databases | columns


def test_everything_was_searched(found: Findings, prefect_server: PrefectServer) -> None:
    folders = {name.rsplit("/", 1)[0] for name in found.files}
    stores = {
        f"inside/{home}/{store}" for home in ("home", "scheduled") for store in ("state", "keys", "crm")
    }
    assert stores <= folders
    assert {f"{prefect_server.folder.name}/{name}" for name in ("prefect.db", "server.log")} <= set(
        found.files
    )
    assert all("/responses/" in name for name in found.unreadable)  # files that were never finished
    assert found.columns > 300
    assert found.size > 5_000_000


def test_no_command_and_no_flow_tried_to_leave_this_machine(world: World) -> None:
    assert not (world.inside / "user" / "attempts.log").exists()


def fill(world: World) -> None:
    """Write every export of the canaries into the inbox, and the sources that name them."""
    for folder in ("good", "refused", "workbook", "undecodable", "more"):
        (world.inbox / folder).mkdir(parents=True)
    world.answers = canaries.write_answers(world.inbox / "good" / "good.csv")
    canaries.write_refused(world.inbox / "refused")
    canaries.write_workbook(world.inbox / "workbook" / "workbook.xlsx")
    canaries.write_undecodable(world.inbox / "undecodable" / "undecodable.parquet")
    canaries.write_many_cycles(world.inbox / "more" / "more.csv")
    mapping = write_mapping(world.inbox / "mapping.yaml")
    write_mapping(world.inbox / "workbook.yaml", AS_WORKBOOK)
    parquet = write_mapping(world.inbox / "parquet.yaml", AS_PARQUET)
    mappings = {"good": mapping, "more": mapping, "undecodable": parquet}
    sources = {name: (world.inbox / name, how) for name, how in mappings.items()}
    canaries.write_sources(world.inbox / "sources.yaml", sources)


def run_commands(world: World) -> None:
    """Do all that an operator does on the command line, and all that goes wrong there."""
    take_in(world)
    be_refused(world)
    mistype(world)
    look_around(world)
    be_killed(world)


def run_flows(world: World, server: PrefectServer) -> None:
    """Run the deployed flows; some fail, and some crash with the values at hand."""
    home = world.home("scheduled")
    home.crm.add_contacts(map(CrmReference, REFERENCES))
    with server.worker(world.environ("scheduled")):
        for source in ("good", "undecodable"):
            world.states[source] = server.run("ingest/daily", parameters={"source": source})
        world.states["scores"] = server.run("sync-scores/daily")
        world.states["terminated"] = be_terminated(home, server)
        spoil(home)
        world.states["spoilt"] = server.run("ingest/daily", parameters={"source": "more"})


def take_in(world: World) -> None:
    """Look at an export, and take it in."""
    world.process("ingest", *world.file("good/good.csv"), "--dry-run")
    world.process("--json", "ingest", *world.file("good/good.csv"))


def be_refused(world: World) -> None:
    """Try exports that cannot be taken in as they are."""
    for path in sorted((world.inbox / "refused").iterdir()):
        world.process("ingest", *world.file(f"refused/{path.name}"), code=3)
    world.process("ingest", *world.file("workbook/workbook.xlsx", "workbook"), code=3)


def mistype(world: World) -> None:
    """Say who is meant where a command does not ask for it."""
    names = canaries.write_contacts(world.inbox / "names.csv", [canary.name for canary in CANARIES])
    world.process("ingest", "--since", CANARIES[1].email, *world.file("good/good.csv"), code=2)
    world.tillit("ingest", "--source", CANARIES[0].name, *world.file("good/good.csv"), code=2)
    world.tillit("scores", "contacts", "--file", names, code=3)
    world.tillit("runs", "show", CANARIES[2].name, code=2)
    world.tillit("quarantine", CANARIES[0].first, code=2)


def look_around(world: World) -> None:
    """Bring the scores to the CRM, and look at everything that there is to look at."""
    contacts = canaries.write_contacts(world.inbox / "contacts.csv", REFERENCES)
    world.tillit("scores", "contacts", "--file", contacts)
    world.tillit("scores", "sync")
    world.tillit("report")
    (run,) = json.loads(world.tillit("runs", "list", "--limit", "1", "--json").stdout)
    world.tillit("runs", "list")
    world.tillit("runs", "show", run["id"])
    world.tillit("quarantine", "list")
    world.tillit("quarantine", "list", "--json")
    world.tillit("keys", "status")
    world.process("quarantine", "retry", "--mapping", world.inbox / "mapping.yaml")


def be_terminated(home: Home, server: PrefectServer) -> dict[str, Any]:
    """Run a deployed import whose process is told to stop in the middle; returns the state it ended in."""
    run = server.submit("ingest/daily", parameters={"source": "more"}).raise_for_status().json()["id"]
    until = time.monotonic() + 120
    while not waiting(home):
        assert time.monotonic() < until, "the import has not come to its middle"
        time.sleep(0.01)
    pid = server.ask(f"/flow_runs/{run}").json()["infrastructure_pid"]
    os.kill(int(pid.rsplit(":", 1)[-1]), signal.SIGTERM)
    return server.wait(run)


def waiting(home: Home) -> bool:
    """Whether an import is under way and has sealed its first people."""
    with home.engine.connect() as connection:
        return connection.execute(select(PEOPLE_WAITING)).first() is not None


def spoil(home: Home) -> None:
    """Break the state database, so that what nobody foresaw happens in the middle of an import."""
    with sqlite3.connect(home.settings.home / "state" / "state.db") as connection:
        name = PEOPLE_WAITING.name
        connection.execute(f"CREATE TRIGGER no BEFORE INSERT ON {name} BEGIN SELECT RAISE(ABORT, 'no'); END")


def be_killed(world: World) -> None:
    """Be killed while the files of an import are being written."""
    responses = world.inside / "home" / "responses"
    before = len(list(responses.rglob("*.parquet")))
    process = begin("ingest", *world.file("more/more.csv"), environ=world.environ("home"))
    while process.poll() is None and len(list(responses.rglob("*.parquet"))) < before + BEGUN:
        time.sleep(0.001)
    process.kill()
    out, err = process.communicate()
    world.said["killed"] = Done(process.args, process.returncode, out, err)
