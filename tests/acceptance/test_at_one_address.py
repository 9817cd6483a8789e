"""Several people at one address, and people of one name: nobody is taken for somebody else, nor forgotten."""

import pytest

from tests.support.desk import IDENTITY, Desk
from tests.support.exports import answer

ADDRESS = "mottagningen@example.com"


def of(number: int, first: str, last: str, **changes: str) -> dict[str, str]:
    return answer(number, first_name=first, last_name=last, email=ADDRESS, text="", **changes)


TORSTEN, MAJA = of(1, "Torsten", "Öhman"), of(2, "Maja", "Ek")
#: Torsten's as well, with its names in other columns.
SHIFTED = of(3, "", "Radiologist", job_title="Torsten", workplace="Öhman", score="x")


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    return Desk(tmp_path, mapping)


@pytest.mark.parametrize("row", [SHIFTED, of(3, "", "", score="x")])
def test_a_row_of_a_shared_address_that_names_nobody_known_stops_for_a_decision(desk, row):
    desk.take(TORSTEN, MAJA, row)
    case = desk.open("erase", ADDRESS, "Torsten Öhman")
    assert "quarantined rows that bear the name or the address: 1" in desk.run("rights", "plan", case).err
    said = desk.fulfil(case)
    assert (said.code, "--texts" in said.err) == (4, True), said.everything
    assert desk.fulfil(case, "--texts", "withhold").code == 0
    assert not desk.home.room("sectra").quarantine.rows()


def test_a_row_of_the_other_at_the_address_stops_nobody(desk):
    desk.take(TORSTEN, MAJA, of(3, "Maja", "Ek", score="x"))
    assert desk.fulfil(desk.open("erase", ADDRESS, "Torsten Öhman")).code == 0
    assert len(desk.home.room("sectra").quarantine.rows()) == 1


@pytest.mark.parametrize("kind", ["erase", "object"])
def test_who_is_left_at_a_shared_address_is_not_taken_for_who_has_gone(desk, kind):
    desk.take(TORSTEN, MAJA)
    assert desk.fulfil(desk.open(kind, ADDRESS, "Torsten Öhman")).code == 0
    case = desk.open("erase", ADDRESS)
    assert desk.fulfil(case).code == 4
    assert desk.answers == 1
    assert desk.fulfil(case, "--whole-address").code == 0
    assert desk.answers == 0


def test_who_is_left_can_be_erased_by_name_and_the_other_still_takes_the_objection_back(desk):
    desk.take(TORSTEN, MAJA)
    assert desk.fulfil(desk.open("object", ADDRESS, "Torsten Öhman")).code == 0
    assert desk.fulfil(desk.open("erase", ADDRESS, "Maja Ek")).code == 0
    assert desk.fulfil(desk.open("lift-objection", ADDRESS, "Torsten Öhman")).code == 0
    counts = desk.take(TORSTEN, MAJA, name="again.csv")
    assert (counts["new"], counts["suppressed"]) == (1, 1)


def test_a_namesake_of_who_decides_can_be_erased(desk):
    desk.take(*[answer(n, text="") for n in range(4)])
    by = ("--by", "Förnamn3  EFTERNAMN3", *IDENTITY[2:])
    case = desk.open("erase", "person1@example.com")
    assert desk.run("rights", "fulfil", case, *by).code == 0
    said = desk.fulfil(desk.open("erase", "person3@example.com"))
    assert said.code == 0, said.everything


@pytest.mark.parametrize("how", [("close", "--ground"), ("fulfil", "--role", "DPO", "--override")])
def test_a_ground_does_not_name_who_asks(desk, how):
    desk.take(*[answer(n, text="") for n in range(4)])
    case = desk.open("erase", "person1@example.com")
    command, *options = how
    said = desk.run("rights", command, case, "--by", "Eva Ek", *options, "förnamn1 Efternamn1 took it back")
    assert (said.code, "names who asks" in said.err, "fternamn" in said.err) == (2, True, False), (
        said.everything
    )


def test_a_ground_names_nobody_at_the_address_of_who_asks(desk):
    desk.take(TORSTEN, MAJA)
    said = desk.run(
        "rights", "close", desk.open("erase", ADDRESS), "--by", "Eva Ek", "--ground", "Maja Ek rang"
    )
    assert (said.code, "names who asks" in said.err) == (2, True), said.everything
