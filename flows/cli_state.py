"""Commands about what is there: report, scores, runs, keys."""

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from data.errors import InputRefused, UsageError
from data.records import CrmReference, canonical_reference, is_crm_reference
from data.stores import runs as manifest
from flows import show
from flows.cli_options import AsJson, Controller, HomeDir, open_session
from flows.rotate_keys import rotate_keys
from flows.rotate_register import rotate_register
from flows.start_keys import ensure_keys
from flows.sync_scores import score_status, sync_scores
from flows.undo_run import undo
from pseudonymize import key_status

_CONTACTS = "nothing was taken in; a header, then a row for each contact, the reference first"

scores = typer.Typer(help="Scores in the CRM, and nothing else.", no_args_is_help=True)
runs = typer.Typer(help="What has run, and how it ended.", no_args_is_help=True)
keys = typer.Typer(help="Keys: made once, opened by one that lies outside the home.", no_args_is_help=True)


def report(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """Show the recommend score of each cycle; small groups are suppressed."""
    session = open_session(home, as_json)
    table = session.home.reader(controller).scores_by_cycle()
    if session.as_json:
        show.as_json([{k: _plain(v) for k, v in row.items()} for row in table.to_dict("records")])
    else:
        show.scores(table)


@scores.command("sync")
def sync(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """Write to the CRM what is new or changed, and clear what may not stand there any more."""
    session = open_session(home, as_json)
    with show.progress(session.as_json) as progress:
        counts = sync_scores(session.home, controller, progress)
    _print(session.as_json, "Scores in the CRM", counts)


@scores.command("status")
def status(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """Say how many scores stand in the CRM, and what a sync would do."""
    session = open_session(home, as_json)
    _print(session.as_json, "Scores in the CRM", score_status(session.home, controller))


def contacts(
    file: Annotated[
        Path, typer.Option("--file", help="CSV with a header, whose first column is the CRM's reference.")
    ],
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell the embedded CRM which contacts exist; a sync never creates one."""
    session = open_session(home, as_json)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            references = [canonical_reference(row[0].strip()) for row in csv.reader(lines) if row][1:]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputRefused(f"{file.name} cannot be read as a UTF-8 CSV file", hint=_CONTACTS) from None
    bad = [number for number, text in enumerate(references, start=2) if not is_crm_reference(text)]
    if bad:
        rows = f"row {bad[0]} holds" if len(bad) == 1 else f"row {bad[0]} and {len(bad) - 1} others hold"
        raise InputRefused(f"{file.name}: {rows} no reference of the CRM", hint=_CONTACTS)
    new = session.home.crm.add_contacts(CrmReference(text) for text in references)
    _print(session.as_json, "Contacts of the embedded CRM", {"in the file": len(references), "new": new})


@runs.command("list")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, help="How many runs.")] = 20,
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """List the last runs: imports, and what has changed or forgotten answers since."""
    session = open_session(home, as_json)
    with session.home.engine.connect() as connection:
        found = manifest.newest(connection, limit)
    if session.as_json:
        show.as_json([asdict(run) for run in found])
    else:
        show.runs(found)


@runs.command("show")
def show_run(
    run: Annotated[str, typer.Argument(help="Id from the list.")],
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Show one run with all its counts."""
    session = open_session(home, as_json)
    with session.home.engine.connect() as connection:
        found = manifest.find(connection, run)
    if found is None:
        raise UsageError("there is no run with that id", hint="see `tillit runs list`")
    if session.as_json:
        show.as_json(asdict(found))
        return
    show.line(f"{found.kind} {found.id}: {found.state}, survey {found.survey}, source {found.source}")
    show.line(
        f"policy {found.policy_version}, {show.moment(found.started_at)} to {show.moment(found.finished_at)}"
    )
    show.counts("Counts", dict(found.counts))


@runs.command("undo")
def undo_run(
    run: Annotated[str, typer.Argument(help="Id of an import from the list.")],
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Remove what a wrong import was the first to bring in, its scores in the CRM included."""
    session = open_session(home, as_json)
    _print(session.as_json, f"Run {run} undone", undo(session.home, run))


@keys.command("init")
def init(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """Make the keys of a new home; never others in the place of keys that are missing."""
    session = open_session(home, as_json)
    made = ensure_keys(session.home, controller)
    place = "TILLIT_KEY" if session.home.settings.key else str(session.home.settings.key_file)
    if session.as_json:
        show.as_json({"made": made, "key": place})
    else:
        show.line(f"{'Keys made' if made else 'The keys are there and open'}; key-encryption key: {place}")


@keys.command("status")
def key_state(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """Say which keys there are, how old they are, and whether the key-encryption key opens them."""
    session = open_session(home, as_json)
    state = key_status(session.home.room(controller))
    found = {**{f"domain {name}": key for name, key in state.domains.items()}, "register": state.register}
    sealed = {"people sealed": state.people, "quarantined rows sealed": state.quarantined}
    if session.as_json:
        show.as_json({"keys": {name: key and asdict(key) for name, key in found.items()}, **sealed})
    else:
        show.keys(f"Keys of {controller}: all open", found)
        show.counts("Sealed with keys of their own", sealed)


@keys.command("rotate")
def rotate(
    register: Annotated[
        bool,
        typer.Option("--register", help="Instead, hash the register of the erased again under a new key."),
    ] = False,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Give everybody a new pseudonym under a new key, and destroy the old key; goes on after a stop."""
    session = open_session(home, as_json)
    if register:
        version = rotate_register(session.home, controller)
        _print(session.as_json, "Key of the register", {"key version": version})
        return
    with show.progress(session.as_json) as progress:
        counts = rotate_keys(session.home, controller, progress)
    _print(session.as_json, "Rotated", counts)
    if not session.as_json:
        show.line("Everybody has a new pseudonym, and the old key is destroyed. Links and CRM are as before.")


def _print(machine: bool, title: str, numbers: dict[str, int]) -> None:
    if machine:
        show.as_json(numbers)
    else:
        show.counts(title, numbers)


def _plain(value: object) -> object:
    return None if value is None or value != value else getattr(value, "item", lambda: value)()
