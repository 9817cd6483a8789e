"""Everybody gets a new pseudonym, nobody loses a link, and the old key can never be had again."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

import data.stores.responses
import pseudonymize.commit
import pseudonymize.rekey_vault
from data.records import CrmReference
from data.stores.new_pseudonyms import NEW_PSEUDONYMS
from flows.rotate_keys import rotate_keys
from flows.sync_scores import score_status
from flows.wiring import Home
from pseudonymize import no_progress
from pseudonymize.derive import Derivation
from pseudonymize.keys import DOMAIN_KEYS, KeyRing
from pseudonymize.rekey_vault import VaultUnderNewKey
from pseudonymize.vault_links import LINKS
from pseudonymize.vault_tables import PEOPLE, RESPONSES
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import left_lying, stored
from tests.support.links import links, pseudonyms
from tests.support.policies import CONTROLLERS

PEOPLE_OF_TWO_CYCLES = [
    answer(n, response_id=f"{cycle}-{n}", cycle=cycle, text="Bra stöd, tack! Hälsningar Åsa")
    for n in range(8)
    for cycle in ("2026-Q2", "2026-Q3")
]
OTHERS = [
    answer(21, email="delad@example.com", first_name="Åsa", text=""),
    answer(22, email="Delad@Example.com", first_name="Björn", text=""),
    answer(23, email="", text=""),
    answer(24, email="", respondent_id="", text=""),
]


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(30))
    desk.take(*PEOPLE_OF_TWO_CYCLES, *OTHERS)
    assert desk.run("scores", "sync").code == 0
    return desk


def rotate(desk: Desk) -> dict[str, int]:
    said = desk.run("keys", "rotate", "--json")
    assert said.code == 0, said.everything
    counts: dict[str, int] = said.json
    return counts


def versions(home: Home, domain: str = "respondent") -> list[int]:
    with home.keys_engine.connect() as connection:
        return list(connection.scalars(select(DOMAIN_KEYS.c.version).where(DOMAIN_KEYS.c.domain == domain)))


def without_pseudonyms(home: Home) -> list[dict[str, object]]:
    gone = {"pseudonym", "key_version"}
    return [{name: value for name, value in row.items() if name not in gone} for row in stored(home)]


def test_every_pseudonym_is_another_and_every_link_is_still_there(desk):
    before, linked, told = pseudonyms(desk.home), links(desk.home), without_pseudonyms(desk.home)
    counts = rotate(desk)
    assert (counts["key version"], counts["pseudonyms"], counts["answers"]) == (2, len(before), 20)
    assert pseudonyms(desk.home).isdisjoint(before)
    assert links(desk.home) == linked
    assert without_pseudonyms(desk.home) == told
    assert {row["key_version"] for row in stored(desk.home)} == {2}
    assert left_lying(desk.home) == {}


def test_the_old_key_is_gone_and_nothing_tells_which_pseudonym_was_which(desk):
    old = pseudonyms(desk.home)
    rotate(desk)
    assert versions(desk.home) == [2]
    with desk.home.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(NEW_PSEUDONYMS)) == 0
    everything = b"".join(p.read_bytes() for p in desk.home.settings.home.rglob("*") if p.is_file())
    assert [p for p in old if p.encode() in everything] == []
    status = desk.run("keys", "status", "--json").json["keys"]
    assert {name: key["version"] for name, key in status.items() if key} == {
        **{name: 1 for name in status if name.startswith("domain ")},
        "domain respondent": 2,
    }


def test_the_next_answers_of_the_same_people_are_linked_to_the_old_ones(desk):
    rotate(desk)
    later = [
        {**row, "response_id": f"L-{i}", "cycle": "2026-Q4"} for i, row in enumerate(PEOPLE_OF_TWO_CYCLES)
    ]
    before = pseudonyms(desk.home)
    desk.take(*[row for row in later if row["response_id"] in {f"L-{i}" for i in range(0, 16, 2)}], *OTHERS)
    assert pseudonyms(desk.home) == before
    cycles = {row["pseudonym"]: set() for row in stored(desk.home)}
    for row in stored(desk.home):
        cycles[row["pseudonym"]].add(row["cycle"])
    assert sum(found == {"2026-Q2", "2026-Q3", "2026-Q4"} for found in cycles.values()) == 8


def test_an_export_read_again_brings_nothing_and_the_crm_hears_nothing(desk):
    with desk.home.crm._engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT * FROM scores").all()
    rotate(desk)
    counts = desk.take(*PEOPLE_OF_TWO_CYCLES, *OTHERS, name="again.csv")
    assert counts["to import"] == 0
    status = score_status(desk.home, "sectra")
    assert (status["to write"], status["to clear"]) == (0, 0), status
    with desk.home.crm._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT * FROM scores").all() == before


def test_who_was_erased_before_stays_away_and_who_asks_after_is_found(desk):
    assert desk.fulfil(desk.open("erase", "person1@example.com")).code == 0
    rotate(desk)
    desk.take(*PEOPLE_OF_TWO_CYCLES, name="again.csv")
    assert desk.answers == 18
    assert desk.fulfil(desk.open("erase", "person2@example.com")).code == 0
    assert desk.fulfil(desk.open("restrict", "person3@example.com")).code == 0
    assert desk.fulfil(desk.open("erase", "delad@example.com", "Åsa Efternamn21")).code == 0
    assert (desk.answers, sum(f.rows for f in desk.home.responses.files("sectra"))) == (13, 15)


def test_answers_of_nobody_known_any_more_stay_linked_to_each_other(desk):
    (one,) = {row["pseudonym"] for row in stored(desk.home) if row["response_key"] in key_of(desk, 4)}
    with desk.home.engine.begin() as connection:  # as where the vault's period is shorter
        for table in (PEOPLE, RESPONSES, LINKS):
            connection.execute(delete(table).where(table.c.pseudonym == one))
    rotate(desk)
    found = [row["pseudonym"] for row in stored(desk.home) if row["response_key"] in key_of(desk, 4)]
    assert (len(found), len(set(found)), one in found) == (2, 1, False)
    desk.take(answer(4, response_id="L-4", cycle="2026-Q4", text=""))
    assert sum(row["pseudonym"] == found[0] for row in stored(desk.home)) == 2, "a new link was made"


def key_of(desk: Desk, number: int) -> set[str]:
    """Response keys of the two answers of one person."""
    derivation = Derivation.from_ring(desk.home.room("sectra").ring, "getfeedback", "csat")
    return {derivation.key_of(f"{cycle}-{number}") for cycle in ("2026-Q2", "2026-Q3")}


@pytest.mark.parametrize(
    ("where", "name", "calls"),
    [
        (VaultUnderNewKey, "_stage", 1),
        (VaultUnderNewKey, "_stage", 3),
        (data.stores.responses, "copy_changed", 1),
        (data.stores.responses, "copy_changed", 2),
        (pseudonymize.commit, "publish_changed", 1),
    ],
)
def test_a_rotation_that_was_stopped_goes_on_where_it_was(desk, monkeypatch, where, name, calls):
    monkeypatch.setattr(pseudonymize.rekey_vault, "_AT_ONCE", 3)
    before, linked, told = pseudonyms(desk.home), links(desk.home), without_pseudonyms(desk.home)
    with stopped_at(where, name, on_call(calls)):
        rotate_keys(desk.home, "sectra", no_progress)
    assert (pseudonyms(desk.home), links(desk.home)) == (before, linked), "a reader saw half of it"
    (begun,) = (run for run in desk.run("runs", "list", "--json").json if run["kind"] == "rotate")
    assert rotate(desk)["key version"] == 2
    (ended,) = (run for run in desk.run("runs", "list", "--json").json if run["kind"] == "rotate")
    assert (ended["id"], ended["state"]) == (begun["id"], "published"), "it began again"
    assert pseudonyms(desk.home).isdisjoint(before)
    assert (links(desk.home), without_pseudonyms(desk.home)) == (linked, told)
    assert versions(desk.home) == [2]
    assert left_lying(desk.home) == {}


def test_an_import_after_a_stop_clears_the_rotation_away_and_the_next_one_begins_again(desk):
    with stopped_at(pseudonymize.commit, "publish_changed"):
        rotate_keys(desk.home, "sectra", no_progress)
    before = pseudonyms(desk.home)
    assert desk.take(answer(1, response_id="L-1", cycle="2026-Q4", text=""))["new"] == 1
    assert pseudonyms(desk.home) == before
    assert left_lying(desk.home) == {}
    linked = links(desk.home)
    assert rotate(desk)["answers"] == 21
    assert pseudonyms(desk.home).isdisjoint(before)
    assert links(desk.home) == linked


def test_after_a_stop_before_the_old_key_goes_the_next_run_destroys_it(desk):
    with stopped_at(KeyRing, "destroy_retired", on_call(2)):  # the first call is that of the sweep
        rotate_keys(desk.home, "sectra", no_progress)
    assert versions(desk.home) == [1, 2]
    desk.take(answer(1, response_id="L-1", cycle="2026-Q4", text=""))
    assert versions(desk.home) == [2]


def on_call(number: int) -> Callable[..., bool]:
    """True at that call of a function."""
    calls = count(1)
    return lambda *_: next(calls) == number


def test_an_older_home_that_is_put_back_asks_for_a_rotation_and_has_its_links_after_it(desk, tmp_path):
    linked, older = links(desk.home), tmp_path / "older"
    shutil.copytree(desk.home.settings.home / "state", older / "state")
    shutil.copytree(desk.home.settings.home / "responses", older / "responses")
    rotate(desk)
    desk.home.engine.dispose()
    for folder in ("state", "responses"):  # the wrapped keys are today's: what was destroyed is not there
        shutil.rmtree(desk.home.settings.home / folder)
        shutil.copytree(older / folder, desk.home.settings.home / folder)
    desk.later(days=0)
    said = desk.run("keys", "status")
    assert said.code == 4
    assert "version 1 of the key respondent is gone" in said.err
    assert "tillit keys rotate" in said.err
    rotate(desk)
    assert links(desk.home) == linked
    assert versions(desk.home) == [2]


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_controller_can_rotate(tmp_path, mapping, controller):
    desk = Desk.of(controller, tmp_path, mapping)
    desk.take(*[answer(n, text="", cycle="2026-Q3") for n in range(3)])
    before, linked = pseudonyms(desk.home, controller), links(desk.home, controller)
    said = desk.run("keys", "rotate", "--controller", controller)
    assert said.code == 0, said.everything
    assert "old key is destroyed" in said.out
    assert pseudonyms(desk.home, controller).isdisjoint(before)
    assert links(desk.home, controller) == linked
