"""One look at everything that is going on: what is urgent first, what is late marked, and nobody named."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from data.clock import SystemClock
from data.stores import runs
from flows.gather_status import gather_status
from flows.open_case import open_request
from flows.plan_retention import make_plan
from flows.policies import surroundings
from governance import evidence
from governance.page import officer_page
from governance.status import Status, days_left
from pseudonymize import no_progress
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import NOW, tillit
from tests.support.policies import CONTROLLERS

PEOPLE = [answer(n, text="") for n in range(5)]


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.take(*PEOPLE)
    return desk


def looked(desk: Desk, **later: int) -> Status:
    home = desk.later(**later)
    return gather_status(home, desk.controller, surroundings(home.clock.now()), no_progress)


def ask(desk: Desk, kind: str, person: int, days_ago: int) -> str:
    """A request, by a person of a number, that came so many days ago."""
    received = NOW - timedelta(days=days_ago)
    return open_request(desk.home, "sectra", kind, f"person{person}@example.com", "", received=received).id


def rows_of(page: str, heading: str) -> list[str]:
    """The rows of the table below a heading."""
    below = page.split(heading, 1)[1].split("<h2>", 1)[0]
    return re.findall(r"<tr(.*?)</tr>", below.split("<tbody>")[1], re.S)


def test_the_most_urgent_request_stands_first_and_one_that_is_late_is_marked(desk):
    soon, late, later = ask(desk, "erase", 1, 20), ask(desk, "access", 2, 40), ask(desk, "restrict", 3, 1)
    found = looked(desk)
    assert [one.id for one in found.cases] == [late, soon, later]
    assert [one.late for one in found.cases] == [True, False, False]
    assert found.counts["cases too late"] == 1
    first, second, _ = rows_of(officer_page(found), "Requests of people")
    assert ('class="late"' in first, "10 days too late" in first) == (True, True)
    assert ('class="late"' in second, "11 days left" in second) == (False, True)


def test_a_request_says_what_it_waits_for(desk):
    case = ask(desk, "access", 2, 1)
    assert [one.waits_for for one in looked(desk).cases] == ["somebody who reads the texts"]
    desk.run("rights", "texts", case)
    assert [one.waits_for for one in looked(desk).cases] == ["to be fulfilled"]
    desk.run("rights", "doubt", case, "--by", "Eva Ek", "--ground", "en annan adress")
    (one,) = looked(desk, days=90).cases
    assert (one.waits_for, one.left, one.late) == ("proof of who asks", "the time stands still", False)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "1 day left"), (12, "12 days left"), (-1, "1 day too late")]
)
def test_time_is_told_in_words(days, words):
    assert days_left(NOW.date() + timedelta(days=days), NOW.date()) == words


def test_what_is_to_be_deleted_by_hand_stands_with_its_owner_and_its_date(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    by_store = {task.store: task for task in looked(desk).tasks}
    task = by_store["vendor"]
    assert by_store["inbox"].owner == "Sectra AB"
    assert (task.store, task.owner, task.count, task.late) == ("vendor", "GetFeedback", 1, False)
    at_last = looked(desk, days=9999)
    assert all(one.late for one in at_last.tasks)
    assert any(task.id in alarm.says for alarm in at_last.alarms)


def test_a_plan_that_nobody_has_approved_waits(desk):
    later = desk.later(days=600)
    state, _ = make_plan(later, "sectra", no_progress)
    assert state is not None
    (plan,) = looked(desk, days=600).plans
    assert (plan.digest, plan.waits_for) == (state.digest[:12], "approval")
    assert plan.counts["vendor"] == 5
    desk.run("retention", "approve", state.digest, "--by", "Eva Ek")
    assert [one.waits_for for one in looked(desk, days=600).plans] == ["apply"]


def test_raw_rows_and_exports_past_their_period_are_alarms(desk):
    desk.take(*PEOPLE, answer(9, score="11", text=""), name="bad.csv")
    assert not {"inbox", "quarantine"} & {alarm.store for alarm in looked(desk).alarms}
    found = looked(desk, days=60)
    said = {alarm.store: (alarm.count, alarm.clause) for alarm in found.alarms}
    assert (said["inbox"], said["quarantine"]) == ((2, "OWN-02"), (1, "OWN-01"))


def test_a_hold_past_its_review_is_an_alarm_and_says_what_it_keeps(desk):
    hold = desk.hold()
    found = looked(desk, days=600)
    assert [(one.id, one.of, one.late) for one in found.holds] == [(hold, "everything", False)]
    assert found.holds[0].keeps >= 5
    found = looked(desk, days=30_000)
    assert found.holds[0].late
    assert any(hold in alarm.says for alarm in found.alarms)


def test_a_run_that_never_ended_and_alarms_on_record_are_shown(desk):
    run = runs.Run("r" * 16, "import", "sectra", "csat", "t", "v", "running", NOW, None, {})
    with desk.home.engine.begin() as connection:
        runs.start(connection, run)
        for number in range(12):
            details = {"controller": "sectra", "says": f"fall {number} åäö", "count": 1}
            evidence.record(connection, NOW, "alarm", details)
    found = looked(desk)
    assert any("begun and not ended" in alarm.says for alarm in found.alarms)
    assert (found.recorded_in_all, found.recorded[0].says) == (12, "fall 11 åäö")
    assert len(found.recorded) < found.recorded_in_all
    assert "fall 11 åäö" in officer_page(found)


def test_a_home_behind_its_register_says_so_and_shows_all_else(desk):
    ask(desk, "access", 3, 1)
    folder = desk.folder / "home"
    shutil.copytree(folder, desk.folder / "older")
    desk.fulfil(desk.open("erase", "person1@example.com"))
    shutil.rmtree(folder)
    shutil.copytree(desk.folder / "older", folder)
    said = desk.run("status")
    assert (said.code, "older than the register" in said.err, "tillit rights replay" in said.err) == (
        0,
        True,
        True,
    )
    found = looked(desk)
    assert (len(found.alarms), found.alarms[0].store, len(found.cases)) == (1, "register", 1)
    shutil.rmtree(f"{folder}.register")
    (folder / "state" / "state.db").unlink()
    shutil.copy(desk.folder / "older" / "state" / "state.db", folder / "state" / "state.db")
    assert desk.run("status").code == 0


def test_readings_that_nobody_has_confirmed_stand_with_their_review(desk):
    found = looked(desk)
    assert {one.state for one in found.unsettled} == {"proposed"}
    assert not any(one.late for one in found.unsettled)
    assert all(one.late for one in looked(desk, days=400).unsettled)
    page = officer_page(found)
    assert len(rows_of(page, "Readings of the policy")) == len(found.unsettled)
    assert "The scale is 1-10 as published." in page


def test_each_clause_stands_with_what_keeps_it_its_proof_and_its_last_evidence(desk):
    page = officer_page(looked(desk))
    rows = {re.findall(r"SEC-\d+", row)[0]: row for row in rows_of(page, "What keeps each clause")}
    assert len(rows) == 38
    assert ("closed-fields" in rows["SEC-04"], "import" in rows["SEC-04"]) == (True, True)
    assert "waits for the LLM step" in rows["SEC-10"]


def test_the_page_names_nobody_and_needs_nothing_from_outside(desk):
    bad = [answer(n, score="11", text="Ring Åsa Öberg") for n in range(20, 23)]
    desk.take(*PEOPLE, *bad, name="bad.csv")
    desk.fulfil(desk.open("erase", "person1@example.com"))
    ask(desk, "access", 2, 1)
    desk.hold()
    said = desk.run("status", "--officer")
    assert said.code == 0
    told = said.out + desk.run("status", "--officer", "--json").out + desk.run("status").everything
    vault = desk.home.room("sectra").vault
    for identity in vault.everybody():
        for kind in ("name", "address", "respondent_id", "crm_reference"):
            assert not any(value in told for value in identity.all(kind))
    assert not re.search("person[0-9]|Efternamn|Eva Ek|Åsa|tvist", told)
    assert not re.search("<script|<link|<img|https?://|url\\(|@import|srcset", said.out)


def test_what_is_written_by_others_is_escaped(desk):
    with desk.home.engine.begin() as connection:
        details = {"controller": "sectra", "says": "<script>alert(1)</script>", "count": 1}
        evidence.record(connection, NOW, "alarm", details)
    page = officer_page(looked(desk))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_file_is_whole_or_not_there_and_nobody_elses(desk):
    page = desk.folder / "sidor" / "läge.html"
    said = desk.run("status", "--officer", "--output", page)
    assert (said.code, page.stat().st_mode & 0o777, [p.name for p in page.parent.iterdir()]) == (
        0,
        0o600,
        ["läge.html"],
    )
    assert page.read_text("utf-8").rstrip().endswith("</html>")
    page.write_text("before", "utf-8")
    page.chmod(0o644)
    assert desk.run("status", "--officer", "--output", page, "--json").json["page"] == str(page)
    assert (page.stat().st_mode & 0o777, page.read_text("utf-8")[:9]) == (0o600, "<!doctype")


@pytest.mark.parametrize(
    ("options", "code", "because"),
    [
        (("--output", "x.html"), 2, "--output is for the page"),
        (("--officer", "--output", ""), 2, "names no file"),
        (("--officer", "--output", "/proc/nothing/x.html"), 5, "cannot be written"),
        (("--controller", "nobody"), 2, "there is no policy for that controller"),
        (("--controller", "xtractor"), 4, "leaves 7 to decide"),
    ],
)
def test_what_cannot_be_shown_says_why(desk, options, code, because):
    said = desk.run("status", *options)
    assert (said.code, because in said.err, said.out) == (code, True, "")


def test_an_empty_home_says_that_there_is_nothing(tmp_path):
    home = {"TILLIT_HOME": str(tmp_path / "tom")}
    said = tillit("status", "--json", environ=home)
    assert (said.code, said.json["alarms"], said.json["open cases"]) == (0, 1, 0)
    assert "could not be looked at" in tillit("status", environ=home).err
    assert tillit("keys", "init", environ=home).code == 0
    page = tillit("status", "--officer", environ=home).out
    for says in ("No request is open.", "Nothing is to be deleted by hand.", "There is none."):
        assert says in page
    assert tillit("status", "--json", environ=home).json["alarms"] == 0


def test_looking_changes_nothing(desk):
    def state() -> list[str]:
        with desk.home.engine.connect() as connection:
            return list(connection.connection.driver_connection.iterdump())

    before = state()
    for options in ((), ("--json",), ("--officer",), ("--officer", "--json")):
        assert desk.run("status", *options).code == 0
    assert state() == before


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_each_controller_has_its_own_page(tmp_path, mapping, controller):
    desk = Desk.of(controller, tmp_path, mapping)
    desk.take(answer(1, text=""))
    today = SystemClock().now().date().isoformat()
    said = desk.run("status", "--officer", "--controller", controller)
    assert (said.code, today in said.out, desk.home.policy(controller).contact in said.out) == (0, True, True)
