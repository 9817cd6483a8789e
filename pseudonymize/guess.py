"""What could identify somebody in a row that cannot be read as it should be: any cell may. Pure."""

from collections.abc import Iterable, Iterator
from itertools import pairwise, product

from pseudonymize.normalize import addresses_in, canonical_name
from pseudonymize.raw import RawRow
from pseudonymize.register import Identifier

#: "Anna Svensson <anna@example.com>" tells whose the cell is; a sentence that names an address does not.
_WORDS_OF_A_CELL = 4


def cells_of(row: RawRow) -> list[str]:
    """The cells of a row that hold something, in order."""
    return [cell.strip() for cell in row.cells.values() if cell.strip()]


def guessed(cells: Iterable[str], vendor: str, survey: str) -> Iterator[Identifier]:
    """Every identifier that a row would have if each cell were the one that holds it."""
    cells = list(cells)
    for value in cells:
        yield "response", vendor, survey, value
        yield "respondent", vendor, value
        yield "reference", value
    addresses = addresses_of(cells)
    for address in addresses:
        yield "address", address
    for address, name in product(addresses, names_of(cells) if addresses else ()):
        yield "person", address, name


def addresses_of(cells: Iterable[str]) -> list[str]:
    """Canonical addresses in cells that hold little else."""
    short = (cell for cell in cells if len(cell.split()) <= _WORDS_OF_A_CELL)
    return [address for cell in short for address in addresses_in(cell)]


def names_of(cells: Iterable[str]) -> set[str]:
    """Every cell, and every two next to each other, as a canonical name."""
    cells = list(cells)
    pairs = {canonical_name(f"{one} {other}") for one, other in pairwise(cells)}
    return {canonical_name(cell) for cell in cells} | pairs
