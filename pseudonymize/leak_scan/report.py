"""What a search tells: places and counts, never a value."""

from collections.abc import Mapping
from dataclasses import dataclass

from pseudonymize.leak_scan.candidates import Hits
from pseudonymize.leak_scan.identifiers import Kind
from pseudonymize.leak_scan.places import Expected


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A file, or a column, and how many different addresses, ids and names stand in it.

    `why` says why they are expected there; empty where they are not.
    """

    place: str
    address: int
    id: int
    name: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class LeakReport:
    """The outcome of one search; `not_searched` are identifiers too short to be told from chance, by kind."""

    leaks: tuple[PlaceFound, ...]
    expected: tuple[PlaceFound, ...]
    unreadable: tuple[str, ...]
    files: int
    bytes: int
    people: int
    identifiers: int
    not_searched: Mapping[str, int]

    @property
    def is_clean(self) -> bool:
        """Whether all could be read, and nothing stands where it must not."""
        return not self.leaks and not self.unreadable


def told(place: str, hits: Hits, expected: Expected) -> tuple[list[PlaceFound], list[PlaceFound]]:
    """What was found in one place: what must not be there, and what may."""
    if expected is Expected.RAW:
        return [], _rows(place, hits, expected)
    if expected is Expected.REFERENCES:
        references = {kind: hits[kind] if kind is Kind.REFERENCE else set() for kind in Kind}
        others = {**hits, Kind.REFERENCE: set(), Kind.ID: hits[Kind.ID] - hits[Kind.REFERENCE]}
        return _rows(place, others, Expected.NOTHING), _rows(place, references, expected)
    return _rows(place, hits, expected), []


def _rows(place: str, hits: Hits, expected: Expected) -> list[PlaceFound]:
    ids = hits[Kind.ID] | hits[Kind.REFERENCE]
    if not any(hits.values()):
        return []
    return [PlaceFound(place, len(hits[Kind.ADDRESS]), len(ids), len(hits[Kind.NAME]), expected.value)]
