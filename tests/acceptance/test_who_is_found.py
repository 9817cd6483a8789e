"""Who a request reaches, and whom it must not: links without a name, shifted rows, texts, older homes."""

import shutil

import pytest
from sqlalchemy import select

from data.records import CrmReference
from data.stores.crm import SCORES
from data.stores.responses import ResponseStore
from flows.ingest import exports
from pseudonymize import no_progress, withhold_all
from pseudonymize.first_pass import Window
from pseudonymize.guess import Unread
from pseudonymize.intake import _Intake
from tests.support.desk import Desk
from tests.support.exports import answer, write_export
from tests.support.homes import stored

#: Words that are a name to who asks, and to no recogniser.
NAMED, SAYS = "Blå Himmel", "Nöjd. Fråga blå himmel om avtalet nästa gång."
NAMELESS = {"first_name": "", "last_name": "", "text": ""}
KIOSK = {"respondent_id": "KIOSK-1", "text": ""}
FEW = [answer(n, text="") for n in range(5)]


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(*FEW)
    (tmp_path / "e.csv").unlink()
    return desk


def withhold(desk: Desk, name: str) -> None:
    said = desk.fulfil(desk.open("erase", "", name, "--named-in-text"), "--texts", "withhold")
    assert said.code == 0, said.everything


def quarantined(desk: Desk) -> list[Unread]:
    return list(desk.home.room("sectra").quarantine.open_all())


def texts(desk: Desk) -> list[str]:
    return [row["comment"] for row in stored(desk.home) if row["comment"]]


def put_back(desk: Desk) -> None:
    """Put the copy `older` of the home in its place."""
    shutil.rmtree(desk.folder / "home")
    shutil.copytree(desk.folder / "older", desk.folder / "home")
    desk.later()


def shifted(number: int, **changes: str) -> dict[str, str]:
    """A row of the right length, its cells from the names to the language one column late."""
    good = answer(number, response_id="S-1", respondent_id="", text="", **changes)
    names = ("first_name", "last_name", "email", "crm_reference", "language")
    late = dict(zip(names[1:], [good[name] for name in names], strict=False))
    return {**good, **late, "first_name": ""}


@pytest.mark.parametrize("asks", [30, 31])
def test_who_has_no_name_is_nobody_in_particular_where_several_names_share_an_id(desk, asks):
    desk.take(answer(30, **{**KIOSK, **NAMELESS}), *(answer(n, **KIOSK) for n in (31, 32)), name="k.csv")
    assert desk.fulfil(desk.open("erase", f"person{asks}@example.com")).code == 0
    assert desk.answers == 7


def test_an_id_that_several_names_share_keeps_nobody_out(desk):
    desk.take(answer(30, **{**KIOSK, **NAMELESS}), *(answer(n, **KIOSK) for n in (31, 32)), name="k.csv")
    desk.fulfil(desk.open("erase", "person30@example.com"))
    assert desk.take(answer(33, **KIOSK), answer(34, text=""), name="n.csv")["new"] == 2


@pytest.mark.parametrize("asks", [30, 31])
def test_who_has_no_name_is_the_one_person_with_whom_they_share_an_id(desk, asks):
    desk.take(answer(30, **{**KIOSK, **NAMELESS}), answer(31, **KIOSK), name="k.csv")
    assert desk.fulfil(desk.open("erase", f"person{asks}@example.com")).code == 0
    assert desk.answers == 5


def test_who_has_no_name_goes_along_by_an_id_that_no_stranger_has(desk):
    """The CRM reference is a stranger's as well, the respondent id is not."""
    same = {"crm_reference": answer(3)["crm_reference"]}
    desk.take(answer(31, **KIOSK, **same), answer(30, **{**KIOSK, **NAMELESS}, **same), name="k.csv")
    assert desk.fulfil(desk.open("erase", "person31@example.com")).code == 0
    assert desk.answers == 5


def test_an_older_home_that_is_put_back_leaves_a_stranger_their_score(desk):
    others = answer(3)["crm_reference"]
    desk.take(
        answer(30, crm_reference=others, score="1", answered_at="2026-08-01 10:00:00", text=""), name="a.csv"
    )
    desk.run("scores", "sync")
    shutil.copytree(desk.folder / "home", desk.folder / "older")
    assert desk.fulfil(desk.open("erase", "person30@example.com")).code == 0
    put_back(desk)
    assert desk.run("rights", "replay", "--json").json["people of the vault"] == 1
    with desk.home.crm._engine.connect() as connection:
        assert list(connection.scalars(select(SCORES.c.score).where(SCORES.c.reference == others))) == [9]


@pytest.mark.parametrize(
    "newer",
    [
        {"modified_at": "2026-10-20 10:00:00", "score": "11", "text": SAYS},
        {"text": f"{SAYS} Tack!"},
        {"modified_at": "2026-10-20 10:00:00", "text": SAYS, "cycle": "person7"},
    ],
    ids=["bad", "in conflict", "leaking"],
)
def test_a_withheld_text_is_not_set_aside_with_a_newer_version_that_cannot_pass(desk, newer):
    desk.take(*FEW, answer(7, text=SAYS), name="s.csv")
    withhold(desk, NAMED)
    assert desk.take(*FEW, answer(7, **newer), name="edited.csv")["quarantined"] == 1
    (row,) = quarantined(desk)
    assert (row.cell("response_id"), row.cell("text")) == ("R-00007", "")


def test_a_row_set_aside_without_its_text_is_the_same_row_the_next_time(desk):
    desk.take(*FEW, answer(7, text=SAYS), name="s.csv")
    withhold(desk, NAMED)
    bad = answer(7, text=SAYS, modified_at="2026-10-20 10:00:00", score="11")
    for name in ("a.csv", "b.csv"):
        desk.take(*FEW, bad, name=name)
    assert len(quarantined(desk)) == 1


def test_an_older_home_that_is_put_back_gives_no_withheld_text_that_was_set_aside(desk):
    desk.take(*FEW, answer(7, text=SAYS), name="s.csv")
    bad = {"modified_at": "2026-10-20 10:00:00", "score": "11"}
    desk.take(*FEW, answer(7, text="Blå som en himmel", **bad), answer(8, text="", **bad), name="bad.csv")
    shutil.copytree(desk.folder / "home", desk.folder / "older")
    withhold(desk, NAMED)
    put_back(desk)
    assert desk.run("rights", "replay", "--json").json["quarantine"] == 1
    assert [row.cell("response_id") for row in quarantined(desk)] == ["R-00008"]


def test_a_row_that_was_destroyed_stays_out_when_it_has_become_valid_and_is_no_task_at_the_vendor(desk):
    one, other = (answer(7, text=f"{SAYS}{more}") for more in ("", " Tack"))
    desk.take(*FEW, one, other, name="s.csv")
    withhold(desk, NAMED)
    export = write_export(desk.folder / "n.csv", [*FEW, one])
    said = desk.run("ingest", "--file", export, "--mapping", desk.mapping)
    assert (said.code, "erased or object" in said.err) == (0, False), said.everything
    assert not desk.run("retention", "tasks", "--json").json
    assert desk.answers == 5


def test_a_destroyed_row_comes_in_corrected_but_without_its_text(desk):
    bad = answer(7, response_id="B-1", score="11", text=SAYS)
    desk.take(*FEW, bad, name="b.csv")
    withhold(desk, NAMED)
    assert desk.take({**bad, "score": "9"}, name="right.csv")["new"] == 1
    assert texts(desk) == ["<WITHHELD:request>"]


def test_each_of_two_exports_of_one_name_is_a_task(desk):
    for number, folder in ((40, "first"), (41, "second")):
        (desk.folder / folder).mkdir()
        who = {**answer(40, text=""), "response_id": f"R-{number:05}"}
        desk.take(*FEW, who, name=f"{folder}/export.csv")
    assert desk.fulfil(desk.open("erase", "person40@example.com")).code == 0
    tasks = desk.run("retention", "tasks", "--json").json
    assert sum(task["count"] for task in tasks if task["store"] == "inbox") == 2


def test_a_row_whose_cells_are_shifted_goes_with_the_person(desk):
    assert desk.take(*FEW, shifted(1), name="s.csv")["quarantined"] == 1
    (desk.folder / "s.csv").unlink()
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    assert not quarantined(desk)


def test_a_row_whose_cells_are_shifted_does_not_bring_back_who_was_erased(desk):
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    counts = desk.take(*(answer(n, text="") for n in (0, 2, 3, 4)), shifted(1), name="s.csv")
    assert (counts["suppressed"], counts["quarantined"]) == (1, 0)


def test_a_row_with_an_address_in_its_column_is_not_somebodys_whom_its_text_names(desk):
    bad = answer(7, score="11", text="Mejla person1@example.com")
    desk.take(*FEW, bad, name="b.csv")
    (desk.folder / "b.csv").unlink()
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    assert len(quarantined(desk)) == 1


def test_what_keeps_people_out_does_not_show_the_ids_of_their_answers(desk):
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    export = write_export(desk.folder / "n.csv", [answer(1, response_id="SECRET-1", text="")])
    (source,) = exports(desk.home, "test", export, desk.mapping)
    window = Window(None, None, "Europe/Stockholm")
    work = _Intake(desk.home.room("sectra"), source, window, no_progress)
    work.read()
    assert list(work.gate.at_vendor.ids.values()) == ["csat SECRET-1"]
    assert "SECRET-1" not in repr(work.gate)


def test_where_no_text_is_to_be_withheld_no_file_is_read(desk, monkeypatch):
    read = []
    monkeypatch.setattr(ResponseStore, "comments", lambda self, file: read.append(file) or iter(()))
    assert (withhold_all(desk.home.room("sectra"), []), read) == (0, [])
