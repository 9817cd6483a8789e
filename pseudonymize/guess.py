"""What identifies the writer of a row that cannot be taken in. Pure.

A row of the right length is read by the columns of its mapping; but its cells may be shifted, and an address
is known wherever it stands. In a ragged one nobody knows which cell is which, so each is tried as every kind
of identifier; an id is then long enough, and holds a digit, so that no score is taken for one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from data.records import canonical_reference
from pseudonymize.normalize import addresses_in, canonical_name
from pseudonymize.raw import Raw, RawRow
from pseudonymize.register import Identifier, text_of
from pseudonymize.validate import CELL_ERRORS

#: "Anna Svensson <anna@example.com>" tells whose the cell is; a sentence that names an address does not.
_WORDS_OF_A_CELL = 4
_SHORTEST_ID = 5
_NAME = ("name", "first_name", "last_name")


@dataclass(frozen=True, slots=True, repr=False)
class Unread(Raw):
    """A row that could not be taken in, with the columns that its mapping names by field."""

    row: RawRow
    vendor: str
    survey: str
    columns: Mapping[str, str]
    id: str = ""

    def cell(self, name: str) -> str:
        """The cell of a field, empty where there is none."""
        return self.row.cells.get(self.columns.get(name, ""), "").strip()

    @property
    def cells(self) -> list[str]:
        """The cells that hold something, in order."""
        return [cell.strip() for cell in self.row.cells.values() if cell.strip()]


def itself(row: Unread) -> Identifier:
    """What the row says, by which the same row is known when an export brings it again.

    Of the columns that the mapping names, so that others may come and go; of a ragged row all cells.
    """
    cells = row.cells if row.row.ragged else [row.cell(name) for name in sorted(row.columns)]
    return "row", row.vendor, row.survey, *cells


def texts_of(row: Unread) -> list[Identifier]:
    """By which the text of the row's answer is known where it is to stay out; a ragged row cannot tell."""
    response_id = "" if row.row.ragged else row.cell("response_id")
    is_one = response_id and response_id not in CELL_ERRORS
    return [text_of(row.vendor, row.survey, response_id)] if is_one else []


def response_id_of(row: Unread) -> str:
    """The survey tool's id of the row's answer, empty where the row cannot tell it.

    Its cells may be shifted: what has no digit, or holds an address or a space, is no id but somebody.
    """
    response_id = "" if row.row.ragged else row.cell("response_id")
    is_one = any(c.isdigit() for c in response_id) and not any(c in "@ " for c in response_id)
    return response_id if is_one and response_id not in CELL_ERRORS else ""


def guessed(bad: Unread) -> Iterator[Identifier]:
    """Every identifier of its writer that the row has, or may have."""
    for response in _ids(bad, "response_id"):
        yield "response", bad.vendor, bad.survey, response
    for respondent in _ids(bad, "respondent_id"):
        yield "respondent", bad.vendor, respondent
    for reference in _ids(bad, "crm_reference"):
        yield "reference", canonical_reference(reference)
    addresses = addresses_of(bad)
    for address in addresses:
        yield "address", address
    for address, name in product(addresses, names_of(bad) if addresses else ()):
        yield "person", address, name


def addresses_of(bad: Unread) -> list[str]:
    """Canonical addresses of the row: those of its column, else of cells that hold little else."""
    if not bad.row.ragged and (own := list(addresses_in(bad.cell("email")))):
        return own
    short = (cell for cell in bad.cells if len(cell.split()) <= _WORDS_OF_A_CELL)
    return [address for cell in short for address in addresses_in(cell)]


def names_of(bad: Unread) -> set[str]:
    """Canonical names of the row; of a ragged one every cell, and every two next to each other."""
    if not bad.row.ragged:
        name = canonical_name(" ".join(bad.cell(part) for part in _NAME))
        return {name} - {""}
    cells = bad.cells
    pairs = {canonical_name(f"{one} {other}") for one, other in pairwise(cells)}
    return {canonical_name(cell) for cell in cells} | pairs


def _ids(bad: Unread, name: str) -> Iterable[str]:
    if not bad.row.ragged:
        return [bad.cell(name)] if bad.cell(name) else []
    return [cell for cell in bad.cells if len(cell) >= _SHORTEST_ID and any(c.isdigit() for c in cell)]
