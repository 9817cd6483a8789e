"""CSV exports, read strictly: every cell as text, no value guessed, no row padded or merged."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import InputRefused
from pseudonymize.encodings import codec, refuse_disguised_utf8
from pseudonymize.mapping import Mapping
from pseudonymize.raw import RawRow
from pseudonymize.sources.header import check_header

if TYPE_CHECKING:
    import _csv

#: A field longer than this is an unclosed quote that swallows the file, not an answer.
_LONGEST_FIELD = 1_000_000
_BLOCK = 1 << 20


def rows(path: Path, mapping: Mapping) -> Iterator[RawRow]:
    """The rows of a CSV file. Raises `InputRefused` with line numbers, never with a cell."""
    _check_encoding(path, mapping)
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=codec(mapping.format.encoding), newline="") as file:
        reader = csv.reader(file, delimiter=mapping.format.delimiter, strict=True)
        header = next(_records(path.name, reader), [])
        check_header(path.name, header, mapping)
        for number, cells in enumerate(_records(path.name, reader), start=2):
            if number > mapping.format.header_rows and cells:
                yield _row(number, header, cells)


def _row(number: int, header: list[str], cells: list[str]) -> RawRow:
    if len(cells) != len(header):
        return RawRow(number, {f"cell {i}": cell for i, cell in enumerate(cells, start=1)}, ragged=True)
    return RawRow(number, dict(zip(header, cells, strict=True)))


def _records(file: str, reader: "_csv.Reader") -> Iterator[list[str]]:
    start, problem, hint = 1, "", ""
    try:
        for record in reader:
            yield record
            start = reader.line_num + 1
    except csv.Error as error:
        problem, hint = _explain(str(error))
    if problem:
        raise InputRefused(f"{file}: line {start}: {problem}", hint=hint)


def _explain(error: str) -> tuple[str, str]:
    if "unexpected end of data" in error:
        return "a quote is opened and never closed", "close it, or write a quote inside a text as two"
    if "field larger" in error:
        return "a field is longer than a million characters", "look there for a quote that is never closed"
    if "expected after" in error:
        return "a quoted field goes on after its closing quote", "write a quote inside a text as two"
    return "not well-formed CSV", "export the survey again as CSV UTF-8"


def _check_encoding(path: Path, mapping: Mapping) -> None:
    with path.open("rb") as binary:
        start = binary.read(4)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputRefused(f"{path.name}: the file is UTF-16", hint="save it as CSV UTF-8")
    if start[:4] == b"PK\x03\x04":
        raise InputRefused(
            f"{path.name}: the file is a workbook or an archive, not CSV",
            hint="set format.kind to xlsx in the mapping, or save the sheet as CSV UTF-8",
        )
    _check_lines(path, mapping)
    refuse_disguised_utf8(path, mapping.format.encoding, "set format.encoding to utf-8 in the mapping")


def _check_lines(path: Path, mapping: Mapping) -> None:
    """Refuse a file at its first line that is not text in the mapping's encoding."""
    encoding = mapping.format.encoding
    decoder = codecs.getincrementaldecoder(codec(encoding))()
    number, at_end = 1, False
    with path.open("rb") as file:
        while not at_end:
            piece = file.readline(_BLOCK)  # a line, or a part of one that is longer
            at_end = not piece
            if b"\x00" in piece:
                raise InputRefused(
                    f"{path.name}: line {number}: the file holds NUL bytes: it is not text",
                    hint="save it as CSV UTF-8",
                )
            if not _decodes(decoder, piece, at_end):
                other = "windows-1252" if encoding == "utf-8" else "utf-8"
                raise InputRefused(
                    f"{path.name}: line {number}: the file is not {encoding}",
                    hint=f"if it was saved as {other}, set format.encoding in the mapping",
                )
            number += piece.endswith(b"\n")


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, at_end: bool) -> bool:
    try:
        decoder.decode(piece, final=at_end)
    except UnicodeDecodeError:
        return False
    return True
