"""What Prefect's server keeps of our runs is deleted in time, and of other people's work nothing."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from data.clock import FixedClock, SystemClock
from data.errors import OutsideSystemFailed
from flows.plan_retention import make_plan
from flows.retain import retain_unattended
from flows.wiring import Home
from pseudonymize import no_progress
from tests.support.homes import new_home

if TYPE_CHECKING:
    from tests.support.prefect_server import PrefectServer  # a plugin is loaded by its name, below

pytest_plugins = ["tests.support.prefect_server"]
pytestmark = pytest.mark.xdist_group("prefect")

KEPT = timedelta(days=90)  # OWN-19


def test_runs_are_deleted_with_their_logs_when_their_90_days_are_over(
    prefect_server: PrefectServer, tmp_path: Path
) -> None:
    home = new_home(tmp_path / "home")
    given = {"TILLIT_HOME": str(home.settings.home), "TILLIT_KEY_FILE": str(home.settings.key_file)}
    run = prefect_server.submit("sync-scores/daily").raise_for_status().json()["id"]
    with prefect_server.worker(given):
        assert prefect_server.wait(run)["type"] == "COMPLETED"
    other = a_run(prefect_server)
    killed = a_run(prefect_server, tags=["tillit"], state={"type": "RUNNING"})
    ended = SystemClock().now()

    assert retained(home, prefect_server, ended + KEPT - timedelta(days=1)) == 0
    assert {run, killed} <= runs(prefect_server)
    assert logs(prefect_server, run)

    assert retained(home, prefect_server, ended + KEPT + timedelta(days=1)) > 0
    assert runs(prefect_server) == {other}
    assert not logs(prefect_server, run)
    (certificate,) = (home.settings.home / "certificates").glob("*.json")
    (part,) = json.loads(certificate.read_text())["parts"]
    assert (part["store"], part["clause"], part["left"]) == ("prefect", "OWN-19", 0)


def test_a_server_that_does_not_answer_is_an_error_and_not_an_empty_store(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        home = new_home(tmp_path / "home")
        nowhere = replace(home.settings, prefect_api=f"http://127.0.0.1:{taken.getsockname()[1]}/api")
        with pytest.raises(OutsideSystemFailed, match="Prefect's server does not answer"):
            make_plan(Home(nowhere, home.clock), "sectra", no_progress)


def retained(home: Home, server: PrefectServer, now: datetime) -> int:
    settings = replace(home.settings, prefect_api=server.url)
    return retain_unattended(Home(settings, FixedClock(now)), "sectra", no_progress)["due"]


def a_run(server: PrefectServer, **more: Any) -> str:
    """A run of somebody else's flow, which has ended, or as `more` says."""
    flow = server.ask("/flows/", {"name": "somebody-elses"}).raise_for_status().json()["id"]
    body = {"flow_id": flow, "state": {"type": "COMPLETED"}, **more}
    return str(server.ask("/flow_runs/", body).raise_for_status().json()["id"])


def runs(server: PrefectServer) -> set[str]:
    return {run["id"] for run in server.ask("/flow_runs/filter", {"limit": 200}).raise_for_status().json()}


def logs(server: PrefectServer, run: str) -> list[Any]:
    asked = {"logs": {"flow_run_id": {"any_": [run]}}}
    return list(server.ask("/logs/filter", asked).raise_for_status().json())
