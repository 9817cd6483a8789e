"""`tillit redact` takes personal data out of a file of texts; what it cannot read it refuses in words."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import as_operator, environment

#: Stands in every input that is refused, and may stand in no message.
SECRET = "Xanthippe"
TEXT = "Prata med Karin Lundgren på 070-174 06 05 om visaren."
REDACTED = "Prata med <PERSON_1> på <PHONE> om visaren."


def jsonl(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_an_operator_redacts_a_file(tmp_path):
    (tmp_path / "in.jsonl").write_text(jsonl([{"id": 7, "text": TEXT}]), "utf-8")
    environ = environment(tmp_path)
    done = as_operator("redact", "--input", "in.jsonl", "--output", "out.jsonl", "--json", environ=environ)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == {"texts": 1, "changed": 1, "withheld": 0}
    assert lines(tmp_path / "out.jsonl") == [
        {"id": 7, "redacted": REDACTED, "language": "sv", "removed": {"PERSON": 1, "PHONE": 1}}
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_an_operator_is_refused_in_words(tmp_path):
    done = as_operator(
        "redact", "--input", "no.jsonl", "--output", "out.jsonl", environ=environment(tmp_path)
    )
    assert done.returncode == 3
    assert done.stdout == b""
    assert b"no.jsonl cannot be read: No such file or directory" in done.stderr
    assert not list(tmp_path.iterdir())


def test_each_text_becomes_one_line_in_the_order_of_the_file(tillit, tmp_path):
    rows = [
        {"id": 1, "text": TEXT, "other": "kept out"},
        {"id": "b", "text": "Nej"},
        {"id": 3, "text": "Das System ist schnell, und der Support ist sehr gut, sagt Frau Schmidt."},
        {"id": "1", "text": ""},
        {"id": 12345678901234567890, "text": None},
    ]
    (tmp_path / "in.jsonl").write_text(jsonl(rows), "utf-8")
    assert tillit("redact", "--input", "in.jsonl", "--output", "out.jsonl")[0] == 0
    found = lines(tmp_path / "out.jsonl")
    assert [line["id"] for line in found] == [1, "b", 3, "1", 12345678901234567890]
    assert [line["redacted"] for line in found] == [REDACTED, "Nej", "<WITHHELD:language>", "", ""]
    assert [line["removed"] for line in found] == [{"PERSON": 1, "PHONE": 1}, {}, {"WITHHELD": 1}, {}, {}]
    assert all(list(line) == ["id", "redacted", "language", "removed"] for line in found)


def test_the_counts_are_told(tillit, tmp_path):
    texts = [TEXT, "Nej", "Das System ist schnell, und der Support ist sehr gut, sagt Frau Schmidt."]
    (tmp_path / "in.jsonl").write_text(jsonl({"id": n, "text": t} for n, t in enumerate(texts)), "utf-8")
    code, printed = tillit("redact", "--input", "in.jsonl", "--output", "out.jsonl", "--json")
    assert (code, json.loads(printed)) == (0, {"texts": 3, "changed": 1, "withheld": 1})
    code, printed = tillit("redact", "--input", "in.jsonl", "--output", "out.jsonl")
    assert code == 0
    assert [line.split() for line in printed.splitlines() if "withheld" in line] == [["withheld", "1"]]


CSV_TEXTS = ["Visaren är bra, säger Karin Lundgren på kliniken; tack.", 'Han sa "nej"\nett\r\nåäö ÅÄÖ', ""]
CSV_EXPECTED = ["Visaren är bra, säger <PERSON_1> på kliniken; tack.", *CSV_TEXTS[1:]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize(("delimiter", "ending"), [(",", "csv"), (";", "csv"), ("\t", "tsv"), (",", "CSV")])
def test_a_csv_file_is_read_as_programs_write_it(tillit, tmp_path, delimiter, ending, encoding):
    source = tmp_path / f"in.{ending}"
    with source.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["id", "score", "text"])
        writer.writerows([f"å{n}", 9, text] for n, text in enumerate(CSV_TEXTS))
    assert tillit("redact", "--input", source, "--output", "out.jsonl")[0] == 0
    found = lines(tmp_path / "out.jsonl")
    assert [line["id"] for line in found] == ["å0", "å1", "å2"]
    assert [line["redacted"] for line in found] == CSV_EXPECTED


def test_quoted_names_of_columns_are_understood(tillit, tmp_path):
    (tmp_path / "in.csv").write_text('"id","the ""text"", long"\n1,Nej\n', "utf-8")
    options = ("--text-field", 'the "text", long', "--input", "in.csv", "--output", "out.jsonl")
    assert tillit("redact", *options)[0] == 0
    assert lines(tmp_path / "out.jsonl")[0]["redacted"] == "Nej"


def test_fields_of_other_names_are_read(tillit, tmp_path):
    row = {"Response ID": "r-1", "Comment": TEXT, "text": SECRET, "id": 5}
    (tmp_path / "in.ndjson").write_text(jsonl([row]), "utf-8")
    options = ("--text-field", "Comment", "--id-field", "Response ID")
    assert tillit("redact", "--input", "in.ndjson", "--output", "out.jsonl", *options)[0] == 0
    (found,) = lines(tmp_path / "out.jsonl")
    assert (found["id"], found["redacted"]) == ("r-1", REDACTED)


def test_a_spreadsheet_saved_as_windows_1252_is_read(tillit, tmp_path):
    content = f"id;text\r\n1;Frågan är ställd av {SECRET} Åkerström på förmiddagen.\r\n"
    (tmp_path / "in.csv").write_bytes(content.encode("cp1252"))
    options = ("--input", "in.csv", "--output", "out.jsonl", "--encoding", "windows-1252")
    assert tillit("redact", *options)[0] == 0
    (found,) = lines(tmp_path / "out.jsonl")
    assert found["redacted"] == "Frågan är ställd av <PERSON_1> på förmiddagen."


def test_what_is_known_of_the_writer_is_taken_out(tillit, tmp_path):
    row = {
        "id": 1,
        "text": "visaren är snabb, tycker quivoxi zarblat, och qz@norrvik.se är min adress",
        "first": "Quivoxi",
        "last": "Zarblat",
        "mail": "qz@norrvik.se",
        "empty": None,
    }
    (tmp_path / "in.jsonl").write_text(jsonl([row]), "utf-8")
    options = ("--known-fields", "first, last,mail,empty", "--language", "sv")
    assert tillit("redact", "--input", "in.jsonl", "--output", "out.jsonl", *options)[0] == 0
    (found,) = lines(tmp_path / "out.jsonl")
    assert found["redacted"] == "visaren är snabb, tycker <PERSON_1>, och <EMAIL> är min adress"


def test_a_declared_language_is_believed(tillit, tmp_path):
    (tmp_path / "in.jsonl").write_text(jsonl([{"id": 1, "text": "helt okej för mig"}]), "utf-8")
    for language in ("sv", "en", "no", "da"):
        options = ("--input", "in.jsonl", "--output", "out.jsonl", "--language", language)
        assert tillit("redact", *options)[0] == 0
        assert lines(tmp_path / "out.jsonl")[0]["language"] == language


def test_an_empty_file_gives_an_empty_file(tillit, tmp_path):
    (tmp_path / "in.jsonl").write_text("\n\n", "utf-8")
    assert tillit("redact", "--input", "in.jsonl", "--output", "out.jsonl")[0] == 0
    assert (tmp_path / "out.jsonl").read_text() == ""


def test_strange_values_of_json_are_no_trouble(tillit, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "Karin\\ud800 \\u0000 Lundgren"}\r\n', "utf-8")
    assert tillit("redact", "--input", "in.jsonl", "--output", "out.jsonl")[0] == 0
    (found,) = lines(tmp_path / "out.jsonl")
    assert "Karin" not in found["redacted"]


GOOD = jsonl([{"id": 1, "text": f"{SECRET} {SECRET}"}])
TAIL = jsonl([{"id": 3, "text": SECRET}])
REFUSED = {
    "a wrong ending": ("in.txt", GOOD, (), 3, "in.txt: its name ends neither in .jsonl nor in .csv"),
    "not UTF-8": ("in.jsonl", GOOD.encode() + b'{"id": 2, "text": "\xe5"}\n', (), 3, "the file is not utf-8"),
    "UTF-16": ("in.jsonl", GOOD.encode("utf-16"), (), 3, "the file is not utf-8"),
    "cp1252 unsaid": ("in.csv", f"id;text\n1;å {SECRET}".encode("cp1252"), (), 3, "give the --encoding"),
    "UTF-8 said to be Windows-1252": (
        "in.csv", f"id,text\n1,å {SECRET}\n", ("--encoding", "windows-1252"), 3, "UTF-8, not windows-1252",
    ),
    "bytes that Windows-1252 has not": (
        "in.csv", b"id,text\n1,\x81\xe5\n", ("--encoding", "windows-1252"), 3, "the file is not windows-1252",
    ),
    "an unknown encoding": ("in.jsonl", GOOD, ("--encoding", "mac-roman"), 2, "'utf-8', 'windows-1252'"),
    "no JSON": ("in.jsonl", f"{GOOD}{SECRET}\n{TAIL}", (), 3, "in.jsonl: row 2 is not a JSON object"),
    "a JSON list": ("in.jsonl", f'{GOOD}["{SECRET}"]\n', (), 3, "in.jsonl: row 2 is not a JSON object"),
    "a half row": ("in.jsonl", GOOD + f'{{"id": 2, "text": "{SECRET}', (), 3, "row 2 is not a JSON object"),
    "no text": ("in.jsonl", GOOD + '{"id": 2}\n', (), 3, "in.jsonl: row 2 has no field 'text'"),
    "no id": ("in.jsonl", GOOD + f'{{"text": "{SECRET}"}}\n', (), 3, "in.jsonl: row 2 has no field 'id'"),
    "a number as text": ("in.jsonl", GOOD + '{"id": 2, "text": 5}\n', (), 3, "row 2: the text is no string"),
    "a list as id": ("in.jsonl", '{"id": [1], "text": "x"}\n', (), 3, "the id neither string nor number"),
    "no such text field": ("in.jsonl", GOOD, ("--text-field", "answer"), 3, "row 1 has no field 'answer'"),
    "no such id field": ("in.jsonl", GOOD, ("--id-field", "key"), 3, "row 1 has no field 'key'"),
    "no such known field": ("in.jsonl", GOOD, ("--known-fields", "name"), 3, "row 1 has no field 'name'"),
    "a ragged CSV row": (
        "in.csv", f"id,text\n1,{SECRET}\n2,{SECRET},{SECRET}\n", (), 3,
        "in.csv: row 3 has another number of cells than the header",
    ),
    "an open quote": ("in.csv", f'id,text\n1,{SECRET}\n2,"{SECRET}\n', (), 3, "not well-formed CSV"),
    "a CSV file without the field": ("in.csv", f"id,answer\n1,{SECRET}\n", (), 3, "row 2 has no field"),
    "an unknown language": ("in.jsonl", GOOD, ("--language", "klingon"), 2, "one of auto, da, en, no, sv"),
    "explaining without a terminal": ("in.jsonl", GOOD, ("--explain",), 2, "it writes to a terminal only"),
    "an output folder that is not there": (
        "in.jsonl", GOOD, ("--output", "none/out.jsonl"), 5, "none/out.jsonl cannot be written: No such file",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "options", "code", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_redacted_is_refused_in_words(tillit, tmp_path, name, content, options, code, says):
    source = tmp_path / name
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    found, printed = tillit("redact", "--input", name, "--output", "out.jsonl", *options)
    assert (found, says in printed) == (code, True), printed
    assert "hint:" in printed
    for value in (SECRET, SECRET.lower(), "Traceback", "Error:"):
        assert value not in printed
    assert list(tmp_path.iterdir()) == [source]


def test_the_output_of_an_earlier_run_stays_where_a_run_is_refused(tillit, tmp_path):
    (tmp_path / "out.jsonl").write_text("before")
    (tmp_path / "in.jsonl").write_text(GOOD + "no JSON\n")
    assert tillit("redact", "--input", "in.jsonl", "--output", "out.jsonl")[0] == 3
    assert (tmp_path / "out.jsonl").read_text() == "before"


def test_a_command_without_an_output_says_what_is_missing(tillit, tmp_path):
    (tmp_path / "in.jsonl").write_text(GOOD)
    code, printed = tillit("redact", "--input", "in.jsonl")
    assert code == 2
    assert "--output" in printed


def test_a_command_without_an_input_says_what_is_missing(tillit):
    code, printed = tillit("redact", "--output", "out.jsonl")
    assert code == 2
    assert "--input" in printed


@pytest.mark.parametrize("output", [".", "in.jsonl/out.jsonl"])
def test_an_output_that_cannot_be_a_file_is_refused_in_words(tillit, tmp_path, output):
    (tmp_path / "in.jsonl").write_text(GOOD)
    code, printed = tillit("redact", "--input", "in.jsonl", "--output", output)
    assert code in (2, 5)
    assert "defect" not in printed
