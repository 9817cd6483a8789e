"""A real Prefect server for tests: on loopback, in a folder of its own, with this checkout's deployments.

A test module that wants it says `pytest_plugins = ["tests.support.prefect_server"]` and carries the mark
`xdist_group("prefect")`, so that one server serves all of them.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.commands import ROOT, environment

POOL = "tillit"
_PREFECT = str(Path(sys.executable).with_name("prefect"))
_STARTS_WITHIN = 120
_RUNS_WITHIN = 180
_STOPS_WITHIN = 20
_BUSY_TRIES = 30
_ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass(frozen=True)
class PrefectServer:
    """A server that runs, the folder of all that it keeps and says, and the workers that serve it."""

    folder: Path
    url: str
    environ: Mapping[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """Where it keeps everything."""
        return self.folder / "prefect.db"

    def cli(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Prefect's from the root of this checkout, as an operator does."""
        return subprocess.run(
            [_PREFECT, *command], cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=180
        )

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        """Ask the server's API; a POST where there is a body. A server that is busy is asked again."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60) as client:
            for _ in range(_BUSY_TRIES):
                answer = client.get(path) if body is None else client.post(path, json=body)
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
                time.sleep(1)
            return answer

    def deployment(self, name: str) -> dict[str, Any]:
        """One deployment, named as "flow/deployment"."""
        return self.ask(f"/deployments/name/{name}").raise_for_status().json()

    def submit(self, name: str, **options: Any) -> httpx.Response:
        """Ask for a run of a deployment; the answer is its flow run, or why there is none."""
        path = f"/deployments/{self.deployment(name)['id']}/create_flow_run"
        return self.ask(path, {"state": {"type": "SCHEDULED"}, **options})

    def run(self, name: str, **options: Any) -> dict[str, Any]:
        """Run a deployment to its end; returns the state in which it ended."""
        return self.wait(self.submit(name, **options).raise_for_status().json()["id"])

    def wait(self, flow_run: str) -> dict[str, Any]:
        """Wait for a flow run to end; returns the state in which it did."""
        until = time.monotonic() + _RUNS_WITHIN
        while time.monotonic() < until:
            state = self.ask(f"/flow_runs/{flow_run}").raise_for_status().json()["state"]
            if state["type"] in _ENDED:
                return state
            assert all(worker.poll() is None for worker in self.workers), "a worker has stopped"
            time.sleep(0.3)
        raise AssertionError(f"the flow run is still {state['type']}")

    @contextmanager
    def worker(self, environ: Mapping[str, str]) -> Iterator[None]:
        """A worker of the pool, with what an operator gives it: the home, the key file, the sources."""
        command = ["worker", "start", "--pool", POOL, "--type", "process"]
        number = len(list(self.folder.glob("worker-*.log")))
        with _started(command, {**self.environ, **environ}, self.folder / f"worker-{number}.log") as process:
            self.workers.append(process)
            try:
                yield
            finally:
                self.workers.remove(process)


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A server with the work pool and the deployments of `prefect.yaml`; it takes a while to start."""
    folder = tmp_path_factory.mktemp("prefect")
    port = _free_port()
    environ = _environment(folder, f"http://127.0.0.1:{port}/api")
    command = ["server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with _started(command, environ, folder / "server.log") as process:
        server = PrefectServer(folder, environ["PREFECT_API_URL"], environ)
        _wait_for_health(server, process)
        _deploy(server)
        yield server


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {
        **environment(folder),
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": url,
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_CLI_COLORS": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # A test must not begin what falls due while it runs; it asks for its runs itself.
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }


def _deploy(server: PrefectServer) -> None:
    for command in (("work-pool", "create", POOL, "--type", "process"), ("--no-prompt", "deploy", "--all")):
        done = server.cli(*command)
        assert done.returncode == 0, f"prefect {' '.join(command)}:\n{done.stdout}{done.stderr}"


def _wait_for_health(server: PrefectServer, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, f"the server stopped:\n{(server.folder / 'server.log').read_text()}"
        try:
            if server.ask("/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise AssertionError("the server did not start")


@contextmanager
def _started(command: list[str], environ: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Prefect's with all that it starts, stopped at the end however the end comes."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [_PREFECT, *command],
            cwd=log.parent,
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOPS_WITHIN)
    with suppress(ProcessLookupError):  # what it started and did not stop
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
