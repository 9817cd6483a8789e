"""How a text may have been written down by a program that did not mean to keep it."""

import base64
import gzip
import html
import io
import json
import quopri
import sqlite3
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "NFD": lambda text: unicodedata.normalize("NFD", text).encode(),
    "upper case": lambda text: text.upper().encode(),
    "case folded": lambda text: text.casefold().encode(),
    "Windows-1252": lambda text: text.encode("windows-1252"),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: unicodedata.normalize("NFD", text).encode("utf-16-be"),
    "URL": lambda text: quote(text, safe="").encode(),
    "URL form": lambda text: quote_plus(text).lower().encode(),
    "JSON": lambda text: json.dumps(text).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)).encode(),
    "HTML": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
    "Python bytes": lambda text: repr(text.encode()).encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "quoted-printable Windows-1252": lambda text: quopri.encodestring(text.encode("windows-1252")),
    "Base64": lambda text: base64.b64encode(text.encode()),
    "URL-safe Base64": lambda text: base64.urlsafe_b64encode(text.encode()),
    "wrapped Base64": lambda text: base64.encodebytes(bytes(50) + text.encode() + bytes(50)),
    "wrapped Base64 in JSON": lambda text: json.dumps(
        base64.encodebytes(bytes(50) + text.encode()).decode()
    ).encode(),
    "Base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16")),
    "hex": lambda text: text.encode().hex().encode(),
    "upper hex": lambda text: text.encode().hex().upper().encode(),
    "hex of UTF-16": lambda text: text.encode("utf-16-le").hex().encode(),
}


def _database(path: Path, data: bytes) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE notes (number INTEGER, body TEXT)")
        rows = [(number, b"nothing") for number in range(50)]
        connection.executemany("INSERT INTO notes VALUES (?, ?)", [*rows, (51, data)])


def _parquet(path: Path, data: bytes) -> None:
    text = pa.array([b"nothing", None, data], pa.binary())
    nested = pa.array([[], None, [{"note": data}]], pa.list_(pa.struct([("note", pa.binary())])))
    pq.write_table(pa.table({"text": text, "nested": nested}), path, compression="zstd")


def _zip(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nothing.txt", "nothing")
        archive.writestr("notes.txt", data)


def _zip_in_zip(path: Path, data: bytes) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", data)
    _zip(path, inner.getvalue())


def _zstandard(path: Path, data: bytes) -> None:
    with pa.CompressedOutputStream(str(path), "zstd") as stream:
        stream.write(data)


def _across_a_border(path: Path, data: bytes) -> None:
    from pseudonymize.leak_scan.blocks import BLOCK

    before = b"lorem ipsum " * (BLOCK // 12 + 1)
    path.write_bytes(before[: BLOCK - len(data) // 2] + b" " + data + b" " + before)


#: How a file of a kind is written that holds some bytes.
CONTAINERS: dict[str, Callable[[Path, bytes], None]] = {
    "text": lambda path, data: path.write_bytes(b"before " + data + b" after") and None,
    "text over a border": _across_a_border,
    "SQLite": _database,
    "Parquet": _parquet,
    "zip": _zip,
    "zip in zip": _zip_in_zip,
    "gzip": lambda path, data: path.write_bytes(gzip.compress(data)) and None,
    "zstd": _zstandard,
}


def write_sheet(path: Path, *cells: str) -> None:
    """A workbook with these cells below each other."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cell in cells:
        sheet.append([cell])
    book.save(path)
