"""Commands about backups: create, restore, list."""

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.engine import make_url

from data.clock import SystemClock
from flows import show
from flows.backup_store import known_backups
from flows.cli_options import AsJson, HomeDir, folder, home_dir, open_session, said_json
from flows.create_backup import create_backup
from flows.restore_backup import restore_backup
from flows.wiring import settings_here

backup = typer.Typer(help="Copies of the home that forget in time, and their way back.", no_args_is_help=True)


def _folder(help_text: str, *names: str) -> Any:
    return typer.Option(*names, help=help_text, show_default=False, parser=folder, metavar="<path>")


@backup.command()
def create(
    output: Annotated[Path, _folder("Folder for what is kept, sealed.")],
    keys: Annotated[Path, _folder("Another one, apart, for the keys to it.")],
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a backup while everything goes on. The key-encryption key and the register are never in it."""
    session = open_session(home, as_json)
    with show.progress(session.as_json) as progress:
        made = create_backup(session.home, output, keys, progress)
    if session.as_json:
        show.as_json(made)
        return
    show.counts("Backup", {name: made[name] for name in ("files", "rows", "bytes")})
    show.line(f"Data, sealed: {made['data']}")
    show.line(f"Keys to it:   {made['keys']}")
    settings = session.home.settings
    register = make_url(settings.register_url)
    key = "TILLIT_KEY" if settings.key else f"TILLIT_KEY_FILE={settings.key_file}"
    show.line("Not in it, and needed with it; keep a copy of each elsewhere:")
    show.line(f"  {key}  the key-encryption key")
    show.line(f"  TILLIT_REGISTER_URL={register.render_as_string()}  the register, as it is at any moment")


@backup.command()
def restore(
    source: Annotated[Path, _folder("Folder tillit-… of the data.", "--from")],
    keys: Annotated[Path, _folder("Folder tillit-… of the keys to it.")],
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a new home from a backup; it opens when `tillit rights replay` has erased again who is erased."""
    settings = settings_here(home_dir(home))
    with show.progress(said_json(as_json)) as progress:
        done = restore_backup(settings, SystemClock(), source, keys, progress)
    if said_json(as_json):
        show.as_json(done)
        return
    show.counts("Restored", {name: done[name] for name in ("files", "rows")})
    if done["keys"] == "kept":
        show.line("The database of wrapped keys was there and is newer: it was kept.")
    show.line("Next: tillit rights replay; until then the home does not open.")
    since = show.moment(done["made_at"])
    show.line(
        f"Then enter again what was entered since {since}: events of the CRM, letters sent, who was told;"
    )
    show.line("import again what the survey tool has, and sync the scores.")


@backup.command("list")
def list_backups(home: HomeDir = None, as_json: AsJson = False) -> None:
    """List the backups that are there: where their parts lie, and until when."""
    session = open_session(home, as_json)
    found = known_backups(session.home)
    if session.as_json:
        show.as_json(found)
        return
    if not found:
        show.line("There is no backup.")
        return
    shown = show.table("Backups", "part", "made", "until", "disk", "folder")
    for one in found:
        disk, until = "there" if one["within_reach"] else "away", f"{one['until']:%Y-%m-%d}"
        shown.add_row(one["part"], show.moment(one["made_at"]), until, disk, one["place"])
    show.out.print(shown)
