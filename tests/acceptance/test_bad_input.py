"""Bad input gets a clear error and leaves nothing half-written (promise 12).

Every case is told to the real command line. A stranger must understand what is wrong, where, and
what to do about it; nothing that somebody answered may be printed; the home must be as it was.
"""

import errno
import json
import math
import os
import shutil
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference

from data.clock import FixedClock
from data.errors import InputRefused
from flows.ingest import exports, ingest
from flows.wiring import Home, Settings
from pseudonymize import Steps
from pseudonymize.validate import Reason
from tests.support.commands import environment
from tests.support.exports import (
    AS_CSV,
    AS_PARQUET,
    AS_WORKBOOK,
    COLUMNS,
    answer,
    csv_text,
    write_export,
    write_mapping,
    write_parquet,
    write_workbook,
)
from tests.support.homes import (
    NOW,
    Said,
    left_lying,
    new_home,
    published,
    stored,
    take,
    tillit,
    tillit_process,
)

AS_WINDOWS = (AS_CSV, 'format: {kind: csv, encoding: windows-1252, delimiter: ","}')
ROWS = [answer(n, text="Röntgenläkarna på Östra är nöjda med visaren.") for n in range(101, 107)]
HEADER = csv_text([])
FOLDER = Path(__file__).parents[2]


def in_csv(rows: list[dict[str, str]], old: str = "", new: str = "") -> bytes:
    """A CSV export of `rows` with one piece of its text replaced."""
    text = csv_text(rows)
    assert old in text
    return text.replace(old, new, 1).encode()


def file_with(content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "enkät.csv"
        path.write_bytes(content)
        return path

    return write


def sheet(rows: list[dict[str, Any]], *more_sheets: str) -> Callable[[Path], Path]:
    return lambda folder: write_workbook(folder / "enkät.xlsx", rows, *more_sheets)


def sheet_xml(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """A workbook whose sheet is other than a spreadsheet program writes it."""

    def write(folder: Path) -> Path:
        good, bad = write_workbook(folder / "good.xlsx", ROWS), folder / "enkät.xlsx"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, change(content) if name == "xl/worksheets/sheet1.xml" else content)
        return bad

    return write


def nested(folder: Path) -> Path:
    rows: list[dict[str, Any]] = [{**row, "text": [row["text"]]} for row in ROWS]
    return write_parquet(folder / "enkät.parquet", rows, text=pa.list_(pa.string()))


def a_folder(folder: Path) -> Path:
    path = folder / "enkät.csv"
    path.mkdir()
    return path


def chart(folder: Path) -> Path:
    """A workbook whose sheet of the mapping's name holds a chart and no cells."""
    path = write_workbook(folder / "enkät.xlsx", ROWS)
    workbook, bars = load_workbook(path), BarChart()
    bars.add_data(Reference(workbook.worksheets[0], min_col=6, min_row=1, max_row=3))
    workbook.create_chartsheet("Bild").add_chart(bars)
    workbook.save(path)
    return path


def cut_off(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-100])
    return path


def damaged(path: Path) -> Path:
    """Parquet whose footer is whole and whose columns are not."""
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\xff" * 800 + content[804:])
    return path


@dataclass(frozen=True)
class Case:
    """A bad export or mapping: what the message must say, and what the hint, where we know it."""

    write: Callable[[Path], Path] = field(repr=False)
    says: tuple[str, ...]
    hint: str
    mapping: tuple[tuple[str, str], ...] = ()
    code: int = 3
    names: str = "enkät"


GOOD = file_with(in_csv(ROWS))
ENTITIES = b'<!DOCTYPE s [<!ENTITY a "Anna"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

CASES = {
    "no such file": Case(lambda folder: folder / "enkät.csv", ("there is no file",), "--file"),
    "a folder": Case(a_folder, ("is not a file",), "--file"),
    "an empty file": Case(file_with(b""), ("the file is empty",), "export"),
    "a wrong delimiter": Case(
        file_with(csv_text(ROWS, ";").encode()),
        ("the first row is not the header",),
        "semicolons: set format.delimiter",
    ),
    "Windows-1252 read as UTF-8": Case(
        file_with(in_csv(ROWS[:1]) + csv_text(ROWS[1:]).split("\n", 1)[1].encode("cp1252")),
        ("not utf-8", "line 3"),
        "windows-1252, set format.encoding",
    ),
    "UTF-8 read as Windows-1252": Case(
        GOOD, ("the file is UTF-8", "windows-1252"), "set format.encoding to utf-8", (AS_WINDOWS,)
    ),
    "a long file without a line end": Case(
        file_with(b"a" + "å".encode() * 3_000_000), ("line 1", "longer than a million"), "never closed"
    ),
    "a letter that is cut off at the end": Case(
        file_with(in_csv(ROWS) + b"\xc3"), ("not utf-8",), "set format.encoding"
    ),
    "UTF-16": Case(file_with(csv_text(ROWS).encode("utf-16")), ("UTF-16",), "CSV UTF-8"),
    "NUL bytes": Case(file_with(in_csv(ROWS, "R-00102", "R-\x0000102")), ("NUL", "line 3"), "CSV UTF-8"),
    "a missing column": Case(
        file_with(in_csv(ROWS, "CRM Contact ID", "Contact")), ("lacks", "'CRM Contact ID'"), "mapping"
    ),
    "an unknown column": Case(
        file_with(in_csv(ROWS, "Country", "Favoritfärg,Country")), ("does not know", "'Favoritfärg'"), "drop"
    ),
    "an unknown column named like an address": Case(
        file_with(in_csv(ROWS, "Country", "förnamn101@example.com,Country")),
        ("does not know", "column 15"),
        "drop",
    ),
    "no header": Case(
        file_with(in_csv(ROWS).split(b"\r\n", 1)[1]),
        ("the first row is not the header", "16 cells"),
        "mapping",
    ),
    "a header that names a column twice": Case(
        file_with(in_csv(ROWS, "Country", "Country,Email")), ("'Email'", "more than once"), "rename"
    ),
    "a quote that is never closed": Case(
        file_with(in_csv(ROWS, "R-00103,P-00103", '"R-00103,P-00103')),
        ("line 4", "a quote is opened and never closed"),
        "close it",
    ),
    "a cell that goes on after its closing quote": Case(
        file_with(in_csv(ROWS, "R-00103,P-00103", '"R-001"03,P-00103')),
        ("line 4", "goes on after its closing quote"),
        "as two",
    ),
    "a workbook named CSV": Case(
        lambda folder: write_workbook(folder / "enkät.csv", ROWS), ("a workbook", "not CSV"), "format.kind"
    ),
    "CSV named a workbook": Case(GOOD, ("not an XLSX workbook",), "format.kind", (AS_WORKBOOK,)),
    "a workbook that unpacks to a bomb": Case(
        sheet_xml(lambda _: b"\x00" * 30_000_000), ("28 MiB", "bomb"), "CSV", (AS_WORKBOOK,)
    ),
    "a workbook that is cut off": Case(
        sheet_xml(lambda xml: xml[:-2_000]),
        ("not an XLSX workbook",),
        "export the survey again",
        (AS_WORKBOOK,),
    ),
    "a workbook with entities that multiply": Case(
        sheet_xml(lambda xml: ENTITIES + xml.replace(b"<v>", b"<v>&b;")),
        ("not an XLSX workbook",),
        "export the survey again",
        (AS_WORKBOOK,),
    ),
    "a workbook with a formula": Case(
        sheet([*ROWS[:2], {**ROWS[2], "score": "=4+5"}]),
        ("row 4", "a formula"),
        "paste it as values",
        (AS_WORKBOOK,),
    ),
    "a workbook with several sheets": Case(
        sheet(ROWS, "Kommentarer"), ("sheets",), "format.sheet", (AS_WORKBOOK,)
    ),
    "a workbook without the sheet": Case(
        sheet(ROWS), ("no sheet 'Svar'",), "format.sheet", ((AS_CSV, "format: {kind: xlsx, sheet: Svar}"),)
    ),
    "CSV named Parquet": Case(GOOD, ("is not Parquet",), "format.kind", (AS_PARQUET,)),
    "Parquet that is cut off": Case(
        lambda folder: cut_off(write_parquet(folder / "enkät.parquet", ROWS)),
        ("is not Parquet",),
        "export the survey again",
        (AS_PARQUET,),
    ),
    "Parquet whose rows are damaged": Case(
        lambda folder: damaged(write_parquet(folder / "enkät.parquet", ROWS)),
        ("damaged",),
        "export",
        (AS_PARQUET,),
    ),
    "a workbook with a chart and no sheet": Case(
        chart, ("enkät.xlsx",), "format.sheet", ((AS_CSV, "format: {kind: xlsx, sheet: Bild}"),)
    ),
    "Parquet with a nested column": Case(
        nested, ("row 2", "neither text, number nor time"), "flatten", (AS_PARQUET,)
    ),
    "too many bad rows": Case(
        file_with(in_csv([answer(n, score="elva" if n < 107 else "9") for n in range(101, 120)])),
        ("6 of 19 rows", "6 × the score is not a whole number", "rows 2, 3, 4, 5, 6, 7"),
        "--dry-run",
    ),
    "only bad rows": Case(
        file_with(in_csv([answer(101, answered_at="i går"), answer(102, cycle="hösten 2026")])),
        ("2 of 2 rows", "1 × the survey cycle is not a label", "rows 2, 3"),
        "--dry-run",
    ),
}

MISTAKES = {
    "an unknown word": ("scale:", "skala:", ("skala: unknown word", "valid words here", "survey, times")),
    "an unknown field": ("  email:", "  phone:", ("columns.phone", "'crm_reference'")),
    "a missing column": ("  score: Score\n", "", ("columns must name score",)),
    "a column that stands twice": ("[IP Address]", "[Email]", ("'Email' stands twice",)),
    "no cycle": ("{column: Survey Cycle}", "{}", ("cycle", "either column or every")),
    "a zone that does not exist": ("Europe/Stockholm", "Sverige", ("times.zone", "Europe/Stockholm")),
    "a pattern without fields": ("%Y-%m-%d %H:%M:%S", "YYYY-MM-DD", ("times.pattern", "%Y-%m-%d")),
    "a word that stands twice": ("survey: csat", "vendor: csat", ("'vendor' stands twice", "line 5")),
    "a list": ("\nmapping: 1", "- mapping: 1\n#", ("not valid YAML",)),
    "a bracket that stays open": ("[IP Address]", "[IP Address", ("not valid YAML", "near line")),
    "control characters": ("survey: csat", "survey: \x07", ("not valid YAML",)),
    "a day that does not exist": ("survey: csat", "survey: 2026-06-31", ("date",)),
}
CASES |= {
    f"a mapping with {mistake}": Case(
        GOOD, says, "docs/sources.md", ((old, new),), code=2, names="mapping.yaml"
    )
    for mistake, (old, new, says) in MISTAKES.items()
}
CASES |= {
    "a scale that is not the policy's": Case(
        GOOD,
        ("0-10", "1-10", "SEC-09"),
        "correct scale in the mapping",
        (("minimum: 1", "minimum: 0"),),
        code=4,
        names="",
    ),
    "a controller without a policy": Case(
        GOOD,
        ("no policy", "sectra"),
        "policies.md",
        (("controller: sectra", "controller: okänd"),),
        code=2,
        names="",
    ),
}


@dataclass(frozen=True)
class Refusal:
    """What became of a case: what was said, and the home before and after."""

    case: Case
    said: Said
    before: dict[str, Any] = field(repr=False)
    after: dict[str, Any] = field(repr=False)
    left: dict[str, int] = field(repr=False)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a home that has taken an export in, so that there is something to be lost."""
    folder = tmp_path_factory.mktemp("taken")
    first = write_export(folder / "first.csv", [answer(n, text="") for n in range(1, 4)])
    take(new_home(folder / "home"), first, write_mapping(folder / "mapping.yaml"))
    return folder


def copied(taken: Path, folder: Path) -> Home:
    """A copy of that home and its mapping in another folder."""
    shutil.copytree(taken, folder, dirs_exist_ok=True)
    return Home(Settings.read({}, folder / "home"), FixedClock(NOW))


@pytest.fixture
def settled(taken: Path, tmp_path: Path) -> Home:
    """A copy of that home beside a mapping."""
    return copied(taken, tmp_path)


def again(home: Home) -> Home:
    """The same home as another command opens it."""
    return Home(home.settings, home.clock)


def ingest_file(home: Home, file: Path, mapping: Path, *more: object) -> Said:
    return tillit("ingest", "--home", home.settings.home, "--file", file, "--mapping", mapping, *more)


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES.keys())
def refused(request: pytest.FixtureRequest, taken: Path, tmp_path_factory: pytest.TempPathFactory) -> Refusal:
    case, folder = request.param, tmp_path_factory.mktemp("refused")
    home = copied(taken, folder)
    before = published(home)
    said = ingest_file(home, case.write(folder), write_mapping(folder / "mapping.yaml", *case.mapping))
    return Refusal(case, said, before, published(again(home)), left_lying(again(home)))


def message(said: Said) -> str:
    lines = [line for line in said.err.splitlines() if line.startswith("tillit:")]
    assert len(lines) == 1, said.err
    return lines[0]


def hint(said: Said) -> str:
    return " ".join(line for line in said.err.splitlines() if line.startswith("hint:"))


#: Everything that stands in any of the exports here and is long enough not to occur by chance.
CELLS = {
    cell
    for row in [*ROWS, *(answer(n) for n in range(120))]
    for cell in [*row.values(), *row["text"].split(), *row["email"].split("@")]
    if len(cell) >= 5
} | {"hösten", "i går", "elva"}


def values_in(said: Said) -> list[str]:
    return sorted(cell for cell in CELLS if cell in said.everything)


def test_a_bad_export_ends_with_the_exit_code_of_its_kind(refused: Refusal) -> None:
    assert refused.said.code == refused.case.code, refused.said.err


def test_the_message_says_what_is_wrong_and_where(refused: Refusal) -> None:
    said = message(refused.said)
    assert [part for part in (refused.case.names, *refused.case.says) if part not in said] == [], said


def test_a_hint_says_what_to_do(refused: Refusal) -> None:
    assert refused.case.hint in hint(refused.said), refused.said.err
    assert hint(refused.said), refused.said.err


def test_a_refusal_tells_nothing_of_an_answer(refused: Refusal) -> None:
    assert values_in(refused.said) == []


def test_a_refusal_leaves_the_home_as_it_was(refused: Refusal) -> None:
    assert refused.after == refused.before
    assert refused.left == {}


@pytest.mark.parametrize("name", ["a missing column", "too many bad rows", "CSV named Parquet"])
def test_a_dry_run_refuses_the_same_and_writes_nothing(settled: Home, tmp_path: Path, name: str) -> None:
    case, before = CASES[name], bytes_of(settled)
    mapping = write_mapping(tmp_path / "mapping.yaml", *case.mapping)
    said = ingest_file(settled, case.write(tmp_path), mapping, "--dry-run")
    assert said.code == case.code
    assert values_in(said) == []
    assert bytes_of(settled) == before


def bytes_of(home: Home) -> dict[str, bytes]:
    """Every file of a home, to the byte."""
    root = home.settings.home
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_header_without_rows_imports_nothing_and_is_no_error(settled: Home, tmp_path: Path) -> None:
    before = published(settled)
    file = file_with(in_csv([]))(tmp_path)
    said = ingest_file(settled, file, tmp_path / "mapping.yaml", "--json")
    (report,) = said.json
    assert (said.code, report["counts"]["rows"], report["counts"]["new"]) == (0, 0, 0)
    assert published(settled) == before


BAD_CELLS: dict[str, tuple[dict[str, str], str]] = {
    "a decimal point": ({"score": "9.5"}, "the score is not a whole number"),
    "a decimal comma": ({"score": "9,5"}, "the score is not a whole number"),
    "an English word": ({"score": "ten"}, "the score is not a whole number"),
    "a Swedish word": ({"score": "tio"}, "the score is not a whole number"),
    "a score above the scale": ({"score": "11"}, "the score is outside its scale"),
    "a score below the scale": ({"score": "0"}, "the score is outside its scale"),
    "a score below nought": ({"score": "-1"}, "the score is outside its scale"),
    "a score far above the scale": ({"score": "1000"}, "the score is outside its scale"),
    "another form of date": (
        {"answered_at": "2026/09/01 10.00"},
        "a time is not written as the mapping says",
    ),
    "a month that does not exist": (
        {"answered_at": "2026-13-01 10:00:00"},
        "a time is not written as the mapping says",
    ),
    "a time that the clock change skips": (
        {"answered_at": "2026-03-29 02:30:00"},
        "a clock change skipped this time",
    ),
    "no time": ({"answered_at": ""}, "a time is not written as the mapping says"),
    "no response id": ({"response_id": "  "}, "no response id"),
    "an address without @": ({"email": "förnamn1 på example.com"}, "the e-mail address is malformed"),
    "two addresses": ({"email": "a@example.com; b@example.com"}, "the e-mail address is malformed"),
    "a name as CRM reference": ({"crm_reference": "Förnamn1 Efternamn1"}, "the CRM reference is malformed"),
    "a sentence as cycle": ({"cycle": "hösten 2026, våg 2"}, Reason.CYCLE.value),
    "a folder as cycle": ({"cycle": "../../2026"}, Reason.CYCLE.value),
    "a bell in a text": ({"text": "Ring mig\x07 på kliniken"}, "a cell holds control characters"),
    "an escape in a name": ({"last_name": "Efternamn\x1b[2J"}, "a cell holds control characters"),
    "an answer of 200,000 characters": ({"text": "nöjda " * 33_400}, "the text is longer than allowed"),
    "a job title of a whole page": ({"job_title": "läkare " * 80}, "the text is longer than allowed"),
}


def set_aside(home: Home, content: bytes, folder: Path) -> list[tuple[int, str]]:
    """Import rows of which one is bad; where it stood and why, as the command line lists it."""
    before = len(stored(home))
    file = file_with(content)(folder)
    said = ingest_file(home, file, folder / "mapping.yaml")
    listed = tillit("quarantine", "list", "--home", home.settings.home)
    as_json = tillit("quarantine", "list", "--home", home.settings.home, "--json")
    assert (said.code, listed.code) == (0, 0), said.err
    assert values_in(said) == values_in(listed) == values_in(as_json) == []
    assert len(stored(home)) == before + 5
    assert left_lying(home) == {}
    return [(row["row"], row["reason"]) for row in as_json.json]


@pytest.mark.parametrize(("changes", "reason"), BAD_CELLS.values(), ids=BAD_CELLS.keys())
def test_a_bad_row_is_set_aside_by_row_number_and_the_others_are_taken_in(
    settled: Home, tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    rows = [answer(n, text="") for n in range(101, 107)]
    rows[2] |= changes
    assert set_aside(settled, in_csv(rows), tmp_path) == [(4, reason)]


@pytest.mark.parametrize(
    "change", [(",192.0.2.1", ""), (",192.0.2.1", ",192.0.2.1,extra")], ids=["short", "long"]
)
def test_a_row_with_another_number_of_cells_is_set_aside_by_row_number(
    settled: Home, tmp_path: Path, change: tuple[str, str]
) -> None:
    rows = [answer(n, text="") for n in range(101, 107)]
    content = in_csv(rows[:2]) + in_csv(rows[2:], *change).split(b"\r\n", 1)[1]
    assert set_aside(settled, content, tmp_path) == [(4, "another number of cells than the header")]


def test_row_numbers_are_those_of_a_spreadsheet(settled: Home, tmp_path: Path) -> None:
    rows = [answer(n, text="") for n in range(101, 107)]
    rows[0]["job_title"] = "Röntgen-\nsjuksköterska"
    rows[3]["score"] = "tio"
    assert set_aside(settled, in_csv(rows), tmp_path) == [(5, "the score is not a whole number")]


@pytest.mark.parametrize("score", ["9", "9.0", "9,0", " 9 ", "9.00"])
def test_a_whole_number_is_taken_however_a_spreadsheet_wrote_it(
    settled: Home, tmp_path: Path, score: str
) -> None:
    content = in_csv([answer(101, text="", score=score, answered_at=" 2026-09-01 10:00:00 ")])
    assert ingest_file(settled, file_with(content)(tmp_path), tmp_path / "mapping.yaml").code == 0
    assert [row["score"] for row in stored(settled)] == [9] * 4


def test_a_swedish_export_is_read_as_its_mapping_says(settled: Home, tmp_path: Path) -> None:
    as_swedish = (AS_CSV, 'format: {kind: csv, encoding: windows-1252, delimiter: ";"}')
    mapping = write_mapping(
        tmp_path / "mapping.yaml", as_swedish, ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y kl. %H:%M")
    )
    row = answer(101, text="", score="8,0", answered_at="03.09.2026 kl. 23:30", modified_at="")
    row |= {"job_title": "Överläkare på röntgen", "workplace": "Södra älvens lasarett", "country": "Sverige"}
    file = write_export(tmp_path / "enkät.csv", [row], "cp1252", ";")
    assert ingest_file(settled, file, mapping).code == 0
    (new,) = [row for row in stored(settled) if row["score"] == 8]
    assert new["answered_at"] == at("2026-09-03 21:30Z")
    assert (new["role"], new["workplace"], new["country"]) == ("radiology", "hospital", "SE")


def at(text: str) -> datetime:
    """A moment as ISO 8601 writes it; without an offset where the text has none."""
    return datetime.fromisoformat(text)


IN_UTC = pa.timestamp("us", "UTC")
TYPED: dict[str, tuple[str, pa.DataType, Any, Any]] = {
    "whole numbers": ("score", pa.int8(), 7, 7),
    "numbers with a fraction of nought": ("score", pa.float64(), 7.0, 7),
    "exact numbers": ("score", pa.decimal128(4, 1), Decimal("7.0"), 7),
    "no score": ("score", pa.int32(), None, None),
    "no score among fractions": ("score", pa.float64(), math.nan, None),
    "local times": ("answered_at", pa.timestamp("us"), at("2026-09-01 10:00"), at("2026-09-01 08:00Z")),
    "times of another zone": (
        "answered_at",
        pa.timestamp("ms", "America/New_York"),
        at("2026-09-01 04:00-04:00"),
        at("2026-09-01 08:00Z"),
    ),
    "the first of two equal hours": (
        "answered_at",
        IN_UTC,
        at("2026-10-25 00:30Z"),
        at("2026-10-25 00:30Z"),
    ),
    "the second of two equal hours": (
        "answered_at",
        IN_UTC,
        at("2026-10-25 01:30Z"),
        at("2026-10-25 01:30Z"),
    ),
    "fractions of a second": (
        "modified_at",
        IN_UTC,
        at("2026-09-01 08:00:00.250Z"),
        at("2026-09-01 08:00:00.250Z"),
    ),
    "billionths of a second": (
        "modified_at",
        pa.timestamp("ns", "UTC"),
        1_788_249_600_250_000_001,
        at("2026-09-01 08:00:00.250Z"),
    ),
    "no time of change": ("modified_at", IN_UTC, None, None),
    "days": ("modified_at", pa.date32(), date(2026, 9, 2), at("2026-09-01 22:00Z")),
}


@pytest.mark.parametrize(("name", "kind", "value", "expected"), TYPED.values(), ids=TYPED.keys())
def test_what_parquet_holds_is_read_rightly(
    settled: Home, tmp_path: Path, name: str, kind: pa.DataType, value: Any, expected: Any
) -> None:
    row = {**answer(101, text="", cycle="2027-new"), name: value}
    file = write_parquet(tmp_path / "enkät.parquet", [row], **{name: kind})
    mapping = write_mapping(tmp_path / "mapping.yaml", AS_PARQUET)
    said = ingest_file(settled, file, mapping)
    assert said.code == 0, said.err
    assert [row[name] for row in stored(settled) if row["cycle"] == "2027-new"] == [expected]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pa.float64(), math.inf),
        (pa.float64(), -math.inf),
        (pa.float64(), 1e300),
        (pa.float32(), 9.5),
        (pa.bool_(), True),
        (pa.timestamp("us"), at("2026-09-01 10:00")),
    ],
    ids=["endless", "endless below", "huge", "a fraction", "true", "a time"],
)
def test_what_is_no_score_in_parquet_is_set_aside(
    settled: Home, tmp_path: Path, kind: pa.DataType, value: Any
) -> None:
    rows: list[dict[str, Any]] = [{**answer(n, text=""), "score": None} for n in range(101, 107)]
    rows[2]["score"] = value
    file = write_parquet(tmp_path / "enkät.parquet", rows, score=kind)
    said = ingest_file(settled, file, write_mapping(tmp_path / "mapping.yaml", AS_PARQUET))
    assert said.code == 0, said.err
    assert [row for row, _ in published(settled)["quarantine"]] == [4]


def test_numbers_as_ids_are_the_same_people_in_parquet_as_in_csv(settled: Home, tmp_path: Path) -> None:
    rows = [answer(n, text="", response_id=str(n), respondent_id="70001", email="") for n in (101, 102)]
    typed = {**rows[1], "response_id": 102, "respondent_id": 70001.0}
    files = [
        write_export(tmp_path / "enkät.csv", rows),
        write_parquet(
            tmp_path / "enkät.parquet", [typed], response_id=pa.int64(), respondent_id=pa.float64()
        ),
    ]
    for file, change in zip(files, [(AS_CSV, AS_CSV), AS_PARQUET], strict=True):
        mapping = write_mapping(tmp_path / "mapping.yaml", change)
        assert ingest_file(settled, file, mapping).code == 0
    pseudonyms = [row["pseudonym"] for row in stored(settled)]
    assert (len(pseudonyms), len(set(pseudonyms))) == (5, 4)


def test_people_without_an_id_are_not_one_person_in_parquet(settled: Home, tmp_path: Path) -> None:
    rows = [{**answer(n, text="", email=""), "respondent_id": math.nan} for n in (101, 102)]
    file = write_parquet(tmp_path / "enkät.parquet", rows, respondent_id=pa.float64())
    mapping = write_mapping(tmp_path / "mapping.yaml", AS_PARQUET)
    assert ingest_file(settled, file, mapping).code == 0
    assert len({row["pseudonym"] for row in stored(settled)}) == len(stored(settled)) == 5


def test_people_whose_id_a_workbook_could_not_look_up_are_not_one_person(
    settled: Home, tmp_path: Path
) -> None:
    rows = [answer(n, text="", email="", respondent_id="#N/A" if n < 103 else "") for n in range(101, 107)]
    file = write_workbook(tmp_path / "enkät.xlsx", rows)
    assert ingest_file(settled, file, write_mapping(tmp_path / "mapping.yaml", AS_WORKBOOK)).code == 0
    assert len({row["pseudonym"] for row in stored(settled)}) == len(stored(settled)) >= 7


def test_what_a_workbook_holds_is_read_rightly(settled: Home, tmp_path: Path) -> None:
    row = {**answer(101, text="", cycle="2027-new"), "score": 7.0, "answered_at": at("2026-09-01 10:00")}
    row |= {"modified_at": None, "country": None, "ip": None}
    file = write_workbook(tmp_path / "enkät.xlsx", [row])
    mapping = write_mapping(tmp_path / "mapping.yaml", AS_WORKBOOK)
    assert ingest_file(settled, file, mapping).code == 0
    (new,) = [row for row in stored(settled) if row["cycle"] == "2027-new"]
    assert (new["score"], new["answered_at"], new["modified_at"]) == (7, at("2026-09-01 08:00Z"), None)


def test_a_number_that_a_workbook_calls_a_date_is_not_printed(settled: Home, tmp_path: Path) -> None:
    rows = [answer(n, text="") for n in range(101, 107)]
    file, number = write_workbook(tmp_path / "enkät.xlsx", rows), 46_701_740_605
    workbook = load_workbook(file)
    cell = workbook.worksheets[0].cell(4, list(COLUMNS).index("respondent_id") + 1)
    cell.value, cell.number_format = number, "yyyy-mm-dd"
    workbook.save(file)
    said = ingest_file(settled, file, write_mapping(tmp_path / "mapping.yaml", AS_WORKBOOK))
    assert said.code == 0, said.err
    assert str(number) not in said.everything


def argument_mistakes(folder: Path) -> dict[str, tuple[list[object], tuple[str, ...], str]]:
    """Arguments of `ingest`, what the message must say, and what the hint, where we know it."""
    file, mapping = folder / "enkät.csv", folder / "mapping.yaml"
    both: list[object] = ["--file", file, "--mapping", mapping]
    return {
        "a file without its mapping": (["--file", file], ("--file and --mapping go together",), ""),
        "a mapping without its file": (["--mapping", mapping], ("--file and --mapping go together",), ""),
        "a mapping that is not there": (
            ["--file", file, "--mapping", folder / "okänd.yaml"],
            ("okänd.yaml",),
            "",
        ),
        "the end before the beginning": (
            [*both, "--since", "2026-10-01", "--until", "2026-09-01"],
            ("--since must not be later than --until",),
            "",
        ),
        "another survey": ([*both, "--survey", "nps"], ("csat",), ""),
        "an export in the home": (
            ["--file", folder / "home" / "enkät.csv", "--mapping", mapping],
            ("must not lie in the home",),
            "inbox outside",
        ),
        "an export that a link leads to in the home": (
            ["--file", folder / "link.csv", "--mapping", mapping],
            ("must not lie in the home",),
            "inbox outside",
        ),
        "a source without a file of sources": (
            ["--source", "vendor"],
            ("sources.yaml",),
            "--file and --mapping",
        ),
        "a source that is a path": (["--source", "../inbox"], ("source's name",), ""),
    }


@pytest.mark.parametrize("name", argument_mistakes(Path()))
def test_a_mistaken_argument_is_refused_and_changes_nothing(settled: Home, tmp_path: Path, name: str) -> None:
    for folder in (tmp_path, settled.settings.home):
        (folder / "enkät.csv").write_bytes(in_csv(ROWS))
    (tmp_path / "link.csv").symlink_to(settled.settings.home / "enkät.csv")
    arguments, says, advice = argument_mistakes(tmp_path)[name]
    before = published(settled)
    said = tillit("ingest", "--home", settled.settings.home, *arguments)
    assert said.code == 2
    assert [part for part in says if part not in message(said)] == [], said.err
    assert values_in(said) == []
    assert published(again(settled)) == before
    assert left_lying(again(settled)) == {}
    assert hint(said), said.err
    assert advice in hint(said)


@pytest.mark.parametrize(("more", "taken_in"), [([], 1), (["--dry-run"], 0)], ids=["an import", "a dry run"])
def test_each_bad_file_of_a_source_is_named_and_holds_no_other_up(
    settled: Home, tmp_path: Path, more: list[str], taken_in: int
) -> None:
    inbox, home = tmp_path / "inbox", settled.settings.home
    inbox.mkdir()
    contents = {
        "a.csv": b"",
        "b.csv": in_csv([answer(101, text="")]),
        "c.csv": in_csv(ROWS, "Score", "Betyg"),
    }
    for name, content in contents.items():
        (inbox / name).write_bytes(content)
    source = {"kind": "file", "inbox": str(inbox), "mapping": str(tmp_path / "mapping.yaml")}
    (home / "sources.yaml").write_text(json.dumps({"sources": {"vendor": source}}), "utf-8")
    said = tillit("ingest", "--home", home, "--source", "vendor", "--json", *more)
    told = " ".join(line for line in said.err.splitlines() if not line.startswith("raw copy:"))
    assert said.code == 3
    assert ("a.csv" in told, "c.csv" in told) == (True, True), said.err
    assert [report["counts"]["to import"] for report in said.json] == [1]
    assert len(stored(settled)) == 3 + taken_in


WRITES: dict[str, Callable[[bytes], bytes]] = {
    "added to": lambda content: content + in_csv([answer(104, text="")]).split(b"\r\n", 1)[1],
    "cut off": lambda content: content[: content.index(b"R-00102")],
    "replaced": lambda _: in_csv([answer(n, text="") for n in range(105, 108)]),
    "emptied": lambda _: b"",
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_an_export_that_is_written_to_while_it_is_read_is_refused(
    settled: Home, tmp_path: Path, write: Callable[[bytes], bytes]
) -> None:
    file = file_with(in_csv([answer(n, text="") for n in range(101, 104)]))(tmp_path)
    before = published(settled)

    def watch(what: str, total: int | None) -> Steps:
        if what == "redacting":
            file.write_bytes(write(file.read_bytes()))
        return lambda done: None

    (export,) = exports(settled, "test", file, tmp_path / "mapping.yaml")
    with pytest.raises(InputRefused) as refusal:
        ingest(settled, export, "test", None, None, True, watch)
    assert str(refusal.value) == "enkät.csv: the file changed while it was read"
    assert "then try again" in refusal.value.hint
    assert file.exists()
    assert published(settled) == before
    assert left_lying(settled) == {}


def test_a_second_run_at_the_same_time_is_refused(settled: Home, tmp_path: Path) -> None:
    home, file = settled.settings.home, file_with(in_csv([answer(101, text="")]))(tmp_path)
    before = published(settled)
    holding = (
        "import sys; from pathlib import Path; from flows.wiring import open_home\n"
        "with open_home(Path(sys.argv[1])).lock(): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, home],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(tmp_path),
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        said = tillit_process(
            tmp_path, "ingest", "--home", home, "--file", file, "--mapping", tmp_path / "mapping.yaml"
        )
        holder.communicate()
    assert said.code == 5
    assert f"another run holds the home {home}" in message(said)
    assert "wait for it to end" in hint(said)
    assert values_in(said) == []
    assert published(settled) == before
    assert ingest_file(settled, file, tmp_path / "mapping.yaml").code == 0


@pytest.mark.parametrize(
    "room_left", [0, 500_000, 1_600_000], ids=["at the start", "among the rows", "at the commit"]
)
def test_a_full_disk_is_told_and_loses_nothing(settled: Home, tmp_path: Path, room_left: int) -> None:
    home, file = settled.settings.home, tmp_path / "enkät.csv"
    write_export(file, [answer(n, text="", cycle=f"2026-{n % 3}") for n in range(1_000, 1_800)])
    before = published(settled)
    largest = (home / "state" / "state.db").stat().st_size + room_left
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({largest}, {largest}))"
    arguments = ("ingest", "--home", home, "--file", file, "--mapping", tmp_path / "mapping.yaml")
    said = tillit_process(tmp_path, *arguments, before=limit)
    assert said.code == 5, said.err
    assert "the disk is full" in message(said)
    assert "make room, then run the same command again" in hint(said)
    assert values_in(said) == []
    assert published(again(settled)) == before
    settled.room("sectra").sweep()
    assert left_lying(settled) == {}
    assert tillit(*arguments).code == 0
    assert len(stored(settled)) == 803


def test_an_export_that_may_not_be_read_is_told_as_that(
    settled: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, before, read = file_with(in_csv(ROWS))(tmp_path), published(settled), Path.open

    def refuse(path: Path, *how: Any, **more: Any) -> Any:
        """What the operating system says to a user who may not read the file; root may read any."""
        if path.name == file.name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read(path, *how, **more)

    monkeypatch.setattr(Path, "open", refuse)
    said = ingest_file(settled, file, tmp_path / "mapping.yaml")
    assert said.code == 3, said.err
    assert "enkät.csv" in message(said)
    assert "read" in message(said)
    assert values_in(said) == []
    assert published(again(settled)) == before


def test_a_home_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("not a folder", "utf-8")
    file, mapping = file_with(in_csv(ROWS))(tmp_path), write_mapping(tmp_path / "mapping.yaml")
    home = tmp_path / "occupied" / "home"
    said = tillit_process(tmp_path, "ingest", "--home", home, "--file", file, "--mapping", mapping)
    assert said.code == 5
    assert f"the home {home} cannot be written to" in message(said)
    assert "--home or TILLIT_HOME" in hint(said)
    assert values_in(said) == []


def random_key() -> bytes:
    return b64encode(os.urandom(32)) + b"\n"


KEY_FILES: dict[str, tuple[bytes, int, str, str]] = {
    "another key": (random_key(), 0o600, "does not open with this key", "put the key-encryption key back"),
    "a key that others can read": (random_key(), 0o644, "can be read by others", "chmod 600"),
    "a key that is not Base64": (b"hemligt l\xc3\xb6senord\n", 0o600, "home.key", ""),
    "a key that is not a key": (b"aGVtbGlndA==\n", 0o600, "32 bytes in Base64 are expected", ""),
    "an empty file": (b"", 0o600, "32 bytes in Base64 are expected", ""),
}


def with_key_file(home: Home, content: bytes, mode: int) -> None:
    home.settings.key_file.write_bytes(content)
    home.settings.key_file.chmod(mode)


@pytest.mark.parametrize(("content", "mode", "says", "advice"), KEY_FILES.values(), ids=KEY_FILES.keys())
def test_a_wrong_key_is_an_error_and_never_an_empty_vault(
    settled: Home, tmp_path: Path, content: bytes, mode: int, says: str, advice: str
) -> None:
    key, before = settled.settings.key_file.read_bytes(), published(settled)
    with_key_file(settled, content, mode)
    file = file_with(in_csv(ROWS))(tmp_path)
    tried = [
        ingest_file(settled, file, tmp_path / "mapping.yaml"),
        tillit("keys", "status", "--home", settled.settings.home),
        tillit("keys", "init", "--home", settled.settings.home),
        tillit("scores", "sync", "--home", settled.settings.home),
    ]
    with_key_file(settled, key, 0o600)
    assert [said.code for said in tried] == [4, 4, 4, 4]
    assert all(says in message(said) for said in tried), tried
    assert all(values_in(said) == [] for said in tried)
    assert published(again(settled)) == before
    assert left_lying(again(settled)) == {}
    assert all(hint(said) and advice in hint(said) for said in tried), tried[0].err


def test_a_missing_key_file_is_named_and_none_is_made_in_its_place(settled: Home, tmp_path: Path) -> None:
    key_file, before = settled.settings.key_file, published(settled)
    key = key_file.read_bytes()
    key_file.unlink()
    file = file_with(in_csv(ROWS))(tmp_path)
    tried = [
        ingest_file(settled, file, tmp_path / "mapping.yaml"),
        tillit("keys", "init", "--home", settled.settings.home),
    ]
    assert [said.code for said in tried] == [4, 4]
    assert all(f"no readable key file at {key_file}" in message(said) for said in tried)
    assert all("TILLIT_KEY_FILE" in hint(said) for said in tried)
    assert not key_file.exists()
    with_key_file(settled, key, 0o600)
    assert published(again(settled)) == before


@pytest.mark.parametrize("key_file_too", [False, True], ids=["database", "database and key file"])
def test_new_keys_are_not_made_in_the_place_of_lost_ones(
    settled: Home, tmp_path: Path, key_file_too: bool
) -> None:
    home, key_file = settled.settings.home, settled.settings.key_file
    (home / "keys" / "keys.db").unlink()
    if key_file_too:
        key_file.unlink()
    said = tillit("keys", "init", "--home", home)
    assert said.code == 4
    assert "the vault holds 3 people and the database of wrapped keys is empty" in message(said)
    assert "restore the database of wrapped keys" in hint(said)
    ingested = ingest_file(settled, file_with(in_csv(ROWS))(tmp_path), tmp_path / "mapping.yaml")
    assert ingested.code == 4
    assert key_file.exists() is not key_file_too


def test_new_keys_are_not_made_where_only_a_refused_export_is_remembered(tmp_path: Path) -> None:
    home, mapping = new_home(tmp_path / "home"), write_mapping(tmp_path / "mapping.yaml")
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_bytes(in_csv([answer(101, score="tio")]))
    good.write_bytes(in_csv([answer(101, text="")]))
    assert ingest_file(home, bad, mapping).code == 3
    (home.settings.home / "keys" / "keys.db").unlink()
    if tillit("keys", "init", "--home", home.settings.home).code == 0:
        assert ingest_file(home, good, mapping).code == 0


@pytest.mark.parametrize("name", ["state/state.db", "keys/keys.db"])
@pytest.mark.parametrize("whole", [True, False], ids=["from the first byte", "from the second page"])
def test_a_damaged_database_is_told_and_not_written_over(
    settled: Home, tmp_path: Path, name: str, whole: bool
) -> None:
    path = settled.settings.home / name
    content = path.read_bytes()
    damaged_from = 0 if whole else 4_096
    path.write_bytes(content[:damaged_from] + b"\xa5" * (len(content) - damaged_from))
    before = path.read_bytes()
    said = ingest_file(settled, file_with(in_csv(ROWS))(tmp_path), tmp_path / "mapping.yaml")
    assert said.code == 5, said.err
    assert "damaged" in message(said)
    assert "backup" in hint(said)
    assert values_in(said) == []
    assert path.read_bytes() == before
