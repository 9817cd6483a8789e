"""A correction is one person's: nobody else is changed or shown by it, and it ends no promise made before."""

from pathlib import Path

import pytest
from sqlalchemy import select

import flows.rectify_case
from data.records import CrmReference
from data.stores.register import CORRECTIONS
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from pseudonymize import correct_as_entered
from pseudonymize.derive import address_pseudonym
from pseudonymize.identity import Identity
from tests.acceptance.test_after_a_stop import stopped_at
from tests.acceptance.test_rectification import (
    ASKED,
    CHANGED,
    PEOPLE,
    SECOND,
    WRONG,
    in_crm,
    known,
    open_case,
    rectify,
)
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import left_lying, stored

NAMELESS = {"first_name": "", "last_name": "", "text": ""}
BARE = {"respondent_id": "", "crm_reference": "", "text": ""}
BJÖRN = {"first_name": "Björn", "last_name": "Öberg", "text": ""}
RIGHT_NAME = {"first_name": "Åsa", "last_name": "Öberg"}
OTHER = answer(7)["crm_reference"]


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(*PEOPLE, SECOND)
    assert desk.run("scores", "sync").code == 0
    return desk


def corrections(desk: Desk) -> int:
    with desk.home.register_engine.connect() as connection:
        return len(connection.execute(select(CORRECTIONS)).all())


def at(desk: Desk, address: str) -> list[Identity]:
    room = desk.home.room("sectra")
    people = room.vault.people_at([address_pseudonym(room.ring, address)])
    return list(room.vault.identities_of(people).values())


def of_respondent(desk: Desk, respondent: str) -> Identity:
    everybody = desk.home.room("sectra").vault.everybody()
    (found,) = (one for one in everybody if respondent in one.all("respondent_id"))
    return found


def score_of_last_cycle(desk: Desk) -> list[int]:
    return sorted(row["score"] for row in stored(desk.home) if row["cycle"] == "2026-Q4")


def test_answers_without_a_name_are_not_moved_to_where_somebody_else_is_known(desk):
    desk.take(answer(30, **NAMELESS), answer(22, email=ASKED, **BJÖRN), name="n.csv")
    case = open_case(desk, f"email: {ASKED}\n", "person30@example.com", "Anna Ek").json["case"]
    said = desk.fulfil(case)
    assert said.code == 4
    plan = desk.run("rights", "plan", desk.open("access", ASKED), "--json")
    assert plan.json["stores"]["responses"] == 1


def test_a_row_that_a_correction_splits_leaves_each_person_a_key_of_their_own(desk):
    anna = {"first_name": "Anna", "last_name": "Ek"}
    desk.take(answer(50, email="w@example.com", **BARE, **anna), name="a.csv")
    rectify(desk, "email: r@example.com\n", who="w@example.com")
    desk.take(answer(51, email="r@example.com", **BARE, **anna), name="b.csv")
    room = desk.home.room("sectra")
    room.register.forget_corrections(list(room.register.corrected_at()))
    correct_as_entered(room)
    assert desk.fulfil(desk.open("erase", "w@example.com")).code == 0
    assert desk.run("keys", "status").code == 0


@pytest.mark.parametrize("kind", ["erase", "object"])
def test_nobody_is_corrected_to_an_address_that_is_kept_out(desk, kind):
    assert desk.fulfil(desk.open(kind, ASKED)).code == 0
    said = desk.fulfil(open_case(desk, f"email: {ASKED}\n").json["case"])
    assert said.code == 4
    assert "kept out" in said.err
    assert len(known(desk, WRONG).answers) == 2


def test_who_is_restricted_at_the_right_address_is_so_from_the_correction_on(desk):
    assert desk.fulfil(desk.open("restrict", ASKED)).code == 0
    rectify(desk, f"email: {ASKED}\n")
    assert desk.answers == 4


def test_the_survey_tool_may_correct_the_name_before_the_address(desk):
    rectify(desk, f"email: {ASKED}\nname: Åsa Öberg\nscore csat/2026-Q4: 9\n")
    desk.take({**SECOND, **CHANGED, **RIGHT_NAME}, name="again.csv")
    assert at(desk, WRONG) == []
    assert score_of_last_cycle(desk) == [9]


def test_the_survey_tool_may_correct_name_and_address_before_the_rest(desk):
    rectify(desk, f"email: {ASKED}\nname: Åsa Öberg\ncrm_reference: {OTHER}\nscore csat/2026-Q4: 9\n")
    desk.take({**SECOND, **CHANGED, **RIGHT_NAME, "email": ASKED}, name="again.csv")
    assert score_of_last_cycle(desk) == [9]
    assert known(desk).all("crm_reference") == [OTHER]


def test_who_writes_without_a_name_from_a_shared_address_is_nobody_that_was_corrected(desk):
    shared = "delad@example.com"
    desk.take(
        answer(1, response_id="X-1", email=shared, text=""), answer(22, email=shared, **BJÖRN), name="s.csv"
    )
    rectify(desk, f"name: Åsa Öberg\ncrm_reference: {OTHER}\n")
    desk.take(answer(23, email=shared, **NAMELESS), name="s2.csv")
    assert of_respondent(desk, "P-00023").all("crm_reference") == [answer(23)["crm_reference"]]


def test_who_writes_without_a_name_from_the_right_address_is_not_changed_after_a_stop_either(desk):
    desk.take(answer(22, email=ASKED, **BJÖRN), answer(24, email=ASKED, **NAMELESS), name="s.csv")
    case = open_case(desk, f"email: {ASKED}\nname: Åsa Öberg\n").json["case"]
    with stopped_at(flows.rectify_case, "correct_as_entered"):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file"))
    assert desk.fulfil(case).code == 0
    assert of_respondent(desk, "P-00024").all("name") == []


def test_an_erasure_ends_every_correction_of_a_chain_and_no_address_of_it_comes_back(desk):
    rectify(desk, "email: s@example.com\n")
    rectify(desk, "email: t@example.com\n", who="s@example.com")
    rectify(desk, "email: u@example.com\n", who="t@example.com")
    assert desk.fulfil(desk.open("erase", "u@example.com")).code == 0
    assert corrections(desk) == 0
    desk.take(answer(1, response_id="Z-1", email="s@example.com", **BARE), name="z.csv")
    assert desk.answers == 4


def test_an_erasure_ends_the_correction_of_somebody_without_a_name(desk):
    desk.take(answer(30, **NAMELESS), name="n.csv")
    rectify(desk, f"email: {ASKED}\n", who="person30@example.com")
    assert desk.fulfil(desk.open("erase", ASKED)).code == 0
    assert corrections(desk) == 0
    before = desk.answers
    desk.take(answer(30, response_id="N-1", **{**NAMELESS, **BARE}), name="n2.csv")
    assert desk.answers == before


def test_a_row_without_a_name_from_the_wrong_address_waits_for_a_decision(desk):
    bad = answer(40, email=WRONG, **{**NAMELESS, **BARE}, score="99")
    desk.take(*PEOPLE, bad, name="bad.csv")
    rectify(desk, f"email: {ASKED}\n")
    case = desk.open("erase", ASKED)
    assert desk.fulfil(case).code == 4
    assert desk.fulfil(case, "--texts", "withhold").code == 0
    assert desk.home.room("sectra").quarantine.rows() == []


def test_scores_at_the_wrong_contact_are_cleared_also_while_none_may_be_written(desk, monkeypatch):
    monkeypatch.setattr(flows.rectify_case, "reasons_against", lambda *_: ["agreement ended"])
    rectify(desk, f"email: {ASKED}\ncrm_reference: {OTHER}\n")
    assert not [place for place in in_crm(desk) if place[0] == answer(1)["crm_reference"]]


def test_who_asks_by_name_from_the_old_address_is_found_where_they_are_today(desk):
    rectify(desk, f"email: {ASKED}\n")
    assert desk.fulfil(desk.open("erase", WRONG, "Förnamn1 Efternamn1")).code == 0
    desk.take(answer(1, response_id="T-1", text=""), name="later.csv")
    assert len(known(desk).answers) == 0


def test_the_survey_tool_is_told_also_where_others_are_at_the_right_address(desk):
    desk.take(answer(22, email=ASKED, **BJÖRN), name="s.csv")
    said = rectify(desk, f"email: {ASKED}\n")
    (case,) = (case["id"] for case in desk.run("rights", "list", "--json").json)
    recipients = desk.run("rights", "show", case, "--json").json["recipients"]
    assert {one["recipient"] for one in recipients} == {"crm", "vendor"}
    assert " 2  corrected" in said.out


def test_a_ground_that_says_the_right_name_is_refused(desk):
    case = open_case(desk, "name: Ingegerd Sköldmö\n").json["case"]
    said = desk.fulfil(case, "--override", "Ingegerd Sköldmö cannot show it", "--role", "officer")
    assert (said.code, "Sköldmö" in said.everything) == (2, False)


def test_a_corrected_score_is_that_of_the_answers_that_there_were(desk):
    rectify(desk, "score csat/2026-Q4: 9\n")
    more = {"cycle": "2026-Q4", "score": "2", "text": "", "answered_at": "2026-10-20 10:00:00"}
    desk.take(answer(1, response_id="S-9", **more), name="later.csv")
    assert score_of_last_cycle(desk) == [2, 9]


def test_a_correction_that_has_ended_is_undone_once(desk):
    rectify(desk, f"crm_reference: {OTHER}\n")
    room = desk.home.room("sectra")
    room.register.forget_corrections(list(room.register.corrected_at()))
    assert [correct_as_entered(room) for _ in range(3)] == [2, 0, 0]
    assert left_lying(desk.home) == {}


def test_the_certificate_of_nobody_says_of_no_correction(desk):
    case = open_case(desk, "score csat/2026-Q4: 9\n", "nobody@example.com").json["case"]
    said = desk.fulfil(case)
    assert said.code == 0
    assert "Corrected" not in said.out


def test_the_right_name_goes_out_of_the_texts_that_are_kept(desk):
    text = "Tack för hjälpen med bilderna, hälsar sol vind"
    desk.take(answer(40, text=text), answer(41, text=text), name="texts.csv")
    assert rectify(desk, "name: Sol Vind\n", "person40@example.com").code == 0
    assert len([one for one in comments(desk) if one.endswith("hälsar <PERSON_1>")]) == 1
    assert comments(desk).count(text) == 1  # of the other, whose name it is not


def test_the_right_name_goes_out_of_texts_also_after_a_stop_before_they_are_searched(desk):
    text = "Tack för hjälpen med bilderna, hälsar sol vind"
    desk.take(answer(40, text=text), name="texts.csv")
    case = open_case(desk, "name: Sol Vind\n", "person40@example.com").json["case"]
    with stopped_at(flows.rectify_case, "search_for_right_names"):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file"))
    assert text in comments(desk)
    assert desk.fulfil(case).code == 0
    assert text not in comments(desk)


def comments(desk: Desk) -> list[str]:
    return [row["comment"] for row in stored(desk.home) if row["comment"]]
