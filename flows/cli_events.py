"""Commands about events from outside that start and end periods."""

from pathlib import Path
from typing import Annotated

import typer

from flows import show
from flows.cli_options import AsJson, Controller, HomeDir, open_session
from flows.import_events import AT_SHARED, UNKNOWN_CYCLES, import_events

events = typer.Typer(
    help="What the CRM tells: who is a customer no more, who has left, which survey is compiled.",
    no_args_is_help=True,
)


@events.callback()
def root() -> None:
    """What the CRM tells: who is a customer no more, who has left, which survey is compiled."""


@events.command("import")
def take(
    file: Annotated[
        Path,
        typer.Option("--file", help="CSV with the columns event, contact, organisation, survey, cycle, on."),
    ],
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Take in events: customer, customer_ended, person_left, compiled. Whole, or nothing of it."""
    session = open_session(home, as_json)
    counts = import_events(session.home, controller, file)
    if session.as_json:
        show.as_json(counts)
    else:
        show.counts("Events", counts)
    if counts[UNKNOWN_CYCLES]:
        show.alarm(f"{counts[UNKNOWN_CYCLES]:,} × {UNKNOWN_CYCLES}: is the survey written as here?")
    if counts[AT_SHARED]:
        show.alarm(f"{counts[AT_SHARED]:,} × events {AT_SHARED}; their answers' own periods count")
