"""What a new version of a policy forbids of that which a home keeps and has told. Only looks."""

from collections.abc import Iterator

from data.clock import Clock
from data.errors import PolicyForbids, TillitError, UsageError
from data.store import Holding
from data.stores.register import REGISTER
from data.stores.sql import KEYS, STATE, is_complete
from flows.plan_retention import joins, policies_of
from flows.stores import stores
from flows.wiring import Home, Settings
from governance.policy import Policy
from governance.policy_impact import Impact, impact
from pseudonymize import Progress, Room


def look(settings: Settings, clock: Clock, old: Policy, new: Policy, progress: Progress) -> Impact | str:
    """The impact on a home whatever policy is in force there, or why nobody could look.

    Writes nothing: a home that would have to be made, or brought up to date, is not opened.
    """
    try:
        if old.controller != new.controller:
            raise UsageError("they are the policies of two controllers")
        _check_there(settings)
        home = Home(settings, clock)
        room = _room(home, old)
        kept = _kept(home, room, progress)
        found = impact(kept, policies_of(home, old), policies_of(home, new), clock.now())
    except TillitError as problem:
        return str(problem)
    return found if found.total else f"this home keeps nothing of {new.controller}"


def _check_there(settings: Settings) -> None:
    if not (settings.home / "state").is_dir():
        raise UsageError("there is no home here")
    databases = ((settings.state_url, STATE), (settings.keys_url, KEYS), (settings.register_url, REGISTER))
    if not all(is_complete(url, tables) for url, tables in databases):
        raise UsageError("this home is not complete, or an older version made it")


def _room(home: Home, old: Policy) -> Room:
    # Under the old version: what it has no store for was forbidden before, and becomes nothing.
    if home.is_behind():
        raise PolicyForbids("this home is older than the register of people who were erased or object")
    room = home.room_under(old)
    if not room.ring.exists():
        raise PolicyForbids(f"this home has no keys of {old.controller}")
    return room


def _kept(home: Home, room: Room, progress: Progress) -> Iterator[tuple[str, Iterator[Holding]]]:
    happened, found = joins(home, room), stores(home, room)
    steps = progress("looking at every store", len(found))
    for store in found:
        yield store.name, happened.joined(store.holdings())
        steps(1)
