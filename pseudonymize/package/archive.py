"""A package as one encrypted file: ZIP with AES-256 (WinZip AE-2), opened by a passphrase."""

import csv
import io
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyzipper
from jsonschema import Draft202012Validator

from data.errors import VerificationFailed
from data.stores.response_files import bring_to_disk
from governance.spoken import Language
from pseudonymize.package.page import page

#: Nobody mistakes one of these for another when reading them out.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 6, 5
_COLUMNS = (
    *("vendor", "survey", "cycle", "response_id", "name", "address", "answered_at", "modified_at"),
    *("collected_at", "score", "scale_minimum", "scale_maximum", "text", "text_language"),
    *("role", "workplace", "country", "in_use", "policy"),
)


@dataclass(frozen=True, slots=True)
class Order:
    """How a package is made: for whom to read, what is covered, and by which passphrase it opens.

    `covered` are the numbers of texts that stay out, `cover_all` leaves all of them out.
    """

    language: Language
    portable: bool
    passphrase: str = field(repr=False)
    covered: Collection[int] = ()
    cover_all: bool = False


def new_passphrase() -> str:
    """A passphrase that nobody can guess: 30 letters in groups, 148 bits.

    The format derives its key with few rounds of PBKDF2, so that the strength has to be in the passphrase.
    """
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def check(content: Mapping[str, Any]) -> None:
    """Raise `VerificationFailed` where a package is not as `schema.json` says."""
    if mistakes := sum(1 for _ in _validator().iter_errors(content)):
        raise VerificationFailed(f"the package is not as its schema says, in {mistakes} places")


def write(path: Path, content: Mapping[str, Any], order: Order) -> None:
    """Write a package, whole or not at all. A stop may leave a file beside it, `CASE.new`."""
    portable = order.portable
    parts = _portable(content) if portable else {"your-data.html": page(content, order.language)}
    name = "answers.json" if portable else "your-data.json"
    parts |= {name: json.dumps(content, indent=2, ensure_ascii=False) + "\n", "schema.json": schema()}
    path.parent.mkdir(mode=0o700, exist_ok=True)
    begun = path.with_suffix(".new")
    begun.touch(mode=0o600)
    with pyzipper.AESZipFile(
        begun, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as file:
        file.setpassword(order.passphrase.encode())
        file.setencryption(pyzipper.WZ_AES, nbits=256)
        for part, text in parts.items():
            file.writestr(part, text)
    bring_to_disk(begun, path.parent)
    begun.replace(path)
    bring_to_disk(path, path.parent)


def schema() -> str:
    """The published schema of a package, JSON Schema 2020-12."""
    return (files("pseudonymize.package") / "schema.json").read_text("utf-8")


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema()))


def _portable(content: Mapping[str, Any]) -> dict[str, str]:
    """The answers as a table, RFC 4180; its columns are those of an answer in the schema."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS)
    writer.writeheader()
    writer.writerows({name: _plain(one[name]) for name in _COLUMNS} for one in content["answers"])
    return {"answers.csv": out.getvalue()}


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool) else value
