"""Fixtures for all tests. Nothing here or below reaches beyond this machine."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.wiring import Home
from tests.support.exports import write_mapping
from tests.support.homes import new_home
from tests.support.proofs import Proofs


def pytest_configure(config: pytest.Config) -> None:
    """Note the outcomes of the tests that prove the policies."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proofs(config))


_HERE = {"localhost", "127.0.0.1", "::1", "", None}


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Only loopback may be named or reached; anything else fails the test that tried."""
    with pytest.MonkeyPatch.context() as patch:
        connect, look_up = socket.socket.connect, socket.getaddrinfo

        def connect_here(self: socket.socket, address: Any) -> None:
            assert self.family == socket.AF_UNIX or address[0] in _HERE, "a test tried to reach the network"
            connect(self, address)

        def look_up_here(host: Any, *args: Any, **kwargs: Any) -> Any:
            assert host in _HERE, "a test tried to look up a name"
            return look_up(host, *args, **kwargs)

        patch.setattr(socket.socket, "connect", connect_here)
        patch.setattr(socket, "getaddrinfo", look_up_here)
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A new home with keys, its clock standing still."""
    return new_home(tmp_path / "home")


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """The mapping file of `tests.support.exports`."""
    return write_mapping(tmp_path / "mapping.yaml")
