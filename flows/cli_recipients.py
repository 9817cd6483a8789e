"""Command of the rights desk about recipients: told."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from flows import show
from flows.cli_options import AsJson, By, Controller, HomeDir, open_session
from flows.cli_rights import CaseId
from flows.tell_recipients import called, note_told


def told(
    case_id: CaseId,
    recipient: Annotated[
        str, typer.Option(help="Who was told, by the name in `tillit rights show`.", show_default=False)
    ],
    by: By,
    acknowledged: Annotated[
        bool, typer.Option("--acknowledged", help="They have answered that they have done it.")
    ] = False,
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day, if not today.", show_default=False
        ),
    ] = None,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Note that a recipient was told of what was done, or that they have answered."""
    session = open_session(home, as_json)
    day = on.date() if on else None
    found = note_told(session.home, controller, case_id, recipient, by, acknowledged=acknowledged, on=day)
    if session.as_json:
        show.as_json(asdict(found))
        return
    name = called(session.home.policy(controller), recipient)
    show.line(f"Case {case_id}, {name} ({recipient}): {found.what}, {found.state}")
