"""Options that every command has, and the session that they open."""

from collections.abc import Iterable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from data.errors import OutsideSystemFailed, UsageError
from flows import show
from flows.wiring import Home, open_home
from pseudonymize import ExportFile, raw_copies


def folder(text: str) -> Path:
    """The folder that an option names; an unset variable in quotes must not stand for where one is."""
    if not text.strip():
        raise typer.BadParameter("it is empty: name a folder")
    return Path(text)


HomeDir = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Folder of all state.",
        show_default="$TILLIT_HOME, else ./.tillit",
        parser=folder,
        metavar="<path>",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable results.")]
Controller = Annotated[str, typer.Option(help="The company whose survey it is: the name of its policy.")]
By = Annotated[str, typer.Option("--by", help="Name of who decides: one of the staff.", show_default=False)]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="Mapping of the export's columns, YAML.", show_default=False)
]

_EARLIER: ContextVar[tuple[Path | None, bool]] = ContextVar("said before the command", default=(None, False))


@dataclass(frozen=True, slots=True)
class Session:
    """One command's home, and how to print."""

    home: Home
    as_json: bool


def remember(home: Path | None, as_json: bool) -> None:
    """Keep what was said before the command's name, for the command."""
    _EARLIER.set((home, as_json))


def open_session(home: Path | None, as_json: bool) -> Session:
    """The session of a command; what is said after its name outweighs what is said before."""
    return Session(open_home(home_dir(home)), said_json(as_json))


def home_dir(home: Path | None) -> Path | None:
    """The home that was named, before the command's name or after it; None where it was not."""
    return home or _EARLIER.get()[0]


def said_json(as_json: bool) -> bool:
    """Whether machine-readable results were asked for, before the command's name or after it."""
    return as_json or _EARLIER.get()[1]


def remind_of_raw_copies(session: Session, exports: Iterable[ExportFile]) -> None:
    """An export that still lies in its inbox is raw data: say so, and by when it must be gone."""
    for controller in sorted({export.mapping.controller for export in exports}):
        copies = raw_copies(session.home.room(controller))
        show.raw_copies(copies, session.home.clock.now())


def write_file(path: Path, content: str, *, quiet: bool, private: bool = False) -> None:
    """Write what a command has made, whole or not at all, and say where; nobody else reads what is private.

    Raises `UsageError` where the path names no file, `OutsideSystemFailed` where it cannot be written.
    """
    if not path.name:
        raise UsageError("that names no file", hint="give --output FILE")
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600 if private else 0o666, exist_ok=False)
        partial.write_text(content, "utf-8")
        partial.replace(path)
    except OSError as error:
        problem = error.strerror
    else:
        if not quiet:
            show.line(f"Written: {path}")
        return
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    raise OutsideSystemFailed(f"{path} cannot be written: {problem}", hint="choose another --output")
