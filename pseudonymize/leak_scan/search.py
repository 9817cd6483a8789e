"""Searches one part of a file, in this process or in one of its own.

Only digests cross the border between processes, never what stands in a file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pseudonymize.leak_scan.blocks import blocks
from pseudonymize.leak_scan.candidates import Hits, Searcher
from pseudonymize.leak_scan.containers import PARQUET, begins_with, inside
from pseudonymize.leak_scan.digests import Digests
from pseudonymize.leak_scan.identifiers import Kind
from pseudonymize.leak_scan.needles import Needles
from pseudonymize.leak_scan.places import Task
from pseudonymize.leak_scan.tables import Piece, footer_size, is_parquet

_BEFORE = 1 << 11  # bytes read again from the part before

#: Hits by where in a file they are; "" for its bytes as they stand.
Found = dict[str, Hits]


@dataclass(frozen=True, slots=True)
class Result:
    """What one task found, and whether all of it could be read."""

    file: int
    found: Found
    readable: bool


_searcher: Searcher | None = None


def begin(digests: Digests, needles: Needles | None) -> None:
    """Make this process ready for `search`."""
    global _searcher
    _searcher = Searcher(digests, needles)


def search(task: Task) -> Result:
    """Do one task in a process that was made ready."""
    assert _searcher is not None  # noqa: S101 - `begin` has made it ready
    return search_file(_searcher, task)


def search_file(searcher: Searcher, task: Task) -> Result:
    """Do one task."""
    found: Found = {}
    try:
        gather(searcher, _pieces(task), found)
    except Exception:  # whatever a reader raises may hold a value; what was not read is told by its place
        return Result(task.file, found, readable=False)
    return Result(task.file, found, readable=True)


def gather(searcher: Searcher, pieces: Iterable[Piece], found: Found) -> None:
    """Search blocks, and add what they hold to what was found."""
    for place, block in pieces:
        hits = searcher.hits(block)
        if any(hits.values()):
            merge(found.setdefault(place, nobody()), hits)


def nobody() -> Hits:
    """No hits of any kind."""
    return {kind: set() for kind in Kind}


def merge(hits: Hits, more: Hits) -> None:
    """Add hits to others."""
    for kind in Kind:
        hits[kind] |= more[kind]


def take_away(hits: Hits, others: Hits) -> None:
    """Leave only those hits that others do not have."""
    for kind in Kind:
        hits[kind] -= others[kind]


def _pieces(task: Task) -> Iterator[Piece]:
    if not task.size:
        yield from inside(task.path)
        return
    start, end = task.start, task.start + task.size
    if begins_with(task.path).startswith(PARQUET) and is_parquet(task.path):
        start = max(start, task.path.stat().st_size - footer_size(task.path))
    if start < end:
        yield from _bytes(task.path, start, end)


def _bytes(path: Path, start: int, end: int) -> Iterator[Piece]:
    first = max(0, start - _BEFORE)
    with path.open("rb") as file:
        file.seek(first)
        yield from (("", block) for block in blocks(file, end - first))
