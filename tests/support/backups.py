"""Backups of a small home, and what they are made of."""

import os
import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from data.clock import FixedClock
from data.records import CrmReference
from flows.begin_case import Decision
from flows.create_backup import create_backup
from flows.fulfil_case import fulfil
from flows.open_case import open_request
from flows.restore_backup import restore_backup
from flows.sync_scores import sync_scores
from flows.wiring import Home, Settings
from governance import evidence
from pseudonymize import no_progress
from pseudonymize.derive import address_pseudonym
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import Said, tillit
from tests.support.killed import Moments

DECISION = Decision("Eva Ek", "address on file")


WROTE = "Supporten i Sjöbo är snabb och vänlig, tack för hjälpen"


Made = dict[str, Any]


def back_up(home: Home, name: str = "") -> Made:
    folder = home.settings.home.parent
    return create_backup(home, folder / f"backups{name}", folder / f"keys{name}", no_progress)


def move_away(home: Home) -> Path:
    """Lose the home, its CRM excepted, which goes on somewhere else."""
    folder = home.settings.home
    lost = folder.with_name("lost")
    close(home)
    folder.rename(lost)
    return lost


def close(home: Home) -> None:
    for name in ("engine", "keys_engine", "register_engine"):
        if name in vars(home):
            getattr(home, name).dispose()


def put_back(home: Home, made: Made, lost: Path | None = None, days: int = 0) -> Home:
    """The home as it was when the backup was made, before anything is replayed."""
    settings, clock = home.settings, FixedClock(home.clock.now() + timedelta(days=days))
    restore_backup(settings, clock, made["data"], made["keys"], no_progress)
    if lost:
        shutil.copytree(lost / "crm", settings.home / "crm", dirs_exist_ok=True)
    return Home(settings, clock)


def erase(home: Home, person: int) -> dict[str, Any]:
    case = open_request(home, "sectra", "erase", f"person{person}@example.com", "", named_in_text=False)
    return fulfil(home, "sectra", case.id, DECISION)


def content(*folders: Path) -> bytes:
    """Every byte of some folders, but those of the CRM, which knows its contacts."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files if path.parent.name != "crm")


def telling(home: Home, person: int) -> list[bytes]:
    """What would tell of a person: address, name, reference, pseudonym, and what they wrote."""
    row = answer(person)
    pseudonym = address_pseudonym(home.room("sectra").ring, row["email"])
    return [
        word.encode() for word in (row["email"], row["last_name"], row["crm_reference"], pseudonym, WROTE)
    ]


def elsewhere(home: Home, folder: Path) -> Settings:
    """A second place for the same home, with the register that it has."""
    urls = {"TILLIT_REGISTER_URL": home.settings.register_url, "TILLIT_KEY_FILE": str(home.settings.key_file)}
    return Settings.read(urls, folder)


def kinds(home: Home) -> set[str]:
    with home.engine.connect() as connection:
        return {entry.kind for entry in evidence.newest(connection, "sectra")}


def restore(desk: Desk, source: object, keys: object, home: str = "home", **environ: str) -> Said:
    command = ("backup", "restore", "--from", source, "--keys", keys, "--home", desk.folder / home)
    return tillit(*command, environ=environ)


def killed(folder: Path, at: int, act: Callable[[], object]) -> bool:
    child = os.fork()
    if child == 0:
        try:
            Moments(str(folder), at).watch()
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def filled_desk(tmp_path: Path, mapping: Path) -> Desk:
    """Six people, one of them in two cycles, two bad rows, and scores in the CRM."""
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(6))
    bad = [answer(n, response_id=f"B-{n}", score="11", text="") for n in (2, 3)]
    desk.take(*[answer(n, text=WROTE if n == 1 else "") for n in range(6)], *bad)
    desk.take(answer(1, response_id="S-1", cycle="2026-Q2", text=""), name="second.csv")
    sync_scores(desk.home, "sectra", no_progress)
    return desk
