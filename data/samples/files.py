"""Writes a sample in the forms that survey vendors export. The same sample gives the same bytes."""

import csv
import re
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.samples.columns import COMPLETED, CRM, MODIFIED, SCORE, TIME_PATTERN
from data.samples.generator import Sample

SHEET = "Responses"
_STAMP = b"2026-01-01T00:00:00Z"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_csv(sample: Sample, path: Path) -> None:
    """UTF-8 with a byte order mark, comma-separated."""
    _write_delimited(sample, path, "utf-8-sig", ",")


def write_windows_1252(sample: Sample, path: Path) -> None:
    """Windows-1252, semicolon-separated, as spreadsheets save it in much of Europe."""
    _write_delimited(sample, path, "cp1252", ";")


def write_crm_contacts(sample: Sample, path: Path) -> None:
    """The references that exist in the CRM, in one column."""
    contacts: list[tuple[str, ...]] = [(reference,) for reference in sample.crm_contacts]
    _write_delimited(Sample((CRM,), contacts, []), path, "utf-8", ",")


def write_xlsx(sample: Sample, path: Path) -> None:
    """One sheet with scores as numbers and times as times. All else is text, never a formula."""
    book = Workbook()
    sheet = book.create_sheet(SHEET)
    book.remove(book["Sheet"])
    for number, row in enumerate((sample.header, *sample.rows), start=1):
        for place, text in enumerate(row):
            _fill(sheet, number, place + 1, _value(sample.header[place], text))
    unstamped = BytesIO()
    book.save(unstamped)
    path.write_bytes(_without_time(unstamped))


def _write_delimited(sample: Sample, path: Path, encoding: str, delimiter: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(sample.header)
        writer.writerows(sample.rows)


def _fill(sheet: Worksheet, row: int, column: int, value: str | int | float | datetime) -> None:
    if value == "":
        return
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"  # otherwise a leading "=" makes the text a formula
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"


def _value(column: str, text: str) -> str | int | float | datetime:
    """The number or the time that the text stands for, or the text itself where it stands for none."""
    with suppress(ValueError):
        if column in (COMPLETED, MODIFIED):
            return datetime.strptime(text, TIME_PATTERN)  # noqa: DTZ007 (a spreadsheet knows no zones)
        if column == SCORE:
            return float(text) if "." in text else int(text)
    return text


def _without_time(book: BytesIO) -> bytes:
    """The same workbook without the time it was saved, so that saving it again changes nothing."""
    fixed = BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", _STAMP, content)
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            new.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return fixed.getvalue()
