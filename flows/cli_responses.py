"""Commands about answers that are kept already: rescan, withhold."""

from dataclasses import asdict
from typing import Annotated

import typer

from flows import show
from flows.change_responses import rescan_responses, withhold_response
from flows.cli_options import AsJson, Controller, HomeDir, open_session

responses = typer.Typer(
    help="Answers that are kept: searched again, or one of them withheld.", no_args_is_help=True
)


@responses.command("rescan")
def rescan(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """Run today's redactor over the free texts that an older one has let pass."""
    session = open_session(home, as_json)
    with show.progress(session.as_json) as progress:
        report = rescan_responses(session.home, controller, progress)
    if session.as_json:
        show.as_json(asdict(report))
    else:
        show.rescan(report)


@responses.command("withhold")
def withhold(
    answer: Annotated[
        str, typer.Argument(metavar="ID", help="The answer's response_key, or its first 8 characters.")
    ],
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Take the free text of one answer out at once, because something in it was missed."""
    session = open_session(home, as_json)
    run_id = withhold_response(session.home, controller, answer)
    if session.as_json:
        show.as_json({"run_id": run_id, "withheld": 1})
    else:
        show.line(f"1 text withheld, run {run_id}")
