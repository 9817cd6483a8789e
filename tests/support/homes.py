"""Homes to try things in, and what stands in them afterwards."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.clock import FixedClock
from flows.ingest import exports, ingest
from flows.start_keys import ensure_keys
from flows.wiring import Home, Settings
from pseudonymize import IntakeReport, no_progress

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
