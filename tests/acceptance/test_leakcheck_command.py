"""`tillit leakcheck`: one command tells the data protection officer whether anybody stands where nobody may.

People with unmistakable names are taken in; then traces of them are left where a careless program,
a log or a colleague would leave them.
"""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from flows.wiring import Home
from governance import evidence
from governance.evidence import EVIDENCE
from tests.acceptance import canaries
from tests.acceptance.canaries import CANARIES, WORDS, Canary
from tests.support.exports import write_export, write_mapping
from tests.support.homes import Said, new_home, take, tillit
from tests.support.killed import copy_of

SOMEBODY, ANOTHER = CANARIES[0], CANARIES[1]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which nobody stands where nobody may; its export was deleted after the import."""
    folder = tmp_path_factory.mktemp("clean")
    home = new_home(folder / "home")
    export = write_export(folder / "answers.csv", canaries.good_rows())
    take(home, export, write_mapping(folder / "mapping.yaml"))
    export.unlink()
    return home


@pytest.fixture
def home(clean: Home, tmp_path: Path) -> Home:
    return copy_of(clean, tmp_path / "home")


def leakcheck(home: Home, *arguments: object) -> Said:
    prefect = home.settings.home.with_name("prefect")
    environ = {"PREFECT_HOME": str(prefect)}
    return tillit("leakcheck", *arguments, "--home", home.settings.home, environ=environ)


def names_nobody(said: Said) -> bool:
    told = said.everything.casefold()
    return not [word for word in WORDS if word in told or json.dumps(word)[1:-1] in told]


def test_a_clean_home_passes(home: Home) -> None:
    said = leakcheck(home)
    assert said.code == 0, said.everything
    assert "places with a leak" in said.out
    report = leakcheck(home, "--json").json
    assert (report["clean"], report["leaks"], report["unreadable"]) == (True, [], [])
    assert (report["people"], report["identifiers"]) == (3, 3 * 4 + 15)


def as_log(canary: Canary) -> bytes:
    return f"2026-11-01 ERROR no score for {canary.name} <{canary.email}>\n".encode()


def as_json_log(canary: Canary) -> bytes:
    return json.dumps({"level": "error", "row": {"name": canary.name, "mail": canary.email}}).encode()


def as_notes(canary: Canary) -> bytes:
    return f"{canary.last}, {canary.first}\r\n{canary.email}\r\n".encode("utf-16")


@pytest.mark.parametrize("canary", CANARIES, ids=["åäö", "double names", "a domain with å"])
@pytest.mark.parametrize("written", [as_log, as_json_log, as_notes])
def test_somebody_in_a_file_is_found_and_not_repeated(
    home: Home, canary: Canary, written: Callable[[Canary], bytes]
) -> None:
    (home.settings.home / "left.log").write_bytes(written(canary))
    said = leakcheck(home)
    assert said.code == 6
    assert "home/left.log" in said.out
    assert "hint:" in said.err
    assert names_nobody(said)
    (found,) = leakcheck(home, "--json").json["leaks"]
    assert found == {"place": "home/left.log", "address": 1, "id": 0, "name": 1, "why": ""}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (SOMEBODY.email.upper(), "address"),
        (SOMEBODY.respondent_id, "id"),
        (SOMEBODY.response_id(1), "id"),
        (SOMEBODY.reference, "id"),
        (f"{SOMEBODY.name}s", "name"),
    ],
)
def test_somebody_in_the_state_database_is_found_by_table_and_column(
    home: Home, value: str, kind: str
) -> None:
    with sqlite3.connect(home.settings.home / "state" / "state.db") as connection:
        connection.execute("UPDATE runs SET source = ?", [value])
    said = leakcheck(home, "--json")
    assert (said.code, names_nobody(said)) == (6, True)
    (found,) = said.json["leaks"]
    assert (found["place"], found[kind]) == ("home/state/state.db: runs.source", 1)


def test_the_folder_of_prefect_and_what_is_given_besides_are_searched(home: Home, tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect" / "server.log").write_bytes(as_log(SOMEBODY))
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "report.html").write_text("<td>Åsgårdine</td><td>ok</td>", "utf-8")
    report = write_export(tmp_path / "old report.csv", [canaries.row(ANOTHER, 1)])
    said = leakcheck(home, "--also", tmp_path / "reports", "--also", report, "--json")
    assert {found["place"] for found in said.json["leaks"]} == {"prefect/server.log", "also 2"}
    assert (said.code, names_nobody(said)) == (6, True)


def test_a_first_name_alone_is_nobody(home: Home) -> None:
    (home.settings.home / "notes.txt").write_text(f"{SOMEBODY.first} and {ANOTHER.first}", "utf-8")
    assert leakcheck(home).code == 0


def test_an_export_that_waits_in_its_inbox_is_told_apart(home: Home, tmp_path: Path) -> None:
    export = write_export(tmp_path / "waiting.csv", canaries.good_rows())
    mapping = write_mapping(tmp_path / "mapping.yaml")
    tillit("ingest", "--file", export, "--mapping", mapping, "--home", home.settings.home)
    said = leakcheck(home)
    assert said.code == 0, said.everything
    assert "inbox/waiting.csv" in said.out
    assert "raw until its date" in " ".join(said.out.split())


def test_a_file_that_cannot_be_read_is_no_clean_home(home: Home) -> None:
    (home.settings.home / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    said = leakcheck(home)
    assert said.code == 6
    assert "Could not be read: home/broken.zip" in said.out


def test_a_path_that_is_not_there_is_a_mistake_and_not_repeated(home: Home, tmp_path: Path) -> None:
    said = leakcheck(home, "--also", tmp_path, "--also", tmp_path / SOMEBODY.name)
    assert said.code == 2
    assert "number 2 of --also" in said.err
    assert names_nobody(said)


def test_a_home_that_another_run_holds_is_left_alone(home: Home) -> None:
    with home.lock():
        assert leakcheck(home).code == 5


def test_a_check_is_recorded_with_counts_and_nobodys_name(home: Home) -> None:
    (home.settings.home / f"{SOMEBODY.name}.log").write_bytes(as_log(ANOTHER))
    said = leakcheck(home)
    assert (said.code, names_nobody(said)) == (6, True)
    with home.engine.connect() as connection:
        evidence.verify(connection)
        last = connection.execute(select(EVIDENCE).order_by(EVIDENCE.c.number.desc()).limit(1)).one()
    details = json.loads(last.details)
    assert last.kind == "leak check"
    assert set(details) == {"bytes", "controller", "files", "leaks", "people", "unreadable"}
    assert (details["people"], details["leaks"], details["unreadable"]) == (3, 2, 0)


def test_without_the_key_nothing_is_said_to_be_clean(home: Home) -> None:
    home.settings.key_file.unlink()
    assert leakcheck(home).code == 4
