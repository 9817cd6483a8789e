"""Homes to try things in, the command line, and what stands in a home afterwards."""

import io
import json
import os
import subprocess
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.clock import FixedClock
from data.stores.runs import RUNS
from data.stores.sql import STATE
from flows import cli
from flows.ingest import exports, ingest
from flows.start_keys import ensure_keys
from flows.wiring import Home, Settings
from pseudonymize import IntakeReport, no_progress
from tests.support.commands import environment

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def new_home(folder: Path, now: datetime = NOW) -> Home:
    """A home with keys, its clock standing still."""
    home = Home(Settings.read({}, folder), FixedClock(now))
    ensure_keys(home, "sectra")
    return home


def take(home: Home, file: Path, mapping: Path, **options: Any) -> IntakeReport:
    """Import one file as `tillit ingest --file --mapping` does."""
    (export,) = exports(home, "test", file, mapping)
    since, until, consume = (options.get(name) for name in ("since", "until", "consume"))
    return ingest(home, export, "test", since, until, bool(consume), no_progress)


def stored(home: Home) -> list[dict[str, Any]]:
    """All published responses as rows, in the order of their keys, without what differs from run to run."""
    from data.stores.response_files import SCHEMA

    columns = [name for name in SCHEMA.names if name != "collected_at"]
    rows = home.responses.read("sectra", columns).to_pylist()
    return sorted(rows, key=lambda row: row["response_key"])


@dataclass(frozen=True)
class Said:
    """What a command told a terminal, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def everything(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def tillit(*arguments: object, environ: dict[str, str] | None = None) -> Said:
    """Run the command line in this process, with all that a terminal would show, warnings included."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("default")
        patch.setattr(warnings, "showwarning", _to_terminal)
        patch.setattr(sys, "argv", ["tillit", *map(str, arguments)])
        for name in [name for name in os.environ if name.startswith(("TILLIT_", "PREFECT_"))]:
            patch.delenv(name)
        for name, value in (environ or {}).items():
            patch.setenv(name, value)
        with redirect_stdout(out), redirect_stderr(err):
            try:
                cli.main()
            except SystemExit as end:
                return Said(int(end.code or 0), out.getvalue(), err.getvalue())
    return Said(0, out.getvalue(), err.getvalue())


def tillit_process(folder: Path, *arguments: object, before: str = "") -> Said:
    """Run the command line in a process of its own; `before` is Python that runs first in it."""
    program = f"{before}\nfrom flows.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment(folder),
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def published(home: Home) -> dict[str, Any]:
    """All that readers of a home can see: responses, people by number, rows in quarantine."""
    room = home.room("sectra")
    return {
        "responses": stored(home),
        "people": room.vault.count(),
        "quarantine": [(row.row, row.reason) for row in room.quarantine.rows()],
    }


def left_lying(home: Home) -> dict[str, int]:
    """All that an import must not leave behind, by what it is; empty where it has tidied up."""
    from data.stores.cases import CASES
    from data.stores.open_requests import OPEN_REQUESTS
    from data.stores.reidentifications import REIDENTIFICATIONS
    from data.stores.responses import FILES
    from pseudonymize.keys import DATA_KEYS
    from pseudonymize.quarantine import QUARANTINE
    from pseudonymize.vault_tables import DOOMED_KEYS, PEOPLE

    waiting = [table for table in STATE.sorted_tables if table.name.endswith("_waiting")]
    with home.engine.connect() as state, home.keys_engine.connect() as keys:
        named = {home.settings.home / "responses" / path for path in state.scalars(select(FILES.c.path))}
        sealed = (PEOPLE, QUARANTINE, CASES, REIDENTIFICATIONS)
        used = {key for table in sealed for key in state.scalars(select(table.c.key_id))}
        found = {
            **{table.name: len(state.execute(select(table)).all()) for table in waiting},
            "runs under way": len(state.execute(select(RUNS).where(RUNS.c.state == "running")).all()),
            "doomed keys": len(state.execute(select(DOOMED_KEYS)).all()),
            "files without a manifest": len(set((home.settings.home / "responses").rglob("*.*")) - named),
            "data keys of nothing": len(set(keys.scalars(select(DATA_KEYS.c.id))) - used),
            "links that lead astray": false_links(home),
        }
        asked = set(state.scalars(select(CASES.c.id).where(CASES.c.closed_at.is_(None))))
    with home.register_engine.connect() as register:
        kept = set(register.scalars(select(OPEN_REQUESTS.c.id)))
    found["requests kept that are answered, or not kept"] = len(kept ^ asked)
    return {what: number for what, number in found.items() if number}


def false_links(home: Home) -> int:
    """How many digests of the vault lead to nobody, or are missing for somebody."""
    from pseudonymize.derive import reference_key, respondent_key
    from pseudonymize.vault_links import LINKS

    room = home.room("sectra")
    true = {
        (*person, digest(room.ring, value))
        for people, _ in room.vault.everything()
        for person, identity in people.items()
        for kind, digest in (("respondent_id", respondent_key), ("crm_reference", reference_key))
        for value in identity.all(kind)
    }
    with home.engine.connect() as state:
        columns = (LINKS.c.pseudonym, LINKS.c.name_key, LINKS.c.link_key)
        return len(true ^ {tuple(row) for row in state.execute(select(*columns))})


def _to_terminal(message: Warning | str, category: type[Warning], *_place: Any) -> None:
    sys.stderr.write(f"{category.__name__}: {message}\n")
