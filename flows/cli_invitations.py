"""The command that takes out of a list of people to be invited those who are not to be."""

from pathlib import Path
from typing import Annotated

import typer

from data.errors import UsageError
from flows import show
from flows.cli_options import AsJson, Controller, HomeDir, open_session
from governance import evidence
from pseudonymize import Encoding, InvitationList, clear_invitations

invitations = typer.Typer(help="Who is not to be invited any more.", no_args_is_help=True)


@invitations.callback()
def root() -> None:
    """Who is not to be invited any more."""


@invitations.command("check")
def check(
    source: Annotated[Path, typer.Option("--input", help="CSV of people to be invited.")],
    target: Annotated[Path, typer.Option("--output", help="The same without those who are out.")],
    column: Annotated[str, typer.Option(help="The column of their addresses.")] = "email",
    encoding: Annotated[
        Encoding, typer.Option(help="How the list is saved; older spreadsheets write windows-1252.")
    ] = "utf-8",
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Write a list of people to be invited without who was erased, objects, is restricted or wants none."""
    session = open_session(home, as_json)
    if target.resolve().is_relative_to(session.home.settings.home.resolve()):
        raise UsageError("a list of people must not lie in the home: it is raw data", hint="another --output")
    room = session.home.room(controller)
    counts = clear_invitations(room, InvitationList(source, column, encoding), target)
    with session.home.engine.begin() as connection:
        details = {"controller": controller, "counts": counts}
        evidence.record(connection, session.home.clock.now(), "invitations checked", details)
    if session.as_json:
        show.as_json(counts)
    else:
        show.counts(f"Invitations, written to {target}", counts)
