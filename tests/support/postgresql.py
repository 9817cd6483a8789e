"""A real PostgreSQL for tests: started from this machine's programs, reached by a socket, thrown away.

A test module that wants it says `pytest_plugins = ["tests.support.postgresql"]` and carries the mark
`servers`. Where the programs are missing, its tests fail: they were asked for.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text

from flows.wiring import Home
from pseudonymize.keys import DOMAIN_KEYS

_INSTALLED = Path("/usr/lib/postgresql")
#: Tests kill clients, never the server, so that it need not wait for the disk.
_SETTINGS = "-c listen_addresses='' -c fsync=off -c max_connections=50"


@dataclass(frozen=True)
class PostgreSql:
    """A server that runs, reached by a socket in `folder`."""

    folder: Path
    _engines: list[Engine] = field(default_factory=list)

    def url(self, database: str) -> str:
        """SQLAlchemy's URL of one of its databases."""
        return f"postgresql+psycopg://tillit@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """A statement outside any transaction."""
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def home_like(self, home: Home) -> Home:
        """A home with the key file and the domain keys of another, and two empty databases here."""
        self.disconnect()
        name = secrets.token_hex(4)
        for kind in ("state", "keys"):
            self.run(f"CREATE DATABASE {kind}_{name}")
        folder = home.settings.home.with_name(f"home on postgresql {name}")
        urls = {"state_url": self.url(f"state_{name}"), "keys_url": self.url(f"keys_{name}")}
        there = self._home(home, folder, urls)
        with home.keys_engine.connect() as source, there.keys_engine.begin() as target:
            target.execute(
                insert(DOMAIN_KEYS), [dict(r._mapping) for r in source.execute(select(DOMAIN_KEYS))]
            )
        return there

    def copy_of(self, home: Home) -> Home:
        """Another home with the same files, and copies of its two databases."""
        self.disconnect()  # a database that somebody is connected to cannot be copied
        name = secrets.token_hex(4)
        urls = {}
        for kind, engine in (("state", home.engine), ("keys", home.keys_engine)):
            self.run(f"CREATE DATABASE {kind}_{name} TEMPLATE {engine.url.database}")
            urls[f"{kind}_url"] = self.url(f"{kind}_{name}")
        folder = home.settings.home.with_name(f"home on postgresql {name}")
        shutil.copytree(home.settings.home, folder)
        return self._home(home, folder, urls)

    def disconnect(self) -> None:
        """Give back every connection that the homes made here keep for later; they open new ones at need."""
        for engine in self._engines:
            engine.dispose()

    def _home(self, like: Home, folder: Path, urls: dict[str, str]) -> Home:
        made = Home(replace(like.settings, home=folder, **urls), like.clock)
        self._engines.extend([made.engine, made.keys_engine])
        return made


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """A server with no databases of ours."""
    # Sockets have short paths, and pytest's folders are closed to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="tillit-pg-"))
    who = _server_user()
    if who:
        shutil.chown(folder, who["user"], who["group"])
    data = folder / "data"
    try:
        _run("initdb", "--pgdata", data, "--username=tillit", "--auth=trust", "--encoding=UTF8", **who)
        options = f"{_SETTINGS} -c unix_socket_directories={folder}"
        log = folder / "log"
        _run("pg_ctl", "--pgdata", data, "--wait", "--log", log, "--options", options, "start", **who)
        try:
            yield PostgreSql(folder)
        finally:
            _run("pg_ctl", "--pgdata", data, "--wait", "--mode=immediate", "stop", **who)
    finally:
        shutil.rmtree(folder)


def _server_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; its packages bring a user for it."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.fail("PostgreSQL does not run as root, and there is no user postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(program: str, *arguments: object, **who: Any) -> None:
    # Not captured by pipes: the server would keep them open, and nobody would ever see their end.
    command = [_program(program), *map(str, arguments)]
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False, **who)
        output.seek(0)
        said = output.read().decode(errors="replace")
    if done.returncode:
        pytest.fail(f"{program} failed:\n{said}")


def _program(name: str) -> str:
    newest = sorted(_INSTALLED.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = shutil.which(name) or (newest and newest[-1])
    if not found:
        pytest.fail(f"PostgreSQL's program {name} is neither in PATH nor below {_INSTALLED}")
    return str(found)
