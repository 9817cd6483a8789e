"""The Prefect flows of `prefect.yaml`: thin over the functions that the command line calls.

Parameters are names and dates, never a person or a path. Nothing is cached or persisted, and no
exception leaves a task but scrubbed: Prefect stores messages, parameters and pickled exceptions.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from data.errors import InputRefused, UsageError
from flows.guard import guarded
from flows.ingest import consumes, exports, ingest_all
from flows.retain import retain_unattended as retain_controller
from flows.sync_scores import sync_scores as sync_controller
from flows.wiring import open_home
from pseudonymize import no_progress

# Prefect's server refuses a parameter of another form before it stores it: an address, a sentence.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


def _task(function: Callable[..., Any]) -> Any:
    return task(cache_policy=NO_CACHE, persist_result=False, log_prints=False)(guarded(function))


def _flow(function: Callable[..., Any]) -> Any:
    # Prefect's own validation would run outside the guard, with the value at hand.
    return flow(persist_result=False, log_prints=False, validate_parameters=False)(guarded(function))


@_task
def take_in_source(source: str, since: date | None, until: date | None) -> list[dict[str, int]]:
    """Import every file that waits in a source's inbox; returns counts, file by file."""
    home = open_home()
    files, consume = exports(home, source, None, None), consumes(home, source, None)
    reports = ingest_all(home, files, source, since, until, consume, no_progress)
    try:
        return [dict(report.counts) for report in reports]
    except InputRefused as refusal:
        problem = str(refusal)
    for number, file in enumerate(files, start=1):  # a file's name may name somebody, and Prefect keeps it
        problem = problem.replace(file.raw_copy.name, f"file {number} of the inbox")
    raise InputRefused(problem)


@_flow
def ingest(source: Name, since: Day | None = None, until: Day | None = None) -> list[dict[str, int]]:
    """Take in what a named source has; `since` and `until` are dates, YYYY-MM-DD."""
    counts: list[dict[str, int]] = take_in_source(source, _day(since), _day(until))
    return counts


@_task
def write_scores(controller: str) -> dict[str, int]:
    """Bring the CRM's scores to what the policy allows today."""
    return sync_controller(open_home(), controller, no_progress)


@_flow
def sync_scores(controller: Name) -> dict[str, int]:
    """Write, update and clear one controller's scores in the CRM."""
    counts: dict[str, int] = write_scores(controller)
    return counts


@_task
def delete_what_is_due(controller: str) -> dict[str, int]:
    """Plan, apply and verify what the policy lets be deleted unattended; returns counts."""
    return retain_controller(open_home(), controller, no_progress)


@_flow
def retain(controller: Name) -> dict[str, int]:
    """Delete what is at the end of its period in the stores of one controller; alarms are counted."""
    counts: dict[str, int] = delete_what_is_due(controller)
    return counts


def _day(text: Day | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        pass
    raise UsageError("since and until are dates, written YYYY-MM-DD")
