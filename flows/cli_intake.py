"""Commands that take exports in: ingest, backfill, quarantine."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from data.errors import UsageError
from flows import ingest as intake
from flows import show
from flows.cli_options import (
    AsJson,
    Controller,
    HomeDir,
    MappingFile,
    Session,
    open_session,
    remind_of_raw_copies,
)
from pseudonymize import IntakeReport, quarantined

SourceName = Annotated[
    str, typer.Option("--source", help="Name of the source; without --file, one of sources.yaml.")
]
ExportPath = Annotated[
    Path | None, typer.Option("--file", help="One export: CSV, XLSX or Parquet.", show_default=False)
]
Survey = Annotated[str | None, typer.Option(help="Only this survey.", show_default=False)]
Since = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="First day of answers, in the mapping's zone.",
        show_default=False,
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Last day of answers, in the mapping's zone.",
        show_default=False,
    ),
]


def ingest(
    source: SourceName = "file",
    file: ExportPath = None,
    mapping: MappingFile = None,
    survey: Survey = None,
    since: Since = None,
    until: Until = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would happen; write nothing.")] = False,
    consume: Annotated[bool, typer.Option(help="Delete the export after its commit.")] = False,
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Take survey exports in: validated, pseudonymised, redacted, each response once."""
    session = open_session(home, as_json)
    exports = intake.exports(session.home, source, file, mapping, survey)
    consume = consume or intake.consumes(session.home, source, file)
    first, last = since and since.date(), until and until.date()
    if not exports:
        show.line("No file waits in the inbox.")
    with show.progress(session.as_json) as progress:
        if dry_run:
            reports = intake.dry_runs(session.home, exports, first, last, progress)
        else:
            reports = intake.ingest_all(session.home, exports, source, first, last, consume, progress)
        try:
            _print(session, reports, dry=dry_run)
        finally:
            remind_of_raw_copies(session, exports)


def backfill(
    source: SourceName = "file",
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")] = ...,  # type: ignore[assignment]
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")] = ...,  # type: ignore[assignment]
    file: ExportPath = None,
    mapping: MappingFile = None,
    survey: Survey = None,
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Take in months of answers, one run a month. Run it again after a stop: nothing comes twice."""
    session = open_session(home, as_json)
    exports = intake.exports(session.home, source, file, mapping, survey)
    done = []
    for start, end in intake.months(first, last):
        for export in exports:
            with show.progress(session.as_json) as progress:
                report = intake.ingest(session.home, export, source, start, end, False, progress)
            done.append({"month": f"{start:%Y-%m}", **asdict(report)})
            if not session.as_json:
                new, replaced = report.counts["new"], report.counts["replaced"]
                show.line(f"{start:%Y-%m}  {new:>7,} new  {replaced:>5,} replaced  run {report.run_id}")
    if session.as_json:
        show.as_json(done)
    remind_of_raw_copies(session, exports)


quarantine = typer.Typer(
    help="Rows that could not be taken in: listed without what they hold.", no_args_is_help=True
)


@quarantine.command("list")
def list_rows(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """List rows by file row and reason."""
    session = open_session(home, as_json)
    rows = quarantined(session.home.room(controller))
    if session.as_json:
        show.as_json([asdict(row) for row in rows])
    else:
        show.quarantine(rows)


@quarantine.command()
def retry(mapping: MappingFile, home: HomeDir = None, as_json: AsJson = False) -> None:
    """Try a survey's rows again, under today's mapping, policy and redactor."""
    session = open_session(home, as_json)
    if mapping is None:
        raise UsageError("give the survey's --mapping")
    with show.progress(session.as_json) as progress:
        report = intake.retry_quarantine(session.home, mapping, progress)
    _print(session, [report], dry=False)


@quarantine.command("discard")
def discard_rows(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids from the list.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="All rows.")] = False,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Destroy rows for good, and the keys they were sealed with."""
    session = open_session(home, as_json)
    if every == bool(ids):
        raise UsageError("name the rows to discard, or say --all")
    count = intake.discard_quarantine(session.home, controller, ids or None)
    if session.as_json:
        show.as_json({"discarded": count})
    else:
        show.line(f"Rows destroyed: {count}")


def _print(session: Session, reports: Iterable[IntakeReport], *, dry: bool) -> None:
    """Reports as they come, or, for machines, all of them in one list."""
    done = []
    try:
        for report in reports:
            done.append({**asdict(report), "dry_run": dry})
            if not session.as_json:
                show.intake(report, dry=dry)
    finally:
        if session.as_json:
            show.as_json(done)
