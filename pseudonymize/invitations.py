"""A list of people to be invited, without those who are not to be: the survey tool is never asked for it."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from data.errors import InputRefused
from pseudonymize.encodings import Encoding, codec, refuse_disguised_utf8
from pseudonymize.normalize import canonical_email
from pseudonymize.register import Identifier
from pseudonymize.room import Room
from pseudonymize.whole_file import whole_file

#: Why a row is left out, in the words of the counts.
OUT = "erased, objecting, restricted, or wanting no invitations"
SHARED = "at an address shared with one of them"
NO_ADDRESS = "without an address"


@dataclass(frozen=True, slots=True)
class InvitationList:
    """A CSV file of people to be invited, and the column of their addresses."""

    path: Path
    column: str
    encoding: Encoding = "utf-8"


def clear_invitations(room: Room, wanted: InvitationList, target: Path) -> dict[str, int]:
    """Write a list again without those who are not to be invited; whole, or nothing of it.

    Returns counts: rows, those that stay, and those left out by reason. Where several people write from an
    address and one of them is out, nobody there is invited. Raises `InputRefused` with row numbers.
    """
    why = _why(room)
    counts = {"rows": 0, "to be invited": 0, OUT: 0, SHARED: 0, NO_ADDRESS: 0}
    with whole_file(wanted.path, target, codec(wanted.encoding).removesuffix("-sig")) as out:
        _copy(wanted, out, why, counts)
    return counts


def _why(room: Room) -> Callable[[str], str]:
    out, kept, uninvited = room.register.check(), room.register.restrictions(), room.register.uninvited()

    def why(address: str) -> str:
        alone: list[Identifier] = [("address", address)]
        if any(check(alone) for check in (out, kept, uninvited)):
            return OUT
        return SHARED if out([("shared", address)]) else ""

    return why


def _copy(wanted: InvitationList, out: TextIO, why: Callable[[str], str], counts: dict[str, int]) -> None:
    rows = _rows(wanted)
    names, delimiter = next(rows)
    writer = csv.DictWriter(out, names, delimiter=delimiter)
    writer.writeheader()
    for row, _ in rows:
        counts["rows"] += 1
        try:
            reason = why(canonical_email(row[wanted.column]))
        except ValueError:
            reason = NO_ADDRESS
        counts[reason or "to be invited"] += 1
        if not reason:
            writer.writerow(row)


def _rows(wanted: InvitationList) -> Iterator[tuple[Mapping[str, str], str]]:
    """The header and the delimiter, then every row. Raises `InputRefused`."""
    name, number, hint = (
        wanted.path.name,
        1,
        "save it as CSV in UTF-8, or give the --encoding it was saved in",
    )
    try:
        refuse_disguised_utf8(wanted.path, wanted.encoding, "leave out --encoding")
        with wanted.path.open(encoding=codec(wanted.encoding), newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = ";" if ";" in first else ","
            reader = csv.DictReader(file, delimiter=delimiter, strict=True)
            names = list(reader.fieldnames or ())
            if wanted.column not in names or len(set(names)) != len(names):
                raise InputRefused(
                    f"{name}: the header has not one column of that name", hint="give --column NAME"
                )
            yield dict.fromkeys(names, ""), delimiter
            for number, row in enumerate(reader, start=2):
                if None in row or None in row.values():
                    raise InputRefused(f"{name}: row {number} has another number of cells than the header")
                yield row, delimiter
        return
    except OSError as error:
        problem, hint = f"{wanted.path} cannot be read: {error.strerror}", "correct --input"
    except UnicodeDecodeError:
        problem = f"{name} is not {wanted.encoding}"
    except csv.Error:
        problem = f"{name}: after row {number}: this is not CSV"
    raise InputRefused(problem, hint=hint)
