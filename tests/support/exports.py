"""Small exports of invented people, as a test wants them."""

import csv
import io
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from governance.policy import load_policy
from governance.yaml_files import read_yaml
from pseudonymize.generalize import Generalizer
from pseudonymize.mapping import Mapping as ColumnMapping
from pseudonymize.raw import RawResponse, RawRow
from pseudonymize.validate import Validator

COLUMNS = {
    "response_id": "Response ID",
    "respondent_id": "Respondent ID",
    "answered_at": "Completed",
    "modified_at": "Last Modified",
    "cycle": "Survey Cycle",
    "score": "Score",
    "text": "Why?",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "crm_reference": "CRM Contact ID",
    "language": "Language",
    "job_title": "Job Title",
    "workplace": "Organisation",
    "country": "Country",
    "ip": "IP Address",
}

MAPPING = """
mapping: 1
controller: sectra
vendor: getfeedback
survey: csat
format: {kind: csv, encoding: utf-8, delimiter: ","}
times: {zone: Europe/Stockholm, pattern: "%Y-%m-%d %H:%M:%S"}
scale: {minimum: 1, maximum: 10}
cycle: {column: Survey Cycle}
columns:
  response_id: Response ID
  respondent_id: Respondent ID
  answered_at: Completed
  modified_at: Last Modified
  score: Score
  text: Why?
  first_name: First Name
  last_name: Last Name
  email: Email
  crm_reference: CRM Contact ID
  language: Language
  job_title: Job Title
  workplace: Organisation
  country: Country
drop: [IP Address]
"""


def answer(number: int, **changes: str) -> dict[str, str]:
    """One good row of the invented person with that number; `changes` by field name."""
    row = {
        "response_id": f"R-{number:05}",
        "respondent_id": f"P-{number:05}",
        "answered_at": "2026-09-01 10:00:00",
        "modified_at": "2026-09-01 10:00:00",
        "cycle": "2026-Q3",
        "score": "9",
        "text": "The viewer is fast and the support is good.",
        "first_name": f"Förnamn{number}",
        "last_name": f"Efternamn{number}",
        "email": f"person{number}@example.com",
        "crm_reference": f"c0ffee00-0000-0000-0000-{number:012}",
        "language": "en",
        "job_title": "Radiologist",
        "workplace": "Norrvik Hospital",
        "country": "Sweden",
        "ip": "192.0.2.1",
    }
    return {**row, **changes}


def csv_text(rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> str:
    """The text of a CSV export with the header of `COLUMNS`."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(COLUMNS.values())
    writer.writerows([row[name] for name in COLUMNS] for row in rows)
    return file.getvalue()


def write_export(
    path: Path, rows: Iterable[Mapping[str, str]], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """A CSV export with the header of `COLUMNS`."""
    path.write_bytes(csv_text(rows, delimiter).encode(encoding))
    return path


def write_workbook(path: Path, rows: Iterable[Mapping[str, Any]], *more_sheets: str) -> Path:
    """The same as an XLSX workbook; `more_sheets` are further, empty sheets."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(list(COLUMNS.values()))
    for row in rows:
        sheet.append([row[name] for name in COLUMNS])
    for name in more_sheets:
        workbook.create_sheet(name)
    workbook.save(path)
    return path


def write_parquet(path: Path, rows: Iterable[Mapping[str, Any]], **types: pa.DataType) -> Path:
    """The same as Parquet; `types` by field name, all else is text."""
    schema = pa.schema([(column, types.get(name, pa.string())) for name, column in COLUMNS.items()])
    named = [{COLUMNS[name]: value for name, value in row.items()} for row in rows]
    pq.write_table(pa.Table.from_pylist(named, schema), path)
    return path


#: How `write_mapping` is told that the export is not CSV.
AS_CSV = 'format: {kind: csv, encoding: utf-8, delimiter: ","}'
AS_WORKBOOK = (AS_CSV, "format: {kind: xlsx}")
AS_PARQUET = (AS_CSV, "format: {kind: parquet}")


def mapping_text(*changes: tuple[str, str]) -> str:
    """The mapping of these exports, with pieces of its text replaced."""
    text = MAPPING
    for old, new in changes:
        assert old in text, f"the mapping has no {old!r}"
        text = text.replace(old, new)
    return text


def write_mapping(path: Path, *changes: tuple[str, str]) -> Path:
    """The same in a file."""
    path.write_text(mapping_text(*changes), "utf-8")
    return path


@cache
def validator(*changes: tuple[str, str]) -> Validator:
    """What validates rows of these exports under the packaged policy."""
    policy = load_policy("sectra")
    mapping = read_yaml(mapping_text(*changes), "mapping.yaml", ColumnMapping)
    return Validator(mapping, policy, Generalizer(policy.categories))


def raw_row(number: int, **changes: str) -> RawRow:
    """`answer` as a source gives it; its row number is its own number."""
    return RawRow(number, {COLUMNS[name]: value for name, value in answer(number, **changes).items()})


def raw_response(number: int, **changes: str) -> RawResponse:
    """`answer` as the validator lets it pass."""
    found = validator()(raw_row(number, **changes))
    assert isinstance(found, RawResponse), found
    return found
