"""The command that searches everything for the identities in the vault."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from data.errors import VerificationFailed
from flows import show
from flows.check_leaks import check_leaks
from flows.cli_options import AsJson, Controller, HomeDir, open_session
from pseudonymize import LeakReport, PlaceFound


def leakcheck(
    controller: Controller = "sectra",
    also: Annotated[
        list[Path] | None, typer.Option("--also", help="A further file or folder; may be given repeatedly.")
    ] = None,
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Search every store and file for everybody in the vault: addresses, ids, full names."""
    session = open_session(home, as_json)
    with show.progress(session.as_json) as progress:
        report = check_leaks(session.home, controller, also or (), progress)
    if session.as_json:
        show.as_json({**asdict(report), "clean": report.is_clean})
    else:
        _show(report)
    if not report.is_clean:
        raise VerificationFailed(
            f"places where identities stand and must not: {len(report.leaks)}; "
            f"places that could not be read: {len(report.unreadable)}",
            hint="look at the places named; see docs/leakcheck.md",
        )


def _show(report: LeakReport) -> None:
    if report.leaks:
        _table("Identities where they must not stand", report.leaks)
    if report.expected:
        _table("Identities where they are expected", report.expected)
    for place in report.unreadable:
        show.line(f"Could not be read: {place}")
    searched = {"people looked for": report.people, "identifiers": report.identifiers}
    searched |= {f"{kind}s too short to look for": n for kind, n in report.not_searched.items()}
    found = {"places with a leak": len(report.leaks), "places that could not be read": len(report.unreadable)}
    show.counts("Leak check", {**searched, "files": report.files, "bytes": report.bytes, **found})


def _table(title: str, places: Sequence[PlaceFound]) -> None:
    shown = show.table(title, "place", "addresses", "ids", "names", "why")
    for found in places:
        shown.add_row(found.place, *(f"{n:,}" for n in (found.address, found.id, found.name)), found.why)
    show.out.print(shown)
