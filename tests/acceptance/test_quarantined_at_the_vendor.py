"""A row that cannot be taken in is an answer at the survey tool all the same: it has its clock and rights."""

import json

import pytest

import flows.fulfil_case
from data.stores import tasks, vendor_copies
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from flows.plan_retention import approve, make_plan
from flows.verify_retention import reveal
from flows.wiring import Home
from governance.deletion import Plan
from pseudonymize import no_progress
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.desk import Desk
from tests.support.exports import answer, write_export

EVA = Decision("Eva Ek", "address on file")
#: Åsa's second answer, with a score outside the scale.
BAD = answer(1, response_id="B-1", score="11", text="")
WITHOUT_ID = answer(1, response_id="", text="")


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    return Desk(tmp_path, mapping)


def people(count: int = 5) -> list[dict[str, str]]:
    return [answer(number, text="") for number in range(count)]


def revealed(home: Home) -> list[str]:
    with home.engine.connect() as connection:
        found = tasks.tasks(connection, "sectra")
    return [line for task in found if task.store == "vendor" for line in reveal(home, "sectra", task.id)]


def plan_of(home: Home) -> Plan:
    _, plan = make_plan(home, "sectra", no_progress)
    return plan


def confirm(desk: Desk, *rows: dict[str, str]) -> dict[str, int]:
    export = write_export(desk.folder / "gone.csv", rows)
    said = desk.run(
        "retention", "verify", "--export", export, "--mapping", desk.mapping, "--by", "Eva Ek", "--json"
    )
    counts: dict[str, int] = json.loads(said.out)
    return counts


def test_an_erasure_makes_a_task_of_the_writers_quarantined_answer_and_names_it(desk):
    desk.take(*people(), BAD)
    told = desk.fulfil(desk.open("erase", "person1@example.com"), "--json").json
    assert {"store": "vendor", "found": 2, "gone": 0} in told["stores"]
    assert [task["count"] for task in told["tasks"] if task["store"] == "vendor"] == [2]
    assert revealed(desk.home) == ["csat B-1", "csat R-00001"]


def test_an_erasure_that_was_stopped_counts_that_answer_once(desk):
    desk.take(*people(), BAD)
    case = desk.open("erase", "person1@example.com")
    with stopped_at(flows.fulfil_case, "close"):
        fulfil(desk.home, "sectra", case, EVA)
    told = fulfil(desk.home, "sectra", case, EVA)
    assert {"store": "vendor", "found": 2, "gone": 0} in told["stores"]
    assert [task["count"] for task in told["tasks"] if task["store"] == "vendor"] == [2]


def test_the_task_is_done_when_an_export_has_neither_answer_any_more(desk):
    rows = people()
    desk.take(*rows, BAD)
    desk.fulfil(desk.open("erase", "person1@example.com"))
    others = [row for n, row in enumerate(rows) if n != 1]
    assert confirm(desk, *others, BAD) == {"tasks done": 0, "answers gone": 1, "answers still there": 1}
    assert revealed(desk.home) == ["csat B-1"]
    assert confirm(desk, *others) == {"tasks done": 1, "answers gone": 1, "answers still there": 0}


def test_a_row_of_an_erased_person_that_comes_again_is_in_the_alarm_and_in_no_second_task(desk):
    rows = people()
    desk.take(*rows, BAD)
    desk.fulfil(desk.open("erase", "person1@example.com"))
    export = write_export(desk.folder / "again.csv", [*rows, BAD])
    said = desk.run("ingest", "--file", export, "--mapping", desk.mapping)
    assert "alarm: 2 × answers of people who were erased or object are still at the vendor" in said.err
    assert revealed(desk.home) == ["csat B-1", "csat R-00001"]


def test_a_row_of_an_erased_person_that_first_comes_then_is_a_task(desk):
    desk.take(*people())
    desk.fulfil(desk.open("erase", "person1@example.com"))
    desk.take(BAD, *people(3)[2:], name="later.csv")
    assert "csat B-1" in revealed(desk.home)


def test_a_row_whose_id_cannot_be_read_is_in_the_alarm_and_said_to_be_in_no_task(desk):
    desk.take(*people())
    desk.fulfil(desk.open("erase", "person1@example.com"))
    export = write_export(desk.folder / "again.csv", [*people(), WITHOUT_ID])
    said = desk.run("ingest", "--file", export, "--mapping", desk.mapping)
    assert "alarm: 2 × answers of people who were erased or object are still at the vendor" in said.err
    assert "alarm: 1 × of them without an id of their own that can be read: in no task" in said.err


def test_the_certificate_says_what_of_the_person_nobody_can_name_at_the_survey_tool(desk):
    desk.take(*people(), WITHOUT_ID)
    case = desk.open("erase", "person1@example.com")
    said = desk.run("rights", "plan", case)
    assert "Quarantined rows of the person without an id of their own: 1." in said.out
    with stopped_at(flows.fulfil_case, "close"):
        fulfil(desk.home, "sectra", case, EVA)
    told = fulfil(desk.home, "sectra", case, EVA)
    assert list(told["not searchable"].values()) == [0, 1]
    assert [row["store"] for row in told["stores"]].count("vendor") == 1


def test_a_row_past_its_period_at_the_vendor_is_a_task_also_when_it_cannot_be_taken_in(desk):
    old = answer(9, answered_at="2020-01-01 10:00:00", score="11", text="")
    desk.take(*people(), old)
    assert revealed(desk.home) == ["csat R-00009"]


def test_a_quarantined_answer_falls_due_at_the_vendor_by_its_own_time(desk):
    desk.take(*people(), BAD)
    due = [part for part in plan_of(desk.later(days=600)).parts if part.store == "vendor"]
    assert sum(len(part.ids) for part in due) == 6


def test_an_answer_that_nobody_can_say_the_time_of_alarms_and_has_the_cap(desk):
    desk.take(*people(), answer(1, response_id="B-1", answered_at="igår", text=""))
    plan = plan_of(desk.later(days=600))
    (alarm,) = [one for one in plan.alarms if one.store == "vendor"]
    assert (alarm.count, alarm.says.startswith("unknown start: answered")) == (1, True)
    assert [len(part.ids) for part in plan.parts if part.store == "vendor"] == [5]
    late = plan_of(desk.later(days=7 * 366))
    assert sum(len(part.ids) for part in late.parts if part.store == "vendor") == 6


def test_a_row_that_is_taken_in_after_all_is_known_by_its_answer(desk):
    desk.take(*people(), answer(1, response_id="B-1", answered_at="igår", text=""))
    desk.take(*people(), answer(1, response_id="B-1", text=""), name="corrected.csv")
    with desk.home.engine.connect() as connection:
        assert all(vendor_copies.of_survey(connection, "sectra", "csat").values())
    assert not plan_of(desk.later(days=1)).alarms


def test_a_wrong_id_in_a_row_that_could_not_be_read_does_not_make_every_export_look_torn(desk):
    desk.take(*people(), answer(1, response_id="Z-9", score="11", text=""))
    assert confirm(desk, *people()) == {"tasks done": 0, "answers gone": 0, "answers still there": 0}
    assert not [part for part in plan_of(desk.later(days=600)).parts if len(part.ids) == 6]


def test_a_strangers_answer_under_the_same_id_stays_and_is_in_no_task(desk):
    """Two rows of one id, of two people: somebody has to look at the survey tool."""
    desk.take(*people())
    conflict = {**answer(2, text=""), "response_id": "R-00001"}
    desk.take(conflict, *people()[3:], name="conflict.csv")
    told = desk.fulfil(desk.open("erase", "person2@example.com"), "--json").json
    assert desk.answers == 4
    assert revealed(desk.home) == ["csat R-00002"]
    assert list(told["not searchable"].values()) == [0, 1]
    assert confirm(desk, *[row for n, row in enumerate(people()) if n != 2])["tasks done"] == 1


@pytest.mark.parametrize("shifted", ["person7@example.com", "Åsa Öberg", "Öberg"])
def test_what_stands_in_the_place_of_an_id_and_is_none_is_kept_nowhere(desk, shifted):
    desk.take(*people(), answer(7, response_id=shifted, score="11", text=""))
    with desk.home.engine.connect() as connection:
        assert all(vendor_copies.of_survey(connection, "sectra", "csat").values())
    plan = desk.run("rights", "plan", desk.open("erase", "person7@example.com"))
    assert "without an id of their own: 1." in plan.out


def test_a_plan_that_lists_the_quarantined_answer_of_somebody_erased_is_made_anew(desk):
    desk.take(*people(), answer(9, answered_at="2025-05-10 10:00:00", score="11", text=""))
    later = desk.later(days=9)
    state, plan = make_plan(later, "sectra", no_progress)
    assert state is not None
    assert "vendor" in {part.store for part in plan.parts}
    approve(later, state.digest, "Eva Ek")
    desk.fulfil(desk.open("erase", "person9@example.com"))
    assert not later.plans.path(plan.id).exists()
