"""A run that changes what is kept of stored answers: all of it at once, or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from data.errors import TillitError
from data.stores import runs
from data.stores.comments import Change, changing
from data.stores.response_files import ResponseFile
from pseudonymize import commit
from pseudonymize.room import Room

#: The run is of every survey that has answers; no survey can have this name.
_EVERY_SURVEY = "*"
_SOURCE = "responses"


def rewrite(
    room: Room,
    kind: str,
    survey: str | None,
    files: Sequence[ResponseFile],
    change: Change,
    counts: Callable[[], Mapping[str, int]],
) -> str:
    """Put changed copies in the place of some files, file by file; returns the run's id.

    `survey` None stands for every survey. `counts` are asked for after the last change.
    """
    run = new_run(room, kind, survey)
    commit.begin(room, run)
    with or_refuse(room, run, counts):
        switch = room.responses.prepare_changed(run.id, files, changing(change))
    commit.publish_changed(room, run, switch, counts())
    return run.id


@contextmanager
def or_refuse(room: Room, run: runs.Run, counts: Callable[[], Mapping[str, int]] = dict) -> Iterator[None]:
    """End a run as refused, or clear it away, where its preparation fails."""
    try:
        yield
    except TillitError:
        commit.refuse(room, run, None, counts())
        raise
    except Exception:
        with suppress(Exception):  # the first failure is the one to tell
            room.sweep()
        raise


def new_run(room: Room, kind: str, survey: str | None) -> runs.Run:
    """A run over stored answers; `survey` None stands for every survey."""
    return runs.Run(
        id=runs.new_run_id(),
        kind=kind,
        controller=room.policy.controller,
        survey=survey or _EVERY_SURVEY,
        source=_SOURCE,
        policy_version=room.policy.version,
        state="running",
        started_at=room.clock.now(),
        finished_at=None,
        counts={},
    )
