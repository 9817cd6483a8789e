"""`tillit policy diff` on the real data of a home: who is concerned by a new policy, before it holds."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from data.records import CrmReference
from data.stores.crm import SCORES
from data.stores.crm_ledger import CRM_LEDGER
from flows.sync_scores import sync_scores
from flows.wiring import Home
from governance.evidence import EVIDENCE
from pseudonymize import no_progress
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import Said, new_home, take, tillit
from tests.support.policies import content, policy_text

NOW = datetime.now(UTC)  # the command goes by the machine's clock


def days_ago(days: int) -> dict[str, str]:
    moment = f"{NOW - timedelta(days=days):%Y-%m-%d %H:%M:%S}"
    return {"answered_at": moment, "modified_at": moment}


@pytest.fixture
def lived_in(tmp_path: Path) -> Home:
    """Four answers of three people, three of them of two people and older than a year; all in the CRM."""
    home = new_home(tmp_path / "home", NOW)
    rows = [
        answer(1, **days_ago(500), cycle="2025-Q1"),
        answer(1, **days_ago(400), cycle="2025-Q2", response_id="R-again"),
        answer(2, **days_ago(400), cycle="2025-Q2"),
        answer(3, **days_ago(20), cycle="2025-Q3"),
    ]
    home.crm.add_contacts(CrmReference(row["crm_reference"]) for row in rows)
    take(home, write_export(tmp_path / "csat.csv", rows), write_mapping(tmp_path / "mapping.yaml"))
    assert sync_scores(home, "sectra", no_progress)["written"] == 4
    return home


def stricter() -> str:
    """Sectra's policy with answers kept for a year, the CRM told nothing, and no rule for raw exports."""
    found = content()
    found["stores"]["responses"]["period"] = "12 months"
    found["recipients"]["crm"]["fields"] = []
    del found["stores"]["inbox"]
    found["retention"]["unattended"].remove("inbox")
    return yaml.dump(found, allow_unicode=True, sort_keys=False)


def diff(tmp_path: Path, *words: str) -> Said:
    new = tmp_path / "new.yaml"
    new.write_text(stricter(), "utf-8")
    old = tmp_path / "old.yaml"
    old.write_text(policy_text(), "utf-8")
    return tillit("policy", "diff", old, new, "--home", tmp_path / "home", *words)


def everything(folder: Path) -> dict[Path, tuple[int, bytes]]:
    files = [*(folder / "home").rglob("*"), *(folder / "home.register").rglob("*")]
    return {path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"") for path in files}


EXPECTED = {
    "over_kept": {
        "people": 2,
        "rows": [("inbox", "", 1, 0, 1), ("responses", "SEC-26", 3, 2, 0)],
    },
    "lose_recipient": {"people": 3, "rows": [("crm_ledger", "SEC-07", 4, 3, 0)]},
}


def counted(impact: dict[str, Any]) -> dict[str, Any]:
    names = ("store", "clause", "count", "people", "of_nobody_known")
    return {
        side: {
            "people": impact[side]["people"],
            "rows": [tuple(row[name] for name in names) for row in impact[side]["rows"]],
        }
        for side in EXPECTED
    }


IN_FORCE = {"the old one": None, "the new one": stricter, "another": lambda: f"{policy_text()}# another\n"}


@pytest.mark.parametrize("in_force", IN_FORCE.values(), ids=IN_FORCE.keys())
def test_what_is_over_kept_and_who_loses_the_crm_is_counted_whichever_policy_is_in_force(
    lived_in, tmp_path, in_force
):
    if in_force:
        own = tmp_path / "home" / "policies"
        own.mkdir()
        (own / "sectra.yaml").write_text(in_force(), "utf-8")
    said = diff(tmp_path, "--json")
    assert said.code == 0, said.everything
    assert counted(said.json["impact"]) == EXPECTED
    assert "stores.responses.period" in {change["place"] for change in said.json["changes"]}


def test_a_policy_that_tells_the_crm_nothing_clears_it_at_the_next_sync(lived_in, tmp_path):
    found = content()
    found["recipients"]["crm"]["fields"] = []
    own = tmp_path / "home" / "policies"
    own.mkdir()
    (own / "sectra.yaml").write_text(yaml.dump(found, allow_unicode=True, sort_keys=False), "utf-8")
    for _ in range(2):
        said = tillit("scores", "sync", "--controller", "sectra", "--home", tmp_path / "home")
        assert (said.code, "is told nothing (SEC-07)" in said.everything) == (4, True), said.everything
    with lived_in.crm._engine.connect() as crm, lived_in.engine.connect() as state:
        assert not list(crm.execute(select(SCORES)))
        assert not list(state.execute(select(CRM_LEDGER)))
        synced = select(EVIDENCE.c.details).where(EVIDENCE.c.kind == "score sync")
        assert json.loads(list(state.scalars(synced))[-1])["counts"] == {"cleared": 4}


def test_it_is_shown_at_a_terminal_without_a_value_of_anybody(lived_in, tmp_path):
    printed = diff(tmp_path).out
    for word in ("over-kept", "inbox", "no rule", "SEC-26", "crm_ledger", "SEC-07"):
        assert word in printed, printed
    assert "2 with something over-kept, 3 whose scores must leave the CRM" in printed
    for value in ("Efternamn", "@example.com", "c0ffee00"):
        assert value not in printed


def test_looking_writes_nothing_to_the_home(lived_in, tmp_path):
    before = everything(tmp_path)
    assert diff(tmp_path, "--json").code == 0
    assert everything(tmp_path) == before


def test_a_policy_that_changes_nothing_forbids_nothing(lived_in, tmp_path):
    said = tillit("policy", "diff", "sectra", "sectra", "--home", tmp_path / "home")
    assert said.code == 0
    assert "The new policy forbids none of the" in said.out


def no_home(tmp_path: Path) -> None:
    pass


def no_data(tmp_path: Path) -> None:
    new_home(tmp_path / "home")


def no_key(tmp_path: Path) -> None:
    new_home(tmp_path / "home").settings.key_file.unlink()


def no_wrapped_keys(tmp_path: Path) -> None:
    new_home(tmp_path / "home")
    (tmp_path / "home" / "keys" / "keys.db").unlink()


WITHOUT = {
    "a home": (no_home, "there is no home here"),
    "data": (no_data, "this home keeps nothing of sectra"),
    "the key": (no_key, "home.key"),
    "wrapped keys": (no_wrapped_keys, "this home is not complete"),
}


@pytest.mark.parametrize(("prepare", "says"), WITHOUT.values(), ids=WITHOUT.keys())
def test_it_says_that_it_could_not_look_without(tmp_path, prepare, says):
    prepare(tmp_path)
    before = everything(tmp_path)
    said = diff(tmp_path, "--json")
    assert said.code == 0, said.everything
    assert says in said.json["impact"]["could_not_look"]
    assert "could not be looked at" in diff(tmp_path).out
    assert everything(tmp_path) == before


def test_two_companies_are_compared_without_looking(lived_in, tmp_path):
    (tmp_path / "other.yaml").write_text(policy_text().replace("controller: sectra", "controller: norrvik"))
    said = tillit("policy", "diff", "sectra", tmp_path / "other.yaml", "--home", tmp_path / "home", "--json")
    assert said.json["impact"] == {"could_not_look": "they are the policies of two controllers"}
