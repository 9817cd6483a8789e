"""The free texts of one person, which may name others: somebody reads them before they go out.

The text of an answer is the one that is kept, redacted. That of a row that could not be taken in is redacted
here, also where it is the person's own name that is taken out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from data.store import Subject
from pseudonymize.guess import Unread
from pseudonymize.raw import Raw
from pseudonymize.redaction.people import Answer
from pseudonymize.room import Room

#: A cell of more words may be what somebody has written.
_WORDS_OF_A_CELL = 4


@dataclass(frozen=True, slots=True, repr=False)
class Text(Raw):
    """One text as it may go out; `place` is the key of its answer, or row and column."""

    place: str
    of: str
    text: str


def texts_of(room: Room, subject: Subject, *, portable: bool) -> list[Text]:
    """Every text of a person that was not withheld, oldest answer first, in an order that stays.

    Rows that could not be taken in are no part of what is `portable`.
    """
    columns = ["response_key", "answered_at", "survey", "cycle", "comment"]
    answers = room.responses.rows(room.policy.controller, subject.response_keys, columns)
    found = [
        Text(row["response_key"], f"{row['survey']} {row['cycle']}", row["comment"])
        for row in sorted(answers, key=lambda row: (row["answered_at"], row["response_key"]))
        if row["comment"] is not None and not is_withheld(row["comment"])
    ]
    return found if portable else [*found, *_set_aside(room, subject)]


def rows_of(room: Room, subject: Subject) -> list[tuple[Unread, str, datetime]]:
    """The person's rows in quarantine, with why and since when (UTC) they are there."""
    why = {row.id: (row.reason, row.since) for row in room.quarantine.rows()}
    return [(row, *why[row.id]) for row in room.quarantine.open_all() if row.id in subject.rows]


def is_withheld(text: str) -> bool:
    """Whether nothing is left of a text but why."""
    return text.startswith("<WITHHELD:")


def is_text(value: str) -> bool:
    """Whether a cell of a row that could not be taken in may be a free text."""
    return len(value.split()) > _WORDS_OF_A_CELL


def place_of(row: Unread, column: str) -> str:
    """By which a cell of a row is known."""
    return f"{row.id}/{column}"


def _set_aside(room: Room, subject: Subject) -> Iterator[Text]:
    cells = [
        (place_of(row, column), f"{row.survey}, file row {row.row.number}", value)
        for row, _, _ in rows_of(room, subject)
        for column, value in row.row.cells.items()
        if is_text(value)
    ]
    redacted = room.redactor.redact([Answer(value) for _, _, value in cells]) if cells else []
    for (place, of, _), text in zip(cells, redacted, strict=True):
        yield Text(place, of, text.text)
