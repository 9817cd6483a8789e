"""Workbooks, read as text row by row. A formula is refused: its value is somebody else's claim."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import InputRefused
from pseudonymize.mapping import Mapping
from pseudonymize.raw import RawRow
from pseudonymize.sources.header import check_header

_LARGEST_UNPACKED = 1 << 30
_LARGEST_RATIO = 200
_FORMULA = "f"
_OTHER_KIND = "set format.kind in the mapping to what the file is, or export the survey again"

_DAMAGES = (InvalidFileException, KeyError, ValueError, ParseError, zipfile.BadZipFile, zlib.error, OSError)


def rows(path: Path, mapping: Mapping) -> Iterator[RawRow]:
    """The rows of one sheet. Raises `InputRefused` for what is no workbook, a bomb, or a formula."""
    if not openpyxl.DEFUSEDXML:
        raise InputRefused(f"{path.name}: defusedxml is not installed, so no workbook is opened")
    _check_archive(path)
    workbook = _open(path)
    damaged = False
    try:
        yield from _sheet_rows(path.name, _sheet(path.name, workbook, mapping), mapping)
    except _DAMAGES:
        damaged = True
    finally:
        workbook.close()
    if damaged:
        raise InputRefused(f"{path.name}: the file is not an XLSX workbook, or is damaged", hint=_OTHER_KIND)


def _sheet_rows(file: str, sheet: Any, mapping: Mapping) -> Iterator[RawRow]:
    header: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(file, number, cell) for cell in cells]
        while len(texts) > len(header) and not texts[-1] and (header or len(texts) > 1):
            texts.pop()
        if number == 1:
            header = texts
            check_header(file, header, mapping)
        elif number > mapping.format.header_rows and any(texts):
            yield _row(number, header, texts)
    if not header:
        raise InputRefused(f"{file}: the sheet is empty")


def _row(number: int, header: list[str], texts: list[str]) -> RawRow:
    if len(texts) > len(header):
        return RawRow(number, {f"cell {i}": text for i, text in enumerate(texts, start=1)}, ragged=True)
    padded = texts + [""] * (len(header) - len(texts))  # a workbook does not store empty cells at the end
    return RawRow(number, dict(zip(header, padded, strict=True)))


def _text(file: str, number: int, cell: Any) -> str:
    value = cell.value
    if cell.data_type == _FORMULA:
        raise InputRefused(
            f"{file}: row {number} holds a formula",
            hint="copy the sheet and paste it as values, then export again",
        )
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check_archive(path: Path) -> None:
    """Refuse a file that unpacks to far more than it is, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        raise InputRefused(f"{path.name}: the file is not an XLSX workbook", hint=_OTHER_KIND) from None
    if unpacked > _LARGEST_UNPACKED or unpacked > _LARGEST_RATIO * max(path.stat().st_size, 1):
        raise InputRefused(
            f"{path.name}: the workbook would unpack to {unpacked // (1 << 20)} MiB, which looks like a bomb",
            hint="export the survey as CSV",
        )


def _open(path: Path) -> Any:
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=False)
    except Exception:  # noqa: S110 - a file that is no workbook breaks the library in many ways
        pass
    raise InputRefused(f"{path.name}: the file is not an XLSX workbook, or is damaged", hint=_OTHER_KIND)


def _sheet(file: str, workbook: Any, mapping: Mapping) -> Any:
    wanted = mapping.format.sheet
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    if wanted and wanted not in sheets:
        raise InputRefused(
            f"{file}: there is no sheet {wanted!r} among its {len(sheets)}",
            hint="correct format.sheet in the mapping",
        )
    if not wanted and len(sheets) != 1:
        several = "several sheets" if sheets else "no sheet"
        raise InputRefused(f"{file}: the workbook has {several}", hint="name one in format.sheet")
    sheet = sheets[wanted] if wanted else next(iter(sheets.values()))
    sheet.reset_dimensions()  # writers state wrong dimensions, which would cut rows off
    return sheet
