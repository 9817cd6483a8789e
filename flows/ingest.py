"""Take survey exports in: the files of a named source, or one file with its mapping."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta

from data.errors import InputRefused, UsageError
from data.records import is_label
from flows.wiring import Home
from governance import evidence
from pseudonymize import (
    ExportFile,
    IntakeReport,
    Progress,
    Window,
    discard,
    examine,
    load_mapping,
    named_source,
    quarantined,
    sweep,
    take_in,
    try_again,
)


def exports(
    home: Home, name: str, file: Path | None, mapping: Path | None, survey: str | None = None
) -> list[ExportFile]:
    """The export files that `--source NAME [--file F --mapping M] [--survey ID]` means."""
    if not is_label(name):
        raise UsageError("a source's name has up to 40 letters, digits, dots and dashes")
    if (file is None) != (mapping is None):
        raise UsageError("--file and --mapping go together")
    if file is not None and mapping is not None:
        files, how = [file], load_mapping(mapping)
    else:
        source = named_source(home.settings.sources, name)
        files, how = source.files(), load_mapping(source.mapping)
    if survey not in (None, how.survey):
        raise UsageError(f"the mapping is for the survey {how.survey}, not for the one asked for")
    _outside_home(home, files)
    return [ExportFile(path, how) for path in files]


def consumes(home: Home, name: str, file: Path | None) -> bool:
    """Whether a named source's files are deleted after their commit."""
    return file is None and named_source(home.settings.sources, name).consume


def ingest(
    home: Home,
    export: ExportFile,
    name: str,
    since: date | None,
    until: date | None,
    consume: bool,
    progress: Progress,
) -> IntakeReport:
    """Import one export file. `since` and `until` are local dates of answers, both included.

    `consume` deletes the file after its commit.
    """
    if consume and (since or until):
        raise UsageError("--consume deletes the whole file, --since and --until take a part of it")
    window, room = _window(export, since, until), home.room(export.mapping.controller)
    with home.lock():
        report = take_in(room, export, name, window, progress)
        if consume:
            export.consume()
            sweep(room)
    return report


def ingest_all(
    home: Home,
    exports: Iterable[ExportFile],
    name: str,
    since: date | None,
    until: date | None,
    consume: bool,
    progress: Progress,
) -> Iterator[IntakeReport]:
    """Import several files. Those that are refused do not hold up the others; they are raised at the end."""
    return _each(exports, lambda export: ingest(home, export, name, since, until, consume, progress))


def dry_runs(
    home: Home, exports: Iterable[ExportFile], since: date | None, until: date | None, progress: Progress
) -> Iterator[IntakeReport]:
    """What `ingest_all` would do, without doing it."""

    def look(export: ExportFile) -> IntakeReport:
        room = home.room(export.mapping.controller)
        return examine(room, export, _window(export, since, until), progress)

    return _each(exports, look)


def _each(exports: Iterable[ExportFile], do: Callable[[ExportFile], IntakeReport]) -> Iterator[IntakeReport]:
    refusals: list[InputRefused] = []
    for export in exports:
        try:
            yield do(export)
        except InputRefused as refusal:
            refusals.append(refusal)
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise InputRefused("; ".join(str(refusal) for refusal in refusals))


def retry_quarantine(home: Home, mapping: Path, progress: Progress) -> IntakeReport:
    """Import what the quarantine holds of the mapping's survey."""
    how = load_mapping(mapping)
    room = home.room(how.controller)
    with home.lock():
        return try_again(room, how, progress)


def discard_quarantine(home: Home, controller: str, ids: Collection[str] | None) -> int:
    """Destroy rows of the quarantine, all of them where `ids` is None; returns how many."""
    room = home.room(controller)
    with home.lock():
        with home.engine.begin() as connection:
            known = {row.id for row in quarantined(room)}
            wanted = known if ids is None else set(ids)
            if unknown := len(wanted - known):
                raise UsageError(
                    f"{unknown} of {len(wanted)} ids are of no row in quarantine; nothing was destroyed",
                    hint="see `tillit quarantine list`",
                )
            count = discard(room, connection, wanted)
            details = {"controller": controller, "count": count}
            evidence.record(connection, home.clock.now(), "quarantine discarded", details)
        sweep(room)
    return count


def months(first: str, last: str) -> Iterator[tuple[date, date]]:
    """First and last day of each month from "YYYY-MM" to "YYYY-MM", both included."""
    start, end = _month(first), _month(last)
    if start > end:
        raise UsageError("--from must not be later than --to")
    while start <= end:
        following = start + relativedelta(months=1)
        yield start, following - timedelta(days=1)
        start = following


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UsageError("a month is written YYYY-MM") from None


def _window(export: ExportFile, since: date | None, until: date | None) -> Window:
    if since and until and since > until:
        raise UsageError("--since must not be later than --until")
    return Window(since, until, export.mapping.times.zone)


def _outside_home(home: Home, files: Iterable[Path]) -> None:
    if any(path.resolve().is_relative_to(home.settings.home.resolve()) for path in files):
        raise UsageError("an export must not lie in the home: it is raw data", hint="use an inbox outside it")
