"""Retention as a person would do it on the terminal, and what goes wrong on the way."""

import json
from pathlib import Path

import pytest

from data.clock import FixedClock
from data.records import CrmReference
from data.stores import plans
from flows.apply_retention import apply
from flows.import_events import import_events
from flows.plan_retention import approve, make_plan
from flows.retain import retain_unattended
from flows.start_keys import ensure_keys
from flows.verify_retention import verify
from flows.wiring import Home, Settings
from governance import evidence
from pseudonymize import no_progress
from tests.support.desk import Desk
from tests.support.exports import answer, write_export
from tests.support.homes import NOW, stored, take
from tests.support.policies import decided_text

#: Answered so that its 18 months at the survey tool are nearly over when it is taken in.
OLD = "2025-05-10 10:00:00"


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    return Desk(tmp_path, mapping)


def people(count: int, **changes: str) -> list[dict[str, str]]:
    return [answer(number, text="", **changes) for number in range(count)]


def test_a_full_round_plan_approve_apply_verify(desk):
    # The quarantined row and the export are of 1 November; the machine's own clock is past their periods.
    desk.take(*people(30), answer(90, score="11", text=""))
    planned = desk.run("retention", "plan", "--json").json
    due = {part["store"]: part["clause"] for part in planned["parts"]}
    assert due["inbox"] == "OWN-02"
    assert desk.run("retention", "apply", planned["digest"]).code == 4, "nobody has approved it"
    assert desk.run("retention", "approve", planned["digest"][:12], "--by", "Eva Ek").code == 0
    assert desk.run("retention", "apply", planned["digest"][:12]).code == 0
    said = desk.run("retention", "verify", planned["digest"][:12])
    assert (said.code, "Certificate" in said.out) == (0, True), said.everything
    assert not (desk.folder / "e.csv").exists()
    (certificate,) = (desk.folder / "home" / "certificates").iterdir()
    assert json.loads(certificate.read_text("utf-8"))["approved_by"] == "Eva Ek"
    assert not list((desk.folder / "home" / "plans").iterdir()), "a verified plan names ids no more"
    with desk.home.engine.connect() as connection:
        kinds = {entry.kind for entry in evidence.newest(connection, "sectra")}
        evidence.verify(connection)
    assert {"retention plan", "retention plan approved", "retention step", "retention verified"} <= kinds


def test_a_plan_that_was_changed_is_not_carried_out(desk):
    desk.take(*people(3))
    planned = desk.run("retention", "plan", "--json").json
    desk.run("retention", "approve", planned["digest"], "--by", "Eva Ek")
    file = Path(planned["file"])
    file.write_bytes(file.read_bytes().replace(b"inbox", b"vault"))
    said = desk.run("retention", "apply", planned["digest"])
    assert (said.code, "not as it was made" in said.err) == (6, True), said.everything
    assert len(stored(desk.home)) == 3


def test_more_than_the_share_of_a_store_is_asked_for_again(desk):
    desk.take(*people(5))
    home = desk.later(days=7 * 366)
    with pytest.raises(Exception, match=r"more than 5 % of|more than 5%"):
        _whole_round(home)
    assert len(stored(home)) == 5
    _whole_round(home, even_so=True)
    assert not stored(home)
    assert [run["kind"] for run in desk.run("runs", "list", "--json").json] == ["retention", "import"]


def _whole_round(home: Home, *, even_so: bool = False) -> None:
    state, _ = make_plan(home, "sectra", no_progress)
    if state is None:
        return
    approve(home, state.digest, "Eva Ek")
    apply(home, state.digest, no_progress, even_so=even_so)


def test_a_plan_in_which_nothing_falls_due_is_not_written_but_tells_of_holds_and_alarms(desk):
    """The export's own period is over by the machine's clock, and of no score is known who is a customer."""
    desk.home.crm.add_contacts(CrmReference(row["crm_reference"]) for row in people(3))
    desk.take(*people(3))
    assert desk.run("scores", "sync").code == 0
    hold_id = desk.hold()
    said = desk.run("retention", "plan")
    assert (said.code, "Nothing falls due." in said.out, "Digest" in said.out) == (0, True, False)
    assert f"Held: 1 in inbox, by hold {hold_id}" in said.out
    assert "alarm: crm: 3 × unknown start: customer ended" in said.err
    planned = desk.run("retention", "plan", "--json").json
    assert (planned["digest"], planned["file"], planned["parts"]) == (None, None, [])
    assert planned["held"][0]["hold"] == hold_id
    _no_plan_is_kept(desk.home)


def test_a_night_in_which_nothing_falls_due_leaves_no_plan_but_is_on_record(desk):
    desk.take(*people(3))
    assert retain_unattended(desk.later(days=1), "sectra", no_progress)["due"] == 0
    _no_plan_is_kept(desk.home)
    with desk.home.engine.connect() as connection:
        (entry,) = [e for e in evidence.newest(connection, "sectra") if e.kind == "retention plan"]
    assert json.loads(entry.details)["counts"] == {}


def _no_plan_is_kept(home: Home) -> None:
    assert not list((home.settings.home / "plans").iterdir())
    with home.engine.connect() as connection:
        assert not plans.all_plans(connection, "sectra")


def test_a_hold_stops_deletion_until_it_is_lifted(desk):
    desk.take(*people(3))
    hold_id = desk.hold()
    home = desk.later(days=7 * 366)
    _whole_round(home, even_so=True)
    assert len(stored(home)) == 3
    shown = desk.run("retention", "holds")
    assert "tvist" in shown.out
    assert desk.run("retention", "lift", hold_id, "--by", "Eva Ek").code == 0
    _whole_round(home, even_so=True)
    assert not stored(home)


def test_a_row_past_its_period_at_the_vendor_is_never_taken_in_and_is_an_alarm(desk):
    counts = desk.take(*people(2), answer(50, answered_at="2025-04-30 10:00:00", text=""))
    assert (counts["past their period"], counts["new"]) == (1, 2)
    with desk.home.engine.connect() as connection:
        (alarm,) = [e for e in evidence.newest(connection, "sectra") if e.kind == "alarm"]
    assert json.loads(alarm.details)["count"] == 1
    assert "past their period" in json.loads(alarm.details)["says"]
    (task,) = desk.run("retention", "tasks", "--json").json
    assert (task["store"], task["clause"], task["count"]) == ("vendor", "SEC-06", 1)


def test_what_is_deleted_at_the_vendor_by_hand_is_a_task_until_an_export_shows_it_gone(desk):
    rows = [*people(3), answer(50, answered_at=OLD, text="")]
    desk.take(*rows)
    home = desk.later(days=10)
    _whole_round(home, even_so=True)
    (task,) = desk.run("retention", "tasks", "--json").json
    assert (task["count"], task["done_at"]) == (1, None)
    assert desk.run("retention", "tasks", "--reveal", task["id"]).out == "csat R-00050\n"
    export = ("retention", "verify", "--by", "Eva Ek", "--mapping", desk.mapping, "--export")
    still = desk.run(*export, write_export(desk.folder / "still.csv", rows), "--json")
    assert still.json == {"tasks done": 0, "answers gone": 0, "answers still there": 1}
    assert (still.code, "of the answers that were to be deleted 1 are still" in still.err) == (6, True)
    part = desk.run(*export, write_export(desk.folder / "part.csv", rows[:1]))
    assert (part.code, "of the answers that nobody was to delete it lacks 2" in part.err) == (3, True), (
        part.everything
    )
    gone = desk.run(*export, write_export(desk.folder / "gone.csv", rows[:3]), "--json").json
    assert gone == {"tasks done": 1, "answers gone": 1, "answers still there": 0}
    assert desk.run("retention", "tasks", "--json").json[0]["done_at"]


def test_every_night_what_is_due_goes_unasked_and_too_much_waits_for_a_person(desk):
    desk.take(*people(40), answer(50, answered_at="2025-05-10 10:00:00", text=""))
    assert retain_unattended(desk.later(days=8), "sectra", no_progress)["due"] == 1
    assert not (desk.folder / "e.csv").exists()
    home = desk.later(days=7 * 366)
    with pytest.raises(Exception, match="41 in responses"):
        retain_unattended(home, "sectra", no_progress)
    assert len(stored(home)) == 41


def test_a_customer_who_ended_is_out_of_the_crm_twelve_months_later(desk):
    desk.home.crm.add_contacts(CrmReference(row["crm_reference"]) for row in people(3))
    desk.take(*people(3))
    assert desk.run("scores", "sync", "--json").json["written"] == 3
    feed = desk.folder / "events.csv"
    reference, organisation = people(3)[1]["crm_reference"], "ORG-7"
    feed.write_text(
        "event;contact;organisation;survey;cycle;on\n"
        f"customer;{reference};{organisation};;;2026-01-01\n"
        f"customer_ended;;{organisation};;;2025-11-05\n"
        "customer;c0ffee00-0000-0000-0000-999999999999;;;;2026-01-01\n",
        "utf-8",
    )
    told = desk.run("events", "import", "--file", feed, "--json").json
    assert told == {
        "rows": 3,
        "contacts and organisations": 2,
        "compiled cycles": 0,
        "compiled cycles of which no answers are kept": 0,
        "not known to us": 1,
        "left out: at an address that several people share": 0,
    }
    assert desk.run("scores", "sync", "--json").json["cleared"] == 1


def test_events_at_an_address_of_several_people_are_counted_and_an_alarm(desk):
    shared = people(2, email="desk@norrvik.se")
    desk.take(*shared, answer(5, text=""))
    feed = desk.folder / "events.csv"
    contacts = [*shared, answer(5)]
    rows = [f"customer_ended,{row['crm_reference']},2026-01-01" for row in contacts]
    feed.write_text("\n".join(["event,contact,on", *rows, ""]), "utf-8")
    said = desk.run("events", "import", "--file", feed)
    assert (said.code, "alarm: 2 × events left out" in said.err) == (0, True), said.everything
    with desk.home.engine.connect() as connection:
        (alarm,) = [e for e in evidence.newest(connection, "sectra") if e.kind == "alarm"]
    assert json.loads(alarm.details)["count"] == 2
    assert not [row for row in contacts if row["crm_reference"] in said.everything + alarm.details]


BAD_FEEDS = {
    "an event that is not known": ("event,contact,on\nleft,c-1,2026-01-01\n", "row 2: the event is not"),
    "a date that is none": ("event,contact,on\ncustomer,c-1,5/1/2026\n", "row 2: `on` is not a date"),
    "a day ahead": ("event,contact,on\ncustomer,c-1,2099-01-01\n", "row 2: `on` lies ahead"),
    "nobody": ("event,contact,on\ncustomer_ended,,2026-01-01\n", "is about a contact or an organisation"),
    "a name": ("event,contact,on\ncustomer,Åsa Öberg,2026-01-01\n", "is not a reference of the CRM"),
    "another column": ("event,who,on\ncustomer,c-1,2026-01-01\n", "the header is not the one"),
    "a survey without a cycle": ("event,survey,on\ncompiled,csat,2026-01-01\n", "has a survey and a cycle"),
}


@pytest.mark.parametrize(("feed", "says"), BAD_FEEDS.values(), ids=BAD_FEEDS.keys())
def test_a_bad_file_of_events_is_refused_whole_and_no_value_is_told(desk, feed, says):
    file = desk.folder / "events.csv"
    file.write_text(feed, "utf-8")
    said = desk.run("events", "import", "--file", file)
    assert (said.code, says in said.err) == (3, True), said.everything
    assert not {word for word in ("Åsa", "c-1", "5/1") if word in said.everything}


WRONG = {
    "a digest that is none": (("apply", "deadbeef00"), 2, "there is no plan"),
    "half a digest": (("apply", "dead"), 2, "first 8 characters"),
    "approved by nobody": (("approve", "deadbeef00", "--by", " "), 2, "there is no plan"),
    "a hold that is none": (("lift", "x", "--by", "Eva"), 2, "no hold with that id is in force"),
    "a review in the past": (
        ("hold", "--ground", "x", "--by", "y", "--review", "2020-01-01"),
        2,
        "the day of review must lie ahead",
    ),
    "neither digest nor export": (("verify",), 2, "give a plan's digest, or --export"),
    "a task that is none": (("tasks", "--reveal", "x"), 2, "there is no open task"),
}


@pytest.mark.parametrize(("command", "code", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_command_says_what_is_wrong(desk, command, code, says):
    said = desk.run("retention", *command)
    assert (said.code, says in said.err) == (code, True), said.everything


@pytest.fixture
def stratsys(tmp_path, mapping) -> Home:
    """A home under the policy of Stratsys, and a mapping that it allows."""
    home = Home(Settings.read({}, tmp_path / "home"), FixedClock(NOW))
    (home.settings.home / "policies").mkdir()
    (home.settings.home / "policies" / "stratsys.yaml").write_text(decided_text("stratsys"), "utf-8")
    ensure_keys(home, "stratsys")
    text = mapping.read_text("utf-8")
    for was, becomes in (
        ("controller: sectra", "controller: stratsys"),
        ("survey: csat", "survey: support-2026"),
        ("scale: {minimum: 1", "scale: {minimum: 0"),
        ("  job_title: Job Title\n  workplace: Organisation\n  country: Country\n", ""),
        ("drop: [IP Address]", "drop: [IP Address, Job Title, Organisation, Country]"),
    ):
        text = text.replace(was, becomes)
    mapping.write_text(text, "utf-8")
    return home


def told(home: Home, folder: Path, *rows: str) -> None:
    """Take events of Stratsys' customers in."""
    feed = folder / "events.csv"
    feed.write_text("\n".join(["event,contact,survey,cycle,on", *rows, ""]), "utf-8")
    import_events(home, "stratsys", feed)


def swept(home: Home) -> None:
    """Delete everything that is due at Stratsys."""
    state, _ = make_plan(home, "stratsys", no_progress)
    if state is None:
        return
    approve(home, state.digest, "Eva Ek")
    apply(home, state.digest, no_progress, even_so=True)


def test_a_support_survey_ends_as_groups_on_the_day_that_it_is_compiled(stratsys, tmp_path, mapping):
    take(stratsys, write_export(tmp_path / "e.csv", people(12)), mapping)
    told(stratsys, tmp_path, "compiled,,support-2026,2026-Q3,2026-10-01")
    swept(stratsys)
    assert not stratsys.responses.read("stratsys", ["score"]).num_rows
    (aggregates,) = (store for store in stratsys.stores("stratsys") if store.name == "aggregates")
    (group,) = aggregates.groups()
    assert (group.survey, group.cycle, group.scores) == ("support-2026", "2026-Q3", {9: 12})


def test_who_has_left_does_not_come_in_again_with_the_next_export(stratsys, tmp_path, mapping):
    take(stratsys, write_export(tmp_path / "e.csv", people(3)), mapping)
    told(stratsys, tmp_path, f"person_left,{people(3)[1]['crm_reference']},,,2026-10-01")
    swept(stratsys)
    assert stratsys.responses.read("stratsys", ["score"]).num_rows == 2
    counts = take(stratsys, write_export(tmp_path / "again.csv", people(3)), mapping).counts
    assert (counts["past their period"], counts["new"]) == (1, 0)


def test_one_who_leaves_a_shared_address_takes_no_colleague_along(stratsys, tmp_path, mapping):
    shared = people(2, email="desk@norrvik.se")
    take(stratsys, write_export(tmp_path / "e.csv", shared), mapping)
    told(stratsys, tmp_path, f"person_left,{shared[0]['crm_reference']},,,2026-10-01")
    swept(stratsys)
    assert stratsys.responses.read("stratsys", ["score"]).num_rows == 2
    counts = take(stratsys, write_export(tmp_path / "again.csv", shared), mapping).counts
    assert (counts["already imported"], counts.get("past their period", 0)) == (2, 0)


def test_a_plan_is_approved_once_and_carried_out_once(desk):
    desk.take(*people(3))
    digest = desk.run("retention", "plan", "--json").json["digest"]
    desk.run("retention", "approve", digest, "--by", "Eva Ek")
    again = desk.run("retention", "approve", digest, "--by", "Bo Ek")
    assert (again.code, "was approved on" in again.err) == (2, True), again.everything
    desk.run("retention", "apply", digest)
    desk.run("retention", "verify", digest)
    for command in (("apply", digest), ("verify", digest)):
        said = desk.run("retention", *command)
        assert (said.code, "was carried out and verified" in said.err) == (2, True), said.everything


def test_what_a_hold_has_saved_since_the_plan_is_left_under_the_id_of_the_hold(desk):
    desk.take(*people(3))
    digest = desk.run("retention", "plan", "--json").json["digest"]
    desk.run("retention", "approve", digest, "--by", "Eva Ek")
    hold_id = desk.hold()
    applied = desk.run("retention", "apply", digest)
    assert f"Left because of hold {hold_id}: 1 in inbox" in applied.out, applied.everything
    verified = desk.run("retention", "verify", digest)
    assert f"Left because of hold {hold_id}: 1 in inbox" in verified.out, verified.everything
    (file,) = (desk.folder / "home" / "certificates").iterdir()
    (part,) = json.loads(file.read_text("utf-8"))["parts"]
    assert (part["left"], part["holds"]) == (1, {hold_id: 1})


def test_a_certificate_names_the_hold_that_kept_things_out_of_the_plan(desk):
    desk.take(*people(3, cycle="2026-Q3"), answer(70, cycle="2026-Q2", text=""))
    hold_id = desk.hold("--survey", "csat", "--cycle", "2026-Q3")
    home = desk.later(days=7 * 366)
    state, _ = make_plan(home, "sectra", no_progress)
    assert state
    approve(home, state.digest, "Eva Ek")
    apply(home, state.digest, no_progress, even_so=True)
    assert {"hold": hold_id, "store": "responses", "count": 3} in verify(home, state.digest)["holds"]


def test_a_hold_stands_against_an_undo_as_well(desk):
    export = write_export(desk.folder / "e.csv", people(3))
    run = take(desk.home, export, desk.mapping).run_id
    desk.hold()
    said = desk.run("runs", "undo", run)
    assert (said.code, "hold" in said.err, len(stored(desk.home))) == (4, True, 3), said.everything


def test_a_hold_on_what_is_misspelt_is_refused(desk):
    desk.take(*people(3))
    hold = ("retention", "hold", "--ground", "tvist", "--by", "Eva Ek", "--review", "2099-01-01")
    assert desk.run(*hold, "--survey", "cast").code == 2
    assert desk.run(*hold, "--controller", "Sectra").code == 2


def test_an_export_that_was_rewritten_keeps_its_clock_and_is_not_deleted(desk):
    desk.take(*people(3))
    export = write_export(desk.folder / "e.csv", people(9))
    _whole_round(desk.later(days=8), even_so=True)
    assert export.exists()
    assert [copy.path for copy in desk.home.room("sectra").inbox.remaining()] == [export]


def test_several_exports_whose_days_are_over_go_unasked(desk):
    for number in range(3):
        desk.take(*people(3), name=f"{number}.csv")
    retain_unattended(desk.later(days=8), "sectra", no_progress)
    assert not list(desk.folder.glob("*.csv"))


def test_a_file_that_is_no_export_gets_no_clock_and_is_never_deleted(desk):
    said = desk.run("ingest", "--file", desk.mapping, "--mapping", desk.mapping)
    assert (said.code, "raw copy" in said.err) == (3, False), said.everything
    retain_unattended(desk.later(days=8), "sectra", no_progress)
    assert desk.mapping.exists()
