"""Commands about deletion in time: plan, approve, apply, verify; holds; tasks."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from data.errors import UsageError, VerificationFailed
from data.stores import tasks as task_table
from flows import show, show_retention
from flows.apply_retention import apply as carry_out
from flows.cli_options import (
    AsJson,
    By,
    Controller,
    HomeDir,
    MappingFile,
    Session,
    open_session,
    remind_of_raw_copies,
)
from flows.hold import begin_hold, lift_hold, list_holds
from flows.ingest import exports
from flows.plan_retention import approve as approve_plan
from flows.plan_retention import make_plan
from flows.verify_retention import STILL_THERE, confirm_by_export
from flows.verify_retention import reveal as still_to_delete
from flows.verify_retention import verify as read_back
from pseudonymize import ExportFile

retention = typer.Typer(
    help="Delete what is at the end of its period, and prove it: plan, approve, apply, verify; "
    "or keep it for a legal ground: hold, lift.",
    no_args_is_help=True,
)

Digest = Annotated[
    str, typer.Argument(help="The digest that `plan` prints, or its first 8 characters or more.")
]


@retention.command()
def plan(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """Show what falls due in every store, and write it to a file to be approved; delete nothing."""
    session = open_session(home, as_json)
    with show.progress(session.as_json) as progress:
        state, found = make_plan(session.home, controller, progress)
    path = session.home.plans.path(state.id) if state else None
    if session.as_json:
        show.as_json({"digest": state.digest if state else None, "file": path, **asdict(found)})
    else:
        show_retention.plan(state, found, path, list_holds(session.home, controller))


@retention.command()
def approve(digest: Digest, by: By, home: HomeDir = None, as_json: AsJson = False) -> None:
    """Approve a plan by its digest, as a person who has looked at it."""
    session = open_session(home, as_json)
    state = approve_plan(session.home, digest, by)
    if session.as_json:
        show.as_json({"plan": state.id, "digest": state.digest, "approved_by": by.strip()})
    else:
        show.line(f"Plan {state.id} approved by {by.strip()}")
        show.line(f"Next: tillit retention apply {state.digest[:12]}")


@retention.command()
def apply(
    digest: Digest,
    even_so: Annotated[
        bool,
        typer.Option(
            "--even-so", help="Also where a store loses more than the share that the policy lets go unasked."
        ),
    ] = False,
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Delete what an approved plan lists. Run it again after a stop: it goes on where it was."""
    session = open_session(home, as_json)
    with show.progress(session.as_json) as progress:
        done = carry_out(session.home, digest, progress, even_so=even_so)
    if session.as_json:
        show.as_json([asdict(step) for step in done])
    else:
        show_retention.steps(done)
        show.line(f"Next: tillit retention verify {digest[:12]}")


@retention.command()
def verify(
    digest: Annotated[
        str, typer.Argument(help="The digest that `plan` prints, or its beginning.", show_default=False)
    ] = "",
    export: Annotated[
        Path | None,
        typer.Option(
            "--export",
            help="Instead of a plan: a whole export of the survey tool, to confirm what was deleted there by "
            "hand; needs --mapping and --by.",
        ),
    ] = None,
    mapping: MappingFile = None,
    by: Annotated[
        str, typer.Option("--by", help="With --export: who made it, and says that it is whole.")
    ] = "",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Read back that what a plan lists is gone, and write the certificate."""
    session = open_session(home, as_json)
    if bool(digest) == (export is not None) or (export is None) != (mapping is None):
        raise UsageError("give a plan's digest, or --export with --mapping and --by")
    if export is not None:
        (file,) = exports(session.home, "verify", export, mapping)
        try:
            _confirm(session, file, by)
        finally:
            remind_of_raw_copies(session, [file])
        return
    found = read_back(session.home, digest)
    if session.as_json:
        show.as_json(found)
    else:
        show_retention.certificate(found)
        show.line(f"Written to {session.home.settings.home / 'certificates'}/{found['certificate']}.json")


@retention.command()
def tasks(
    reveal: Annotated[
        str,
        typer.Option(
            metavar="TASK",
            help="Print what a task still has to delete: survey and response id at the vendor, or a file. "
            "That somebody looked is put on record.",
        ),
    ] = "",
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """List what somebody has to delete by hand, and by when."""
    session = open_session(home, as_json)
    session.home.check_not_behind()
    if reveal:
        for line in still_to_delete(session.home, controller, reveal):
            show.line(line)
        return
    with session.home.engine.connect() as connection:
        found = task_table.tasks(connection, controller)
    if session.as_json:
        show.as_json([asdict(task) for task in found])
    else:
        show_retention.tasks(found)


@retention.command()
def hold(
    ground: Annotated[str, typer.Option(help="Why nothing may be deleted.")],
    by: By,
    review: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day it is looked at again."),
    ],
    survey: Annotated[str, typer.Option(help="Only this survey; else everything is held.")] = "",
    cycle: Annotated[str, typer.Option(help="Only this cycle of the survey.")] = "",
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Stop deletion for a legal ground, erasures included, until somebody lifts it."""
    session = open_session(home, as_json)
    found = begin_hold(session.home, controller, ground, by, review.date(), survey, cycle)
    if session.as_json:
        show.as_json({"hold": found.id})
    else:
        show.line(f"Hold {found.id} until it is lifted; review on {found.review}")


@retention.command()
def lift(
    hold_id: Annotated[str, typer.Argument(metavar="HOLD", help="Id from `tillit retention holds`.")],
    by: By,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Let a legal hold end."""
    session = open_session(home, as_json)
    lift_hold(session.home, controller, hold_id, by)
    if session.as_json:
        show.as_json({"lifted": hold_id})
    else:
        show.line(f"Hold {hold_id} lifted")


@retention.command("holds")
def show_holds(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """List the legal holds in force."""
    session = open_session(home, as_json)
    session.home.check_not_behind()
    found = list_holds(session.home, controller)
    if session.as_json:
        show.as_json([asdict(one) for one in found])
    else:
        show_retention.holds(found)


def _confirm(session: Session, export: ExportFile, by: str) -> None:
    with show.progress(session.as_json) as progress:
        counts = confirm_by_export(session.home, export, by, progress)
    if session.as_json:
        show.as_json(counts)
    else:
        show.counts("Deleted by hand", counts)
    if counts[STILL_THERE]:
        raise VerificationFailed(
            f"of the answers that were to be deleted {counts[STILL_THERE]} are still at the survey tool",
            hint="`tillit ingest` makes a task of those in none, and `tillit retention tasks --reveal TASK` "
            "names them; delete them there, and export again",
        )
