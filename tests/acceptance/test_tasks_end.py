"""A task by hand stands for as long as it is to be done, and no longer."""

import shutil

import pytest

import flows.fulfil_case
from data.stores import tasks
from data.stores.tasks import Task
from flows.fulfil_case import Decision, fulfil
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.desk import Desk
from tests.support.exports import AS_WORKBOOK, answer, write_export, write_mapping, write_workbook
from tests.support.homes import take

EVA = Decision("Eva Ek", "address on file")


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.take(*people())
    return desk


def people(count: int = 5) -> list[dict[str, str]]:
    return [answer(number, text="") for number in range(count)]


def todo(desk: Desk) -> list[Task]:
    with desk.home.engine.connect() as connection:
        return [task for task in tasks.tasks(connection, "sectra") if task.done_at is None]


def stores(desk: Desk) -> list[str]:
    return sorted(task.store for task in todo(desk))


def put_back(desk: Desk) -> None:
    """The home as it was before `desk.folder / "older"` was copied from it."""
    shutil.rmtree(desk.folder / "home")
    shutil.copytree(desk.folder / "older", desk.folder / "home")
    desk.later()


def test_who_takes_an_objection_back_is_in_no_task_of_it_any_more(desk):
    desk.fulfil(desk.open("object", "person1@example.com"))
    desk.fulfil(desk.open("object", "person2@example.com"))
    assert stores(desk) == ["inbox", "inbox", "vendor", "vendor"]
    lift = desk.open("lift-objection", "person1@example.com")
    with stopped_at(flows.fulfil_case, "lift_objection"):
        fulfil(desk.home, "sectra", lift, EVA)
    assert desk.fulfil(lift).code == 0
    assert stores(desk) == ["inbox", "vendor"]
    assert desk.take(*people(), name="again.csv")["new"] == 1
    assert stores(desk) == ["inbox", "vendor"]


def test_an_answer_that_comes_in_again_leaves_the_task_that_an_import_made_of_it(desk):
    desk.fulfil(desk.open("object", "person1@example.com"))
    desk.fulfil(desk.open("object", "person2@example.com"))
    more = [answer(1, response_id="N-1", text=""), answer(2, response_id="N-2", text="")]
    desk.take(*people(), *more, name="more.csv")
    assert sorted(task.count for task in todo(desk) if task.store == "vendor") == [1, 1, 2]
    desk.fulfil(desk.open("lift-objection", "person1@example.com"))
    assert desk.take(*people(), *more, name="again.csv")["new"] == 2
    shown = [
        desk.run("retention", "tasks", "--reveal", task.id).out.split("\n")[0]
        for task in todo(desk)
        if task.store == "vendor"
    ]
    assert sorted(shown) == ["csat N-2", "csat R-00002"]


def test_an_erasure_keeps_its_task_when_somebody_elses_objection_is_lifted(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    desk.fulfil(desk.open("object", "person2@example.com"))
    desk.fulfil(desk.open("lift-objection", "person2@example.com"))
    assert stores(desk) == ["inbox", "vendor"]


def test_after_an_older_home_is_put_back_what_is_to_be_done_by_hand_is_a_task_again(desk):
    shutil.copytree(desk.folder / "home", desk.folder / "older")
    for person in (1, 2):
        assert desk.fulfil(desk.open("erase", f"person{person}@example.com")).code == 0
    put_back(desk)
    told = desk.run("rights", "replay", "--json").json
    assert (told["people"], told["responses"], told["vendor"]) == (2, 2, 2)
    assert [(task.store, task.count) for task in sorted(todo(desk), key=lambda t: t.store)] == [
        ("inbox", 1),
        ("vendor", 2),
    ]


def test_where_an_older_home_names_the_erased_elsewhere_replay_says_so_and_does_the_rest(desk):
    note = desk.folder / "home" / "note.txt"
    note.write_text("Ring person1@example.com", "utf-8")
    shutil.copytree(desk.folder / "home", desk.folder / "older")
    note.unlink()
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    put_back(desk)
    said = desk.run("rights", "replay")
    assert (said.code, "may still stand elsewhere (1): home/note.txt" in said.err) == (6, True), (
        said.everything
    )
    assert desk.run("report").code == 0
    assert desk.answers == 4


def test_the_export_by_which_a_deletion_is_confirmed_has_a_clock_like_any_other(desk):
    export = write_export(desk.folder / "confirm.csv", people())
    by = ("--mapping", desk.mapping, "--by", "Eva Ek")
    said = desk.run("retention", "verify", "--export", export, *by)
    assert (said.code, f"raw copy: {export}" in said.err) == (0, True), said.everything


@pytest.mark.parametrize("name", ["e.xlsx", "Förnamn1 Efternamn1.xlsx", "person1@example.com.xlsx"])
@pytest.mark.parametrize("late", [False, True])
def test_an_export_that_holds_the_person_is_a_task_whatever_it_is_and_is_called(tmp_path, name, late):
    desk = Desk(tmp_path, write_mapping(tmp_path / "m.yaml", AS_WORKBOOK))
    take(desk.home, write_workbook(tmp_path / name, people()), desk.mapping)
    home = desk.later(days=60 if late else 0)
    case = desk.open("erase", "person1@example.com")
    told = fulfil(home, "sectra", case, EVA)
    assert {"store": "inbox", "found": 1, "gone": 0} in told["stores"]
    assert stores(desk) == ["inbox", "vendor"]
