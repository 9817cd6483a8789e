"""The free texts of one person, which may name others: somebody reads them before they go out.

The text of an answer is the one that is kept, redacted. That of a row that could not be taken in is redacted
here, also where it is the person's own name that is taken out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pseudonymize.find_person import Person
from pseudonymize.guess import Unread, names_of
from pseudonymize.normalize import addresses_in, canonical_name
from pseudonymize.raw import Raw
from pseudonymize.redaction.people import Answer
from pseudonymize.room import Room

#: A cell of more words may be what somebody has written.
_WORDS_OF_A_CELL = 4
_SEVERAL = 2
_WITHHELD = "WITHHELD"


@dataclass(frozen=True, slots=True, repr=False)
class Text(Raw):
    """One text as it may go out; `place` is the key of its answer, or row and column."""

    place: str
    of: str
    text: str


def texts_of(room: Room, person: Person, *, portable: bool) -> list[Text]:
    """Every text of a person that was not withheld, oldest answer first, in an order that stays.

    Rows that could not be taken in are no part of what is `portable`.
    """
    columns = ["response_key", "answered_at", "survey", "cycle", "comment", "comment_removed"]
    answers = room.responses.rows(room.policy.controller, person.subject.response_keys, columns)
    found = [
        Text(row["response_key"], f"{row['survey']} {row['cycle']}", row["comment"])
        for row in sorted(answers, key=lambda row: (row["answered_at"], row["response_key"]))
        if row["comment"] is not None and not is_withheld(row)
    ]
    return found if portable else [*found, *_set_aside(room, person)]


def rows_of(room: Room, person: Person) -> list[tuple[Unread, str, datetime]]:
    """Rows in quarantine that are the person's for certain, with why and since when (UTC) they are there.

    By an address of theirs and their name. What they only share an id with, or an address without a name, and
    rows of which nobody knows which cell is which, may be somebody else's: they are given to nobody.
    """
    why = {row.id: (row.reason, row.since) for row in room.quarantine.rows()}
    rows = [row for row in room.quarantine.open_all() if row.id in person.subject.rows and not row.row.ragged]
    addresses = {i[1] for i in person.identifiers if i[0] in ("address", "person")}
    theirs = [row for row in rows if set(addresses_in(row.cell("email"))) & addresses]
    names = {canonical_name(name) for name in person.names} or set[str]().union(*map(names_of, theirs))
    if not person.names and len(names) >= _SEVERAL:
        return []
    alone = person.sharing < _SEVERAL and all(names_of(row) <= names for row in theirs)
    own = [row for row in theirs if (names_of(row) <= names if names_of(row) else alone)]
    return [(row, *why[row.id]) for row in own]


def is_withheld(row: Mapping[str, Any]) -> bool:
    """Whether nothing is left of the text of an answer but why."""
    return any(kind == _WITHHELD for kind, _ in row["comment_removed"] or ())


def is_text(row: Unread, column: str) -> bool:
    """Whether a cell of a row that could not be taken in may be a free text."""
    return column == row.columns.get("text") or len(row.row.cells[column].split()) > _WORDS_OF_A_CELL


def place_of(row: Unread, column: str) -> str:
    """By which a cell of a row is known."""
    return f"{row.id}/{column}"


def _set_aside(room: Room, person: Person) -> Iterator[Text]:
    cells = [
        (place_of(row, column), f"{row.survey}, file row {row.row.number}", value)
        for row, _, _ in rows_of(room, person)
        for column, value in row.row.cells.items()
        if value.strip() and is_text(row, column)
    ]
    redacted = room.redactor.redact([Answer(value) for _, _, value in cells]) if cells else []
    for (place, of, _), text in zip(cells, redacted, strict=True):
        yield Text(place, of, text.text)
