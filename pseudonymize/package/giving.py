"""What other rooms may ask of packages: which texts somebody has to read, and the file itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pseudonymize.desk import Found
from pseudonymize.package.archive import Order, write
from pseudonymize.package.contents import contents
from pseudonymize.package.texts import texts_of
from pseudonymize.room import Room


def read_texts(room: Room, found: Found, *, portable: bool) -> list[tuple[str, str]]:
    """The texts of a person that may name others, as they may go out, each with what it is of."""
    return [(one.of, one.text) for one in texts_of(room, found.subject, portable=portable)]


def make_package(room: Room, found: Found, order: Order, told: Mapping[str, Any], path: Path) -> None:
    """Write what is kept of a person to an encrypted file.

    `told` is what other rooms know of them, as `schema.json` says.
    """
    texts = dict(enumerate(texts_of(room, found.subject, portable=order.portable), start=1))
    covered = texts.keys() if order.cover_all else order.covered
    out = {text.place: text for number, text in texts.items() if number not in covered}
    package = contents(room, found.subject, out, told, portable=order.portable)
    write(path, package.content, order)
