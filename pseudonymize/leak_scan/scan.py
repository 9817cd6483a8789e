"""The search of all places for everybody in the vault, or for one person, and its report.

Nobody is sought by value: see `digests`. One person is, in a first look: see `needles`, which go to other
processes of this run through a pipe and nowhere else.
"""

import functools
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

from pseudonymize.inbox import RawCopy
from pseudonymize.leak_scan import servers
from pseudonymize.leak_scan.candidates import Searcher
from pseudonymize.leak_scan.digests import Digests, Gathering
from pseudonymize.leak_scan.findings import Findings
from pseudonymize.leak_scan.identifiers import Wanted
from pseudonymize.leak_scan.needles import Needles
from pseudonymize.leak_scan.places import Expected, File, Places, Task, Walk, tasks
from pseudonymize.leak_scan.report import LeakReport
from pseudonymize.leak_scan.search import Result, begin, search, search_file
from pseudonymize.reports import Progress
from pseudonymize.room import Room

_WORTH_PROCESSES = 1 << 26  # bytes
_INBOX = "inbox/"


def search_for_leaks(room: Room, places: Places, progress: Progress) -> LeakReport:
    """Search all places, and the files noted in the inbox, for everybody in the vault."""
    return _scan(room, _everybody(room, progress), places, lambda copy: copy.path.name, progress)


def search_for_one(room: Room, wanted: Wanted, places: Places, progress: Progress) -> LeakReport:
    """The same for the identifiers of one person, whom the vault need not hold any more.

    Files noted in the inbox are told by their ids; see `export_of`.
    """
    gathering = Gathering()
    gathering.add(wanted, people=1)
    return _scan(room, gathering.done(), places, lambda copy: copy.id, progress, Needles.of(wanted))


def export_of(place: str) -> str:
    """The id of the export in which a place lies that was found for one person; empty for any other."""
    return re.split("[/:]", place.removeprefix(_INBOX))[0] if place.startswith(_INBOX) else ""


def _everybody(room: Room, progress: Progress) -> Digests:
    gathering, steps = Gathering(), progress("Reading the vault", room.vault.count())
    for people, responses in room.vault.everything():
        ids = (response_id for some in responses.values() for _, _, response_id in some)
        gathering.add(Wanted.of(people.values(), ids), len(people))
        steps(len(people))
    return gathering.done()


def _scan(
    room: Room,
    digests: Digests,
    places: Places,
    called: Callable[[RawCopy], str],
    progress: Progress,
    needles: Needles | None = None,
) -> LeakReport:
    walk = Walk(places.crm, places.packages)
    now = room.clock.now()
    for copy in room.inbox.remaining():
        if called(copy) != copy.path.name:
            walk.names.append((f"{_INBOX}{called(copy)}", copy.path.name))
        walk.add(f"{_INBOX}{called(copy)}", copy.path, Expected.RAW if now < copy.due else Expected.LATE)
    for name, path in places.folders.items():
        walk.add(name, path)
    searcher = Searcher(digests, needles)
    findings = Findings(searcher, walk.unreadable)
    findings.names(walk.names)
    begun = functools.partial(begin, digests, needles)
    findings.files(walk.files, _results(searcher, begun, walk.files, progress))
    for name, engine in places.databases.items():
        findings.database(name, servers.pieces(engine))
    return findings.report(digests, walk.files)


def _results(
    searcher: Searcher, begun: Callable[[], None], files: list[File], progress: Progress
) -> Iterator[Result]:
    todo = sorted(tasks(files), key=lambda task: -files[task.file].size)
    steps = progress("Searching files", len(todo))
    for result in _done(searcher, begun, todo, sum(file.size for file in files)):
        yield result
        steps(1)


def _done(searcher: Searcher, begun: Callable[[], None], todo: list[Task], size: int) -> Iterator[Result]:
    if size < _WORTH_PROCESSES:
        yield from (search_file(searcher, task) for task in todo)
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), context, begun) as pool:
        yield from pool.map(search, todo)
