"""Files of free texts, JSONL or CSV, redacted one batch at a time into JSONL without a raw text."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from data.chunks import chunks
from data.errors import InputRefused
from data.records import RedactedText
from pseudonymize.encodings import Encoding, codec, refuse_disguised_utf8
from pseudonymize.raw import Raw
from pseudonymize.redact import Redactor
from pseudonymize.redaction.people import Answer
from pseudonymize.reports import Progress
from pseudonymize.whole_file import whole_file

_BATCH = 1024
_LONGEST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True)
class TextFields:
    """Which fields of a file hold what. `language` is "" where each text is to tell its own."""

    text: str = "text"
    id: str = "id"
    known: tuple[str, ...] = ()
    language: str = ""
    encoding: Encoding = "utf-8"


@dataclass(frozen=True, slots=True, repr=False)
class TextRow(Raw):
    """One text of a file, the id it had there, and what the file says of its writer."""

    id: str | int
    answer: Answer


def redact_file(
    redactor: Redactor, source: Path, target: Path, fields: TextFields, progress: Progress
) -> dict[str, int]:
    """Redact every text of `source` into `target`, which appears whole or not at all.

    Returns counts: texts, changed, withheld. Raises `InputRefused` with row numbers, never with a value.
    """
    counts = {"texts": 0, "changed": 0, "withheld": 0}
    steps = progress("redacting", None)
    with whole_file(source, target, "utf-8") as out:
        for rows in chunks(text_rows(source, fields), _BATCH):
            redacted = redactor.redact([row.answer for row in rows])
            _write(out, rows, redacted, counts)
            steps(len(rows))
    return counts


def explain_file(
    redactor: Redactor, source: Path, fields: TextFields
) -> Iterator[tuple[str | int, list[tuple[str, str, str]]]]:
    """The id of each text, and the words that would be taken out with their kind and layers."""
    for rows in chunks(text_rows(source, fields), _BATCH):
        found = redactor.explain([row.answer for row in rows])
        yield from zip((row.id for row in rows), found, strict=True)


def text_rows(path: Path, fields: TextFields) -> Iterator[TextRow]:
    """The texts of a file, by its ending JSONL or CSV. Raises `InputRefused`."""
    readers = {".jsonl": _json_rows, ".ndjson": _json_rows, ".csv": _csv_rows, ".tsv": _csv_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputRefused(
            f"{path.name}: its name ends neither in .jsonl nor in .csv", hint="rename the file"
        )
    number = 1
    try:
        refuse_disguised_utf8(path, fields.encoding, "leave out --encoding")
        with path.open(encoding=codec(fields.encoding), newline="") as file:
            for number, row in reader(path.name, file, fields):
                yield _text_row(path.name, number, row, fields)
        return
    except UnicodeDecodeError:
        problem = f"{path.name}: after row {number}: the file is not {fields.encoding}"
        hint = "save it as UTF-8, or give the --encoding it was saved in"
    except OSError as error:
        problem, hint = f"{path} cannot be read: {error.strerror}", "correct --input"
    raise InputRefused(problem, hint=hint)


def _text_row(file: str, number: int, row: dict[str, Any], fields: TextFields) -> TextRow:
    missing = [name for name in (fields.text, fields.id, *fields.known) if name not in row]
    if missing:
        raise InputRefused(
            f"{file}: row {number} has no field {', '.join(map(repr, missing))}",
            hint="see --text-field, --id-field and --known-fields",
        )
    known = [str(row[name]) for name in fields.known if row[name]]
    text, own_id = row[fields.text], row[fields.id]
    if not isinstance(text, str | None) or not isinstance(own_id, str | int):
        raise InputRefused(
            f"{file}: row {number}: the text is no string, or the id neither string nor number"
        )
    names = " ".join(value for value in known if "@" not in value)
    addresses = tuple(value for value in known if "@" in value)
    whole = (
        (text or "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )  # half a character is none
    return TextRow(own_id, Answer(whole, fields.language, names, addresses, bool(fields.language)))


def _json_rows(name: str, file: TextIO, fields: TextFields) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise InputRefused(f"{name}: row {number} is not a JSON object", hint="write one object a line")
        yield number, row


def _csv_rows(name: str, file: TextIO, fields: TextFields) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    first = file.readline()
    delimiter = max(",;\t", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    number = 1
    try:
        for number, cells in enumerate(csv.reader(file, delimiter=delimiter, strict=True), start=2):
            if cells and len(cells) != len(header):
                problem = "has another number of cells than the header"
                break
            if cells:
                yield number, dict(zip(header, cells, strict=True))
        else:
            return
    except csv.Error:
        problem = "and what follows is not well-formed CSV"
    raise InputRefused(f"{name}: row {number} {problem}", hint="a text with a comma or a quote is quoted")


def _write(
    out: TextIO, rows: Sequence[TextRow], redacted: Sequence[RedactedText], counts: dict[str, int]
) -> None:
    for row, result in zip(rows, redacted, strict=True):
        counts["texts"] += 1
        counts["changed"] += bool(result.removed) and "WITHHELD" not in result.removed
        counts["withheld"] += "WITHHELD" in result.removed
        line = {
            "id": row.id,
            "redacted": result.text,
            "language": result.language,
            "removed": dict(result.removed),
        }
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
