"""A run that changes what is kept of stored answers: all of it at once, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from data.errors import TillitError
from data.stores import runs
from data.stores.comments import Change
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
    run = _new_run(room, kind, survey or _EVERY_SURVEY)
    commit.begin(room, run)
    try:
        switch = room.responses.prepare_changed(run.id, files, change)
    except TillitError:
        commit.refuse(room, run, None, counts())
        raise
    except Exception:
        with suppress(Exception):  # the first failure is the one to tell
            room.sweep()
        raise
    commit.publish_changed(room, run, switch, counts())
    return run.id


def _new_run(room: Room, kind: str, survey: str) -> runs.Run:
    return runs.Run(
        id=runs.new_run_id(),
        kind=kind,
        controller=room.policy.controller,
        survey=survey,
        source=_SOURCE,
        policy_version=room.policy.version,
        state="running",
        started_at=room.clock.now(),
        finished_at=None,
        counts={},
    )
