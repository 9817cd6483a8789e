"""Command about everything that is going on: status."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from data.errors import UsageError
from flows import show, show_policy, show_status
from flows.cli_options import AsJson, Controller, HomeDir, open_session, write_file
from flows.gather_status import gather_status
from flows.policies import surroundings
from governance.status import Status


def status(
    officer: Annotated[
        bool,
        typer.Option("--officer", help="One HTML page that prints well: all of it, for the officer."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(help="With --officer: the file to write.", show_default="the terminal"),
    ] = None,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Show what is going on: requests, tasks, alarms, plans, readings, what each clause rests on."""
    from governance.page import officer_page

    if output is not None and not officer:
        raise UsageError("--output is for the page", hint="say --officer too")
    session = open_session(home, as_json)
    around = surroundings(session.home.clock.now())
    with show.progress(session.as_json) as progress:
        found = gather_status(session.home, controller, around, progress)
    if output is not None:
        write_file(output, officer_page(found), quiet=session.as_json, private=True)
        if session.as_json:
            show.as_json({"page": output, **found.counts})
    elif session.as_json:
        show.as_json(_plain(found) if officer else found.counts)
    elif officer:
        show.raw(officer_page(found))
    else:
        show_status.status(found)


def _plain(found: Status) -> dict[str, Any]:
    """All of it for machines."""
    clauses = [show_policy.plain(one) for one in found.clauses]
    whole = {name: getattr(found, name) for name in Status.__slots__ if name != "clauses"}
    return {name: _parts(value) for name, value in whole.items()} | {"clauses": clauses}


def _parts(value: Any) -> Any:
    return [asdict(one) for one in value] if isinstance(value, list) else value
