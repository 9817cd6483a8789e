"""Whoever else has something of a person hears of its erasure or restriction, and answers."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import flows.fulfil_case
from data.clock import SystemClock
from data.records import CrmReference
from data.stores import case_recipients
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.desk import Desk
from tests.support.exports import answer, write_export
from tests.support.homes import Said
from tests.support.policies import CONTROLLERS

WHO = "person1@example.com"
PEOPLE = [answer(n, text="") for n in range(5)]
TODAY = SystemClock().now().astimezone().date()
DAY = timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(3))
    desk.take(*PEOPLE)
    assert desk.run("scores", "sync").code == 0
    return desk


def carried_out(desk: Desk, kind: str, *more: object, who: str = WHO) -> str:
    case = desk.open(kind, who)
    said = desk.fulfil(case, *more)
    assert said.code == 0, said.everything
    return case


def hearing(desk: Desk, case: str) -> dict[str, dict[str, Any]]:
    """The recipients of a case by their name."""
    shown = desk.run("rights", "show", case, "--controller", desk.controller, "--json").json
    return {one["recipient"]: one for one in shown["recipients"]}


def note(desk: Desk, case: str, *more: object, recipient: str = "vendor") -> Said:
    whose = ("--controller", desk.controller)
    return desk.run("rights", "told", case, "--recipient", recipient, "--by", "Eva Ek", *whose, *more)


def missing(desk: Desk) -> dict[str, int]:
    listed = desk.run("rights", "list", "--controller", desk.controller, "--json").json
    return {one["id"]: one["recipients_without_answer"] for one in listed}


@pytest.mark.parametrize("kind", ["erase", "object", "withdraw"])
def test_the_crm_answers_as_it_is_read_back_and_the_survey_tool_when_its_task_is_done(desk, kind):
    case = carried_out(desk, kind)
    today = TODAY.isoformat()
    found = hearing(desk, case)
    assert found["crm"] == {
        "recipient": "crm",
        "name": "Microsoft Dynamics",
        "what": "erased",
        "told": today,
        "acknowledged": today,
    }
    assert (found["vendor"]["told"], found["vendor"]["acknowledged"], missing(desk)[case]) == (None, None, 1)
    assert "1 open" in desk.run("rights", "list").out
    export = write_export(desk.folder / "whole.csv", [row for row in PEOPLE if row != PEOPLE[1]])
    made = ("--export", export, "--mapping", desk.mapping, "--by", "Bo Ås")
    assert desk.run("retention", "verify", *made).code == 0
    found = hearing(desk, case)
    assert (found["vendor"]["told"], found["vendor"]["acknowledged"], missing(desk)[case]) == (
        today,
        today,
        0,
    )


def test_a_restriction_is_for_the_survey_tool_to_be_told_and_to_answer(desk):
    case = carried_out(desk, "restrict")
    found = hearing(desk, case)
    assert {name: (one["what"], bool(one["acknowledged"])) for name, one in found.items()} == {
        "crm": ("restricted", True),
        "vendor": ("restricted", False),
    }
    said = note(desk, case)
    assert (said.code, "GetFeedback (vendor): restricted, told, not answered" in said.out) == (0, True)
    assert hearing(desk, case)["vendor"]["told"] == TODAY.isoformat()
    assert (note(desk, case, "--acknowledged").code, missing(desk)[case]) == (0, 0)
    ended = carried_out(desk, "unrestrict", "--notified", TODAY.isoformat())
    assert {name: one["what"] for name, one in hearing(desk, ended).items()} == {"vendor": "unrestricted"}


def test_who_never_had_anything_of_the_person_is_no_recipient(desk):
    case = carried_out(desk, "erase", who="person4@example.com")  # no contact of the CRM
    assert hearing(desk, case).keys() == {"vendor"}
    assert hearing(desk, carried_out(desk, "erase", who="nobody@example.com")) == {}
    assert hearing(desk, carried_out(desk, "restrict", who="another@example.com")) == {}
    for kind in ("access", "portability"):
        assert hearing(desk, carried_out(desk, kind, who="person2@example.com")) == {}


def test_the_certificate_and_the_case_name_each_recipient_with_both_days(desk):
    case = carried_out(desk, "restrict")
    certificate = desk.fulfil(case, "--json").json
    assert {one["recipient"]: one["told"] for one in certificate["recipients"]} == {
        "crm": TODAY.isoformat(),
        "vendor": None,
    }
    said = desk.run("rights", "show", case).out
    assert re.search(rf"crm +Microsoft Dynamics +restricted +{TODAY} +{TODAY}", said)
    assert re.search(r"vendor +GetFeedback +restricted +to be told +not yet", said)


def test_who_has_not_answered_stands_on_the_page_of_the_officer(desk):
    case = carried_out(desk, "restrict")
    assert desk.run("status", "--json").json["recipients without answer"] == 1
    page = desk.run("status", "--officer").out
    below = page.split("Recipients who have not answered")[1].split("<h2>")[0]
    assert (case in below, "GetFeedback" in below, "to be told" in below) == (True, True, True)
    note(desk, case)
    note(desk, case, "--acknowledged")
    assert "Recipients who have not answered" not in desk.run("status", "--officer").out


@pytest.mark.parametrize(
    ("more", "because"),
    [
        (("--acknowledged",), "was not told yet"),
        (("--on", (TODAY + 2 * DAY).isoformat()), "lies ahead"),
        (("--on", "2020-01-01"), "before case"),
        (("--on", "1 april"), "Invalid value"),
        (("--by", " "), "who decides has a name"),
        (("--by", "eva@example.se"), "holds no @"),
    ],
)
def test_what_cannot_be_is_not_noted(desk, more, because):
    case = carried_out(desk, "restrict")
    said = note(desk, case, *more)
    assert (said.code, because in said.err) == (2, True), said.everything
    assert hearing(desk, case)["vendor"]["told"] is None


def test_nobody_answers_before_they_were_told_nor_twice(desk):
    case = carried_out(desk, "restrict")
    with desk.home.engine.begin() as connection:  # a case of some days ago
        case_recipients.change(connection, case, "vendor", told_on=TODAY + DAY, told_by="Eva Ek")
    said = note(desk, case, "--acknowledged")
    assert (said.code, "after that day" in said.err) == (2, True)
    note(desk, case)
    assert note(desk, case, "--acknowledged").code == 0
    for more in ((), ("--acknowledged",)):
        said = note(desk, case, *more)
        assert (said.code, "has answered on" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("case", "recipient", "because"),
    [
        ("", "llm", "its recipients: crm, vendor"),
        ("", "Åsa", "no such recipient"),
        ("c0ffee", "crm", "no case"),
    ],
)
def test_a_case_or_a_recipient_that_there_is_not_is_refused(desk, case, recipient, because):
    case = case or carried_out(desk, "restrict")
    said = note(desk, case, recipient=recipient)
    assert (said.code, because in said.err, "Åsa" in said.err) == (2, True, False)


def test_a_case_that_is_not_carried_out_has_no_recipients(desk):
    case = desk.open("restrict", WHO)
    said = note(desk, case)
    assert (said.code, "its recipients: none" in said.err) == (2, True)


def test_that_answers_are_deleted_is_confirmed_by_an_export_and_not_by_word(desk):
    case = carried_out(desk, "erase")
    assert note(desk, case).code == 0
    said = note(desk, case, "--acknowledged")
    assert (said.code, "--export" in said.err, hearing(desk, case)["vendor"]["acknowledged"]) == (
        2,
        True,
        None,
    )


def test_an_erasure_that_was_stopped_knows_its_recipients_all_the_same(desk):
    case = desk.open("erase", WHO)
    with stopped_at(flows.fulfil_case, "note_recipients"):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file"))
    assert desk.home.room("sectra").vault.count() == 4
    assert desk.fulfil(case).code == 0
    assert hearing(desk, case).keys() == {"crm", "vendor"}


def test_recipients_go_with_their_case(desk):
    case = carried_out(desk, "erase")
    (store,) = (store for store in desk.home.stores("sectra") if store.name == "cases")
    assert store.forget([case], "retention") == 1
    with desk.home.engine.connect() as connection:
        assert case_recipients.recipients(connection, [case]) == []


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_each_controller_knows_its_own_recipients(tmp_path, mapping, controller):
    desk = Desk.of(controller, tmp_path, mapping)
    desk.home.crm.add_contacts([CrmReference(answer(1)["crm_reference"])])
    desk.take(*PEOPLE)
    desk.run("scores", "sync", "--controller", controller)
    case = carried_out(desk, "erase")
    told = {"sectra": {"crm", "vendor"}}.get(controller, {"vendor"})
    assert hearing(desk, case).keys() == told
    restricted = carried_out(desk, "restrict", who="person2@example.com")
    assert hearing(desk, restricted)["vendor"]["what"] == "restricted"
    assert note(desk, restricted).code == 0
