"""A task by hand stands for as long as it is to be done, and no longer."""

import shutil

import pytest

import flows.replay
from data.stores import tasks
from data.stores.tasks import Task
from flows.apply_retention import apply
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from flows.plan_retention import approve, make_plan
from flows.replay import replay
from flows.verify_retention import reveal
from governance import evidence
from pseudonymize import no_progress
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.desk import Desk
from tests.support.exports import AS_WORKBOOK, answer, write_export, write_mapping, write_workbook
from tests.support.homes import Said, take

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


def revealed(desk: Desk) -> list[str]:
    """What stands in open tasks, as the survey tool calls it."""
    at_vendor = [task.id for task in todo(desk) if task.store == "vendor"]
    return sorted(line for task in at_vendor for line in reveal(desk.home, "sectra", task))


def confirm(desk: Desk, *rows: dict[str, str]) -> Said:
    export = write_export(desk.folder / "confirm.csv", rows)
    return desk.run("retention", "verify", "--export", export, "--mapping", desk.mapping, "--by", "Eva Ek")


def put_back(desk: Desk) -> None:
    """The home as it was before `desk.folder / "older"` was copied from it."""
    shutil.rmtree(desk.folder / "home")
    shutil.copytree(desk.folder / "older", desk.folder / "home")
    desk.later()


def test_an_answer_of_who_took_an_objection_back_is_in_no_task_once_it_is_taken_in_again(desk):
    desk.fulfil(desk.open("object", "person1@example.com"))
    desk.fulfil(desk.open("object", "person2@example.com"))
    desk.fulfil(desk.open("lift-objection", "person1@example.com"))
    assert stores(desk) == ["inbox", "inbox", "vendor", "vendor"]
    assert desk.take(*people(), name="again.csv")["new"] == 1
    assert stores(desk) == ["inbox", "inbox", "vendor"]
    assert revealed(desk) == ["csat R-00002"]
    assert "kept " in desk.run("retention", "tasks").out


def test_what_was_deleted_by_hand_before_an_objection_was_taken_back_is_confirmed_all_the_same(desk):
    desk.fulfil(desk.open("object", "person1@example.com"))
    desk.fulfil(desk.open("erase", "person2@example.com"))
    desk.fulfil(desk.open("lift-objection", "person1@example.com"))
    rest = [row for n, row in enumerate(people()) if n not in (1, 2)]
    assert confirm(desk, *rest).code == 0
    assert "vendor" not in stores(desk)


def test_what_an_objection_left_to_delete_can_be_named_when_it_was_taken_back_and_falls_due(desk):
    desk.fulfil(desk.open("object", "person1@example.com"))
    desk.fulfil(desk.open("lift-objection", "person1@example.com"))
    later = desk.later(days=600)
    state, _ = make_plan(later, "sectra", no_progress)
    assert state is not None
    approve(later, state.digest, "Eva Ek")
    apply(later, state.digest, no_progress, even_so=True)
    assert "csat R-00001" in revealed(desk)


def test_an_erasure_after_an_objection_keeps_its_task_when_the_objection_is_taken_back(desk):
    for kind in ("object", "erase", "lift-objection"):
        desk.fulfil(desk.open(kind, "person1@example.com"))
    desk.take(*people(), name="again.csv")
    assert revealed(desk) == ["csat R-00001"]


def test_an_answer_that_comes_in_again_leaves_the_task_that_an_import_made_of_it(desk):
    desk.fulfil(desk.open("object", "person1@example.com"))
    desk.fulfil(desk.open("object", "person2@example.com"))
    more = [answer(1, response_id="N-1", text=""), answer(2, response_id="N-2", text="")]
    desk.take(*people(), *more, name="more.csv")
    assert sorted(task.count for task in todo(desk) if task.store == "vendor") == [1, 1, 2]
    desk.fulfil(desk.open("lift-objection", "person1@example.com"))
    assert desk.take(*people(), *more, name="again.csv")["new"] == 2
    assert revealed(desk) == ["csat N-2", "csat R-00002"]


def test_an_erasure_keeps_its_task_when_somebody_elses_objection_is_lifted(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    desk.fulfil(desk.open("object", "person2@example.com"))
    desk.fulfil(desk.open("lift-objection", "person2@example.com"))
    assert desk.take(*people(), name="again.csv")["new"] == 1
    assert revealed(desk) == ["csat R-00001"]


def test_after_an_older_home_is_put_back_what_is_to_be_done_by_hand_is_a_task_again(desk):
    shutil.copytree(desk.folder / "home", desk.folder / "older")
    for person in (1, 2):
        assert desk.fulfil(desk.open("erase", f"person{person}@example.com")).code == 0
    put_back(desk)
    told = desk.run("rights", "replay", "--json").json
    assert (told["people of the vault"], told["responses"], told["tasks at vendor"]) == (2, 2, 2)
    assert [(task.store, task.count) for task in sorted(todo(desk), key=lambda t: t.store)] == [
        ("inbox", 1),
        ("vendor", 2),
    ]


def put_back_with_a_note(desk: Desk) -> None:
    """An older home, in which a note names somebody who has been erased since."""
    note = desk.folder / "home" / "note.txt"
    note.write_text("Ring person1@example.com", "utf-8")
    shutil.copytree(desk.folder / "home", desk.folder / "older")
    note.unlink()
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    put_back(desk)


def test_where_an_older_home_names_the_erased_elsewhere_replay_says_so_and_does_the_rest(desk):
    put_back_with_a_note(desk)
    said = desk.run("rights", "replay")
    assert (said.code, "may still stand elsewhere (1): home/note.txt" in said.err) == (6, True), (
        said.everything
    )
    assert desk.run("report").code == 0
    assert desk.answers == 4


def test_who_stands_in_quarantine_alone_is_looked_for_in_the_inbox_by_a_replay_too(desk):
    desk.take(answer(7, score="11", text=""), *people(2), name="second.csv")
    shutil.copytree(desk.folder / "home", desk.folder / "older")
    assert desk.fulfil(desk.open("erase", "person7@example.com")).code == 0
    before = [(task.store, task.count) for task in todo(desk)]
    put_back(desk)
    assert desk.run("rights", "replay").code == 0
    assert sorted((task.store, task.count) for task in todo(desk)) == sorted(before)


def test_where_somebody_may_still_stand_is_in_the_log_though_the_replay_was_stopped(desk):
    put_back_with_a_note(desk)
    with stopped_at(flows.replay.register, "carry_out"):
        replay(desk.home)
    assert desk.run("rights", "replay").code == 0
    with desk.home.engine.connect() as connection:
        (alarm,) = [entry for entry in evidence.newest(connection, "sectra") if entry.kind == "alarm"]
    assert "who was erased may still stand elsewhere" in str(alarm.details)


@pytest.mark.parametrize(("kept", "code"), [(5, 0), (3, 3)])
def test_an_export_by_which_a_deletion_is_to_be_confirmed_has_a_clock_like_any_other(desk, kept, code):
    said = confirm(desk, *people(kept))
    assert (said.code, f"raw copy: {desk.folder / 'confirm.csv'}" in said.err) == (code, True), (
        said.everything
    )


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


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "other7@example.com"},
        {"email": "", "first_name": "", "last_name": "", "respondent_id": "", "crm_reference": ""},
        {"email": "other7@example.com", "score": "11"},
    ],
)
def test_an_erased_quarantined_answer_is_known_by_its_id_and_stays_in_its_task(desk, changes):
    bad = answer(7, response_id="B-1", score="11", text="")
    desk.take(*people(), bad, name="bad.csv")
    desk.fulfil(desk.open("erase", "person7@example.com"))
    counts = desk.take(*people(), {**bad, "score": "9", **changes}, name="again.csv")
    assert (revealed(desk), counts.get("suppressed", 0)) == (["csat B-1"], 1)


def test_where_no_objection_was_taken_back_no_answer_leaves_a_task(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    more = answer(1, response_id="B-2", text="")
    desk.take(*people(), more, name="more.csv")
    other = {"email": "new1@example.com", "respondent_id": "P-99", "crm_reference": ""}
    desk.take(*people(), {**more, **other}, name="again.csv")
    assert revealed(desk) == ["csat B-2", "csat R-00001"]


def test_what_a_plan_has_given_to_somebody_stays_though_a_bad_row_bears_its_id(desk):
    desk.take(*people(), answer(50, answered_at="2025-05-10 10:00:00", text=""), name="old.csv")
    later = desk.later(days=9)
    state, _ = make_plan(later, "sectra", no_progress)
    assert state is not None
    approve(later, state.digest, "Eva Ek")
    apply(later, state.digest, no_progress, even_so=True)
    bad = answer(3, response_id="R-00050", score="11", text="")
    take(later, write_export(desk.folder / "b.csv", [*people(), bad]), desk.mapping)
    assert "csat R-00050" in revealed(desk)


def test_an_import_names_no_strangers_answer_to_be_deleted(desk):
    desk.fulfil(desk.open("erase", "person2@example.com"))
    conflict = {**answer(2, text=""), "response_id": "R-00001"}
    export = write_export(desk.folder / "conflict.csv", [*people(2), conflict, *people()[3:]])
    said = desk.run("ingest", "--file", export, "--mapping", desk.mapping)
    assert "alarm: 1 × of them without an id of their own" in said.err, said.everything
    assert revealed(desk) == ["csat R-00002"]


def test_of_two_people_in_quarantine_under_one_id_nobody_is_in_the_task_of_the_other(desk):
    desk.take(*people(), answer(7, response_id="X-1", text=""), answer(8, response_id="X-1", text=""))
    desk.fulfil(desk.open("erase", "person7@example.com"))
    assert revealed(desk) == []
    assert desk.run("quarantine", "retry", "--mapping", desk.mapping).code == 0
    assert desk.answers == 6


def test_a_replay_looks_for_nobody_but_who_was_erased(desk):
    conflict = {**answer(2, text=""), "response_id": "R-00001"}
    desk.take(conflict, *people()[3:], name="conflict.csv")
    (desk.folder / "home" / "note.txt").write_text("Förnamn2 Efternamn2 rang", "utf-8")
    shutil.copytree(desk.folder / "home", desk.folder / "older")
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    put_back(desk)
    said = desk.run("rights", "replay")
    assert said.code == 0, said.everything


@pytest.mark.parametrize("late", [False, True])
def test_an_export_that_is_named_after_somebody_is_a_task_whatever_it_holds(desk, late):
    desk.take(*people()[2:], name="person1@example.com.csv")
    (desk.folder / "e.csv").unlink()
    home = desk.later(days=60 if late else 0)
    told = fulfil(home, "sectra", desk.open("erase", "person1@example.com"), EVA)
    assert {"store": "inbox", "found": 1, "gone": 0} in told["stores"]


def test_a_folder_that_has_taken_the_place_of_an_export_is_a_task_until_it_is_gone(desk):
    (desk.folder / "e.csv").unlink()
    (desk.folder / "e.csv").mkdir()
    (desk.folder / "e.csv" / "f.txt").write_text("person1@example.com", "utf-8")
    home = desk.later(days=60)
    fulfil(home, "sectra", desk.open("erase", "person1@example.com"), EVA)
    make_plan(home, "sectra", no_progress)
    assert stores(desk) == ["inbox", "vendor"]


def test_a_row_that_is_tried_again_does_not_make_a_whole_export_look_torn(tmp_path):
    desk = Desk(tmp_path, write_mapping(tmp_path / "m.yaml"))
    desk.take(*people(), answer(7, response_id="B-1", crm_reference="xx", text=""))
    assert confirm(desk, *people()).code == 0
    without = ("  crm_reference: CRM Contact ID\n", ""), ("[IP Address]", "[IP Address, CRM Contact ID]")
    write_mapping(desk.mapping, *without)
    assert desk.run("quarantine", "retry", "--mapping", desk.mapping).code == 0
    assert (desk.answers, confirm(desk, *people()).code) == (6, 0)


def test_an_export_that_still_has_the_erased_confirms_nothing_though_no_task_is_open(desk):
    desk.fulfil(desk.open("erase", "person1@example.com"))
    rest = [row for number, row in enumerate(people()) if number != 1]
    assert confirm(desk, *rest).code == 0
    bad = answer(1, response_id="B-1", score="11", text="")
    said = confirm(desk, *people(), bad)
    assert (said.code, "to be deleted 2 are still at the survey tool" in said.err) == (6, True), (
        said.everything
    )
