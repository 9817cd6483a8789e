"""A store tells of some things what it tells of them among all others."""

from pathlib import Path

import pytest

from data.clock import FixedClock
from data.records import CrmReference
from flows.create_backup import create_backup
from flows.hold import begin_hold, lift_hold
from flows.import_events import import_events
from flows.open_case import open_request
from flows.plan_retention import approve, make_plan
from flows.reidentify import Question, reidentify
from flows.sync_scores import sync_scores
from flows.wiring import Home
from pseudonymize import no_progress
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import NOW


@pytest.fixture
def home(tmp_path: Path, mapping: Path) -> Home:
    """Something in every store but that of a server."""
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(6))
    bad = [answer(n, response_id=f"B-{n}", score="11", text="") for n in range(3)]
    desk.take(*[answer(n, text="") for n in range(6)], *bad)
    desk.take(answer(1, response_id="S-1", cycle="2026-Q2", text=""), name="second.csv")
    sync_scores(desk.home, "sectra", no_progress)
    for person in (4, 5):
        desk.fulfil(desk.open("erase", f"person{person}@example.com"))
    for person in (1, 2):
        desk.fulfil(desk.open("access", f"person{person}@example.com"))
    for person in (1, 2):
        right = {"email": f"rätt{person}@example.com"}
        case = open_request(
            desk.home, "sectra", "rectify", f"person{person}@example.com", "", corrections=right
        )
        desk.fulfil(case.id)
    desk.open("erase", "person3@example.com")
    key = desk.home.responses.read("sectra", ["response_key"])["response_key"][0].as_py()
    reidentify(desk.home, "sectra", key, Question("follow_up", "åtgärdsplan", "Eva Ek", "Bo Ås"))
    feed = tmp_path / "events.csv"
    lines = [f"customer;{answer(n)['crm_reference']};2026-01-01" for n in range(3)]
    feed.write_text("\n".join(["event;contact;on", *lines, ""]))
    import_events(desk.home, "sectra", feed)
    hold = begin_hold(desk.home, "sectra", "tvist", "Eva Ek", NOW.replace(year=2099).date(), "", "")
    lift_hold(desk.home, "sectra", hold.id, "Eva Ek")
    for name in ("once", "twice"):
        create_backup(desk.home, tmp_path / name / "backups", tmp_path / name / "keys", no_progress)
    later = desk.later(days=600)
    state, _ = make_plan(later, "sectra", no_progress)
    assert state is not None
    approve(later, state.digest, "Eva Ek")
    assert isinstance(later.clock, FixedClock)
    return later


def test_of_some_things_a_store_tells_the_same_as_of_all(home: Home) -> None:
    filled = set()
    for store in home.stores("sectra"):
        every = {holding.id: holding for holding in store.holdings()}
        for ids in (list(every)[::2], list(every), ["c0/csat/2026-Q3"], []):
            some = {holding.id: holding for holding in store.holdings(ids)}
            assert some == {one: every[one] for one in ids if one in every}, store.name
        filled |= {store.name} if len(every) > 1 else set()
    assert {store.name for store in home.stores("sectra")} - filled == {"prefect"}
