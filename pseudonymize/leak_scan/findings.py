"""What was found in all places, put together for the report."""

from collections.abc import Iterable

from pseudonymize.leak_scan.candidates import Hits, Searcher
from pseudonymize.leak_scan.digests import Digests
from pseudonymize.leak_scan.places import Expected, File
from pseudonymize.leak_scan.report import LeakReport, PlaceFound, told
from pseudonymize.leak_scan.search import Found, Result, gather, merge, nobody, take_away
from pseudonymize.leak_scan.tables import TOGETHER


class Findings:
    """Puts together what was found. Of a path that names somebody only the folders are told that do not."""

    def __init__(self, searcher: Searcher, unreadable: Iterable[str]) -> None:
        self._searcher = searcher
        self._leaks: list[PlaceFound] = []
        self._expected: list[PlaceFound] = []
        self._hidden: dict[str, str] = {}
        self._unreadable = {self._told(name, Expected.NOTHING) for name in unreadable}

    def names(self, names: Iterable[tuple[str, str]]) -> None:
        """Search names of places that no path of a file tells; those of one place are told together."""
        found: Found = {}
        for place, name in names:
            hits = self._searcher.hits(name.encode(errors="surrogateescape"))
            merge(found.setdefault(place, nobody()), hits)
        for place, hits in found.items():
            self._note(f"{place}: its name", hits, Expected.NOTHING)

    def files(self, files: list[File], results: Iterable[Result]) -> None:
        """Take the results of all tasks on files."""
        found: list[Found] = [{} for _ in files]
        for result in results:
            for place, hits in result.found.items():
                merge(found[result.file].setdefault(place, nobody()), hits)
            if not result.readable:
                file = files[result.file]
                self._unreadable.add(self._told(file.name, file.expected))
        for file, places in zip(files, found, strict=True):
            self._file(file, places)

    def database(self, name: str, pieces: Iterable[tuple[str, bytes]]) -> None:
        """Search a database on a server."""
        found: Found = {}
        try:
            gather(self._searcher, pieces, found)
        except Exception:  # a driver's message may hold a value
            self._unreadable.add(f"{name} database")
        self._inside(f"{name} database", found, Expected.NOTHING)

    def report(self, digests: Digests, files: list[File]) -> LeakReport:
        """All that was found."""
        return LeakReport(
            leaks=tuple(self._leaks),
            expected=tuple(self._expected),
            unreadable=tuple(sorted(self._unreadable)),
            files=len(files),
            bytes=sum(file.size for file in files),
            people=digests.people,
            identifiers=digests.count(),
            not_searched=digests.not_searched,
        )

    def _file(self, file: File, found: Found) -> None:
        name = self._told(file.name, file.expected)
        as_it_stands = found.pop("", nobody())
        for hits in found.values():
            take_away(as_it_stands, hits)
        self._inside(name, found, file.expected)
        self._note(name, as_it_stands, file.expected)

    def _inside(self, name: str, found: Found, expected: Expected) -> None:
        """Tell of what is inside; of columns together only what no single one of them holds."""
        single = [place for place in found if not place.endswith(TOGETHER)]
        for place, hits in sorted(found.items()):
            for other in single if place not in single else ():
                take_away(hits, found[other])
            self._note(f"{name}: {self._told(place, expected)}", hits, expected)

    def _note(self, place: str, hits: Hits, expected: Expected) -> None:
        leaks, allowed = told(place, hits, expected)
        self._leaks += leaks
        self._expected += allowed

    def _told(self, name: str, expected: Expected) -> str:
        if name not in self._hidden:
            hits = self._searcher.hits(name.encode(errors="surrogateescape"))
            named = any(hits.values())
            self._hidden[name] = self._masked(name) if named else name
            self._note(self._hidden[name], hits, expected)
        return self._hidden[name]

    def _masked(self, name: str) -> str:
        """A path without the parts that name somebody, and with a number, since several may look the same."""
        parts = ["…" if self._names(part) else part for part in name.split("/")]
        masked = "/".join(parts)
        return f"{'…' if self._names(masked) else masked} ({len(self._hidden) + 1})"

    def _names(self, text: str) -> bool:
        return any(self._searcher.hits(text.encode(errors="surrogateescape")).values())
