"""Change what is kept of answers: search them again with today's redactor, or withhold one."""

from flows.change_register import change_register
from flows.wiring import Home
from pseudonymize import Progress, RescanReport, keep_out, rescan, withhold


def rescan_responses(home: Home, controller: str, progress: Progress) -> RescanReport:
    """Run today's redactor over the comments that an older one has let pass."""
    room = home.room(controller)
    with home.lock():
        return rescan(room, progress)


def withhold_response(home: Home, controller: str, answer_id: str) -> str:
    """Take the comment of one answer out, and of every newer version of it; returns the run's id."""
    room = home.room(controller)
    with home.lock():
        change_register(home, room, lambda change: keep_out(room, answer_id, change))
        return withhold(room, answer_id)
