"""Every file, table and column of a home is searched, and the report names places, never people."""

import gzip
import os
import shutil
import sqlite3
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.clock import FixedClock
from data.records import CrmReference, SurveyCycle
from data.stores.crm import CONTACTS
from flows.check_leaks import check_leaks
from flows.wiring import Home
from pseudonymize import LeakReport, PlaceFound, Places, no_progress
from pseudonymize.identity import Identity
from pseudonymize.leak_scan.identifiers import Wanted
from pseudonymize.leak_scan.scan import search_for_one
from pseudonymize.vault import Visit
from tests.support.encodings import CONTAINERS, ENCODINGS, write_sheet
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import NOW, new_home, take

# What all of them read is made once.
pytestmark = pytest.mark.xdist_group("leak scan places")

ADDRESS, NAME = "asa.oberg@norrvik.se", "Åsa Öberg-Lind"
RESPONDENT, RESPONSE = "P-70001-åsa", "RID-20260901-7"
REFERENCE = "c0ffee00-aaaa-4bbb-8ccc-000000000001"
VALUES = {
    "address": ADDRESS,
    "name": NAME,
    "respondent": RESPONDENT,
    "response": RESPONSE,
    "reference": REFERENCE,
}
COLUMN = {"address": "address", "name": "name", "respondent": "id", "response": "id", "reference": "id"}


def somebody(number: int = 1, **changes: str) -> dict[str, str]:
    own = {
        "first_name": "Åsa",
        "last_name": "Öberg-Lind",
        "email": ADDRESS,
        "respondent_id": RESPONDENT,
        "response_id": RESPONSE,
        "crm_reference": REFERENCE,
        "text": "Bilderna laddas snabbt, och supporten är bra.",
        "language": "sv",
    }
    return answer(number, **{**own, **changes})


@dataclass(frozen=True)
class Kept:
    """A home, and the export that it was made of."""

    home: Home
    export: Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A home with a few answers, among them somebody's whom the tests know."""
    folder = tmp_path_factory.mktemp("kept")
    home = new_home(folder / "home")
    export = write_export(folder / "answers.csv", [somebody(), *(answer(n) for n in range(1000, 1060))])
    counts = take(home, export, write_mapping(folder / "mapping.yaml")).counts
    assert (counts["new"], counts["quarantined"]) == (61, 0)
    home.crm.add_contacts([CrmReference(REFERENCE)])
    return Kept(with_prefect(home, folder / "prefect"), export)


def with_prefect(home: Home, folder: Path) -> Home:
    return Home(replace(home.settings, prefect=folder), home.clock)


@pytest.fixture
def home(kept: Kept, tmp_path: Path) -> Home:
    """A copy to plant things in; its vault still knows where the export lies."""
    settings = kept.home.settings
    shutil.copytree(settings.home, tmp_path / "home")
    state, keys = (f"sqlite:///{tmp_path}/home/{name}/{name}.db" for name in ("state", "keys"))
    there = replace(
        settings, home=tmp_path / "home", state_url=state, keys_url=keys, prefect=tmp_path / "none"
    )
    return Home(there, kept.home.clock)


def checked(home: Home, *also: Path) -> LeakReport:
    return check_leaks(home, "sectra", also, no_progress)


def leak(report: LeakReport, place: str) -> PlaceFound:
    (found,) = [found for found in report.leaks if found.place == place]
    return found


def test_a_clean_home_is_clean_and_all_of_it_was_searched(home: Home) -> None:
    report = checked(home)
    assert report.is_clean, report
    assert (report.people, report.not_searched) == (61, {})
    assert report.identifiers == 61 * 5
    on_disk = [path for path in home.settings.home.rglob("*") if path.is_file()]
    assert report.files == len(on_disk) + 2  # the export and the register
    assert report.bytes > 200_000


def test_what_is_expected_is_told_apart(home: Home) -> None:
    report = checked(home)
    inbox, crm = sorted(report.expected, key=lambda found: "crm" in found.place)
    assert inbox == PlaceFound(
        "inbox/answers.csv", 61, 61 * 3, 61, "an export in an inbox, raw until its date"
    )
    assert crm == PlaceFound("home/crm/crm.db: contacts.reference", 0, 1, 0, "the CRM's own references")


@pytest.mark.parametrize("planted", [ADDRESS, f"{ADDRESS}/x.txt", f"a/{ADDRESS}"])
def test_the_name_of_a_folder_that_was_named_is_searched_even_where_no_file_lies_in_it(
    home: Home, tmp_path: Path, planted: str
) -> None:
    there = tmp_path / "also" / planted
    (there.parent if planted.endswith(".txt") else there).mkdir(parents=True)
    if planted.endswith(".txt"):
        there.write_text("nothing", "utf-8")
    (found,) = checked(home, tmp_path / "also" / planted.split("/")[0]).leaks
    assert (found.address, ADDRESS in found.place) == (1, False)


def plant(there: Path, kind: str) -> None:
    """Put something at a path that is not read as a file there, and something else beside it."""
    elsewhere, beside = there.parents[1] / "elsewhere", there.with_name("0.txt")
    there.parent.mkdir(parents=True)
    beside.write_text("nothing", "utf-8")
    match kind:
        case "a folder with empty ones":
            for year in ("2025", "2026"):
                (there / year).mkdir(parents=True)
        case "a link to a folder":
            elsewhere.mkdir()
            there.symlink_to(elsewhere)
        case "a folder of links":
            there.mkdir()
            for number in range(3):
                (there / f"{number}").symlink_to(beside)
        case "a second link to a file":
            there.symlink_to(beside)
        case "a file that a link has led to":
            beside.rename(there)
            beside.symlink_to(there)
        case "a pipe":
            os.mkfifo(there)


@pytest.mark.parametrize(
    "kind",
    [
        "a folder with empty ones",
        "a link to a folder",
        "a folder of links",
        "a second link to a file",
        "a file that a link has led to",
        "a pipe",
    ],
)
def test_the_name_of_what_is_not_read_is_searched_and_told_once(
    home: Home, tmp_path: Path, kind: str
) -> None:
    plant(tmp_path / "also" / ADDRESS, kind)
    (found,) = checked(home, tmp_path / "also").leaks
    assert (found.address, ADDRESS in found.place) == (1, False)


def test_a_name_that_the_path_of_a_file_tells_is_not_told_again(home: Home, tmp_path: Path) -> None:
    there = tmp_path / "also" / ADDRESS
    there.mkdir(parents=True)
    (there / "x.txt").write_text("nothing", "utf-8")
    (found,) = checked(home, tmp_path / "also", there.parent, there / "x.txt").leaks
    assert found.place.startswith("also 1/…/x.txt (")


def test_the_name_of_an_export_is_expected_where_its_folder_is_searched_as_well(tmp_path: Path) -> None:
    home, folder = new_home(tmp_path / "home"), tmp_path / "exports"
    folder.mkdir()
    take(home, write_export(folder / f"{ADDRESS}.csv", [somebody()]), write_mapping(tmp_path / "m.yaml"))
    assert not checked(with_prefect(home, tmp_path / "none"), folder).leaks


def test_an_export_beyond_its_date_is_a_leak(kept: Kept, home: Home) -> None:
    late = Home(home.settings, FixedClock(NOW + timedelta(days=365)))
    found = leak(checked(late), "inbox/answers.csv")
    assert (found.address, found.why) == (61, "an export in an inbox, beyond its date")


@pytest.mark.parametrize("value", [ADDRESS, NAME, RESPONDENT])
def test_the_crm_may_hold_references_and_nothing_else(home: Home, value: str) -> None:
    with sqlite3.connect(home.settings.home / "crm" / "crm.db") as connection:
        connection.execute("INSERT INTO contacts VALUES (?)", [value])
    (found,) = checked(home).leaks
    assert (found.place, found.address + found.id + found.name) == (
        f"home/crm/crm.db: {CONTACTS.name}.reference",
        1,
    )


@pytest.fixture(scope="module")
def planted(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> LeakReport:
    """The report on a folder in which everything was planted, in each encoding and container."""
    folder = tmp_path_factory.mktemp("planted")
    for what, value in VALUES.items():
        for encoding, encode in ENCODINGS.items():
            for container, write in CONTAINERS.items():
                write(folder / f"{what}, {encoding}, {container}", encode(value))
    return checked(kept.home, folder)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("what", VALUES)
def test_each_identifier_is_found_in_each_encoding_in_each_container(
    planted: LeakReport, what: str, encoding: str, container: str
) -> None:
    place = f"also 1/{what}, {encoding}, {container}"
    found = [leak for leak in planted.leaks if leak.place == place or leak.place.startswith(f"{place}: ")]
    assert [getattr(leak, COLUMN[what]) for leak in found if getattr(leak, COLUMN[what])]


def test_all_that_was_planted_could_be_read(planted: LeakReport) -> None:
    assert not planted.unreadable


def test_no_report_repeats_what_it_found(planted: LeakReport) -> None:
    told = repr(planted).casefold()
    assert not [value for value in VALUES.values() if value.casefold() in told]


def test_a_column_is_named_by_its_table_and_its_file_is_not_named_again(home: Home) -> None:
    CONTAINERS["SQLite"](home.settings.home / "state" / "notes.db", NAME.encode())
    (found,) = checked(home).leaks
    assert found == PlaceFound("home/state/notes.db: notes.body", 0, 0, 1)


def test_a_name_of_two_columns_is_found(home: Home) -> None:
    columns = {
        "id": [1, 2],
        "first_name": ["Åsa", "Bo"],
        "last_name": ["Öberg-Lind", None],
        "mail": [ADDRESS] * 2,
    }
    pq.write_table(pa.table(columns), home.settings.home / "people.parquet")
    with sqlite3.connect(home.settings.home / "people.db") as connection:
        connection.execute("CREATE TABLE people (id INTEGER, first_name TEXT, last_name TEXT, mail TEXT)")
        connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", zip(*columns.values(), strict=True))
    assert set(checked(home).leaks) == {
        PlaceFound("home/people.db: people.*", 0, 0, 1),
        PlaceFound("home/people.db: people.mail", 1, 0, 0),
        PlaceFound("home/people.parquet: *", 0, 0, 1),
        PlaceFound("home/people.parquet: mail", 1, 0, 0),
    }


def test_what_was_deleted_from_a_table_is_found_in_the_bytes_of_its_file(home: Home) -> None:
    path = home.settings.home / "state" / "notes.db"
    CONTAINERS["SQLite"](path, f"Skriv till {ADDRESS} i dag".encode())
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM notes")
    (found,) = checked(home).leaks
    assert found == PlaceFound("home/state/notes.db", 1, 0, 0)


def test_a_database_with_a_write_ahead_log_is_searched_and_left_as_it_is(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "prefect" / "prefect.db"
    path.parent.mkdir()
    writing = sqlite3.connect(path)
    writing.execute("PRAGMA journal_mode = WAL")
    writing.execute("CREATE TABLE log (message TEXT)")
    writing.execute("INSERT INTO log VALUES (?)", [f"no score for {NAME}"])
    writing.commit()
    for _ in ("while it is written to", "afterwards"):
        before = sorted(path.parent.iterdir())
        assert leak(checked(with_prefect(home, path.parent)), "prefect/prefect.db: log.message").name == 1
        assert sorted(path.parent.iterdir()) == before
        writing.close()


def test_a_workbook_is_searched_cell_by_cell(home: Home, tmp_path: Path) -> None:
    write_sheet(tmp_path / "sheet.xlsx", "Namn", NAME, ADDRESS, RESPONSE)
    found = checked(home, tmp_path / "sheet.xlsx").leaks
    assert (sum(f.address for f in found), sum(f.name for f in found)) == (1, 1)
    assert all(f.place.startswith("also 1: part ") for f in found)


def test_the_folder_of_prefect_is_searched(home: Home, tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect" / "flow.log").write_text(f"ERROR {NAME} has no score", "utf-8")
    assert leak(checked(with_prefect(home, tmp_path / "prefect")), "prefect/flow.log").name == 1


def test_of_a_path_that_names_somebody_the_other_parts_are_told(home: Home) -> None:
    (home.settings.home / f"export of {NAME}").write_text(ADDRESS, "utf-8")
    (home.settings.home / f"{ADDRESS}.txt").write_text("nothing", "utf-8")
    report = checked(home)
    assert sorted((f.place.split()[0], f.address, f.name) for f in report.leaks) == [
        ("home/…", 0, 1),
        ("home/…", 1, 0),
        ("home/…", 1, 0),
    ]
    assert "berg" not in repr(report).casefold()


def test_a_column_that_names_somebody_is_told_by_its_number(home: Home) -> None:
    with sqlite3.connect(home.settings.home / "notes.db") as connection:
        connection.execute(f'CREATE TABLE notes ("{NAME}" TEXT)')
        connection.execute("INSERT INTO notes VALUES (?)", [ADDRESS])
    report = checked(home)
    assert sum(found.address for found in report.leaks) == 1
    assert "berg" not in repr(report).casefold()


SPOILT = {
    "a database": lambda path: path.write_bytes(b"SQLite format 3\x00" + bytes(200)),
    "a Parquet file that was cut off": lambda path: path.write_bytes(b"PAR1" + b"x" * 200),
    "an archive": lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 200),
    "a packed file that was cut off": lambda path: path.write_bytes(gzip.compress(b"x" * 5000)[:30]),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_cannot_be_read_is_told(home: Home, what: str) -> None:
    SPOILT[what](home.settings.home / "spoilt")
    report = checked(home)
    assert report.unreadable == ("home/spoilt",)
    assert not report.is_clean


def test_a_name_in_a_file_that_cannot_be_read_whole_is_found_all_the_same(home: Home) -> None:
    (home.settings.home / "spoilt").write_bytes(b"PAR1 " + NAME.encode())
    report = checked(home)
    assert (report.unreadable, leak(report, "home/spoilt").name) == (("home/spoilt",), 1)


def test_a_file_is_searched_once_however_often_it_is_named(home: Home) -> None:
    assert checked(home, home.settings.home, home.settings.home / "state").files == checked(home).files


def test_a_large_home_is_searched_in_several_processes(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pseudonymize.leak_scan.scan._WORTH_PROCESSES", 0)
    for what, value in VALUES.items():
        (tmp_path / f"{what}.txt").write_text(f"före {value} efter", "utf-8")
    also = [tmp_path / f"{what}.txt" for what in VALUES]
    assert len(checked(home, *also).leaks) == len(VALUES)


def test_everybody_is_searched_for_however_many_they_are(home: Home) -> None:
    people = 1234  # more than are read at once
    room = home.room("sectra")
    visits = [
        Visit(
            (f"{number:064}", f"{number:064}"),
            Identity({f"{number:064}": {"when": "2026", "name": f"Åsa Nordlund{number}"}}),
            f"{number:064}",
            ("getfeedback", "csat", f"RR-{number:05}"),
            NOW,
            SurveyCycle("csat", "2026-Q3"),
        )
        for number in range(people)
    ]
    room.vault.stage("run", visits)
    with home.engine.begin() as connection:
        room.vault.publish(connection, "run")
    (home.settings.home / "names").write_text("; ".join(f"Nordlund{n}, Åsa" for n in range(people)), "utf-8")
    (home.settings.home / "ids").write_text(" ".join(f"rr-{n:05}" for n in range(people)), "utf-8")
    report = checked(home)
    assert report.people == people + 61
    assert [leak(report, f"home/{name}").name for name in ("ids", "names")] == [0, people]
    assert leak(report, "home/ids").id == people


def test_one_person_is_searched_for_whom_the_vault_need_not_know(home: Home) -> None:
    (home.settings.home / "note.txt").write_text(
        "Ring Gösta Stridh, gosta@stridh.example, K-4711-0042", "utf-8"
    )
    wanted = Wanted(addresses=["gosta@stridh.example"], ids=["K-4711-0042"], names=["Gösta Stridh"])
    places = Places({"home": home.settings.home}, {}, home.settings.home / "crm" / "crm.db", home.packages)
    report = search_for_one(home.room("sectra"), wanted, places, no_progress)
    assert report.leaks == (PlaceFound("home/note.txt", 1, 1, 1),)
    assert (report.people, report.identifiers) == (1, 3)
