"""What could stay behind where a person's answers touch somebody else's: scores, files, tasks, copies."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.clock import FixedClock
from data.records import CrmReference
from data.stores import plans
from data.stores.crm import SCORES
from data.stores.runs import newest
from flows.apply_retention import apply
from flows.import_events import AT_SHARED
from flows.plan_retention import approve, make_plan
from flows.verify_retention import verify
from flows.wiring import Home, Settings
from pseudonymize import no_progress
from pseudonymize.derive import Derivation
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import NOW, false_links

REFERENCE = answer(9)["crm_reference"]


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(*[answer(n, text="") for n in range(5)])
    (tmp_path / "e.csv").unlink()
    assert desk.run("scores", "sync").code == 0
    return desk


def scores(desk: Desk, reference: str) -> list[int]:
    with desk.home.crm._engine.connect() as connection:
        return list(connection.scalars(select(SCORES.c.score).where(SCORES.c.reference == reference)))


def own_name(number: int) -> str:
    return f"{answer(number)['first_name']} {answer(number)['last_name']}"


def of_one_answer(desk: Desk) -> str:
    """The id of the import that brought one answer."""
    with desk.home.engine.connect() as connection:
        (run,) = (run for run in newest(connection, 9) if run.counts.get("new") == 1)
    return run.id


def test_a_score_does_not_stay_in_the_crm_because_another_may_take_its_place(desk):
    desk.take(answer(30, email="desk@n.se", crm_reference=REFERENCE, score="2", text=""), name="a.csv")
    desk.run("scores", "sync")
    assert scores(desk, REFERENCE) == [2]
    later = (
        answer(31, email="desk@n.se", crm_reference="", text=""),
        answer(32, crm_reference=REFERENCE, score="8", text=""),
    )
    desk.take(*later, name="b.csv")
    assert desk.fulfil(desk.open("erase", "desk@n.se", own_name(30))).code == 0
    assert scores(desk, REFERENCE) == []
    desk.run("scores", "sync")
    assert scores(desk, REFERENCE) == [8]


def test_an_undone_import_leaves_no_score_behind_where_an_older_one_stood(desk):
    reference, when = answer(3)["crm_reference"], "2026-09-20 10:00:00"
    wrong = answer(3, response_id="X-1", score="2", text="", answered_at=when, modified_at=when)
    desk.take(wrong, name="wrong.csv")
    desk.run("scores", "sync")
    assert scores(desk, reference) == [2]
    assert desk.run("runs", "undo", of_one_answer(desk)).code == 0
    assert scores(desk, reference) == []
    desk.run("scores", "sync")
    assert scores(desk, reference) == [9]


def test_an_undone_import_takes_no_score_with_it_that_another_answer_of_the_person_gave(desk):
    reference = answer(3)["crm_reference"]
    desk.take(answer(3, response_id="X-1", score="2", cycle="2026-Q2", text=""), name="wrong.csv")
    desk.run("scores", "sync")
    assert sorted(scores(desk, reference)) == [2, 9]
    assert desk.run("runs", "undo", of_one_answer(desk), "--json").json["scores"] == 1
    assert scores(desk, reference) == [9]


def test_somebody_elses_score_under_the_same_reference_stays(desk):
    others = answer(3)["crm_reference"]
    desk.take(
        answer(30, crm_reference=others, score="1", answered_at="2026-08-01 10:00:00", text=""), name="a.csv"
    )
    desk.run("scores", "sync")
    assert scores(desk, others) == [9]
    assert desk.fulfil(desk.open("erase", "person30@example.com")).code == 0
    assert scores(desk, others) == [9]


@pytest.mark.parametrize(("first", "last"), [("Bo", "Ek"), ("Åsa", "Löf"), ("Li", "Ö")])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_short_name_in_a_file_holds_an_erasure_up_as_a_long_one_does(desk, first, last, encoding):
    desk.take(answer(60, first_name=first, last_name=last, email="b@firma.se", text=""), name="bo.csv")
    (desk.folder / "bo.csv").unlink()
    note = desk.folder / "home" / "plans" / "note.txt"
    note.write_bytes(f"Ring {first} {last} i morgon om avtalet".encode(encoding))
    case = desk.open("erase", "b@firma.se")
    assert desk.fulfil(case).code == 6
    note.unlink()
    assert desk.fulfil(case).code == 0


@pytest.mark.parametrize(
    "refusal", [("--override", "", "--role", "DPO"), ("--role", "DPO"), ("--override", "x")]
)
def test_a_refusal_that_lacks_its_ground_or_role_does_not_turn_into_an_erasure(desk, refusal):
    said = desk.fulfil(desk.open("erase", "person1@example.com"), *refusal)
    assert (said.code, desk.answers) == (2, 5), said.everything


def test_a_search_of_others_texts_is_not_taken_for_a_search_of_what_is_ones_own(desk):
    who = desk.folder / "who.txt"
    who.write_text(f"person1@example.com\n{own_name(1)}\n", "utf-8")
    said = desk.run("rights", "open", "--kind", "erase", "--named-in-text", "--email-file", who)
    assert (said.code, "person1" in said.everything) == (2, False), said.everything


def test_where_the_register_is_missing_none_is_made_in_its_place(desk):
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    folder = desk.folder / "home.register"
    folder.rename(desk.folder / "away")
    for command in (("report",), ("rights", "list"), ("scores", "sync")):
        desk.run(*command)
        assert not folder.exists(), command
    (desk.folder / "away").rename(folder)
    assert desk.run("scores", "sync").code == 0


def test_rows_that_are_destroyed_for_a_name_stand_in_the_certificate(desk):
    desk.take(answer(6), answer(1, response_id="B-1", score="11", text="Ring Åsa Öberg"), name="b.csv")
    case = desk.open("erase", "", "Åsa Öberg", "--named-in-text")
    certificate = desk.fulfil(case, "--texts", "withhold", "--json").json
    rows = {row["store"]: (row["found"], row["gone"]) for row in certificate["stores"]}
    assert (certificate["held"], rows["quarantine"]) == (True, (1, 1))


def test_a_hold_stands_against_withholding_what_names_somebody(desk):
    desk.take(answer(6), answer(1, response_id="B-1", score="11", text="Ring Åsa Öberg"), name="b.csv")
    hold = desk.hold()
    case = desk.open("erase", "", "Åsa Öberg", "--named-in-text")
    assert f"hold {hold} is on 1 things in quarantine" in desk.run("rights", "plan", case).everything
    said = desk.fulfil(case, "--texts", "withhold")
    assert (said.code, hold in said.err) == (4, True), said.everything
    assert len(desk.home.room("sectra").quarantine.rows()) == 1
    assert desk.fulfil(case, "--texts", "leave").code == 0


def test_a_task_that_was_made_before_a_kill_counts_as_carried_out(desk, monkeypatch):
    home = Home(Settings.read({}, desk.folder / "home"), FixedClock(NOW + timedelta(days=600)))
    state, _ = make_plan(home, "sectra", no_progress)
    approve(home, state.digest, "Eva Ek")
    done = plans.step_done

    def killed(connection, plan_id, step):
        if step.store == "vendor":
            raise KeyboardInterrupt
        done(connection, plan_id, step)

    monkeypatch.setattr(plans, "step_done", killed)
    with pytest.raises(KeyboardInterrupt):
        apply(home, state.digest, no_progress, even_so=True)
    monkeypatch.setattr(plans, "step_done", done)
    apply(home, state.digest, no_progress, even_so=True)
    certificate = verify(home, state.digest)
    (vendor,) = (part for part in certificate["parts"] if part["store"] == "vendor")
    assert (vendor["planned"], vendor["left"], certificate["tasks"][0]["count"]) == (5, 0, 5)


def test_an_edit_of_one_answer_does_not_bring_back_what_the_survey_tool_has_deleted_of_another(desk):
    (vendor,) = (store for store in desk.home.stores("sectra") if store.name == "vendor")
    ring = desk.home.room("sectra").ring
    key = Derivation.from_ring(ring, "getfeedback", "csat").key_of("R-00000")
    assert vendor.forget([key], "by hand") == 1
    counts = desk.take(answer(2, text="", score="3", modified_at="2026-09-05 10:00:00"), name="edit.csv")
    assert counts["replaced"] == 1
    assert not vendor.present([key])


def test_an_event_is_told_either_as_left_out_or_as_taken_in(desk):
    shared = (answer(20, email="desk@n.se", crm_reference=REFERENCE), answer(21, email="desk@n.se"))
    desk.take(*shared, answer(9), name="s.csv")
    feed = desk.folder / "events.csv"
    feed.write_text(f"event,contact,on\ncustomer_ended,{REFERENCE},2026-01-01\n", "utf-8")
    counts = desk.run("events", "import", "--file", feed, "--json").json
    assert (counts[AT_SHARED], counts["contacts and organisations"]) == (0, 1)
    feed.write_text(f"event,contact,on\ncustomer_ended,{answer(21)['crm_reference']},2026-01-01\n", "utf-8")
    counts = desk.run("events", "import", "--file", feed, "--json").json
    assert (counts[AT_SHARED], counts["contacts and organisations"]) == (1, 0)


def test_by_which_a_person_is_found_follows_what_is_left_of_them(desk):
    """Two answers with two references; one is edited to be somebody else's, one forgotten."""
    room = desk.home.room("sectra")
    second = answer(1, response_id="S-1", crm_reference=REFERENCE, respondent_id="P-other", text="")
    desk.take(second, name="a.csv")
    assert not false_links(desk.home)
    (vault,) = (store for store in desk.home.stores("sectra") if store.name == "vault")
    ring = room.ring
    key = Derivation.from_ring(ring, "getfeedback", "csat").key_of("S-1")
    assert vault.forget([key], "retention") == 1
    assert not false_links(desk.home)
    moved = answer(2, email="berg@n.se", last_name="Berg", modified_at="2026-09-05 10:00:00", text="")
    assert desk.take(moved, name="b.csv")["replaced"] == 1
    assert not false_links(desk.home)


def test_more_people_can_be_asked_for_than_a_query_takes(desk):
    room = desk.home.room("sectra")
    assert room.vault.identities_of({(f"{n:064}", "") for n in range(300_000)}) == {}
