"""A hold keeps what it is on and nothing else; what the CRM tells of customers lasts while it is needed."""

from pathlib import Path

import pytest
from sqlalchemy import select

from data.records import CrmReference
from data.stores import relations
from data.stores.holds import HOLDS
from flows.apply_retention import apply
from flows.import_events import import_events
from flows.plan_retention import approve, make_plan
from flows.retain import retain_unattended
from flows.verify_retention import verify
from flows.wiring import Home
from pseudonymize import no_progress
from pseudonymize.derive import reference_key
from tests.support.desk import Desk
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import take

YEAR = 366
HOLD = ("retention", "hold", "--ground", "tvist", "--by", "Eva Ek", "--review", "2099-01-01", "--json")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, write_mapping(tmp_path / "mapping.yaml"))


def people(count: int) -> list[dict[str, str]]:
    return [answer(number, text="") for number in range(count)]


def reference(number: int) -> str:
    return answer(number)["crm_reference"]


def told(desk: Desk, *rows: str) -> None:
    """Take events in, as the CRM exports them."""
    feed = desk.folder / "events.csv"
    feed.write_text("\n".join(["event,contact,organisation,on", *rows, ""]), "utf-8")
    import_events(desk.home, "sectra", feed)


def nothing_more_is_held(home: Home) -> None:
    """What retention does in time: every answer goes, and with it who gave it."""
    for store in home.stores("sectra"):
        if store.name in ("responses", "vault"):
            store.forget([holding.id for holding in store.holdings()], "retention")


def test_a_customer_of_many_years_is_kept_for_as_long_as_one_who_came_today(desk):
    desk.home.crm.add_contacts(CrmReference(row["crm_reference"]) for row in people(30))
    desk.take(*people(30))
    assert desk.run("scores", "sync", "--json").json["written"] == 30
    told(desk, *(f"customer,{reference(number)},,2015-01-01" for number in range(30)))
    _, plan = make_plan(desk.home, "sectra", no_progress)
    assert "relations" not in {part.store for part in plan.parts}
    retain_unattended(desk.home, "sectra", no_progress)
    assert not make_plan(desk.home, "sectra", no_progress)[1].alarms


def test_what_is_told_of_somebody_of_whom_nothing_is_held_ends_however_often_it_is_told(desk):
    daily = (f"customer,{reference(1)},,2015-01-01", f"customer,{reference(2)},ORG-7,2015-01-01")
    organisation = "customer,,ORG-7,2015-01-01"
    desk.take(*people(3))
    told(desk, *daily, organisation)
    nothing_more_is_held(desk.home)
    desk.take(answer(2, text=""), name="again.csv")
    keys = {number: reference_key(desk.home.room("sectra").ring, reference(number)) for number in (1, 2)}
    for year in range(1, 8):
        desk.later(days=year * YEAR)
        told(desk, *daily, organisation)
    state, plan = make_plan(desk.home, "sectra", no_progress)
    assert state
    assert [part.ids for part in plan.parts if part.store == "relations"] == [(keys[1],)]
    approve(desk.home, state.digest, "Eva Ek")
    apply(desk.home, state.digest, no_progress, even_so=True)
    nothing_more_is_held(desk.later(days=7 * YEAR + 1))
    told(desk, *daily, organisation)
    with desk.home.engine.connect() as connection:
        assert keys[1] not in relations.known(connection, "sectra")


def test_plans_are_forgotten_among_more_ids_than_a_database_takes_in_one_question(desk):
    desk.take(*people(3))
    make_plan(desk.later(days=600), "sectra", no_progress)
    (store,) = (store for store in desk.home.stores("sectra") if store.name == "plans")
    (there,) = (holding.id for holding in store.holdings())
    ids = [*(f"{number:08x}" for number in range(300_000)), there]
    assert store.present(ids) == {there}
    assert (store.forget(ids, "retention"), store.present(ids)) == (1, set())


def held(desk: Desk, *of: str) -> str:
    """Begin a hold; returns its id."""
    said = desk.run(*HOLD, *of)
    assert said.code == 0, said.everything
    hold: str = said.json["hold"]
    return hold


@pytest.fixture
def two_surveys(desk: Desk) -> Desk:
    """A desk where persons 0 and 1 have answered one survey, and person 2 another."""
    desk.take(*people(2))
    other = write_mapping(desk.folder / "other.yaml", ("survey: csat", "survey: other"))
    take(desk.home, write_export(desk.folder / "o.csv", people(3)[2:]), other)
    return desk


def test_a_hold_on_another_survey_lets_a_customer_be_erased(two_surveys):
    told(two_surveys, f"customer,{reference(1)},,2026-10-01")
    held(two_surveys, "--survey", "other")
    said = two_surveys.fulfil(two_surveys.open("erase", "person1@example.com"))
    assert said.code == 0, said.everything


def test_a_hold_on_another_survey_lets_somebody_be_erased_whom_a_plan_lists(two_surveys):
    make_plan(two_surveys.later(days=600), "sectra", no_progress)
    held(two_surveys, "--survey", "other")
    said = two_surveys.fulfil(two_surveys.open("erase", "person1@example.com"))
    assert said.code == 0, said.everything


@pytest.mark.parametrize(("of", "stays"), [(("--survey", "other"), False), ((), True)])
def test_requests_are_of_no_survey_and_only_held_with_everything(two_surveys, of, stays):
    two_surveys.fulfil(two_surveys.open("erase", "person1@example.com"))
    held(two_surveys, *of)
    _, plan = make_plan(two_surveys.later(days=40 * YEAR), "sectra", no_progress)
    assert ("cases" in {one.store for one in plan.held}) == stays


def kept_holds(desk: Desk) -> list[tuple[str, str]]:
    """Id, and who lifted it, of every hold on record."""
    with desk.home.register_engine.connect() as connection:
        return [(row.id, row.lifted_by) for row in connection.execute(select(HOLDS))]


def test_who_lifts_a_hold_stays_on_record_until_the_plans_of_the_time_go(desk):
    desk.take(*people(3))
    hold, in_force = held(desk), held(desk, "--survey", "csat")
    assert desk.run("retention", "lift", hold, "--by", "Bo Ek").code == 0
    again = desk.run("retention", "lift", hold, "--by", "Eva Ek")
    assert (again.code, "no hold with that id is in force" in again.err) == (2, True), again.everything
    assert [one["id"] for one in desk.run("retention", "holds", "--json").json] == [in_force]
    assert sorted(kept_holds(desk)) == sorted([(hold, "Bo Ek"), (in_force, "")])
    state, plan = make_plan(desk.later(days=40 * YEAR), "sectra", no_progress)
    assert state
    assert [part.ids for part in plan.parts if part.store == "plans"] == [(hold,)]
    approve(desk.home, state.digest, "Eva Ek")
    apply(desk.home, state.digest, no_progress, even_so=True)
    verify(desk.home, state.digest)
    assert kept_holds(desk) == [(in_force, "")]


def test_a_hold_in_force_is_no_thing_that_a_store_can_forget(desk):
    desk.take(*people(3))
    hold = held(desk)
    (store,) = (store for store in desk.home.stores("sectra") if store.name == "plans")
    assert (store.present([hold]), store.forget([hold], "retention")) == (set(), 0)
    assert kept_holds(desk) == [(hold, "")]


@pytest.mark.parametrize("of", [("--survey", "csat"), ("--survey", "csat", "--cycle", "2026-Q3")])
def test_a_survey_whose_answers_are_gone_can_still_be_held_where_anything_of_it_is_kept(desk, of):
    desk.take(*people(3))
    nothing_more_is_held(desk.home)
    hold = held(desk, *of)
    _, plan = make_plan(desk.later(days=40 * YEAR), "sectra", no_progress)
    assert ("vendor", hold, 3) in {(one.store, one.hold, one.count) for one in plan.held}


@pytest.mark.parametrize("of", [("--survey", "cast"), ("--survey", "csat", "--cycle", "2025-Q3")])
def test_a_misspelt_survey_is_refused_with_those_of_which_anything_is_kept(two_surveys, of):
    nothing_more_is_held(two_surveys.home)
    said = two_surveys.run(*HOLD, *of)
    assert (said.code, "surveys: csat, other" in said.err) == (2, True), said.everything


def test_a_survey_of_which_only_rows_in_quarantine_are_left_can_be_held(desk):
    desk.take(*people(30), answer(30, text="", score="11"))
    for store in desk.home.stores("sectra"):
        if store.name in ("vendor", "responses", "vault"):
            store.forget([holding.id for holding in store.holdings()], "retention")
    assert held(desk, "--survey", "csat")
