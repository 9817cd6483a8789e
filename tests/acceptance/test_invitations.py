"""Who wants no invitations is taken out of each list of people to be invited, and loses nothing else."""

import csv
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.exports import answer


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk.of("stratsys", tmp_path, mapping)
    desk.take(*[answer(n, text="") for n in range(6)])
    return desk


def checked(desk: Desk, *addresses: str, encoding: str = "utf-8", column: str = "E-postadress") -> list[str]:
    source, target = desk.folder / "lista.csv", desk.folder / "ut.csv"
    rows = "".join(f"Åsa Öberg;{address}\n" for address in addresses)
    source.write_text(f"Namn;{column}\n{rows}", encoding)
    said = run(desk, source, target, "--encoding", encoding, "--column", column)
    assert said.code == 0, said.everything
    with target.open(encoding=encoding, newline="") as file:
        found = list(csv.DictReader(file, delimiter=";"))
    assert {row["Namn"] for row in found} <= {"Åsa Öberg"}
    return [row[column] for row in found]


def run(desk: Desk, source: Path, target: Path, *more: object):
    files = ("--input", source, "--output", target, "--controller", desk.controller)
    return desk.run("invitations", "check", *files, *more)


def ask(desk: Desk, kind: str, who: str, *more: object) -> None:
    said = desk.fulfil(desk.open(kind, who), *more)
    assert said.code == 0, said.everything


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_who_wants_no_invitations_is_taken_out_of_every_list_and_kept_otherwise(desk, encoding):
    ask(desk, "no-invites", "Person1@EXAMPLE.com")
    ask(desk, "no-invites", "helt.ny@example.com")
    wanted = ["person0@example.com", " PERSON1@example.com", "helt.ny@example.com", "annan@example.com"]
    assert checked(desk, *wanted, encoding=encoding) == ["person0@example.com", "annan@example.com"]
    assert desk.home.responses.read("stratsys", ["score"]).num_rows == 6
    desk.take(answer(1, response_id="S-1", cycle="2026-Q2", text=""), name="later.csv")
    assert desk.home.responses.read("stratsys", ["score"]).num_rows == 7


def test_who_wants_invitations_again_is_invited(desk):
    ask(desk, "no-invites", "person1@example.com")
    ask(desk, "invites", "person1@example.com")
    assert checked(desk, "person1@example.com") == ["person1@example.com"]
    assert desk.fulfil(desk.open("invites", "person2@example.com")).code == 4


def test_who_was_erased_objects_or_is_restricted_is_not_invited_either(desk):
    for kind, number in (("erase", 1), ("object", 2), ("restrict", 3)):
        ask(desk, kind, f"person{number}@example.com")
    assert checked(desk, *[f"person{n}@example.com" for n in range(5)]) == [
        "person0@example.com",
        "person4@example.com",
    ]


def test_at_an_address_that_somebody_shares_with_who_is_out_nobody_is_invited(desk):
    shared = [answer(n, email="desk@n.se", text="") for n in (20, 21)]
    desk.take(*shared, name="s.csv")
    case = desk.open("erase", "desk@n.se", "Förnamn20 Efternamn20")
    assert desk.fulfil(case).code == 0
    assert checked(desk, "desk@n.se", "person0@example.com") == ["person0@example.com"]


def test_a_list_is_counted_and_no_address_of_it_is_told(desk):
    ask(desk, "no-invites", "person1@example.com")
    source, target = desk.folder / "l.csv", desk.folder / "o.csv"
    source.write_text("email\nperson1@example.com\nperson2@example.com\ningen adress\n", "utf-8")
    said = run(desk, source, target)
    assert said.code == 0
    assert "@" not in said.everything
    counts = run(desk, source, target, "--json").json
    assert (counts["rows"], counts["to be invited"], counts["without an address"]) == (3, 1, 1)


WRONG = {
    "a list that is not there": (None, (), 3, "cannot be read"),
    "a column that is not there": ("namn\nÅsa\n", (), 3, "not one column of that name"),
    "a column that is there twice": ("email,email\na@b.se,a@b.se\n", (), 3, "not one column of that name"),
    "a row with a cell too many": ("email\na@b.se,x\n", (), 3, "row 2 has another number of cells"),
    "another encoding": ("email;namn\na@b.se;Åsa\n".encode("cp1252"), (), 3, "is not utf-8"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_list_that_cannot_be_read_is_refused_and_nothing_written(desk, wrong):
    content, more, code, says = WRONG[wrong]
    source, target = desk.folder / "l.csv", desk.folder / "o.csv"
    if content is not None:
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = run(desk, source, target, *more)
    assert (said.code, says in said.err, target.exists()) == (code, True, False), said.everything
    assert "a@b.se" not in said.everything


def test_a_list_does_not_take_its_own_place_nor_lie_in_the_home(desk):
    source = desk.folder / "l.csv"
    source.write_text("email\nperson1@example.com\n", "utf-8")
    assert run(desk, source, source).code == 2
    assert run(desk, source, desk.folder / "home" / "o.csv").code == 2


def test_a_policy_that_grants_no_such_right_refuses_the_case(tmp_path, mapping):
    desk = Desk(tmp_path, mapping)
    file = tmp_path / "who.txt"
    file.write_text("person1@example.com", "utf-8")
    said = desk.run("rights", "open", "--kind", "no-invites", "--email-file", file)
    assert (said.code, "says nothing of no_invitations" in said.err) == (4, True)
