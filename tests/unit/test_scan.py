"""The scanner finds a word however it was written down, and does not repeat it."""

import base64
import html
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.scan import Hit, Scanner

NEEDLES = ["Nobodyborg", "Åsgårdine Öxnehäll", "asgardine@canary.example"]

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "case folded": lambda text: text.casefold().encode(),
    "upper case": lambda text: text.upper().encode(),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.upper().encode("utf-16-be"),
    "Windows-1252": lambda text: text.encode("windows-1252"),
    "URL": lambda text: quote(text, safe="").encode(),
    "URL form": lambda text: quote_plus(text).lower().encode(),
    "JSON": lambda text: json.dumps(text).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text, ensure_ascii=False)).encode(),
    "HTML": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
    "Python bytes": lambda text: repr(text.encode()).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "upper hex": lambda text: text.casefold().encode().hex().upper().encode(),
    "Base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16")),
    "URL-safe Base64": lambda text: base64.urlsafe_b64encode(text.encode()),
    "wrapped Base64": lambda text: base64.encodebytes(bytes(50) + text.encode() + bytes(50)),
    "wrapped Base64 in JSON": lambda text: json.dumps(
        base64.encodebytes(bytes(50) + text.encode()).decode()
    ).encode(),
}


def found_in(data: bytes) -> set[int]:
    scanner = Scanner(NEEDLES)
    scanner.output("planted", b"\x00 before " + data + b" after \xff")
    return {hit.needle for hit in scanner.found.hits}


@pytest.mark.parametrize("needle", range(len(NEEDLES)))
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_word_is_found_in_every_encoding(encoding: str, needle: int) -> None:
    assert found_in(ENCODINGS[encoding](NEEDLES[needle])) == {needle}


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(3))
def test_a_word_is_found_at_every_place_in_base64(before: int, after: int) -> None:
    data = base64.b64encode(b"x" * before + NEEDLES[0].encode() + b"y" * after)
    assert found_in(data) == {0}


def test_other_words_are_not_found() -> None:
    assert not found_in(
        b"Nobody, Borg, \xc3\x85sg\xc3\xa5rd, canary.example" + base64.b64encode(b"Nobody borg")
    )


def test_a_word_is_found_across_the_pieces_of_a_large_file(tmp_path: Path) -> None:
    block = 4 << 20
    (tmp_path / "large").write_bytes(b"." * (block - 5) + NEEDLES[0].encode() + b"." * block)
    assert scanned(tmp_path).hits == {Hit(f"{tmp_path.name}/large", "plain", 0)}


def test_a_word_is_found_in_a_file_and_in_its_path(tmp_path: Path) -> None:
    (tmp_path / "of Nobodyborg").write_bytes(b"nothing")
    (tmp_path / "plain").write_bytes(b"by NOBODYBORG")
    hits = scanned(tmp_path).hits
    assert hits == {Hit("path 0", "plain", 0), Hit(f"{tmp_path.name}/plain", "plain", 0)}
    assert "nobodyborg" not in str(hits).lower()


def test_a_word_is_found_in_a_table_even_where_its_bytes_do_not_stand_together(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "some.db") as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("CREATE TABLE notes (id INTEGER, body TEXT)")
        connection.executemany(
            "INSERT INTO notes VALUES (1, ?)", [("." * n + "Nobodyborg" * 100,) for n in range(9)]
        )
    hits = scanned(tmp_path).hits
    assert Hit(f"{tmp_path.name}/some.db: notes.body", "plain", 0) in hits


def test_a_word_is_found_in_a_database_that_was_cut_off_in_the_middle_of_a_write(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "some.db") as connection:
        connection.execute("CREATE TABLE notes (body TEXT)")
    (tmp_path / "some.db-journal").write_bytes(b"Nobodyborg")
    found = scanned(tmp_path)
    assert {hit.place for hit in found.hits} == {f"{tmp_path.name}/some.db-journal"}
    assert not found.unreadable


def test_a_word_is_found_in_a_compressed_column(tmp_path: Path) -> None:
    for codec in ("zstd", "snappy", "gzip"):
        pq.write_table(table_of_words(), tmp_path / codec, compression=codec, write_statistics=False)
        assert NEEDLES[0].encode() not in (tmp_path / codec).read_bytes()
    places = {hit.place for hit in scanned(tmp_path).hits}
    assert {f"{tmp_path.name}/{codec}: words" for codec in ("zstd", "snappy", "gzip")} <= places


def test_a_word_is_found_in_a_column_of_a_file_that_was_never_finished(tmp_path: Path) -> None:
    pq.write_table(table_of_words(), tmp_path / "whole", compression="zstd", write_statistics=False)
    whole = (tmp_path / "whole").read_bytes()
    (tmp_path / "whole").write_bytes(whole[: len(whole) // 2])
    found = scanned(tmp_path)
    assert {hit.place for hit in found.hits} == {f"{tmp_path.name}/whole unpacked 0"}
    assert found.unreadable == [f"{tmp_path.name}/whole"]


def test_a_scan_says_what_it_has_looked_at(tmp_path: Path) -> None:
    pq.write_table(table_of_words(), tmp_path / "columns")
    (tmp_path / "text").write_bytes(b"12345")
    (tmp_path / "broken").write_bytes(b"SQLite format 3\x00 and no more")
    found = scanned(tmp_path)
    assert [name.split("/")[1] for name in found.files] == ["broken", "columns", "text"]
    assert (found.columns, found.unreadable) == (1, [f"{tmp_path.name}/broken"])
    assert found.size == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_words_that_chance_could_write_are_not_looked_for() -> None:
    with pytest.raises(AssertionError):
        Scanner(["Anna"])


def table_of_words() -> pa.Table:
    # Compression that has something to do: no word of the text stands in the file as it is.
    return pa.table({"words": [f"{'Nobody borg ' * 50} Nobodyborg {n}" for n in range(200)]})


def scanned(folder: Path):
    scanner = Scanner(NEEDLES)
    scanner.folder(folder)
    return scanner.found
