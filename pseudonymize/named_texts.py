"""Where somebody is named in what others have written: redaction should have left nothing, but may have."""

import re
import unicodedata
from collections.abc import Iterator

from pseudonymize.room import Room

_GENITIVES = ("", "s")


def answers_naming(room: Room, name: str) -> Iterator[str]:
    """Response keys of the stored comments in which a full name stands, in either order."""
    for file in room.responses.files(room.policy.controller):
        for comments in room.responses.comments(file):
            yield from (comment.response_key for comment in comments if _names(comment.text, name))


def rows_naming(room: Room, name: str) -> Iterator[str]:
    """Ids of the quarantined rows in which it stands, opened in memory."""
    for bad in room.quarantine.open_all():
        if any(_names(cell, name) for cell in bad.cells):
            yield bad.id


def _names(text: str, name: str) -> bool:
    words, spaced = _words(name), f" {' '.join(_words(text))} "
    orders = (words, words[::-1])
    return any(f" {' '.join(order)}{end} " in spaced for order in orders for end in _GENITIVES)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
