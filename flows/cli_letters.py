"""Commands of the rights desk about time and letters: extend, doubt, letter."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from data.errors import UsageError
from data.stores.cases import Case, Letter
from flows import deadlines, show
from flows.cli_options import AsJson, By, Controller, HomeDir, open_session, write_file
from flows.cli_rights import CaseId, Language
from flows.write_letter import note_sent, write_letter


def extend(
    case_id: CaseId,
    by: By,
    ground: Annotated[str, typer.Option(help="Why it takes longer, as the person is told.")],
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Take two months more for an answer, once; the person is told within the first."""
    session = open_session(home, as_json)
    _told(deadlines.extend(session.home, controller, case_id, by, ground), as_json=session.as_json)


def doubt(
    case_id: CaseId,
    by: By,
    ground: Annotated[str, typer.Option(help="Why it is doubted.")] = "",
    over: Annotated[bool, typer.Option("--over", help="They have shown who they are.")] = False,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Stop the clock of a case while nobody knows for certain who asks, or let it go on."""
    session = open_session(home, as_json)
    if over and ground:
        raise UsageError("a doubt has a ground when it begins, and none when it is over")
    if over:
        case = deadlines.end_doubt(session.home, controller, case_id, by)
    else:
        case = deadlines.doubt(session.home, controller, case_id, by, ground)
    _told(case, as_json=session.as_json)


def show_letter(
    case_id: CaseId,
    letter: Annotated[
        Letter | None, typer.Option("--letter", help="Another than the case calls for.", show_default=False)
    ] = None,
    language: Language = None,
    output: Annotated[
        Path | None, typer.Option(help="A file to write it to, instead of the terminal.", show_default=False)
    ] = None,
    sent: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Note instead that it was sent on this day.",
            show_default=False,
        ),
    ] = None,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Write the letter that a case calls for, in Swedish or English; it names nobody."""
    session = open_session(home, as_json)
    name, text = write_letter(session.home, controller, case_id, letter, language)
    if sent is not None:
        note_sent(session.home, controller, case_id, name, sent.date())
    if output is not None:
        write_file(output, text, quiet=session.as_json)
    if session.as_json:
        show.as_json({"case": case_id, "letter": name, "text": text, "sent": sent and f"{sent:%Y-%m-%d}"})
    elif sent is not None:
        show.line(f"Noted: the letter of {name} was sent on {sent:%Y-%m-%d}.")
    elif output is None:
        show.raw(text)


def _told(case: Case, *, as_json: bool) -> None:
    if as_json:
        show.as_json({"case": case.id, "due": case.due_at, "doubted": case.doubted_at is not None})
    elif case.doubted_at is not None:
        show.line(f"The time for case {case.id} stands still.")
    else:
        show.line(f"Case {case.id}: to be answered by {case.due_at:%Y-%m-%d}")
    if not as_json and case.closed_at is None:
        show.line(f"Next: tillit rights letter {case.id}")
