"""Who asks for a restriction is kept and not used: in no table, no sync, no later answer, until it ends."""

import shutil

import pytest
from sqlalchemy import select

import data.stores.responses
import flows.restrict_case
from data.records import CrmReference
from data.stores.crm import SCORES
from flows.aggregate import aggregate
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.policies import CONTROLLERS

REFERENCE = answer(1)["crm_reference"]
WHO = "Person1@EXAMPLE.com"
LATER = answer(1, response_id="S-1", cycle="2026-Q4", text="")
PEOPLE = [answer(n, text="") for n in range(5)]


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(*PEOPLE)
    assert desk.run("scores", "sync").code == 0
    return desk


def restrict(desk: Desk, *more: object, who: str = WHO, name: str = "") -> None:
    said = desk.fulfil(desk.open("restrict", who, name), *more)
    assert said.code == 0, said.everything


def end(desk: Desk) -> None:
    today = desk.run("rights", "list", "--json").json[0]["opened_at"][:10]
    said = desk.fulfil(desk.open("unrestrict", WHO), "--notified", today)
    assert said.code == 0, said.everything


def references(desk: Desk) -> set[str]:
    with desk.home.crm._engine.connect() as connection:
        return set(connection.scalars(select(SCORES.c.reference)))


def kept(desk: Desk) -> int:
    return sum(file.rows for file in desk.home.responses.files("sectra"))


def test_a_full_round_of_a_restriction(desk):
    case = desk.open("restrict", WHO)
    planned = desk.run("rights", "plan", case)
    assert "kept, not used" in planned.out
    assert "cleared" in planned.out
    said = desk.fulfil(case)
    assert (said.code, "restrict, closed (SEC-33)" in said.out) == (0, True), said.everything
    certificate = desk.fulfil(case, "--json").json
    rows = {row["store"]: (row["found"], row["gone"]) for row in certificate["stores"]}
    assert rows == {"responses": (1, 0), "crm": (1, 1)}
    assert (desk.answers, kept(desk)) == (4, 5)
    assert references(desk) == {answer(n)["crm_reference"] for n in (0, 2, 3, 4)}


def test_who_is_restricted_counts_in_no_figure(desk):
    more = [answer(n, text="") for n in range(5, 12)]
    desk.take(*more, name="more.csv")
    assert desk.home.reader("sectra").scores_by_cycle()["n"].tolist() == [12]
    restrict(desk)
    assert desk.home.reader("sectra").scores_by_cycle()["n"].tolist() == [11]


def test_no_group_that_is_kept_counts_who_is_restricted(desk):
    desk.take(*[answer(n, text="") for n in range(5, 11)], name="more.csv")
    rows = desk.home.responses.read("sectra", ["response_key"])["response_key"].to_pylist()
    restrict(desk)
    restrict(desk, who="person2@example.com")
    assert aggregate(desk.home, "sectra", "batch", rows, fine=False) == 0  # nine are too few


@pytest.mark.parametrize("name", ["again.csv", "edited.csv"])
def test_later_answers_and_newer_versions_are_kept_and_not_used_either(desk, name):
    restrict(desk)
    edited = answer(1, text="", score="2", modified_at="2026-10-20 10:00:00")
    desk.take(*([LATER, edited] if name == "edited.csv" else [*PEOPLE, LATER]), name=name)
    assert (desk.answers, kept(desk)) == (4, 6)
    assert desk.run("scores", "sync", "--json").json["written"] == 0
    assert REFERENCE not in references(desk)


def test_who_is_not_known_yet_can_be_restricted(desk):
    restrict(desk, who="person7@example.com")
    desk.take(answer(7, text=""), answer(8, text=""), name="more.csv")
    assert (desk.answers, kept(desk)) == (6, 7)


def test_a_restriction_ends_after_the_person_was_told_and_the_score_is_written_again(desk):
    restrict(desk)
    case = desk.open("unrestrict", WHO)
    said = desk.fulfil(case)
    assert (said.code, "Art. 18(3)" in said.err, desk.answers) == (4, True, 4)
    said = desk.fulfil(case, "--notified", "2199-01-01")
    assert (said.code, "lies ahead" in said.err, desk.answers) == (2, True, 4)
    end(desk)
    assert desk.answers == 5
    assert desk.run("scores", "sync", "--json").json["written"] == 1
    assert REFERENCE in references(desk)
    desk.take(LATER, name="later.csv")
    assert desk.answers == 6


def test_nothing_is_ended_that_was_never_begun(desk):
    case = desk.open("unrestrict", WHO)
    said = desk.run("rights", "plan", case)
    assert (said.code, "holds no restriction" in said.err) == (4, True)
    assert desk.fulfil(case).code == 4
    restrict(desk)
    assert desk.run("rights", "plan", desk.open("lift-objection", WHO)).code == 4


def test_of_two_people_at_one_address_only_who_asks_is_restricted(desk):
    desk.take(
        answer(20, email="desk@n.se", text=""),
        answer(21, email="desk@n.se", text=""),
        answer(20, response_id="S-20", email="desk@n.se", cycle="2026-Q2", text=""),
        name="s.csv",
    )
    case = desk.open("restrict", "desk@n.se")
    said = desk.fulfil(case)
    assert (said.code, "2 people are known at this address" in said.err) == (4, True)
    restrict(desk, who="desk@n.se", name="Förnamn20 Efternamn20")
    assert (desk.answers, kept(desk)) == (6, 8)
    desk.take(answer(20, response_id="T-20", email="desk@n.se", cycle="2026-Q1", text=""), name="t.csv")
    desk.take(answer(21, response_id="T-21", email="desk@n.se", cycle="2026-Q1", text=""), name="u.csv")
    assert (desk.answers, kept(desk)) == (7, 10)


def test_after_an_older_home_is_put_back_who_is_restricted_is_so_again(desk):
    folder = desk.folder / "home"
    shutil.copytree(folder, desk.folder / "older")
    restrict(desk)
    shutil.rmtree(folder)
    shutil.copytree(desk.folder / "older", folder)
    assert desk.run("report").code == 4
    assert desk.run("rights", "replay", "--json").json["restricted again"] == 1
    desk.later()
    assert (desk.answers, kept(desk)) == (4, 5)
    assert desk.run("scores", "sync", "--json").json["cleared"] == 1
    assert REFERENCE not in references(desk)


def test_after_an_older_home_is_put_back_a_restriction_that_has_ended_since_is_ended(desk):
    restrict(desk)
    folder = desk.folder / "home"
    shutil.copytree(folder, desk.folder / "older")
    end(desk)
    shutil.rmtree(folder)
    shutil.copytree(desk.folder / "older", folder)
    assert desk.run("rights", "replay").code == 0
    desk.later()
    assert desk.answers == 5


@pytest.mark.parametrize("moment", ["enter", "restrict_as_entered", "not_allowed_now", "clear_scores"])
def test_a_restriction_that_was_stopped_is_carried_out_by_the_same_command(desk, moment):
    case = desk.open("restrict", WHO)
    with stopped_at(flows.restrict_case, moment):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file"))
    certificate = desk.fulfil(case, "--json").json
    rows = {row["store"]: (row["found"], row["gone"]) for row in certificate["stores"]}
    assert rows == {"responses": (1, 0), "crm": (1, 1)}
    assert (desk.answers, REFERENCE in references(desk)) == (4, False)


def test_who_is_restricted_can_be_erased(desk):
    restrict(desk)
    assert desk.fulfil(desk.open("erase", WHO)).code == 0
    assert (desk.answers, kept(desk)) == (4, 4)


def test_a_restriction_can_be_refused_on_a_ground_and_changes_nothing(desk):
    case = desk.open("restrict", WHO)
    assert desk.fulfil(case, "--override", "ingen grund i art. 18", "--role", "DPO").code == 0
    assert desk.answers == 5


def test_what_becomes_known_of_the_person_later_is_restricted_as_well(desk):
    """A corrected address, a reference of a later answer; then come answers with nothing else."""
    restrict(desk)
    nobody = {"respondent_id": "", "crm_reference": ""}
    corrected = answer(1, email="ny@example.com", text="", modified_at="2026-10-20 10:00:00")
    desk.take(corrected, name="corrected.csv")
    later = answer(1, response_id="N-1", email="ny@example.com", cycle="2026-Q4", text="", **nobody)
    desk.take(later, name="n.csv")
    assert (desk.answers, kept(desk)) == (4, 6)
    told = answer(1, response_id="K-1", crm_reference=answer(7)["crm_reference"], cycle="2026-Q1", text="")
    desk.take(told, name="told.csv")
    other = {"email": "helt.annan@example.com", "respondent_id": ""}
    later = answer(1, response_id="K-2", crm_reference=answer(7)["crm_reference"], cycle="2026-Q2", text="")
    desk.take(later | other, name="later.csv")
    assert (desk.answers, kept(desk)) == (4, 8)
    assert desk.run("scores", "sync", "--json").json["written"] == 0


def test_who_asks_again_from_another_address_is_restricted_there_as_well(desk):
    second = answer(1, response_id="A-2", email="två@example.com", cycle="2026-Q2", text="")
    desk.take(second, name="a2.csv")
    restrict(desk)
    third = answer(1, response_id="A-3", email="tre@example.com", cycle="2026-Q1", text="")
    desk.take(third, name="a3.csv")
    restrict(desk, who="tre@example.com")
    assert (desk.answers, kept(desk)) == (4, 7)


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_a_person_can_be_restricted_under_each_policy(tmp_path, mapping, controller):
    desk = Desk.of(controller, tmp_path, mapping)
    desk.take(*PEOPLE)
    restrict(desk)
    assert desk.home.responses.read(controller, ["score"]).num_rows == 4


def test_a_score_is_cleared_though_the_import_was_undone_between_a_stop_and_the_second_run(desk):
    case = desk.open("restrict", WHO)
    with stopped_at(flows.restrict_case, "not_allowed_now"):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file"))
    run = desk.run("runs", "list", "--json").json[0]["id"]
    assert desk.run("runs", "undo", run).code == 0
    assert desk.fulfil(case).code == 0
    assert not references(desk)


def test_who_is_erased_while_somebody_reads_and_was_restricted_is_not_read(desk, monkeypatch):
    restrict(desk)
    real = data.stores.responses.read_files

    def slow(*arguments):
        found = real(*arguments)
        monkeypatch.undo()
        assert desk.fulfil(desk.open("erase", WHO)).code == 0
        return found

    monkeypatch.setattr(data.stores.responses, "read_files", slow)
    assert desk.home.responses.read("sectra", ["score"]).num_rows == 4


def test_the_end_of_one_restriction_restricts_nobody_else(desk):
    restrict(desk)
    restrict(desk, who="person2@example.com")
    stranger = answer(9, crm_reference=answer(2)["crm_reference"], text="")
    own = answer(9, response_id="O-9", cycle="2026-Q2", crm_reference="", text="")
    desk.take(own, name="own.csv")
    desk.take(stranger, name="stranger.csv")
    before = desk.answers
    end(desk)
    assert desk.answers == before + 1


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("restrict", ("--whole-address",), "--whole-address says nothing"),
        ("restrict", ("--cover", "1"), "--cover says nothing"),
        ("restrict", ("--texts", "leave"), "--texts says nothing"),
        ("restrict", ("--language", "sv"), "--language says nothing"),
        ("restrict", ("--notified", "2026-11-01"), "--notified says nothing"),
        ("unrestrict", ("--notified", "1999-01-01"), "before the case that ends"),
    ],
)
def test_what_says_nothing_in_a_case_is_refused(desk, kind, more, says):
    if kind == "unrestrict":
        restrict(desk)
    said = desk.fulfil(desk.open(kind, WHO), *more)
    assert (said.code, says in said.err) == (2, True), said.everything
