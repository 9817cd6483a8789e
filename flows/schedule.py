"""The Prefect flows of `prefect.yaml`: thin over the functions that the command line calls.

Parameters are names and dates, never a person or a path. Nothing is cached or persisted, and no
exception leaves a task but scrubbed: Prefect stores messages, parameters and pickled exceptions.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.guard import guarded
from flows.ingest import consumes, exports, ingest_all
from flows.sync_scores import sync_scores as sync_controller
from flows.wiring import open_home
from pseudonymize import no_progress


def _task(function: Callable[..., Any]) -> Any:
    return task(cache_policy=NO_CACHE, persist_result=False, log_prints=False)(guarded(function))


def _flow(function: Callable[..., Any]) -> Any:
    return flow(persist_result=False, log_prints=False, validate_parameters=False)(guarded(function))


@_task
def take_in_source(source: str, since: date | None, until: date | None) -> list[dict[str, int]]:
    """Import every file that waits in a source's inbox; returns counts, file by file."""
    home = open_home()
    files, consume = exports(home, source, None, None), consumes(home, source, None)
    reports = ingest_all(home, files, source, since, until, consume, no_progress)
    return [dict(report.counts) for report in reports]


@_flow
def ingest(source: str, since: str | None = None, until: str | None = None) -> list[dict[str, int]]:
    """Take in what a named source has; `since` and `until` are dates, YYYY-MM-DD."""
    first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    counts: list[dict[str, int]] = take_in_source(source, first, last)
    return counts


@_task
def write_scores(controller: str) -> dict[str, int]:
    """Bring the CRM's scores to what the policy allows today."""
    return sync_controller(open_home(), controller, no_progress)


@_flow
def sync_scores(controller: str) -> dict[str, int]:
    """Write, update and clear one controller's scores in the CRM."""
    counts: dict[str, int] = write_scores(controller)
    return counts
