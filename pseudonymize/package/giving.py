"""What other rooms may ask of packages: which texts somebody has to read, and the file itself."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pseudonymize.desk import Found
from pseudonymize.package.archive import Order, check, write
from pseudonymize.package.contents import Package, contents
from pseudonymize.package.texts import texts_of
from pseudonymize.raw import Raw
from pseudonymize.room import Room


@dataclass(frozen=True, slots=True, repr=False)
class ToRead(Raw):
    """Texts that may name others, as they may go out, each with what it is of; `digest` is that of all."""

    texts: list[tuple[str, str]]
    digest: str


def read_texts(room: Room, found: Found, *, portable: bool) -> ToRead:
    """The texts of a person that would be given away, for somebody to read them."""
    texts = texts_of(room, found.person, portable=portable) if found.person else []
    whole = json.dumps([(one.place, one.text) for one in texts]).encode()
    digest = hmac.digest(room.ring.domain("record").key, whole, hashlib.sha256).hex()
    return ToRead([(one.of, one.text) for one in texts], digest)


def pack(room: Room, found: Found, order: Order, told: Mapping[str, Any]) -> Package:
    """What is kept of a person, ready to be written. `told` is what other rooms know, as `schema.json` says.

    Raises `VerificationFailed` where it is not as the schema says.
    """
    assert found.person is not None  # noqa: S101 - nothing is given to who is named by others
    texts = dict(enumerate(texts_of(room, found.person, portable=order.portable), start=1))
    covered = texts.keys() if order.cover_all else order.covered
    out = {text.place: text for number, text in texts.items() if number not in covered}
    package = contents(room, found.person, out, told, portable=order.portable)
    check(package.content)
    return package


def write_package(package: Package, order: Order, path: Path) -> None:
    """Write a package to an encrypted file, whole or not at all."""
    write(path, package.content, order)
