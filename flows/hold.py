"""Legal holds: begin, lift, list."""

from datetime import date

from data.errors import UsageError
from data.stores import holds, tasks
from data.stores.holds import Hold
from flows.wiring import Home
from governance import evidence


def begin_hold(
    home: Home, controller: str, ground: str, by: str, review: date, survey: str, cycle: str
) -> Hold:
    """Stop deletion of a survey, of one cycle of it, or of everything. Raises `UsageError`."""
    now = home.clock.now()
    if not ground.strip() or not by.strip():
        raise UsageError("a hold has a ground and a person who says so", hint="give --ground and --by")
    if review <= now.date():
        raise UsageError("the day of review lies ahead", hint="give --review YYYY-MM-DD")
    if cycle and not survey:
        raise UsageError("a cycle is one of a survey", hint="give --survey too")
    hold = Hold(tasks.new_id(), ground.strip(), by.strip(), now, review, survey, cycle)
    with home.lock(), home.engine.begin() as connection:
        holds.add(connection, controller, hold)
        details = {"controller": controller, "hold": hold.id, "survey": survey, "cycle": cycle}
        evidence.record(connection, now, "legal hold", {**details, "review": review.isoformat()})
    return hold


def lift_hold(home: Home, controller: str, hold_id: str) -> None:
    """Let a hold end. Raises `UsageError` where there is none of that id."""
    with home.lock(), home.engine.begin() as connection:
        if not holds.lift(connection, controller, hold_id):
            raise UsageError("there is no hold with that id", hint="see `tillit retention holds`")
        details = {"controller": controller, "hold": hold_id}
        evidence.record(connection, home.clock.now(), "legal hold lifted", details)


def list_holds(home: Home, controller: str) -> list[Hold]:
    """The holds in force."""
    with home.engine.connect() as connection:
        return holds.holds(connection, controller)
