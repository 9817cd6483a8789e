"""Commands of the rights desk about names: reidentify, reidentified."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from flows import show
from flows.cli_options import AsJson, By, Controller, HomeDir, open_session
from flows.reidentify import Question, list_told
from flows.reidentify import reidentify as name_writer

_CALLED = {"name": "name", "address": "address", "crm_reference": "CRM reference"}


def reidentify(
    answer: Annotated[
        str, typer.Argument(metavar="RESPONSE", help="The answer's response_key, or its first 8 characters.")
    ],
    purpose: Annotated[
        str, typer.Option(help="A purpose for which the policy allows it: follow_up.", show_default=False)
    ],
    reason: Annotated[
        str, typer.Option(help="Why it has to be known who wrote this answer.", show_default=False)
    ],
    by: By,
    approver: Annotated[
        str, typer.Option(help="Name of who approves: another of the staff.", show_default=False)
    ],
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Show who wrote one answer, where the policy allows it. Once, and on record before it is shown."""
    session = open_session(home, as_json)
    record, told = name_writer(session.home, controller, answer, Question(purpose, reason, by, approver))
    if session.as_json:
        show.as_json({"id": record.id, "at": record.at, "purpose": purpose, "clause": record.clause, **told})
        return
    shown = show.table(
        f"Who wrote {record.response_key[:8]}, for {purpose} ({record.clause})", "what", "which"
    )
    for kind, value in told.items():
        shown.add_row(_CALLED[kind], value or "not known")
    show.out.print(shown)
    show.line(f"On record as {record.id}: {record.by}, approved by {record.approver}.")


def reidentified(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """List each time that somebody was told who wrote an answer: for what, why, by whom. Never who it was."""
    session = open_session(home, as_json)
    found = list_told(session.home, controller)
    if session.as_json:
        show.as_json(found)
    elif not found:
        show.line("Nobody was told who wrote an answer.")
    else:
        _listed(found)


def _listed(found: list[dict[str, Any]]) -> None:
    shown = show.table(
        "Who wrote an answer was told", "when", "answer", "purpose", "by", "approved by", "reason"
    )
    for one in found:
        shown.add_row(*_cells(one))
    show.out.print(shown)


def _cells(one: Mapping[str, Any]) -> list[str]:
    purpose = f"{one['purpose']} ({one['clause']})"
    said = [show.moment(one["at"]), one["response_key"][:8], purpose]
    return [*said, one["by"], one["approver"], one["reason"]]
