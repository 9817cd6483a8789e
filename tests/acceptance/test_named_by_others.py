"""What was destroyed because it bears somebody's name does not come back, by export or older home."""

import shutil

import pyarrow.compute as pc
import pytest

from tests.support.desk import Desk
from tests.support.exports import answer

#: Words that are a name to who asks, and to no recogniser.
NAMED, SAYS = "Blå Himmel", "Nöjd. Fråga blå himmel om avtalet nästa gång."
TAKEN_OUT = "<WITHHELD:request>"
BAD = answer(1, response_id="B-1", score="11", text="Ring Åsa Öberg")


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.take(*[answer(n, text="") for n in range(5)], answer(7, text=SAYS))
    return desk


def withhold(desk: Desk, name: str) -> None:
    case = desk.open("erase", "", name, "--named-in-text")
    said = desk.fulfil(case, "--texts", "withhold")
    assert said.code == 0, said.everything


def texts(desk: Desk) -> list[str]:
    found = desk.home.responses.read("sectra", ["comment"])["comment"]
    return [text for text in pc.drop_null(found).to_pylist() if text]


def test_a_row_that_was_destroyed_for_a_name_is_not_set_aside_again(desk):
    export = [answer(6, text=""), BAD]
    desk.take(*export, name="b.csv")
    withhold(desk, "Åsa Öberg")
    counts = desk.take(*export, name="again.csv")
    assert (counts["suppressed"], counts["quarantined"]) == (1, 0)
    assert not desk.run("quarantine", "list", "--json").json


def test_the_same_answer_corrected_so_that_it_bears_no_name_comes_in(desk):
    desk.take(answer(6, text=""), BAD, name="b.csv")
    withhold(desk, "Åsa Öberg")
    assert desk.take({**BAD, "score": "9", "text": ""}, name="right.csv")["new"] == 1


@pytest.mark.parametrize("leave", ["leave", "withhold"])
def test_a_row_of_a_namesake_comes_again_only_where_it_was_left(desk, leave):
    bad = answer(60, email="mal.formed.example", first_name="Förnamn1", last_name="Efternamn1", text="")
    desk.take(bad, *[answer(n, text="") for n in range(5)], name="namesake.csv")
    assert desk.fulfil(desk.open("erase", "person1@example.com"), "--texts", leave).code == 0
    desk.run("quarantine", "discard", "--all")
    desk.take(bad, *[answer(n, text="") for n in range(5)], name="again.csv")
    assert len(desk.home.room("sectra").quarantine.rows()) == (1 if leave == "leave" else 0)


def test_a_newer_version_of_an_answer_does_not_bring_its_text_again(desk):
    withhold(desk, NAMED)
    edited = answer(7, text=f"{SAYS} Tack!", modified_at="2026-10-20 10:00:00", score="3")
    assert desk.take(edited, name="edited.csv")["replaced"] == 1
    assert texts(desk) == [TAKEN_OUT]


def test_a_newer_version_of_an_answer_that_an_analyst_withheld_does_not_bring_its_text_again(desk):
    found = desk.home.responses.read("sectra", ["response_key", "comment"]).to_pylist()
    (key,) = (row["response_key"] for row in found if row["comment"])
    assert [desk.run("responses", "withhold", key).code for _ in range(2)] == [0, 0]
    edited = answer(7, text=f"{SAYS} Tack!", modified_at="2026-10-20 10:00:00")
    assert desk.take(edited, name="edited.csv")["replaced"] == 1
    assert texts(desk) == [TAKEN_OUT]


def test_an_older_home_that_is_put_back_gives_neither_text_nor_row_again(desk):
    desk.take(answer(6, text=""), BAD, name="b.csv")
    folder = desk.folder / "home"
    shutil.copytree(folder, desk.folder / "older")
    withhold(desk, NAMED)
    withhold(desk, "Åsa Öberg")
    shutil.rmtree(folder)
    shutil.copytree(desk.folder / "older", folder)
    desk.later()
    told = desk.run("rights", "replay", "--json").json
    assert (told["people of the vault"], told["texts"], told["quarantine"]) == (0, 1, 1)
    assert texts(desk) == [TAKEN_OUT]
    assert not desk.home.room("sectra").quarantine.rows()


def test_what_a_spreadsheet_could_not_calculate_is_the_id_of_no_text(desk):
    nobody = {"email": "", "respondent_id": "", "crm_reference": ""}
    desk.take(answer(8, response_id="#N/A", text="About things.", **nobody), answer(6, text=""), name="a.csv")
    case = desk.open("erase", "person8@example.com", "Förnamn8 Efternamn8")
    assert desk.fulfil(case, "--texts", "withhold").code == 0
    desk.take(answer(9, response_id="#N/A", text="Quite another matter."), answer(6, text=""), name="b.csv")
    rows = desk.home.room("sectra").quarantine.open_all()
    assert [row.cell("text") for row in rows] == ["Quite another matter."]


def test_a_name_that_nobody_bears_is_not_told_as_nothing_held_of_the_person(desk):
    said = desk.fulfil(desk.open("erase", "", "Förnamn1 Efternamn1", "--named-in-text"))
    assert (said.code, "Nothing was held" in said.out) == (0, False), said.everything
    assert "No answer and no quarantined row bears this name" in said.out
    assert desk.answers == 6


def test_what_bears_a_name_and_is_left_stands_in_the_certificate(desk):
    desk.take(answer(6, text=""), BAD, name="b.csv")
    case = desk.open("erase", "", "Åsa Öberg", "--named-in-text")
    certificate = desk.fulfil(case, "--texts", "leave", "--json").json
    assert certificate["stores"] == [{"store": "naming, left", "found": 1, "gone": 0}]
    assert (certificate["held"], certificate["named by others"]) == (True, True)
