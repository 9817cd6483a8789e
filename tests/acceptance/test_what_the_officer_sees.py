"""What the commands of retention and of the rights desk say where a person could be led astray."""

import re
from datetime import timedelta

import pytest

from data.clock import SystemClock
from data.records import CrmReference
from data.stores import cases
from flows.apply_retention import apply
from flows.plan_retention import approve, make_plan
from flows.wiring import Home
from pseudonymize import no_progress
from tests.support.desk import IDENTITY, Desk
from tests.support.exports import answer, write_export
from tests.support.homes import Said

TODAY = SystemClock().now().date()
REFUSAL = ("--override", "a claim under dispute", "--role", "DPO")
HOLD = ("--by", "Eva Ek", "--review", "2099-01-01")


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.take(*[answer(n, text="") for n in range(5)])
    return desk


def opened(desk: Desk, *lines: str, **more: str) -> Said:
    file = desk.folder / "who.txt"
    file.write_text("\n".join(lines), "utf-8")
    options = [part for name, value in more.items() for part in (f"--{name}", value)]
    return desk.run("rights", "open", "--kind", "erase", "--email-file", file, *options)


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_the_rows_of_an_import_add_up_and_what_was_kept_out_is_an_alarm(desk, dry):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    export = write_export(
        desk.folder / "all.csv",
        [*[answer(n, text="") for n in range(1, 4)], answer(9, answered_at="2020-01-01 10:00:00", text="")],
    )
    said = desk.run("ingest", "--file", export, "--mapping", desk.mapping, *dry)
    counts = {name: int(number) for name, number in re.findall(r"^ (\S.*?) {2,}(\d+) *$", said.out, re.M)}
    assert counts.pop("rows in the export") == 4
    assert sum(counts.values()) == 4, said.out
    assert counts["of people who were erased or object: kept out"] == 1
    assert "alarm: 1 × answers of people who were erased or object are still at the vendor" in said.err
    assert "alarm: 1 × answers past their period are still at the vendor" in said.err
    assert ("hint: `tillit retention tasks` lists" in said.err) == (not dry)


def test_of_many_exports_that_lie_about_the_most_urgent_are_named_and_the_others_counted(desk):
    for number in range(5):
        desk.take(*[answer(n, text="") for n in range(5)], name=f"{number}.csv")
    said = desk.run("ingest", "--file", desk.folder / "4.csv", "--mapping", desk.mapping)
    lines = [line for line in said.err.splitlines() if line.startswith("raw copy:")]
    assert (len(lines), lines[-1]) == (4, "raw copy: 3 more, to be deleted later than these")


def test_an_export_without_its_mapping_confirms_nothing_and_the_message_names_what_is_missing(desk):
    said = desk.run("retention", "verify", "--export", desk.folder / "e.csv", "--by", "Eva Ek")
    assert (said.code, "--export with --mapping" in said.err, "--file" in said.err) == (2, True, False)


def test_a_case_that_was_carried_out_is_not_refused_after_all_nor_the_other_way_round(desk):
    case = desk.open("erase", "person1@example.com")
    done = desk.fulfil(case, "--json").json
    assert desk.fulfil(case, "--json").json == done
    said = desk.fulfil(case, *REFUSAL)
    assert (said.code, f"case {case} is closed, and that is not changed" in said.err) == (2, True)
    case = desk.open("erase", "person2@example.com")
    assert desk.fulfil(case, *REFUSAL).code == desk.fulfil(case, *REFUSAL).code == 0
    said = desk.fulfil(case)
    assert (said.code, f"case {case} is refused" in said.err) == (2, True)
    assert desk.answers == 4


def plan(home: Home) -> str:
    state, _ = make_plan(home, "sectra", no_progress)
    assert state is not None
    return state.digest


def test_a_newer_plan_takes_the_place_of_one_that_nobody_approved(desk):
    home = desk.later(days=600)
    older, newer = plan(home), plan(home)
    said = desk.run("retention", "approve", older, "--by", "Eva Ek")
    assert (said.code, "no plan" in said.err, "a newer plan takes the place" in said.err) == (2, True, True)
    assert len(list((desk.folder / "home" / "plans").iterdir())) == 1
    assert desk.run("retention", "approve", newer, "--by", "Eva Ek").code == 0


def test_of_two_approved_plans_that_list_the_same_each_certifies_what_it_deleted(desk):
    home = desk.later(days=600)
    one = plan(home)
    approve(home, one, "Eva Ek")
    other = plan(home)
    approve(home, other, "Eva Ek")
    apply(home, other, no_progress, even_so=True)
    apply(home, one, no_progress, even_so=True)
    counts = []
    for digest in (other, one):
        parts = desk.run("retention", "verify", digest, "--json").json["parts"]
        counts += [(p["planned"], p["before"], p["gone"]) for p in parts if not p["by_hand"]]
    assert counts == [(1, 0, 1), (1, 1, 0)]


def test_a_case_is_late_in_words_and_no_request_is_older_than_the_rights(desk):
    day = (TODAY - timedelta(days=60)).isoformat()
    said = opened(desk, "person1@example.com", received=day)
    assert (said.code, "alarm: the day by which this is to be answered is over" in said.err) == (0, True)
    assert "too late" in desk.run("rights", "list").out
    said = opened(desk, "person1@example.com", received="1900-01-01")
    assert (said.code, "before the GDPR" in said.err) == (2, True), said.everything


@pytest.mark.parametrize(
    "command",
    [
        ("retention", "hold", *HOLD, "--ground", "klagan från a.b@c.se"),
        ("rights", "close", "CASE", "--by", "Eva Ek", "--ground", "a.b@c.se tog tillbaka"),
        ("rights", "fulfil", "CASE", *IDENTITY, "--override", "a.b@c.se", "--role", "DPO"),
        ("rights", "fulfil", "CASE", *IDENTITY, "--override", "tvist", "--role", "ombud för a.b@c.se"),
        ("rights", "close", "CASE", "--by", "a.b@c.se", "--ground", "tog tillbaka"),
    ],
)
def test_a_ground_that_holds_an_address_is_refused_and_not_repeated(desk, command):
    case = desk.open("erase", "person1@example.com")
    said = desk.run(*[case if part == "CASE" else part for part in command])
    assert (said.code, "holds no @" in said.err, "a.b@c.se" in said.everything) == (2, True, False)


def test_a_file_of_who_asks_has_two_lines_and_a_name_that_is_one(desk):
    said = opened(desk, "person1@example.com", "Anna Ek", "person2@example.com")
    assert (said.code, "more than two lines" in said.err) == (2, True), said.everything
    said = opened(desk, "person1@example.com", "Anna " * 1000)
    assert (said.code, "up to 200 characters" in said.err, "Anna" in said.everything) == (2, True, False)
    with desk.home.engine.connect() as connection:
        assert not cases.cases(connection, "sectra")


def test_a_hold_shows_in_every_plan_also_where_it_keeps_nothing_that_is_due(desk):
    (desk.folder / "e.csv").unlink()
    hold = desk.hold()
    assert f"Hold {hold} is in force and keeps nothing that is due" in desk.run("retention", "plan").out


def test_a_row_that_is_none_is_not_destroyed_in_silence(desk):
    said = desk.run("quarantine", "discard", "99")
    assert (said.code, "1 of 1 ids are of no row in quarantine" in said.err) == (2, True), said.everything


def test_a_score_and_our_note_of_it_go_by_one_plan_and_stand_in_its_certificate(desk):
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(5))
    assert desk.run("scores", "sync", "--json").json["written"] == 5
    file, reference = desk.folder / "events.csv", answer(1)["crm_reference"]
    file.write_text(f"event,contact,on\ncustomer_ended,{reference},2025-10-01\n", "utf-8")
    assert desk.run("events", "import", "--file", file).code == 0
    digest = plan(desk.home)
    approve(desk.home, digest, "Eva Ek")
    apply(desk.home, digest, no_progress, even_so=True)
    parts = desk.run("retention", "verify", digest, "--json").json["parts"]
    gone = {part["store"]: (part["planned"], part["before"], part["gone"]) for part in parts}
    assert (gone["crm"], gone["crm_ledger"]) == ((1, 0, 1), (1, 0, 1))


def test_a_hold_is_named_with_every_store_and_with_what_can_be_done(desk):
    desk.hold()
    said = desk.fulfil(desk.open("erase", "person1@example.com"))
    assert all(f"in {store} " in said.err for store in ("vendor", "responses", "vault")), said.err
    assert "--override" in said.err
    said = desk.run("runs", "undo", desk.run("runs", "list", "--json").json[0]["id"])
    assert (said.code, "--override" in said.err) == (4, False), said.everything


def test_a_plan_tells_of_other_cases_of_the_address_and_of_exports_that_lie_about(desk):
    first, second = desk.open("erase", "person1@example.com"), desk.open("object", "Person1@Example.com")
    desk.open("erase", "person2@example.com")
    said = desk.run("rights", "plan", first).out
    assert f"The same address has other open cases: {second} (object)" in said
    assert "Exports in an inbox: 1. One that holds" in said


def test_a_plan_to_lift_an_objection_that_there_is_not_says_so(desk):
    said = desk.run("rights", "plan", desk.open("lift-objection", "person1@example.com"))
    assert (said.code, "holds no objection" in said.err, "Next" in said.out) == (4, True, False)


def test_a_compiled_cycle_of_which_nothing_is_kept_is_an_alarm(desk):
    file = desk.folder / "events.csv"
    file.write_text("event,survey,cycle,on\ncompiled,cast,2026-Q3,2026-10-01\n", "utf-8")
    said = desk.run("events", "import", "--file", file)
    assert (said.code, "is the survey written as here?" in said.err) == (0, True), said.everything


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("händelse".encode("cp1252"), "is not UTF-8"),
        (None, "cannot be read: No such file"),
        (b'event,on\n"x', "is not CSV"),
    ],
)
def test_a_file_of_events_that_cannot_be_read_says_why(desk, content, says):
    file = desk.folder / "events.csv"
    if content is not None:
        file.write_bytes(content)
    said = desk.run("events", "import", "--file", file)
    assert (said.code, says in said.err) == (3, True), said.everything


def test_wrong_input_of_one_kind_has_one_exit_code(desk):
    bad = desk.folder / "bad.csv"
    bad.write_text("reference\nÅsa Öberg\n", "utf-8")
    codes = {
        "a file of contacts": desk.run("scores", "contacts", "--file", bad).code,
        "a file of events": desk.run("events", "import", "--file", bad).code,
        "a folder that is not there": desk.run(
            "evidence", "checkpoint", "--output", desk.folder / "none" / "c.txt"
        ).code,
        "a day that is none": desk.run(
            "retention", "hold", "--ground", "x", "--by", "E", "--review", "nu"
        ).code,
    }
    assert codes == {
        "a file of contacts": 3,
        "a file of events": 3,
        "a folder that is not there": 2,
        "a day that is none": 2,
    }
