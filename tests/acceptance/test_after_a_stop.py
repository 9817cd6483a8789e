"""What is said and kept after a stop: counts that are right, nothing that blocks, nobody who comes back."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import flows.fulfil_case
import flows.retain
import flows.verify_retention
from data.records import CrmReference
from data.stores import plans, vendor_copies
from flows.apply_retention import apply
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from flows.import_events import import_events
from flows.ingest import exports
from flows.plan_retention import approve, make_plan
from flows.retain import retain_unattended
from flows.sync_scores import sync_scores
from flows.verify_retention import confirm_by_export, verify
from flows.wiring import Home
from pseudonymize import no_progress
from tests.support.desk import Desk
from tests.support.exports import answer, write_export

EVA = Decision("Eva Ek", "address on file")
#: Due at the survey tool eight days after it is taken in, where its export is due as well.
OLD = answer(50, answered_at="2025-05-10 10:00:00", text="")


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    return Desk(tmp_path, mapping)


def people(count: int) -> list[dict[str, str]]:
    return [answer(number, text="") for number in range(count)]


@contextmanager
def stopped_at(where: object, name: str, first: Callable[..., bool] = lambda *_: True) -> Iterator[None]:
    """Stop the process, as an operator would, when something is about to be called."""
    do = getattr(where, name)

    def stop(*arguments: Any, **named: Any) -> Any:
        if first(*arguments):
            raise KeyboardInterrupt
        return do(*arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, name, stop)
        with pytest.raises(KeyboardInterrupt):
            yield


def certified(home: Home) -> list[dict[str, Any]]:
    return [json.loads(file.read_text("utf-8")) for file in home.settings.home.glob("certificates/*.json")]


def plan_of(home: Home) -> str:
    state, _ = make_plan(home, "sectra", no_progress)
    assert state is not None
    return state.digest


def files_of_plans(home: Home) -> list[str]:
    return sorted(path.name for path in (home.settings.home / "plans").iterdir())


def test_an_answer_is_counted_once_however_often_its_erasure_was_stopped(desk):
    desk.take(*people(5))
    note = desk.folder / "home" / "plans" / "note.txt"
    note.write_text("Ring person1@example.com", "utf-8")
    case = desk.open("erase", "person1@example.com")
    assert [desk.fulfil(case).code for _ in range(2)] == [6, 6]
    note.unlink()
    told = desk.fulfil(case, "--json").json
    counts = {row["store"]: (row["found"], row["gone"]) for row in told["stores"]}
    assert (counts["vendor"], counts["responses"], counts["vault"]) == ((1, 0), (1, 1), (1, 1))
    assert told["tasks"][0]["count"] == 1


@pytest.mark.parametrize("store", ["responses", "vault", "quarantine"])
def test_what_went_before_a_stop_stands_in_the_certificate(desk, store):
    desk.take(*people(5), answer(1, response_id="B-1", score="11", text=""))
    case = desk.open("erase", "person1@example.com")
    with stopped_at(flows.fulfil_case, "note", lambda _home, _case, name, *_: name == store):
        fulfil(desk.home, "sectra", case, EVA)
    told = fulfil(desk.home, "sectra", case, EVA)
    assert {"store": store, "found": 1, "gone": 1} in told["stores"]


def test_a_text_that_was_withheld_before_a_stop_stands_in_the_certificate(desk):
    desk.take(*people(5), answer(7, text="Nöjd. Fråga blå himmel om avtalet nästa gång."))
    case = desk.open("erase", "", "Blå Himmel", "--named-in-text")
    decision = Decision("Eva Ek", "address on file", texts="withhold")
    with stopped_at(flows.fulfil_case, "note"):
        fulfil(desk.home, "sectra", case, decision)
    told = fulfil(desk.home, "sectra", case, decision)
    assert {"store": "texts", "found": 1, "gone": 1} in told["stores"]
    assert told["held"]


def test_a_case_that_was_begun_does_not_let_an_older_home_pass_for_this_one(desk):
    """The register's next change is another case's: whom it erased is erased again before the home opens."""
    desk.take(*people(5))
    one, other = (desk.open("erase", f"person{n}@example.com") for n in (1, 2))
    with stopped_at(flows.fulfil_case, "enter"):
        fulfil(desk.home, "sectra", one, EVA)
    folder = desk.folder / "home"
    shutil.copytree(folder, desk.folder / "older")
    fulfil(desk.home, "sectra", other, EVA)
    shutil.rmtree(folder)
    shutil.copytree(desk.folder / "older", folder)
    restored = desk.later(days=0)
    assert restored.is_behind()
    assert desk.run("rights", "replay").code == 0
    assert desk.answers == 4
    assert fulfil(restored, "sectra", one, EVA)["outcome"] == "closed"
    assert desk.answers == 3


def test_a_verification_that_was_stopped_is_made_again_and_leaves_its_certificate(desk):
    desk.take(*people(3))
    home = desk.later(days=40)
    digest = plan_of(home)
    approve(home, digest, "Eva Ek")
    apply(home, digest, no_progress, even_so=True)
    with stopped_at(flows.verify_retention, "write_certificate"):
        verify(home, digest)
    with stopped_at(plans, "verified"):
        verify(home, digest)
    assert verify(home, digest) == certified(home)[0]
    assert not files_of_plans(home)


def test_a_confirmation_that_was_stopped_does_not_make_every_later_export_look_torn(desk):
    rows = people(6)
    desk.take(*rows)
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    path = write_export(desk.folder / "gone.csv", [row for n, row in enumerate(rows) if n != 1])
    (file,) = exports(desk.home, "verify", path, desk.mapping)
    with stopped_at(vendor_copies, "forget"):
        confirm_by_export(desk.home, file, "Eva Ek", no_progress)
    assert confirm_by_export(desk.home, file, "Eva Ek", no_progress)["tasks done"] == 1
    assert confirm_by_export(desk.home, file, "Eva Ek", no_progress)["tasks done"] == 0


def test_what_came_back_before_it_was_verified_is_told_and_blocks_no_later_plan(desk):
    desk.home.crm.add_contacts(CrmReference(row["crm_reference"]) for row in people(3))
    desk.take(*people(3))
    assert desk.run("scores", "sync").code == 0
    feed, reference = desk.folder / "events.csv", people(2)[1]["crm_reference"]
    feed.write_text(f"event,contact,on\ncustomer_ended,{reference},2025-10-01\n", "utf-8")
    import_events(desk.home, "sectra", feed)
    digest = plan_of(desk.home)
    approve(desk.home, digest, "Eva Ek")
    apply(desk.home, digest, no_progress, even_so=True)
    feed.write_text(f"event,contact,on\ncustomer,{reference},2026-10-31\n", "utf-8")
    import_events(desk.home, "sectra", feed)
    sync_scores(desk.home, "sectra", no_progress)
    with pytest.raises(Exception, match="1 of the things are in the store crm again"):
        verify(desk.home, digest)
    (told,) = certified(desk.home)
    assert {part["store"]: part["back"] for part in told["parts"]}["crm"] == 1
    later = desk.later(days=40)
    approve(later, plan_of(later), "Eva Ek")


def test_what_the_night_has_deleted_is_not_certified_again_by_a_plan_that_waited(desk):
    desk.take(*people(40), OLD)
    home = desk.later(days=8)
    digest = plan_of(home)
    approve(home, digest, "Eva Ek")
    assert retain_unattended(home, "sectra", no_progress)["due"] == 1
    apply(home, digest, no_progress, even_so=True)
    verify(home, digest)
    inbox = [part for one in certified(home) for part in one["parts"] if part["store"] == "inbox"]
    assert sorted((part["planned"], part["before"], part["gone"]) for part in inbox) == [(1, 0, 1), (1, 1, 0)]


@pytest.mark.parametrize("step", ["keep", "apply", "verify"])
def test_a_night_ends_what_an_earlier_one_has_left(desk, step):
    desk.take(*people(40), OLD)
    home = desk.later(days=8)
    with stopped_at(flows.retain, step):
        retain_unattended(home, "sectra", no_progress)
    retain_unattended(home, "sectra", no_progress)
    parts = [part for one in certified(home) for part in one["parts"] if part["store"] == "inbox"]
    assert [(part["planned"], part["gone"]) for part in parts] == [(1, 1)]
    assert not files_of_plans(home)


def test_a_plan_file_that_a_stop_has_left_does_not_stay(desk):
    desk.take(*people(3))
    home = desk.later(days=600)
    with stopped_at(plans, "make"):
        make_plan(home, "sectra", no_progress)
    assert len(files_of_plans(home)) == 1
    make_plan(home, "sectra", no_progress)
    assert len(files_of_plans(home)) == 1


def test_a_damaged_plan_holds_up_no_erasure_and_goes_with_it(desk):
    desk.take(*people(5))
    home = desk.later(days=40)
    (name,) = [state.id for state, _ in [make_plan(home, "sectra", no_progress)] if state]
    home.plans.path(name).write_bytes(b"")
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    assert not files_of_plans(home)
