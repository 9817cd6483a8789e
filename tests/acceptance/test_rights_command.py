"""A person's request as the officer handles it on the terminal: open, plan, fulfil, certificate."""

import json
import shutil

import pytest

from data.records import CrmReference
from data.stores import cases
from data.stores.runs import newest
from flows.wiring import Home, Settings
from governance import evidence
from tests.support.desk import IDENTITY, Desk
from tests.support.exports import answer
from tests.support.homes import stored
from tests.support.scan import Scanner


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(
        *[answer(n, text="") for n in range(5)],
        answer(1, response_id="S-1", cycle="2026-Q2", text=""),
        answer(50, email="", respondent_id="", crm_reference="", text=""),
        answer(1, response_id="B-1", score="11", text="Ring Åsa Öberg"),
    )
    assert desk.run("scores", "sync").code == 0
    return desk


def test_a_full_round_of_an_erasure(desk):
    case = desk.open("erase", "Person1@EXAMPLE.com")
    planned = desk.run("rights", "plan", case, "--json").json
    assert planned["unsearchable"] == 1
    found = {store: count for store, count in planned["stores"].items() if count}
    assert found == {"vendor": 3, "crm": 2, "crm_ledger": 2, "quarantine": 1, "responses": 2, "vault": 2}
    said = desk.fulfil(case)
    assert (said.code, "Certificate" in said.out or "erase, closed" in said.out) == (0, True), said.everything
    assert "answers without any identifier" in said.out
    assert desk.answers == 5
    certificate = json.loads((desk.folder / "home" / "certificates" / f"{case}.json").read_text("utf-8"))
    assert (certificate["outcome"], certificate["clause"]) == ("closed", "SEC-32")
    assert {task["store"]: task["count"] for task in certificate["tasks"]} == {"vendor": 3, "inbox": 1}
    shown = desk.run("rights", "show", case)
    assert (shown.code, "Eva Ek" in shown.out) == (0, True)
    assert desk.run("rights", "list", "--json").json[0]["state"] == "closed"


def test_no_byte_of_an_erased_person_is_left_in_any_file(desk):
    words = ["person1@example.com", "Efternamn1 ", "Förnamn1 Efternamn1"]
    desk.fulfil(desk.open("erase", "person1@example.com"))
    scanner = Scanner(words)
    scanner.folder(desk.folder / "home")
    scanner.folder(desk.folder / "home.register")
    assert not scanner.found.hits


def test_an_erased_person_is_not_taken_in_again_and_stands_in_a_task_at_the_vendor(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    counts = desk.take(
        answer(1, text=""),
        answer(1, response_id="N-1", text=""),
        answer(7, response_id="R-00001", email="other@example.com", text=""),
        answer(8, crm_reference="c0ffee00-0000-0000-0000-000000000001", text=""),
        answer(1, response_id="B-9", score="11", text=""),
        name="again.csv",
    )
    assert (counts["suppressed"], counts["new"], counts["quarantined"]) == (5, 0, 0)


def test_somebody_of_whom_nothing_is_held_is_kept_out_from_then_on(desk):
    case = desk.open("erase", "person9@example.com")
    assert desk.fulfil(case).code == 0
    assert desk.take(answer(9, text=""), name="new.csv")["suppressed"] == 1


def test_an_objection_deletes_at_once_and_can_be_taken_back(desk):
    assert desk.fulfil(desk.open("object", "person2@example.com")).code == 0
    assert desk.take(answer(2, text=""), name="kept-out.csv")["suppressed"] == 1
    assert desk.fulfil(desk.open("lift-objection", "person2@example.com")).code == 0
    assert desk.take(answer(2, text=""), name="again.csv")["new"] == 1


def test_an_erasure_cannot_be_taken_back(desk):
    desk.fulfil(desk.open("erase", "person2@example.com"))
    said = desk.fulfil(desk.open("lift-objection", "person2@example.com"))
    assert (said.code, "holds no objection" in said.err) == (4, True), said.everything


def test_two_people_at_one_address_stop_for_a_decision_and_the_other_one_stays(desk):
    desk.take(
        answer(20, email="röntgen@norrvik.se", first_name="Åsa", last_name="Öberg", text=""),
        answer(21, email="röntgen@norrvik.se", first_name="Bo", last_name="Ek", text=""),
        name="shared.csv",
    )
    before, unnamed = desk.answers, desk.open("erase", "röntgen@norrvik.se")
    said = desk.fulfil(unnamed)
    assert (said.code, "2 people are known at this address" in said.err) == (4, True), said.everything
    assert desk.fulfil(desk.open("erase", "röntgen@norrvik.se", "Öberg, Åsa")).code == 0
    assert desk.answers == before - 1
    counts = desk.take(
        answer(
            22, response_id="N-1", email="röntgen@norrvik.se", first_name="Åsa", last_name="Öberg", text=""
        ),
        answer(23, response_id="N-2", email="röntgen@norrvik.se", first_name="Bo", last_name="Ek", text=""),
        name="later.csv",
    )
    assert (counts["suppressed"], counts["new"]) == (1, 1)
    assert desk.fulfil(unnamed, "--whole-address").code == 0
    assert desk.take(answer(24, email="röntgen@norrvik.se", text=""), name="x.csv")["suppressed"] == 1


def test_somebody_named_in_anothers_answer_stops_for_a_decision(desk):
    case = desk.open("erase", "", "Åsa Öberg", "--named-in-text")
    said = desk.fulfil(case)
    assert (said.code, "some bear the name or address and may be somebody else's" in said.err) == (4, True), (
        said.everything
    )
    assert desk.fulfil(case, "--texts", "withhold").code == 0
    assert not desk.run("quarantine", "list", "--json").json


def test_a_bad_row_that_only_bears_the_name_may_be_a_namesakes(desk):
    bad = answer(60, email="mal.formed.example", first_name="Förnamn1", last_name="Efternamn1", text="")
    desk.take(bad, *[answer(n, text="") for n in range(5)], name="namesake.csv")
    case = desk.open("erase", "person1@example.com")
    assert desk.fulfil(case).code == 4
    assert desk.fulfil(case, "--texts", "leave").code == 0
    assert len(desk.run("quarantine", "list", "--json").json) == 1


def test_what_an_erased_person_shares_with_a_stranger_keeps_nobody_else_out(desk):
    """A kiosk gives everybody one respondent id; a score of 11 is nobody's response id."""
    desk.take(
        answer(30, respondent_id="KIOSK-1", text=""),
        answer(31, respondent_id="KIOSK-1", text=""),
        answer(32, score="11", text=""),
        *[answer(n, text="") for n in range(5)],
        name="kiosk.csv",
    )
    rows = len(desk.run("quarantine", "list", "--json").json)
    assert desk.fulfil(desk.open("erase", "person30@example.com")).code == 0
    assert len(desk.run("quarantine", "list", "--json").json) == rows
    new = answer(33, respondent_id="KIOSK-1", text="")
    assert desk.take(new, name="next.csv")["new"] == 1


def test_the_same_person_at_another_address_is_erased_as_well(desk):
    same = {"respondent_id": "P-00001", "first_name": "Förnamn1", "last_name": "Efternamn1", "text": ""}
    desk.take(
        answer(1, response_id="O-1", email="ny.adress@example.com", crm_reference="", **same),
        answer(1, response_id="O-2", email="", crm_reference="", **same),
        name="other.csv",
    )
    before = desk.answers
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    assert desk.answers == before - 4


def test_a_refusal_is_a_decision_on_record_with_ground_and_role(desk):
    case = desk.open("erase", "person1@example.com")
    without = desk.run("rights", "fulfil", case, "--by", "Eva Ek", "--override", "a claim under dispute")
    assert (without.code, "has a role" in without.err) == (2, True), without.everything
    refused = desk.fulfil(case, "--override", "a claim under dispute", "--role", "DPO", "--json").json
    assert (refused["outcome"], refused["ground"]) == ("refused", "a claim under dispute (DPO)")
    assert desk.answers == 7


def test_a_legal_hold_stands_against_an_erasure_until_somebody_decides(desk):
    desk.hold("--survey", "csat")
    said = desk.fulfil(desk.open("erase", "person1@example.com"))
    assert (said.code, "hold" in said.err) == (4, True), said.everything
    assert desk.answers == 7


def test_a_refusal_names_the_hold_that_keeps_the_answers(desk):
    hold_id = desk.hold("--survey", "csat")
    case = desk.open("erase", "person1@example.com")
    refused = desk.fulfil(case, "--override", "a claim under dispute", "--role", "DPO")
    assert f"Left because of hold {hold_id}: 2 in responses" in refused.out, refused.everything
    assert f"Left because of hold {hold_id}: 2 in responses" in desk.run("rights", "show", case).out
    kept = {one["store"]: one["hold"] for one in desk.run("rights", "show", case, "--json").json["holds"]}
    assert kept["vault"] == hold_id


DROP = ("--by", "Eva Ek", "--ground", "the person took it back")


def test_a_case_that_the_person_took_back_is_closed_with_nothing_deleted_and_nobody_known_from_it(desk):
    case, before = desk.open("erase", "person1@example.com"), stored(desk.home)
    closed = desk.run("rights", "close", case, *DROP, "--json").json
    assert (closed["outcome"], closed["ground"]) == ("dropped", "the person took it back")
    assert (closed["decided_by"], closed["stores"]) == ("Eva Ek", [])
    assert stored(desk.home) == before
    (told,) = desk.run("rights", "list", "--json").json
    assert (told["state"], told["closed_at"] is not None) == ("dropped", True)
    with desk.home.engine.connect() as connection:
        (row,) = cases.cases(connection, "sectra")
        (entry,) = [e for e in evidence.newest(connection, "sectra") if e.kind == "case closed"]
    assert (row.key_id, row.sealed) == ("", b"")
    assert not desk.home.room("sectra").ring.data_key_ids("case"), "the key of who asked is destroyed"
    assert json.loads(entry.details)["outcome"] == "dropped"
    assert "took it back" in desk.run("rights", "show", case).out
    assert desk.take(answer(1, response_id="N-1", text=""), name="next.csv")["new"] == 1


def test_a_case_that_was_closed_is_neither_closed_nor_fulfilled_again(desk):
    case = desk.open("erase", "person1@example.com")
    assert desk.run("rights", "close", case, *DROP).code == 0
    for said in (desk.run("rights", "close", case, *DROP), desk.fulfil(case)):
        assert (said.code, "is dropped" in said.err) == (2, True), said.everything
    assert desk.answers == 7


def test_an_erasure_half_done_is_not_closed_but_goes_on(desk):
    note = desk.folder / "home" / "plans" / "note.txt"
    note.write_text("Ring person1@example.com", "utf-8")
    case = desk.open("erase", "person1@example.com")
    assert desk.fulfil(case).code == 6
    said = desk.run("rights", "close", case, *DROP)
    assert (said.code, "is being carried out" in said.err) == (2, True), said.everything
    assert f"tillit rights fulfil {case}" in said.err
    note.unlink()
    assert desk.fulfil(case).code == 0


WRONG = {
    "a case that is none": (("rights", "fulfil", "x", *IDENTITY), 2, "there is no case with that id"),
    "a kind that is none": (("rights", "open", "--kind", "forget"), 2, "forget"),
    "no way to show who it is": (("rights", "fulfil", "CASE", "--by", "Eva"), 2, "address on file"),
    "another way to show it": (
        ("rights", "fulfil", "CASE", "--by", "E", "--identity", "passport"),
        2,
        "OWN-08",
    ),
    "nobody decides": (("rights", "fulfil", "CASE", "--by", " ", "--identity", "address on file"), 2, "--by"),
    "a name as long as a letter": (
        ("rights", "fulfil", "CASE", "--by", "E" * 101, "--identity", "address on file"),
        2,
        "a name of up to 100 characters",
    ),
    "a refusal as long as a letter": (
        ("rights", "fulfil", "CASE", "--by", "E", "--override", "x" * 201, "--role", "DPO"),
        2,
        "a refusal has a ground of up to 200 characters",
    ),
    "a role as long as a letter": (
        ("rights", "fulfil", "CASE", "--by", "E", "--override", "x", "--role", "D" * 101),
        2,
        "a role of up to 100 characters",
    ),
    "a refusal to who showed themselves otherwise": (
        ("rights", "fulfil", "CASE", "--by", "E", "--override", "x", "--role", "D", "--identity", "passport"),
        2,
        "OWN-08",
    ),
    "closed by nobody": (("rights", "close", "CASE", "--by", " ", "--ground", "x"), 2, "--by"),
    "closed for no reason": (("rights", "close", "CASE", "--by", "E", "--ground", " "), 2, "--ground"),
}


@pytest.mark.parametrize(("command", "code", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_command_says_what_is_wrong(desk, command, code, says):
    case = desk.open("erase", "person1@example.com")
    said = desk.run(*[case if part == "CASE" else part for part in command])
    assert said.code == code, said.everything
    assert says in said.err or says == "forget"


@pytest.mark.parametrize("address", ["person1", "", "person1@", "Åsa Öberg"])
def test_what_is_no_address_is_refused_and_not_repeated(desk, address):
    file = desk.folder / "who.txt"
    file.write_text(f"{address}\n", "utf-8")
    said = desk.run("rights", "open", "--kind", "erase", "--email-file", file)
    assert (said.code, "is not an e-mail address" in said.err) == (2, True), said.everything
    assert not address or address not in said.everything


def test_what_a_wrong_import_brought_in_is_taken_back_with_its_scores(desk):
    before = stored(desk.home)
    desk.take(answer(5, text=""), answer(6, text=""), answer(7, score="12"), name="wrong.csv")
    desk.run("scores", "sync")
    with desk.home.engine.connect() as connection:
        (run,) = (run.id for run in newest(connection, 9) if run.counts["new"] == 2)
    undone = desk.run("runs", "undo", run, "--json").json
    assert undone == {"scores": 2, "quarantine": 1, "responses": 2, "vault": 2, "newer versions that stay": 0}
    assert stored(desk.home) == before
    assert desk.run("runs", "undo", run).code == 2
    assert desk.take(answer(5, text=""), name="right.csv")["new"] == 1


def test_the_list_of_runs_tells_apart_why_answers_were_forgotten(desk):
    run = desk.run("runs", "list", "--json").json[0]["id"]
    desk.fulfil(desk.open("erase", "person1@example.com"))
    desk.fulfil(desk.open("object", "person2@example.com"))
    assert desk.run("responses", "rescan").code == 0
    assert desk.run("runs", "undo", run).code == 0
    kinds = [run["kind"] for run in desk.run("runs", "list", "--json").json]
    assert sorted(kinds) == ["erasure", "import", "objection", "rescan", "undo"]
    assert "objection" in desk.run("runs", "list").out


def test_a_restored_older_home_is_not_read_before_the_erased_are_erased_again(desk):
    folder = desk.folder / "home"
    shutil.copytree(folder, desk.folder / "older")
    desk.fulfil(desk.open("erase", "person1@example.com"))
    for _ in range(2):
        assert desk.run("keys", "rotate", "--register").code == 0
    shutil.rmtree(folder)
    shutil.copytree(desk.folder / "older", folder)
    read = (("rights", "list"), ("retention", "tasks"), ("retention", "holds"))
    for command in (("report",), ("scores", "sync"), ("retention", "plan"), ("quarantine", "list"), *read):
        said = desk.run(*command)
        assert (said.code, "older than the register" in said.err) == (4, True), said.everything
    replayed = desk.run("rights", "replay", "--json").json
    desk.home = Home(Settings.read({}, folder), desk.home.clock)
    assert (replayed["people of the vault"], replayed["responses"], replayed["crm"]) == (1, 2, 2)
    again = desk.run("rights", "replay", "--json").json
    assert not any(again.values())
    assert desk.answers == 5
    assert "replay" in {run["kind"] for run in desk.run("runs", "list", "--json").json}
    assert desk.take(answer(1, text=""), name="again.csv")["suppressed"] == 1


def test_the_keys_in_force_are_told_with_the_registers_own_from_the_first_entry_on(desk):
    before = desk.run("keys", "status", "--json").json["keys"]
    assert (before["register"], before["domain record"]["version"]) == (None, 1)
    assert "with the first entry" in desk.run("keys", "status").out
    desk.fulfil(desk.open("erase", "person1@example.com"))
    desk.run("keys", "rotate", "--register")
    register = desk.run("keys", "status", "--json").json["keys"]["register"]
    assert (register["version"], register["made_at"] > before["domain record"]["made_at"]) == (2, True)


def test_without_the_register_nothing_is_taken_in(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    shutil.rmtree(desk.folder / "home.register")
    said = desk.run("report")
    assert (said.code, "older than this home, or missing" in said.err) == (6, True), said.everything


def test_the_evidence_tells_of_every_case_and_of_nobody(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    with desk.home.engine.connect() as connection:
        entries = evidence.newest(connection, "sectra")
        evidence.verify(connection)
    assert {"case opened", "case begun", "case closed"} <= {entry.kind for entry in entries}
    assert not [entry for entry in entries if "person1" in entry.details]


def test_an_erased_contact_is_known_in_any_spelling_of_its_reference(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    reference = answer(1)["crm_reference"].upper()
    new = answer(70, crm_reference=reference, text="")
    assert desk.take(new, name="upper.csv")["suppressed"] == 1


def test_what_was_decided_when_a_case_was_begun_holds(desk):
    """The leak check stops the case: afterwards it is neither refused nor decided anew."""
    note = desk.folder / "home" / "plans" / "note.txt"
    note.write_text("Ring person1@example.com", "utf-8")
    case = desk.open("erase", "person1@example.com")
    said = desk.fulfil(case)
    assert (said.code, "may still stand elsewhere (1)" in said.err) == (6, True), said.everything
    refused = desk.fulfil(case, "--override", "a claim", "--role", "DPO")
    assert (refused.code, "is being carried out" in refused.err) == (2, True), refused.everything
    note.unlink()
    assert desk.fulfil(case).code == 0


def test_the_month_counts_from_the_day_of_receipt(desk):
    file = desk.folder / "who.txt"
    file.write_text("person1@example.com\n", "utf-8")
    command = ("rights", "open", "--kind", "erase", "--email-file", file, "--json", "--received")
    assert desk.run(*command, "2026-02-28").json["due"].startswith("2026-03-28")
    assert desk.run(*command, "2099-01-01").code == 2
