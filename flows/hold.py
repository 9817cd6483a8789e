"""Legal holds: begin, lift, list, and whether one stands against a deletion."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from data.errors import PolicyForbids, UsageError
from data.stores import holds, tasks
from data.stores.holds import Hold
from data.stores.register import next_generation
from flows.change_register import change_register
from flows.decide import check_ground, check_staff
from flows.wiring import Home
from governance import evidence
from governance.policy import Policy


def begin_hold(
    home: Home, controller: str, ground: str, by: str, review: date, survey: str, cycle: str
) -> Hold:
    """Stop deletion of a survey, of one cycle of it, or of everything. Raises `UsageError`."""
    now = home.clock.now()
    check_staff(by)
    check_ground("a hold", ground, "--ground")
    if review <= now.date():
        raise UsageError("the day of review must lie ahead", hint="give --review YYYY-MM-DD")
    if cycle and not survey:
        raise UsageError("a cycle is one of a survey", hint="give --survey too")
    _check_known(home, controller, survey, cycle)
    hold = Hold(tasks.new_id(), ground.strip(), by.strip(), now, review, survey, cycle)
    with home.lock():
        change_register(home, home.room(controller), lambda change: _enter(home, controller, hold, change))
        with home.engine.begin() as connection:
            details = {"controller": controller, "hold": hold.id, "survey": survey, "cycle": cycle}
            evidence.record(connection, now, "legal hold", {**details, "review": review.isoformat()})
    return hold


def _enter(home: Home, controller: str, hold: Hold, change: str) -> None:
    """A change of the register: without it, or with an older one, no home opens that has seen the hold."""
    with home.register_engine.begin() as connection:
        holds.add(connection, controller, hold)
        next_generation(connection, change)


def lift_hold(home: Home, controller: str, hold_id: str, by: str) -> None:
    """Let a hold end. Raises `UsageError` where none of that id is in force."""
    check_staff(by)
    now = home.clock.now()
    with home.lock():
        if hold_id not in {hold.id for hold in list_holds(home, controller)}:
            raise UsageError("no hold with that id is in force", hint="see `tillit retention holds`")
        with home.engine.begin() as connection:  # first, so that none ends without it
            details = {"controller": controller, "hold": hold_id}
            evidence.record(connection, now, "legal hold lifted", details)
        with home.register_engine.begin() as connection:
            holds.lift(connection, hold_id, now, by.strip())


def list_holds(home: Home, controller: str) -> list[Hold]:
    """The holds in force."""
    home.policy(controller)  # a misspelt controller has none, and would look as if nothing were held
    with home.register_engine.connect() as connection:
        return holds.holds(connection, controller)


def held_things(
    home: Home, controller: str, ids: Mapping[str, Collection[str]]
) -> Iterator[tuple[Hold, str, int]]:
    """Each hold on some things, by the store they are in, with the number of them."""
    in_force = list_holds(home, controller)
    for store in home.stores(controller) if in_force else ():
        wanted = set(ids.get(store.name, ()))
        here = list(store.holdings(wanted)) if wanted else []
        for hold in in_force:
            if count := sum(hold.holds(holding) for holding in here):
                yield hold, store.name, count


def told_holds(found: Iterable[tuple[Hold, str, int]]) -> list[dict[str, Any]]:
    """What holds keep, as certificates tell it."""
    return [{"hold": hold.id, "store": store, "count": count} for hold, store, count in found]


def check_not_held(home: Home, policy: Policy, ids: Mapping[str, Collection[str]], also: str = "") -> None:
    """Raise `PolicyForbids` where a legal hold is on any of some things, by store.

    `also` says what else can be done.
    """
    found = list(held_things(home, policy.controller, ids))
    if found:
        said = "; ".join(
            f"hold {hold.id} is on {count} of these things in {store} (review {hold.review})"
            for hold, store, count in found
        )
        raise PolicyForbids(said, hint=f"`tillit retention lift` ends a hold{also}")


def _check_known(home: Home, controller: str, survey: str, cycle: str) -> None:
    """A hold on what is misspelt would hold nothing."""
    home.policy(controller)
    known = set[tuple[str, str]]()
    for some in _surveys(home, controller) if survey else ():
        if any(survey == one and cycle in ("", other) for one, other in some):
            return
        known |= some
    if survey:
        surveys = ", ".join(sorted({one for one, _ in known})) or "none"
        raise UsageError(f"nothing is kept of that survey or cycle; surveys: {surveys}")


def _surveys(home: Home, controller: str) -> Iterator[set[tuple[str, str]]]:
    """Surveys and cycles of which anything is kept, from place to place.

    What is quick comes first: the files of answers; then every thing in every store, since the vendor, the
    vault or the CRM may have kept what the answers were, and the quarantine what becomes answers yet.
    """
    yield {file.partition[1:] for file in home.responses.files(controller)}
    for store in home.stores(controller, even_behind=True):
        yield {(holding.survey, holding.cycle) for holding in store.holdings() if holding.survey}
