"""Raw personal data in memory. Of these types only `Found` leaves this package; it shows ids and counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn


class Raw:
    """A value that cannot be printed, pickled or copied by accident.

    Orchestrators pickle what tasks return and log what they see; both must fail here rather than
    keep somebody's name.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: raw personal data>"

    def __reduce_ex__(self, _protocol: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds raw personal data and cannot be pickled or copied")


@dataclass(frozen=True, slots=True, repr=False)
class RawRow(Raw):
    """One row of an export, all cells as text by column name.

    `number` counts as a spreadsheet does, the header being row 1. `ragged` is true where the row
    has another number of cells than the header; then `cells` are named by position.
    """

    number: int
    cells: dict[str, str]
    ragged: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class RawResponse(Raw):
    """One validated answer, still with everything that identifies its writer. Times are UTC.

    `email` is canonical (see `normalize`), `email_given` as it was written; `name` is the display name;
    `given` are job title, workplace and country as they were written, for the digest of the content. Where
    something of it was corrected, `written` is the row as the export has it, `mark` the last correction.
    """

    row: int
    response_id: str
    respondent_id: str
    crm_reference: str
    name: str
    email: str
    email_given: str
    answered_at: datetime
    modified_at: datetime | None
    cycle: str
    score: int | None
    text: str
    language: str
    role: str
    workplace: str
    country: str
    given: tuple[str, str, str]
    written: "RawResponse | None" = None
    mark: str = ""
