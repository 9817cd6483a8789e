"""Looks for words that must not be anywhere: in files, databases, Parquet columns, output, in many encodings.

What it finds it reports by place, encoding and the number of the word, never the word: a report of a
leak must not be the next one.
"""

import base64
import html
import json
import shutil
import sqlite3
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_plus

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_SHORTEST = 6  # anything shorter turns up by chance in keys and digests
_BLOCK = 4 << 20
_SQLITE = b"SQLite format 3\x00"
_PARQUET = b"PAR1"
_COMPRESSED = ((b"\x1f\x8b\x08", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Where a word was found and how it was written. `needle` is its number among those looked for."""

    place: str
    encoding: str
    needle: int


@dataclass(slots=True)
class Findings:
    """What a scan found, and what it looked at: a scan of nothing finds nothing."""

    hits: set[Hit] = field(default_factory=set)
    size: int = 0
    files: list[str] = field(default_factory=list)
    columns: int = 0
    unreadable: list[str] = field(default_factory=list)


class Scanner:
    """Looks for words. One instance may scan many places; what it found is in `found`."""

    def __init__(self, needles: Sequence[str]) -> None:
        assert all(len(needle) >= _SHORTEST for needle in needles), "a word is too short to be looked for"
        plain, encoded = {}, {}
        for number, needle in enumerate(needles):
            for variant in _variants(needle):
                plain |= {form.lower(): (name, number) for name, form in _plain_forms(variant)}
                encoded |= {form: (name, number) for name, form in _base64_forms(variant)}
        self._plain, self._encoded = _Forms(plain), _Forms(encoded)
        self.found = Findings()

    def output(self, place: str, data: bytes | str) -> None:
        """Look at what a program said."""
        self._look(place, data.encode() if isinstance(data, str) else data)

    def folder(self, folder: Path) -> None:
        """Look at every file below a folder: its path, its bytes, and what can be read out of it."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            self.file(path, f"{folder.name}/{path.relative_to(folder)}")

    def file(self, path: Path, name: str) -> None:
        """Look at one file, called `name` in what is reported."""
        if self._search(name.encode()):
            place = f"path {len(self.found.files)}"  # a path that holds a word must not be reported
            self._note(place, name.encode())
            name = place
        data = path.read_bytes()
        self.found.files.append(name)
        self._look(name, data)
        if data.startswith(_SQLITE):
            self._readable(name, lambda: self._database(name, path))
        elif data.startswith(_PARQUET):
            self._readable(name, lambda: self._parquet(name, data))
        elif zipfile.is_zipfile(path):
            self._readable(name, lambda: self._archive(name, path))

    def _look(self, place: str, data: bytes) -> None:
        self.found.size += len(data)
        self._note(place, data)
        for number, unpacked in enumerate(_unpacked(data)):
            self._note(f"{place} unpacked {number}", unpacked)

    def _note(self, place: str, data: bytes) -> None:
        self.found.hits |= {Hit(place, encoding, needle) for encoding, needle in self._search(data)}

    def _search(self, data: bytes) -> set[tuple[str, int]]:
        joined = data.replace(b"\r", b"").replace(b"\n", b"").replace(b"\\n", b"")
        return self._plain.search(data.lower()) | self._encoded.search(joined)

    def _readable(self, name: str, read: Callable[[], None]) -> None:
        try:
            read()
        except (sqlite3.Error, pa.ArrowException, OSError, zipfile.BadZipFile):
            self.found.unreadable.append(name)

    def _database(self, name: str, path: Path) -> None:
        with tempfile.TemporaryDirectory() as folder, closing(_connect(path, Path(folder))) as connection:
            for table, column, values in _columns(connection):
                self._note(f"{name}: {table}.{column}", b"\n".join(map(_bytes, values)))
                self.found.columns += 1

    def _parquet(self, name: str, data: bytes) -> None:
        table = pq.read_table(BytesIO(data))
        for column in table.column_names:
            self._note(f"{name}: {column}", b"\n".join(map(_bytes, _values(table[column]))))
            self.found.columns += 1

    def _archive(self, name: str, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            for number, part in enumerate(archive.namelist()):
                self._note(f"{name}: part {number}", part.encode() + b"\n" + archive.read(part))


class _Forms:
    """Finds any of many byte strings in one pass: a table of their first three bytes leads to them."""

    def __init__(self, forms: dict[bytes, tuple[str, int]]) -> None:
        self._forms = forms
        self._by_start: dict[bytes, list[bytes]] = {}
        self._starts = np.zeros(1 << 24, bool)
        for form in forms:
            self._by_start.setdefault(form[:5], []).append(form)
            self._starts[form[0] | form[1] << 8 | form[2] << 16] = True

    def search(self, data: bytes) -> set[tuple[str, int]]:
        found = set()
        for first in range(0, len(data), _BLOCK):
            block = np.frombuffer(data[first : first + _BLOCK + 2], np.uint8).astype(np.uint32)
            triples = block[:-2] | block[1:-1] << 8 | block[2:] << 16
            for at in (np.flatnonzero(self._starts[triples]) + first).tolist():
                for form in self._by_start.get(data[at : at + 5], ()):
                    if data.startswith(form, at):
                        found.add(self._forms[form])
        return found


def _variants(needle: str) -> set[str]:
    cases = {needle, needle.casefold(), needle.upper(), needle.title()}
    return {unicodedata.normalize(form, case) for case in cases for form in ("NFC", "NFD")}


def _plain_forms(text: str) -> Iterator[tuple[str, bytes]]:
    """How a text may stand in bytes; where two forms are the same bytes, the last name is reported."""
    yield "URL", quote(text, safe="").encode()
    yield "URL", quote_plus(text, safe="@").encode()
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "HTML", html.escape(text).encode("ascii", "xmlcharrefreplace")
    yield "Python", repr(text.encode())[2:-1].encode()
    if _fits(text, "windows-1252"):
        yield "Windows-1252", text.encode("windows-1252")
    yield "UTF-16 LE", text.encode("utf-16-le")
    yield "UTF-16 BE", text.encode("utf-16-be")
    yield "hex", text.encode().hex().encode()
    yield "plain", text.encode()


def _base64_forms(text: str) -> Iterator[tuple[str, bytes]]:
    raws = {text.encode(), text.encode("utf-16-le")}
    raws |= {text.encode("windows-1252")} if _fits(text, "windows-1252") else set()
    for raw in raws:
        for before in range(3):
            form = _sure_part(raw, before)
            yield "Base64", form
            yield "Base64", form.replace(b"+", b"-").replace(b"/", b"_")


def _sure_part(raw: bytes, before: int) -> bytes:
    """The digits that do not depend on what stands around `raw`, `before` bytes into a group of three."""
    digits = base64.b64encode(bytes(before) + raw)
    return digits[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What is compressed inside, wherever it begins: a Parquet file of a killed run has no footer yet."""
    for magic, codec in _COMPRESSED:
        at = data.find(magic)
        while at >= 0:
            yield _unpack(data[at:], codec)
            at = data.find(magic, at + 1)


def _unpack(data: bytes, codec: str) -> bytes:
    parts: list[bytes] = []
    try:
        with pa.CompressedInputStream(pa.BufferReader(data), codec) as stream:
            while part := stream.read(1):  # a larger piece would be lost with the error that ends it
                parts.append(part)
    except (pa.ArrowException, OSError):
        pass  # what follows is not compressed
    return b"".join(parts)


def _connect(path: Path, folder: Path) -> sqlite3.Connection:
    """A database, which is not to change; with a journal it would, so then a copy in `folder` is opened."""
    journal = path.with_name(f"{path.name}-journal")
    if not journal.exists():
        return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    shutil.copy2(journal, folder)
    return sqlite3.connect(shutil.copy2(path, folder))


def _columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str, Iterable[object]]]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
            rows = connection.execute(f'SELECT "{column}" FROM "{table}"')  # noqa: S608 - names from the schema
            yield table, column, (value for (value,) in rows)


def _values(column: pa.ChunkedArray) -> list[object]:
    text = pa.types.is_string(column.type)  # read as bytes, since it need not be the UTF-8 that it should be
    values: list[object] = (column.cast(pa.binary()) if text else column).to_pylist()
    return values


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")
