"""Put a backup back as a new home, which stays shut until the erasures made since are carried out again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.engine import make_url

from data.clock import Clock
from data.errors import OutsideSystemFailed, PolicyForbids, UsageError, VerificationFailed
from data.stores import backups, keys_of_backup, register
from data.stores.crm_ledger import CRM_LEDGER
from data.stores.register import REGISTER, RESTORED
from data.stores.sql import KEYS, STATE, is_complete, open_as_it_is, sqlite_url
from data.stores.table_copies import copy_in
from data.stores.whole_folders import whole_folder
from flows.backup_files import Manifest, SealedFolder, check_files, read_manifest
from flows.backup_store import lies_among_backups
from flows.wiring import Home, Settings
from governance import evidence
from governance.evidence_table import EVIDENCE
from pseudonymize import Progress, check_same_home, controllers_with_keys

_RESTORED = "home restored"
_HOME = "home/"


def restore_backup(
    settings: Settings, clock: Clock, source: Path, keys: Path, progress: Progress
) -> dict[str, Any]:
    """Make the home that `settings` name from the two folders of a backup; returns what was put back.

    A database of wrapped keys that lives elsewhere and has keys is kept: it is newer. What a stop has left is
    no home: the same command begins again. Raises `UsageError` where something is there already,
    `PolicyForbids` where the backup's period is over, `VerificationFailed` where a file or the register is
    not what it should be, and `KeyUnavailable` where the key-encryption key is another one.
    """
    data_manifest, keys_manifest = _manifests(source, keys)
    _check_empty(settings.home)
    _check_needed(settings)
    _check_register(settings, clock, data_manifest)
    with _writable(settings.home), whole_folder(settings.home) as new:
        home = Home(_within(settings, new), clock)
        key = home.open_backup_key(keys_manifest.id, keys_manifest.wrapped)
        data, wrapped = SealedFolder(source, key), SealedFolder(keys, key)
        data.check_manifest()
        wrapped.check_manifest()
        steps = progress("checking", len(data_manifest.files) + len(keys_manifest.files))
        check_files(source, data_manifest, steps)
        check_files(keys, keys_manifest, steps)
        files = [name for name in data_manifest.files if name.startswith(_HOME)]
        steps = progress("restoring", len(files))
        for name in files:
            data.open_file(name, new / name.removeprefix(_HOME))
            steps(1)
        try:
            with home.engine.connect() as state:  # before the keys: refused, it must leave none of them
                _is_put_back(state, data_manifest)
            kept = _put_keys(home, wrapped, keys_manifest)
            _put_state(home, data, data_manifest)
        finally:
            home.engine.dispose()
            home.keys_engine.dispose()
    rows = sum(data_manifest.tables.values())
    return {
        "backup": data_manifest.id,
        "made_at": data_manifest.made_at,
        "files": len(files),
        "rows": rows,
    } | {"keys": "kept" if kept else "restored"}


def _manifests(source: Path, keys: Path) -> tuple[Manifest, Manifest]:
    of_data, of_keys = read_manifest(source, "data"), read_manifest(keys, "keys")
    if of_data.id != of_keys.id:
        raise UsageError(
            f"the keys are those of the backup {of_keys.id}, and not of {of_data.id}",
            hint="both folders of one backup have the same name",
        )
    return of_data, of_keys


def _check_empty(home: Path) -> None:
    if lies_among_backups(home) or home.is_mount():
        what = "a mount point" if home.is_mount() else "in a folder of backups"
        raise UsageError(f"{home} is {what}, where no home can be made", hint="name a new folder with --home")
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise UsageError(
            f"{home} is not empty, and nothing is written over",
            hint="name a new home with --home, or move the old one away first",
        )


def _check_needed(settings: Settings) -> None:
    """What no backup has must be where the home will look for it; all that is missing is said at once."""
    missing = []
    if not (settings.key or settings.key_file.is_file()):
        missing.append(f"the key-encryption key ({settings.key_file}, TILLIT_KEY_FILE)")
    if not is_complete(settings.register_url, REGISTER):
        place = make_url(settings.register_url).render_as_string()
        missing.append(f"the register of people who were erased or object ({place}, TILLIT_REGISTER_URL)")
    if missing:
        raise VerificationFailed(
            f"not where the restored home looks for it: {' and '.join(missing)}",
            hint="set the variables, or restore the home to where it was; a new one is of no use",
        )


def _check_register(settings: Settings, clock: Clock, manifest: Manifest) -> None:
    """The register is never put back: it has to know this backup and its clock."""
    with open_as_it_is(settings.register_url).connect() as connection:
        known = backups.is_known(connection, manifest.id)
        newest, _ = register.newest(connection)
        ends = backups.ends_at(connection, manifest.id) if known else clock.now()
    if not known or newest < manifest.generation:
        raise VerificationFailed(
            f"the register does not know the backup {manifest.id}: the backup's period is over, "
            "or the register is an older one",
            hint="take a newer backup, or put the newest copy of the register in place",
        )
    if clock.now() >= ends:
        raise PolicyForbids(
            f"the period of the backup {manifest.id} was over on {ends:%Y-%m-%d}", hint="take a newer backup"
        )


def _within(settings: Settings, new: Path) -> Settings:
    """The settings with all that lies in the home in a folder that becomes it later."""
    old = f"{sqlite_url(settings.home)}/"

    def moved(url: str) -> str:
        return f"{sqlite_url(new)}/{url.removeprefix(old)}" if url.startswith(old) else url

    state, keys = moved(settings.state_url), moved(settings.keys_url)
    return replace(settings, home=new, state_url=state, keys_url=keys)


@contextmanager
def _writable(home: Path) -> Iterator[None]:
    try:
        yield
        return
    except OSError as error:
        problem = error.strerror or type(error).__name__
    raise OutsideSystemFailed(
        f"{home} cannot be restored: {problem}",
        hint="nothing is left there; see that it has room, and try again",
    )


def _put_keys(home: Home, keys: SealedFolder, manifest: Manifest) -> bool:
    """Put the wrapped keys back where there are none; returns whether there were.

    Those that a restore has put there which was refused or stopped are a backup's, and not newer ones.
    """
    with home.keys_engine.connect() as connection:
        of_backup = keys_of_backup.read(connection)
    if of_backup not in ("", manifest.id):
        raise UsageError(
            f"the database of wrapped keys holds those of the backup {of_backup}, "
            "of a restore that did not end",
            hint="restore that one, or set TILLIT_KEYS_URL to a new database",
        )
    if home.has_keys():
        return not of_backup
    with home.keys_engine.begin() as connection:
        copy_in(connection, KEYS, manifest.tables, lambda table: keys.opening(f"keys/{table}"))
        keys_of_backup.note(connection, manifest.id)
    return False


def _put_state(home: Home, data: SealedFolder, manifest: Manifest) -> None:
    """All tables in one transaction, with what says that nobody has looked for the erased in them yet."""
    with home.engine.begin() as connection, home.keys_engine.connect() as keys:
        if _is_put_back(connection, manifest):
            return
        copy_in(connection, STATE, manifest.tables, lambda table: data.opening(f"state/{table}"))
        check_same_home(connection, keys)
        register.carry_out(connection, manifest.generation, pending=RESTORED)
        # The CRM went on meanwhile: what it holds is in doubt, and the next sync writes it again.
        connection.execute(update(CRM_LEDGER).values(confirmed=False))
        told = {"backup": manifest.id, "generation": manifest.generation}
        for controller in controllers_with_keys(keys):
            details = {**told, "controller": controller, "rows": sum(manifest.tables.values())}
            evidence.record(connection, home.clock.now(), _RESTORED, details)


def _is_put_back(connection: Connection, manifest: Manifest) -> bool:
    """Whether a stop came after this backup's tables were put into a database that lies outside the home.

    Raises `UsageError` where anything else is there.
    """
    if not any(connection.execute(select(table).limit(1)).first() for table in STATE.sorted_tables):
        return False
    last = connection.execute(select(EVIDENCE).order_by(EVIDENCE.c.number.desc()).limit(1)).one_or_none()
    if last is None or last.kind != _RESTORED or f'"{manifest.id}"' not in last.details:
        raise UsageError(
            "the state database is not empty, and nothing is written over",
            hint="name an empty one in TILLIT_STATE_URL",
        )
    return True
