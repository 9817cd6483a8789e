"""The sample exports: repeatable, invented, and as untidy as the README says."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

import data.samples
from data.samples.__main__ import AS_OF, RESPONDENTS, SEED, main
from data.samples.columns import (
    COMPLETED,
    CRM,
    CYCLE,
    EMAIL,
    HEADER,
    LANGUAGE,
    MODIFIED,
    RESPONDENT_ID,
    RESPONSE_ID,
    SCORE,
    TEXT,
    Row,
)
from data.samples.files import write_xlsx
from data.samples.generator import Sample, generate
from data.samples.names import NAMES
from data.samples.phrases import PHRASES
from data.samples.places import WORKPLACES
from data.samples.texts import luhn_digit

FOLDER = Path(data.samples.__file__).parent
SAMPLE = generate(RESPONDENTS, SEED, AS_OF)
ROWS: list[Row] = [dict(zip(HEADER, row, strict=True)) for row in SAMPLE.rows]
TEXTS = [row[TEXT] for row in ROWS if row[TEXT]]
RESERVED = re.compile(r".*[@.](example\.(com|org|net)|example)", re.IGNORECASE)
PHONE = re.compile(r"\+?\(?\d[\d ()-]{5,}\d")
PERSONNUMMER = re.compile(r"\b(?:\d{2})?(\d{6})-?(\d{3})(\d)\b")


def moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 (an export's times are naive)
    except ValueError:
        return None


def spellings() -> dict[str, set[str]]:
    """The addresses of each respondent, as written."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        if row[RESPONDENT_ID] and "@" in row[EMAIL]:
            found[row[RESPONDENT_ID]].add(row[EMAIL])
    return found


def shared_addresses() -> set[str]:
    owners: dict[str, set[str]] = defaultdict(set)
    for respondent, addresses in spellings().items():
        for address in addresses:
            owners[address.casefold()].add(respondent)
    return {address for address, people in owners.items() if len(people) > 1}


def rows_where(holds: Callable[[Row], bool]) -> int:
    return sum(holds(row) for row in ROWS)


UNUSABLE: dict[str, Callable[[Row], bool]] = {
    "score out of scale *": lambda row: row[SCORE].isdigit() and not 1 <= int(row[SCORE]) <= 10,
    "score in words *": lambda row: row[SCORE].isalpha(),
    "decimal score *": lambda row: re.fullmatch(r"\d[.,]\d", row[SCORE]) is not None,
    "invalid date *": lambda row: moment(row[COMPLETED]) is None,
    "neither e-mail nor Respondent ID *": lambda row: not row[EMAIL] and not row[RESPONDENT_ID],
    "invalid e-mail *": lambda row: row[EMAIL] != "" and "@" not in row[EMAIL],
}


def mess() -> dict[str, int]:
    """How much there is of each kind of mess."""
    different = set(SAMPLE.rows)
    return {
        **{kind: rows_where(holds) for kind, holds in UNUSABLE.items()},
        "exactly repeated row": len(ROWS) - len(different),
        "late edit (same Response ID)": len(different) - len({row[RESPONSE_ID] for row in ROWS}),
        "empty score": rows_where(lambda row: not row[SCORE]),
        "empty text": rows_where(lambda row: not row[TEXT]),
        "no e-mail but a Respondent ID": rows_where(lambda row: not row[EMAIL] and row[RESPONDENT_ID] != ""),
        "line break in a text": rows_where(lambda row: "\n" in row[TEXT]),
        "text with a leading =": rows_where(lambda row: row[TEXT].startswith("=")),
        "text with a leading -": rows_where(lambda row: row[TEXT].startswith("-")),
        "text that says N/A": rows_where(lambda row: row[TEXT].upper() == "N/A"),
        "addresses shared by two people": len(shared_addresses()),
        "people whose address changes capitals": sum(len(ways) > 1 for ways in spellings().values()),
    }


def read_csv(name: str, encoding: str, delimiter: str) -> list[tuple[str, ...]]:
    with (FOLDER / name).open(encoding=encoding, newline="") as file:
        return [tuple(row) for row in csv.reader(file, delimiter=delimiter)]


def as_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return "" if cell is None else str(cell)


def test_the_same_seed_gives_the_same_export() -> None:
    assert generate(60, 7, AS_OF) == generate(60, 7, AS_OF)


def test_another_seed_gives_another_export() -> None:
    assert generate(60, 7, AS_OF).rows != generate(60, 8, AS_OF).rows


def test_the_committed_export_is_what_the_generator_makes() -> None:
    assert read_csv("csat.csv", "utf-8-sig", ",") == [SAMPLE.header, *SAMPLE.rows]


def test_the_committed_text_files_are_what_the_command_writes(tmp_path: Path) -> None:
    main(tmp_path)
    for name in ("csat.csv", "csat.windows-1252.csv", "crm-contacts.csv"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_the_windows_file_holds_the_same_rows() -> None:
    assert read_csv("csat.windows-1252.csv", "cp1252", ";") == [SAMPLE.header, *SAMPLE.rows]


def test_the_workbook_holds_the_same_rows_and_no_formula() -> None:
    sheet = load_workbook(FOLDER / "csat.xlsx")["Responses"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    rows = [tuple(as_text(value) for value in row) for row in sheet.iter_rows(values_only=True)]

    assert rows == [SAMPLE.header, *SAMPLE.rows]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}


def test_a_workbook_written_again_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_xlsx(generate(20, 7, AS_OF), tmp_path / name)

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_first_file_starts_with_a_byte_order_mark_and_lines_end_as_on_windows() -> None:
    content = (FOLDER / "csat.csv").read_bytes()

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == len(ROWS) + 1


@pytest.mark.parametrize("name", ["csat", "csat.windows-1252", "csat.xlsx"])
def test_every_column_is_either_mapped_or_dropped(name: str) -> None:
    mapping = yaml.safe_load((FOLDER / f"{name}.mapping.yaml").read_text("utf-8"))

    used = [*mapping["columns"].values(), *mapping["drop"], mapping["cycle"]["column"]]
    assert sorted(used) == sorted(HEADER)


def test_there_are_thousands_of_answers_over_six_cycles_of_hundreds() -> None:
    sizes = Counter(row[CYCLE] for row in ROWS)

    assert len(ROWS) >= 2600
    assert sorted(sizes) == ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert min(sizes.values()) >= 300


def test_the_same_people_answer_in_several_cycles() -> None:
    taken_part = defaultdict(set)
    for row in ROWS:
        taken_part[row[RESPONDENT_ID]].add(row[CYCLE])

    assert sum(len(cycles) > 1 for cycles in taken_part.values()) > RESPONDENTS / 2


def test_half_the_answers_are_english_and_two_fifths_swedish() -> None:
    shares = {language: count / len(ROWS) for language, count in Counter(r[LANGUAGE] for r in ROWS).items()}

    assert shares["en"] == pytest.approx(0.5, abs=0.05)
    assert shares["sv"] == pytest.approx(0.4, abs=0.05)
    assert all(0.015 < shares[language] < 0.06 for language in ("no", "da", "de"))


def test_most_people_are_content_and_some_are_not() -> None:
    scores = [int(row[SCORE]) for row in ROWS if row[SCORE].isdigit()]

    assert 0.4 < sum(score >= 9 for score in scores) / len(scores) < 0.65
    assert 0.1 < sum(score <= 6 for score in scores) / len(scores) < 0.25


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 10, 1), date(2026, 12, 31), date(2028, 2, 29)])
def test_no_answer_is_in_the_future_or_changed_before_it_was_given(as_of: date) -> None:
    for row in generate(80, 3, as_of).rows:
        completed, modified = moment(row[2]), moment(row[3])
        assert modified is not None
        assert modified.date() <= as_of
        assert modified.hour not in (2, 3)
        if completed:
            assert completed <= modified
            assert completed.hour not in (2, 3)
            assert (as_of - completed.date()).days <= 549


def test_each_kind_of_mess_is_there_at_least_five_times() -> None:
    assert {kind: count for kind, count in mess().items() if count < 5} == {}


def test_the_readme_tells_how_much_mess_there_is() -> None:
    table = re.findall(
        r"^\| ([^|]+?) +\| +(\d+) \|$", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE
    )

    assert {kind: int(count) for kind, count in table} == mess()


@pytest.mark.parametrize("respondents", [100, 300, RESPONDENTS])
def test_between_half_a_percent_and_two_percent_cannot_be_imported(respondents: int) -> None:
    rows = [dict(zip(HEADER, row, strict=True)) for row in generate(respondents, SEED, AS_OF).rows]
    unusable = sum(any(holds(row) for holds in UNUSABLE.values()) for row in rows)

    assert 0.005 <= unusable / len(rows) <= 0.02


def test_a_late_edit_changes_the_score_or_the_text_at_a_later_time() -> None:
    first: dict[str, Row] = {}
    for row in ROWS:
        earlier = first.setdefault(row[RESPONSE_ID], row)
        if row != earlier:
            assert row[MODIFIED] > earlier[MODIFIED]
            assert (row[SCORE], row[TEXT]) != (earlier[SCORE], earlier[TEXT])


def test_a_shared_address_is_used_in_several_cycles() -> None:
    for address in shared_addresses():
        assert len({row[CYCLE] for row in ROWS if row[EMAIL].casefold() == address}) > 1


def test_every_address_is_under_a_reserved_domain() -> None:
    written = [row[EMAIL] for row in ROWS if row[EMAIL]]
    written += [word.rstrip(".") for text in TEXTS for word in re.findall(r"\S+@\S+", text)]

    assert [address for address in written if not RESERVED.fullmatch(address)] == []


def test_some_addresses_have_tags_capitals_or_letters_beyond_ascii() -> None:
    assert rows_where(lambda row: "+" in row[EMAIL]) >= 5
    assert rows_where(lambda row: row[EMAIL] != row[EMAIL].lower()) >= 5
    assert rows_where(lambda row: not row[EMAIL].isascii()) >= 1


def test_phone_numbers_and_personal_numbers_in_texts_belong_to_nobody() -> None:
    reserved = re.compile(
        r"(46|0)(701740(60[5-9]|6[1-9]\d)|8465004\d\d)|(44|0)7700900\d{3}|(1?\d{3})?55501\d\d"
    )
    checked = Counter[str]()
    for text in TEXTS:
        for number in PERSONNUMMER.finditer(text):
            if number.group(0).startswith(("18", "19121212", "121212")):
                assert luhn_digit(number.group(1) + number.group(2)) == int(number.group(3))
                checked["personnummer"] += 1
                text = text.replace(number.group(0), "")
        for phone in PHONE.findall(text):
            assert reserved.fullmatch(re.sub(r"\D", "", phone)), phone
            checked["phone"] += 1
    assert checked["personnummer"] >= 10
    assert checked["phone"] >= 40


def test_many_writers_give_themselves_away() -> None:
    own = rows_where(lambda row: any(row[name] and row[name] in row[TEXT] for name in (EMAIL, "First Name")))

    assert own > 0.05 * len(TEXTS)


def test_most_texts_are_distinct() -> None:
    assert len(set(TEXTS)) > 0.75 * len(TEXTS)


def test_most_references_exist_in_the_crm_and_a_few_do_not() -> None:
    references = {row[CRM] for row in ROWS if row[CRM]}

    assert set(SAMPLE.crm_contacts) <= references
    assert len(SAMPLE.crm_contacts) / len(references) == pytest.approx(0.97, abs=0.005)
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", each) for each in references)


def test_names_are_written_on_one_line() -> None:
    assert (
        rows_where(lambda row: re.search(r"\s\s|\n", f"{row['First Name']}|{row['Last Name']}") is not None)
        == 0
    )


def test_there_are_words_enough() -> None:
    def sentences(language: str) -> int:
        phrases = PHRASES[language]
        return sum(
            map(len, (phrases.praise, phrases.mixed, phrases.complaint, phrases.personal, phrases.short))
        )

    assert sentences("en") >= 120
    assert sentences("sv") >= 90
    assert min(sentences(language) for language in ("no", "da", "de")) >= 15
    assert min(len(set(NAMES["Sweden"].first)), len(set(NAMES["Sweden"].last))) >= 60
    assert all(min(len(set(names.first)), len(set(names.last))) >= 15 for names in NAMES.values())
    assert sum(map(len, WORKPLACES.values())) >= 60


def test_a_tiny_sample_can_be_made() -> None:
    sample = generate(1, SEED, AS_OF)

    assert isinstance(sample, Sample)
    assert sample.rows
