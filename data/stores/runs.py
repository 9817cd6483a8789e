"""The manifest of runs: what was started, for which survey, how it ended, with which counts."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, Connection, Row, String, Table, insert, select, update

from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

RunState = Literal["running", "published", "refused", "sweeping", "swept", "undone"]

RUNS = Table(
    "runs",
    STATE,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("controller", String(40), nullable=False),
    Column("survey", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("policy_version", String(80), nullable=False),
    Column("state", String(12), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("counts", JSON, nullable=False),
)

_COLUMNS = [column.name for column in RUNS.columns]


@dataclass(frozen=True, slots=True)
class Run:
    """One run; `kind` says what it did, or what its forgetting was part of; `counts` holds numbers only.

    Times are UTC.
    """

    id: str
    kind: str
    controller: str
    survey: str
    source: str
    policy_version: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, int]


def new_run_id() -> str:
    """A random id that says nothing about what the run read."""
    return secrets.token_hex(8)


def start(connection: Connection, run: Run) -> None:
    """Write down that a run has begun."""
    connection.execute(insert(RUNS), {name: getattr(run, name) for name in _COLUMNS})


def finish(
    connection: Connection, run_id: str, state: RunState, at: datetime, counts: Mapping[str, int]
) -> None:
    """Write down how a run ended."""
    row = {"state": state, "finished_at": at, "counts": dict(counts)}
    connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(**row))


def move(connection: Connection, run_id: str, before: RunState, after: RunState) -> bool:
    """Bring a run from one state to another; returns false where it was not in the first.

    The row stays locked until the caller's transaction ends. So a sweep waits for a commit that is
    still on its way from a killed process, and then finds its run published.
    """
    this = (RUNS.c.id == run_id) & (RUNS.c.state == before)
    return connection.execute(update(RUNS).where(this).values(state=after)).rowcount == 1


def unfinished(connection: Connection, controller: str) -> list[str]:
    """Ids of a controller's runs that were started and never ended: they crashed, or were killed."""
    crashed = RUNS.c.state.in_(["running", "sweeping"]) & (RUNS.c.controller == controller)
    return list(connection.scalars(select(RUNS.c.id).where(crashed)))


def newest(connection: Connection, limit: int) -> list[Run]:
    """The last runs, newest first."""
    rows = connection.execute(select(RUNS).order_by(RUNS.c.started_at.desc(), RUNS.c.id).limit(limit))
    return [_run(row) for row in rows]


def find(connection: Connection, run_id: str) -> Run | None:
    """One run by its id, or nothing."""
    row = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).one_or_none()
    return None if row is None else _run(row)


def _run(row: Row[Any]) -> Run:
    return Run(**row._mapping)
