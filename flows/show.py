"""What people see on a terminal: tables, reports, progress. Results go to standard output."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from data.errors import TillitError
from data.stores.runs import Run
from pseudonymize import IntakeReport, KeyInForce, Quarantined, RescanReport, Steps, no_progress
from pseudonymize import Progress as Watch

if TYPE_CHECKING:
    import pandas as pd

out = Console(highlight=False, markup=False)  # what is shown may hold brackets
err = Console(stderr=True, highlight=False)


def as_json(content: Any) -> None:
    """Print machine-readable results."""
    raw(json_text(content))


def json_text(content: Any) -> str:
    """Machine-readable results."""
    return json.dumps(content, indent=2, ensure_ascii=False, default=_plain) + "\n"


def raw(text: str) -> None:
    """Print a text as it is, for a file or another program."""
    sys.stdout.write(text)


def line(text: str) -> None:
    """Print one line."""
    out.print(text, soft_wrap=True)


def error(problem: TillitError) -> None:
    """Say on standard error what is wrong, and what to do about it."""
    notice("red", "tillit", str(problem))
    if problem.hint:
        notice("default", "hint", problem.hint)


def alarm(says: str) -> None:
    """Say on standard error what somebody has to look at."""
    notice("yellow", "alarm", says)


def notice(colour: str, what: str, says: str) -> None:
    """Say something on standard error: a terminal breaks it between words, a log keeps it on one line."""
    err.print(f"[bold {colour}]{what}:[/] {_escape(says)}", soft_wrap=not err.is_terminal)


@contextmanager
def progress(quiet: bool) -> Iterator[Watch]:
    """Progress bars on a terminal; nothing where nobody looks."""
    if quiet or not err.is_terminal:
        yield no_progress
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bars:

        def watch(what: str, total: int | None) -> Steps:
            task = bars.add_task(what, total=total)
            return lambda done: bars.advance(task, done)

        yield watch


def intake(report: IntakeReport, *, dry: bool) -> None:
    """What an import did, or would do."""
    counts = dict(report.counts)
    shown = table("What an import would do" if dry else f"Import {report.run_id}", "rows", "n")
    for name in _ORDER if dry else [*_ORDER[:-2], "new", "replaced", "quarantined"]:
        if counts.get(name) or name in ("rows", "quarantined", "new"):
            shown.add_row(_NAMES.get(name, name), f"{counts.get(name, 0):,}")
    for reason, count in sorted(report.quarantined.items()):
        shown.add_row(f"   {reason}", f"{count:,}", style="yellow")
    out.print(shown)
    _counted("Taken out of free text", report.removed)
    _counted("Answers withheld, by language or as special", report.withheld)
    _counted(_FLAGGED, report.flagged)
    line(f"Dropped at the door: {', '.join(report.dropped) or 'nothing'}")
    for says, count in report.alarms.items():
        alarm(f"{count:,} × {says}")
    if report.alarms and not dry:
        notice("default", "hint", "`tillit retention tasks` lists what is to be deleted there by hand")


def rescan(report: RescanReport) -> None:
    """What a rescan found in the answers that are kept."""
    counts("Searched again", report.counts)
    _counted("Taken out of free text", report.removed)
    _counted(_FLAGGED, report.flagged)
    line(f"Run {report.run_id}")


def counts(title: str, numbers: Mapping[str, int]) -> None:
    """A small table of counts."""
    shown = table(title, "what", "n")
    for name, number in numbers.items():
        shown.add_row(name, f"{number:,}")
    out.print(shown)


def findings(text_id: str | int, found: Sequence[tuple[str, str, str]]) -> None:
    """What would be taken out of one text, for the person who holds it."""
    shown = table(f"text {text_id}", "found", "kind", "layers")
    for words, kind, layers in found:
        shown.add_row(words, kind, layers)
    out.print(shown if found else f"text {text_id}: nothing found")


def scores(found: "pd.DataFrame") -> None:
    """The recommend score of each cycle, one table for each survey and scale; small groups suppressed."""
    if found.empty:
        line("There are no responses yet.")
    for (survey, label), cycles in found.groupby(["survey", "label"]):
        shown = table(f"{survey}: {label}", "cycle", "people", "promoters", "passives", "detractors")
        shown.add_column("score", justify="right", style="bold", no_wrap=True)
        shown.add_column("95 % interval", justify="right", no_wrap=True)
        for row in cycles.to_dict("records"):
            shown.add_row(*_score_cells(row), style="dim" if row["suppressed"] else "")
        out.print(shown)


def _score_cells(row: Mapping[Any, Any]) -> list[str]:
    if row["suppressed"]:
        return [row["cycle"], "few", "", "", "", "", "not shown"]
    bands = [f"{row[name]:,}" for name in ("n", "promoters", "passives", "detractors")]
    return [row["cycle"], *bands, f"{row['value']:+.1f}", f"{row['low']:+.1f} to {row['high']:+.1f}"]


def quarantine(rows: Sequence[Quarantined]) -> None:
    """Where the rows in quarantine stood and why they are here; never what they hold."""
    if not rows:
        line("The quarantine is empty.")
        return
    shown = table(f"Rows in quarantine: {len(rows):,}", "id", "survey", "file row", "since", "reason")
    for row in rows:
        shown.add_row(row.id, row.survey, str(row.row), f"{row.since:%Y-%m-%d}", row.reason)
    out.print(shown)


def runs(found: Sequence[Run]) -> None:
    """The manifest of runs."""
    if not found:
        line("Nothing has run yet.")
        return
    columns = ("id", "what", "survey", "started (UTC)", "new", "replaced")
    shown = table("Runs, newest first", *columns)
    for run in found:
        some = [str(run.counts.get(name, "")) for name in ("new", "replaced")]
        what = run.kind if run.state == "published" else f"{run.kind}, {run.state}"
        shown.add_row(run.id, what, run.survey, f"{run.started_at:%Y-%m-%d %H:%M}", *some)
    out.print(shown)


def keys(title: str, found: Mapping[str, KeyInForce | None]) -> None:
    """The key of each domain in force, and that of the register."""
    shown = table(title, "key", "version", "made")
    for name, key in found.items():
        made = moment(key.made_at) if key else "with the first entry"
        shown.add_row(name, str(key.version) if key else "", made)
    out.print(shown)


def raw_copies(copies: Sequence[tuple[Path, datetime]], now: datetime) -> None:
    """Say which export files remain, most urgent first, and by when they must be gone."""
    for path, due in copies[:_COPIES_TOLD]:
        late = due <= now
        verb = "should have been deleted by" if late else "must be deleted by"
        notice("red" if late else "yellow", "raw copy", f"{path} {verb} {moment(due)}")
    if more := copies[_COPIES_TOLD:]:
        notice("yellow", "raw copy", f"{len(more):,} more, to be deleted later than these")


def moment(at: datetime | None) -> str:
    """A moment in the terminal's own zone, with the zone."""
    return "" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M %Z")


_COPIES_TOLD = 3
_FLAGGED = "Answers that tell of a special category or a patient"
_ORDER = [
    "rows",
    "repeated",
    "older versions",
    "already imported",
    "outside the window",
    "suppressed",
    "past their period",
    "to import",
    "quarantined",
]
_NAMES = {
    "rows": "rows in the export",
    "repeated": "repeated, taken once",
    "older versions": "older versions of an answer",
    "suppressed": "of people who were erased or object: kept out",
    "past their period": "past their period: kept out",
    "new": "new responses",
    "replaced": "responses replaced by a newer version",
    "to import": "responses to import",
}


def _counted(title: str, numbers: Mapping[str, int]) -> None:
    if numbers:
        parts = (f"{name} {number:,}" for name, number in sorted(numbers.items(), key=_by_number))
        line(f"{title}: {', '.join(parts)}")


def _by_number(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def table(title: str, *columns: str) -> Table:
    """An empty table in the manner of all tables."""
    shown = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for column in columns:
        shown.add_column(
            column,
            justify="right" if column in _NUMERIC else "left",
            no_wrap=column in _WHOLE,
            overflow="fold",
        )
    return shown


_NUMERIC = {
    *("n", "number", "people", "promoters", "passives", "detractors", "file row", "new", "replaced"),
    *("found", "gone", "planned", "gone before", "gone or in a task", "left", "addresses", "ids", "names"),
}
_WHOLE = {*_NUMERIC, "id", "kind", "run", "cycle", "state", "started (UTC)", "since"}


def _escape(text: str) -> str:
    return text.replace("[", r"\[")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
