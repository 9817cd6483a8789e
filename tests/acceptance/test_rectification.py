"""What was wrong is corrected in every store and in the CRM, and no later import undoes it."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

import flows.rectify_case
import pseudonymize.commit
from data.records import CrmReference
from data.stores.crm import SCORES
from data.stores.register import CORRECTIONS
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from pseudonymize.find_person import asker, find_person
from pseudonymize.identity import Identity
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import Said, left_lying, stored
from tests.support.links import pseudonyms
from tests.support.policies import CONTROLLERS

WRONG, RIGHT = "person1@example.com", "åsa.öberg@exempel.se"
ASKED = "Åsa.Öberg@EXEMPEL.se"
PEOPLE = [answer(n, text="") for n in range(5)]
SECOND = answer(1, response_id="S-1", cycle="2026-Q4", score="3", text="")
CHANGED = {"modified_at": "2026-10-20 10:00:00"}


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(*PEOPLE, SECOND)
    assert desk.run("scores", "sync").code == 0
    return desk


def open_case(desk: Desk, right: str, who: str = WRONG, name: str = "") -> Said:
    values = desk.folder / "right.txt"
    values.write_text(right, "utf-8")
    file = desk.folder / "who.txt"
    file.write_text(f"{who}\n{name}\n", "utf-8")
    given = ("--kind", "rectify", "--email-file", file, "--right-values", values)
    return desk.run("rights", "open", *given, "--controller", desk.controller, "--json")


def rectify(desk: Desk, right: str, who: str = WRONG, name: str = "") -> Said:
    said = open_case(desk, right, who, name)
    assert said.code == 0, said.everything
    done = desk.fulfil(said.json["case"])
    assert done.code == 0, done.everything
    return done


def known(desk: Desk, address: str = ASKED, name: str = "") -> Identity:
    """All that the vault knows of who writes from an address, as one."""
    room = desk.home.room("sectra")
    person = find_person(room, asker(address, name))
    whole = Identity()
    for one in room.vault.identities_of(room.vault.writers(person.subject.response_keys)).values():
        whole = whole.merged(one)
    return whole


def in_crm(desk: Desk) -> dict[tuple[str, str], int]:
    with desk.home.crm._engine.connect() as connection:
        return {(row.reference, row.cycle): row.score for row in connection.execute(select(SCORES))}


def scores(desk: Desk) -> dict[str, int]:
    keys = {row["response_key"]: row["score"] for row in stored(desk.home)}
    return {cycle: keys[key] for key, cycle in _of(desk).items()}


def _of(desk: Desk) -> dict[str, str]:
    room = desk.home.room("sectra")
    subject = find_person(room, asker(WRONG, "")).subject
    rows = {row["response_key"]: row["cycle"] for row in stored(desk.home)}
    return {key: rows[key] for key in subject.response_keys}


def test_a_corrected_address_is_theirs_and_the_wrong_one_is_nobodys(desk):
    before = pseudonyms(desk.home)
    done = rectify(desk, f"email: {ASKED}\n")
    assert "Corrected, and again at every later import: address." in done.out
    assert len(known(desk).answers) == 2
    assert known(desk).current("address") == RIGHT
    assert known(desk, WRONG).answers == {}
    assert len(pseudonyms(desk.home) - before) == 1
    assert len(pseudonyms(desk.home)) == len(before), "the old pseudonym is still somewhere"
    assert left_lying(desk.home) == {}


@pytest.mark.parametrize("again", [PEOPLE, [{**row, **CHANGED, "score": "2"} for row in PEOPLE]])
def test_no_import_undoes_a_correction(desk, again):
    rectify(desk, f"email: {ASKED}\nname: Åsa Öberg\nworkplace: Karolinska universitetssjukhuset\n")
    before = pseudonyms(desk.home)
    desk.take(*again, SECOND, name="again.csv")
    desk.take(answer(1, response_id="T-1", cycle="2027-Q1", text=""), name="later.csv")
    found = known(desk)
    assert (len(found.answers), found.all("address"), found.all("name")) == (3, [RIGHT], ["Åsa Öberg"])
    assert pseudonyms(desk.home) == before
    workplaces = {row["workplace"] for row in stored(desk.home) if row["response_key"] in found.answers}
    assert workplaces == {"university hospital"}
    assert known(desk, WRONG).answers == {}


def test_an_export_read_again_after_a_correction_is_imported_already(desk):
    rectify(desk, f"email: {ASKED}\nname: Åsa Öberg\nscore csat/2026-Q4: 9\n")
    counts = desk.take(*PEOPLE, SECOND, name="again.csv")
    assert (counts["already imported"], counts["to import"], counts["quarantined"]) == (6, 0, 0)


def test_a_corrected_score_reaches_the_crm_at_once_and_stays(desk):
    assert in_crm(desk)[answer(1)["crm_reference"], "2026-Q4"] == 3
    rectify(desk, "score csat/2026-Q4: 9\n")
    assert scores(desk)["2026-Q4"] == 9
    assert in_crm(desk)[answer(1)["crm_reference"], "2026-Q4"] == 9
    desk.take({**SECOND, **CHANGED, "score": "4"}, name="again.csv")
    assert desk.run("scores", "sync").code == 0
    assert (scores(desk)["2026-Q4"], in_crm(desk)[answer(1)["crm_reference"], "2026-Q4"]) == (9, 9)
    assert scores(desk)["2026-Q3"] == int(answer(1)["score"]), "another score was changed as well"


def test_of_a_wrong_contact_the_scores_are_cleared_and_stand_at_the_right_one(desk):
    right = answer(7)["crm_reference"]
    rectify(desk, f"crm_reference: {right}\n")
    references = {reference for reference, _ in in_crm(desk)}
    assert right in references
    assert answer(1)["crm_reference"] not in references


def test_who_else_has_something_of_the_person_hears_of_it(desk):
    rectify(desk, f"email: {ASKED}\n")
    (case,) = (case["id"] for case in desk.run("rights", "list", "--json").json)
    told = {one["recipient"]: one for one in desk.run("rights", "show", case, "--json").json["recipients"]}
    assert {name: one["what"] for name, one in told.items()} == dict.fromkeys(("crm", "vendor"), "corrected")
    assert told["crm"]["acknowledged"]
    assert not told["vendor"]["told"]
    assert desk.run("rights", "told", case, "--recipient", "vendor", "--by", "Eva Ek").code == 0


def test_two_corrections_follow_each_other_and_the_first_can_be_taken_back(desk):
    rectify(desk, "email: second@example.com\n")
    rectify(desk, "email: third@example.com\nname: Åsa Öberg\n", who="second@example.com")
    desk.take(*PEOPLE, answer(1, response_id="T-1", cycle="2027-Q1", text=""), name="again.csv")
    assert len(known(desk, "third@example.com").answers) == 3
    rectify(desk, f"email: {WRONG}\n", who="third@example.com")
    desk.take(*PEOPLE, answer(1, response_id="U-1", cycle="2027-Q2", text=""), name="again.csv")
    assert len(known(desk, WRONG).answers) == 4
    assert known(desk, "third@example.com").answers == {}


def test_who_shares_an_address_is_told_apart_and_only_they_move(desk):
    desk.take(
        answer(21, email="delad@example.com", first_name="Åsa", last_name="Öberg", text=""),
        answer(22, email="delad@example.com", first_name="Björn", last_name="Öberg", text=""),
        name="shared.csv",
    )
    said = open_case(desk, "email: bjorn@example.com\n", "delad@example.com")
    assert desk.fulfil(said.json["case"]).code == 4
    rectify(desk, "email: bjorn@example.com\n", "delad@example.com", "Björn Öberg")
    assert known(desk, "bjorn@example.com").all("name") == ["Björn Öberg"]
    assert known(desk, "delad@example.com").all("name") == ["Åsa Öberg"]
    assert desk.run("scores", "sync").code == 0
    assert {answer(n)["crm_reference"] for n in (21, 22)}.isdisjoint({r for r, _ in in_crm(desk)})


def test_a_name_without_an_answer_at_the_wrong_address_is_somebody_elses(desk):
    rectify(desk, f"email: {ASKED}\n")
    desk.take(answer(9, email=WRONG, first_name="Någon", last_name="Annan", text=""), name="other.csv")
    assert known(desk, WRONG).all("name") == ["Någon Annan"]
    assert len(known(desk).answers) == 2


def test_the_wrong_name_and_the_right_one_are_taken_out_of_a_text(desk):
    rectify(desk, f"email: {ASKED}\nname: Ingegerd Sköldmö\n")
    text = "Hälsningar Förnamn1 Efternamn1, eller rättare Ingegerd Sköldmö, åsa.öberg@exempel.se"
    desk.take(answer(1, response_id="T-1", cycle="2027-Q1", text=text, language="sv"), name="later.csv")
    (comment,) = {row["comment"] for row in stored(desk.home)} - {None}
    assert not any(word in comment for word in ("Sköldmö", "Ingegerd", "Efternamn1", "exempel.se"))


def test_after_an_erasure_nothing_of_the_correction_is_left_and_neither_name_comes_back(desk):
    rectify(desk, f"email: {ASKED}\nname: Åsa Öberg\n")
    assert desk.fulfil(desk.open("erase", ASKED)).code == 0
    desk.take(*PEOPLE, SECOND, answer(1, response_id="T-1", text=""), name="again.csv")
    desk.take(answer(8, email=ASKED, first_name="Åsa", last_name="Öberg", text=""), name="new.csv")
    assert desk.answers == 4
    with desk.home.register_engine.connect() as connection:
        assert connection.execute(select(CORRECTIONS)).all() == []


def test_a_restricted_person_stays_restricted_under_the_right_address(desk):
    assert desk.fulfil(desk.open("restrict", WRONG)).code == 0
    rectify(desk, f"email: {ASKED}\n")
    desk.take(answer(1, response_id="T-1", text=""), name="later.csv")
    desk.take(answer(9, email=ASKED, first_name="", last_name="", text=""), name="right.csv")
    assert desk.answers == 4
    assert len(known(desk).answers) == 4


def test_an_older_home_that_is_put_back_is_corrected_again(desk, tmp_path):
    older = tmp_path / "older"
    shutil.copytree(desk.home.settings.home, older)
    rectify(desk, f"email: {ASKED}\nscore csat/2026-Q4: 9\n")
    desk.home.engine.dispose()
    shutil.rmtree(desk.home.settings.home)
    shutil.copytree(older, desk.home.settings.home)
    desk.later(days=0)
    assert desk.run("scores", "status").code == 4
    said = desk.run("rights", "replay", "--json")
    assert (said.code, said.json["corrected again"]) == (0, 2), said.everything
    assert len(known(desk).answers) == 2
    assert sorted(row["score"] for row in stored(desk.home))[-1] == 9


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (flows.rectify_case, "enter_corrections"),
        (flows.rectify_case, "correct_as_entered"),
        (pseudonymize.commit, "publish_changed"),
        (flows.rectify_case, "find_corrected"),
        (flows.rectify_case, "bring_up_to_date"),
    ],
)
def test_after_a_stop_the_second_try_ends_it(desk, where, name):
    case = open_case(desk, f"email: {ASKED}\nscore csat/2026-Q4: 9\n").json["case"]
    with stopped_at(where, name):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file"))
    assert desk.fulfil(case).code == 0
    assert len(known(desk).answers) == 2
    assert in_crm(desk)[answer(1)["crm_reference"], "2026-Q4"] == 9
    assert left_lying(desk.home) == {}
    with desk.home.register_engine.connect() as connection:
        assert len(connection.execute(select(CORRECTIONS)).all()) == 2


def test_of_somebody_of_whom_nothing_is_held_nothing_is_corrected(desk):
    case = open_case(desk, f"email: {ASKED}\n", "nobody@example.com").json["case"]
    said = desk.fulfil(case)
    assert (said.code, "nothing to correct" in said.out) == (0, True)
    letter = desk.run("rights", "letter", case, "--language", "sv")
    assert "det finns inget att rätta" in letter.out


def test_the_plan_says_what_is_to_be_corrected_and_no_value(desk):
    case = open_case(desk, f"email: {ASKED}\nname: Åsa Öberg\nscore csat/2026-Q4: 9\n").json["case"]
    said = desk.run("rights", "plan", case)
    assert "To be corrected: address, name, score csat/2026-Q4." in said.out
    assert "Öberg" not in said.everything
    for file in (desk.folder / "home").rglob("*"):
        assert not file.is_file() or "Öberg".encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("right", "says"),
    [
        ("", "nothing is to be corrected"),
        ("email: nobody.at.example\n", "the right email is not one"),
        ("name: 12\n", "the right name is not one"),
        ("score csat/2026-Q4: 11\n", "the right score is not one"),
        ("score csat/2026-Q4: nio\n", "the right score is not one"),
        ("score 2026-Q4: 9\n", "a field that cannot be corrected"),
        ("text: Nej\n", "a field that cannot be corrected"),
        ("crm_reference: Åsa Öberg\n", "the right crm_reference is not one"),
        ("workplace: Verkstaden Åsa\n", "the right workplace is not one"),
        ("email\n", "line 1 is not a field with its right value"),
        ("name: Åsa\nname: Öberg\n", "line 2 is not a field with its right value"),
    ],
)
def test_what_cannot_be_corrected_is_refused_without_a_value(desk, right, says):
    said = open_case(desk, right)
    assert (said.code, says in said.err) == (2, True), said.err
    assert not any(word in said.err for word in ("Åsa", "Öberg", "nobody.at", "nio"))


def test_a_score_of_a_cycle_without_an_answer_is_refused(desk):
    said = desk.fulfil(open_case(desk, "score csat/2025-Q1: 9\n").json["case"])
    assert said.code == 4
    assert "1 of the scores are of no answer of the person; there is score csat/2026-Q3" in said.err


def test_right_values_are_for_a_case_to_rectify_only(desk):
    values = desk.folder / "right.txt"
    values.write_text("name: Åsa\n", "utf-8")
    file = desk.folder / "who.txt"
    file.write_text(f"{WRONG}\n", "utf-8")
    said = desk.run("rights", "open", "--kind", "erase", "--email-file", file, "--right-values", values)
    assert said.code == 2
    assert "--kind rectify" in said.err


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_controller_corrects(tmp_path, mapping, controller):
    desk = Desk.of(controller, tmp_path, mapping)
    desk.take(*[answer(n, text="", cycle="2026-Q3", score="5") for n in range(3)])
    case = open_case(desk, "email: ny@exempel.se\nname: Åsa Öberg\n").json["case"]
    assert desk.fulfil(case).code == 0
    desk.take(*[answer(n, text="", cycle="2026-Q4", score="5", response_id=f"N-{n}") for n in range(3)])
    shown = desk.run("rights", "letter", case, "--controller", controller, "--language", "sv")
    assert "rättas igen varje gång" in " ".join(shown.out.split())
    access = desk.open("access", "ny@exempel.se")
    planned = desk.run("rights", "plan", access, "--controller", controller, "--json")
    assert planned.json["stores"]["responses"] == 2
