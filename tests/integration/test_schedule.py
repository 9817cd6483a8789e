"""The deployments of prefect.yaml, run by a worker under a real Prefect server, do what the functions do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from data.clock import SystemClock
from data.records import CrmReference
from data.stores.crm import SCORES
from flows.ingest import exports, ingest_all
from flows.sync_scores import sync_scores
from flows.wiring import Home, Settings
from pseudonymize import no_progress
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import new_home, stored
from tests.support.scan import Scanner

if TYPE_CHECKING:
    from tests.support.prefect_server import PrefectServer  # a plugin is loaded by its name, below

pytest_plugins = ["tests.support.prefect_server"]
pytestmark = pytest.mark.xdist_group("prefect")

PEOPLE = 30
ADDRESS = "nobody.nilsdotter@canary-operator.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an inbox, and the same source for both homes."""
    folder = tmp_path_factory.mktemp("scheduled")
    (folder / "inbox").mkdir()
    write_export(folder / "inbox" / "answers.csv", [answer(n, score=str(n % 10 + 1)) for n in range(PEOPLE)])
    mapping = write_mapping(folder / "mapping.yaml")
    source = f"{{kind: file, inbox: {folder / 'inbox'}, pattern: '*.csv', mapping: {mapping}}}"
    (folder / "sources.yaml").write_text(f"sources:\n  getfeedback: {source}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def homes(folder: Path) -> tuple[Home, Home]:
    """A home for the schedule and one for the plain functions, with the same keys and the same CRM."""
    new_home(folder / "scheduled")
    shutil.copytree(folder / "scheduled" / "keys", folder / "plain" / "keys")
    shutil.copy2(folder / "scheduled.key", folder / "plain.key")
    scheduled, plain = (open_again(folder, name) for name in ("scheduled", "plain"))
    for home in (scheduled, plain):
        home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(PEOPLE))
    return scheduled, plain


@pytest.fixture(scope="module")
def server(prefect_server: PrefectServer, folder: Path, homes: tuple[Home, Home]) -> Iterator[PrefectServer]:
    """The server, and a worker that an operator has given the first of the homes."""
    with prefect_server.worker(environ_of(homes[0])):
        yield prefect_server


@pytest.mark.parametrize(
    ("deployment", "cron", "parameters"),
    [
        ("ingest/daily", "15 5 * * *", {"source": "getfeedback"}),
        ("sync-scores/daily", "45 5 * * *", {"controller": "sectra"}),
    ],
)
def test_a_deployment_runs_every_morning_by_the_clock_of_stockholm(
    prefect_server: PrefectServer, deployment: str, cron: str, parameters: dict[str, str]
) -> None:
    deployed = prefect_server.deployment(deployment)
    (schedule,) = deployed["schedules"]
    assert schedule["active"]
    assert schedule["schedule"]["cron"] == cron
    assert schedule["schedule"]["timezone"] == "Europe/Stockholm"
    assert deployed["parameters"] == parameters
    assert deployed["global_concurrency_limit"]["limit"] == 1


def test_a_deployed_import_and_sync_do_what_the_plain_functions_do(
    server: PrefectServer, homes: tuple[Home, Home]
) -> None:
    scheduled, plain = homes
    done = server.cli("deployment", "run", "ingest/daily", "--watch")
    assert done.returncode == 0, done.stdout + done.stderr
    take_all_in(plain)
    assert len(stored(scheduled)) == PEOPLE
    assert stored(scheduled) == stored(plain)

    assert server.run("sync-scores/daily")["type"] == "COMPLETED"
    sync_scores(plain, "sectra", no_progress)
    assert len(scores(scheduled)) == PEOPLE
    assert scores(scheduled) == scores(plain)


@pytest.mark.parametrize("wrong", [{"source": ADDRESS}, {"source": "getfeedback", "since": ADDRESS}])
def test_a_parameter_that_is_no_name_or_date_is_refused_before_it_is_kept(
    prefect_server: PrefectServer, wrong: dict[str, str]
) -> None:
    assert prefect_server.submit("ingest/daily", parameters=wrong).status_code == 409
    assert not kept_by(prefect_server)


@pytest.mark.parametrize("wrong", ["source", "since"])
def test_a_parameter_that_prefect_was_told_not_to_check_is_repeated_nowhere(
    server: PrefectServer, wrong: str
) -> None:
    address = f"{wrong}.{ADDRESS}"
    parameters = {"source": "getfeedback", wrong: address}
    state = server.run("ingest/daily", parameters=parameters, enforce_parameter_schema=False)
    assert state["type"] == "FAILED"
    assert "UsageError" in state["message"]
    assert kept_by(server, address) == {"flow_run.parameters"}


def test_the_server_asks_outside_for_a_list_of_kinds_of_workers_at_most(
    prefect_server: PrefectServer,
) -> None:
    attempts = prefect_server.folder / "attempts.log"
    asked = set(attempts.read_text().splitlines()) if attempts.exists() else set()
    assert asked <= {"socket.getaddrinfo raw.githubusercontent.com"}


def kept_by(server: PrefectServer, address: str = ADDRESS) -> set[str]:
    """The columns of the server's database, and the other files in its folder, that hold an address."""
    scanner = Scanner([address])
    scanner.folder(server.folder)
    places = {hit.place for hit in scanner.found.hits}
    return {place.split(": ")[-1] for place in places if not place.endswith((".db", ".db-wal"))}


def take_all_in(home: Home) -> None:
    """What `tillit ingest --source getfeedback` does."""
    files = exports(home, "getfeedback", None, None)
    list(ingest_all(home, files, "getfeedback", None, None, False, no_progress))


def scores(home: Home) -> list[Any]:
    """All that the embedded CRM holds."""
    with home.crm._engine.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(select(SCORES)))


def open_again(folder: Path, name: str) -> Home:
    """A home below a folder, as its environment names it, at the present time."""
    settings = Settings.read({"TILLIT_SOURCES": str(folder / "sources.yaml")}, folder / name)
    return Home(settings, SystemClock())


def environ_of(home: Home) -> dict[str, str]:
    """What an operator gives a worker."""
    return {
        "TILLIT_HOME": str(home.settings.home),
        "TILLIT_KEY_FILE": str(home.settings.key_file),
        "TILLIT_SOURCES": str(home.settings.sources),
    }
