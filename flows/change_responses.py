"""Change what is kept of answers: search them again with today's redactor, or withhold one."""

from collections.abc import Iterable

from flows.wiring import Home
from pseudonymize import Progress, RescanReport, Room, rescan, withhold


def rescan_responses(home: Home, controller: str, progress: Progress) -> RescanReport:
    """Run today's redactor over the comments that an older one has let pass."""
    room = home.room(controller)
    with home.lock():
        return rescan(room, progress)


def withhold_response(home: Home, controller: str, answer_id: str) -> str:
    """Take the comment of one answer out; returns the run's id."""
    room = home.room(controller)
    with home.lock():
        return withhold(room, answer_id)


def withhold_all(room: Room, response_keys: Iterable[str]) -> None:
    """Take the comments of several answers out. Needs the home's lock."""
    for key in sorted(response_keys):
        withhold(room, key)
