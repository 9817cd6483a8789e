"""Make a backup while everything goes on: a snapshot of the state first, the wrapped keys after it."""

import base64
import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.engine import make_url

from data.errors import OutsideSystemFailed, UsageError
from data.stores import backups, register
from data.stores.backups import PARTS, Backup, Part
from data.stores.responses import FILES
from data.stores.sql import KEYS, STATE
from data.stores.table_copies import copy_out, snapshot
from data.stores.whole_folders import remove_left, whole_folder
from flows.backup_files import Manifest, SealedFolder, read_manifest
from flows.backup_store import check_disk, delete, end_of, is_there, known_backups, lies_among_backups, mark
from flows.wiring import Home
from governance import evidence
from governance.evidence_table import EVIDENCE
from pseudonymize import Progress, controllers_with_keys

_NAMES = "tillit-*"
_TRIES = 5
_MADE = "backup made"
#: What of a home lies in files beside the responses: lists under way, what was proved, how it is set up.
_FILES = ("plans/*.json", "certificates/*.json", "policies/*.yaml", "sources.yaml")


def create_backup(home: Home, output: Path, keys: Path, progress: Progress) -> dict[str, Any]:
    """Make a backup: `output` gets what is kept, sealed, and `keys` what opens it; returns what was made.

    Needs no lock: an import that runs goes on, and is not in it. Raises `UsageError` where the folders do not
    lie apart, `PolicyForbids` while the home is behind the register, `OutsideSystemFailed` where a folder
    cannot be written to, or is that of a disk which is away; then nothing is left in it.
    """
    output, keys = _places(home, output, keys)
    controllers = _controllers(home)
    now, backup_id = home.clock.now(), secrets.token_hex(6)
    name = f"tillit-{now:%Y%m%dT%H%M%SZ}-{backup_id}"
    places = {"data": output / name, "keys": keys / name}
    ends = {part: min(end_of(home.policy(c), part, now) for c in controllers) for part in PARTS}
    parts = [Backup(backup_id, part, now, places[part], ends[part]) for part in PARTS]
    for folder in (output, keys):
        check_disk(home, folder)
    with _or_nothing(home, parts):
        for folder in (output, keys):
            mark(folder)
            remove_left(folder, _NAMES)
        _begin(home, parts, controllers)
        with whole_folder(places["data"]) as for_data, whole_folder(places["keys"]) as for_keys:
            made = _fill(home, parts[0], for_data, for_keys, progress)
        _check_wanted(home, backup_id, (output, keys))
    return {
        "backup": backup_id,
        "made_at": now,
        "data": places["data"],
        "keys": places["keys"],
        **_counts(made),
    }


def _places(home: Home, output: Path, keys: Path) -> tuple[Path, Path]:
    output, keys = output.expanduser().resolve(), keys.expanduser().resolve()
    inside = home.settings.home.resolve()
    folders = {"the home": inside, "the folder of the register": inside.with_name(f"{inside.name}.register")}
    for option, one, other in (("--output", output, keys), ("--keys", keys, output)):
        places = {"the folder of the other": other, **folders}
        within = [what for what, place in places.items() if one.is_relative_to(place)]
        around = [what for what, place in (*places.items(), *_apart(home)) if place.is_relative_to(one)]
        if lies_among_backups(one):
            within.append("a folder of backups")
        if within or around:
            how = f"lies in {within[0]}" if within else f"has {around[0]} in it"
            raise UsageError(
                f"{option} {how}",
                hint="data, keys, home and register lie apart, best on disks of their own",
            )
    return output, keys


def _apart(home: Home) -> Iterator[tuple[str, Path]]:
    """Files whose copies must have nothing of a backup."""
    settings = home.settings
    yield "the key-encryption key", settings.key_file.resolve()
    for url in map(make_url, (settings.state_url, settings.keys_url, settings.register_url)):
        if url.get_backend_name() == "sqlite":
            yield "a database of the home", Path(url.database or "").resolve()


def _controllers(home: Home) -> list[str]:
    """Whose data it is; each one's policy has to have clocks for backups."""
    home.check_not_behind()
    with home.keys_engine.connect() as connection:
        found = controllers_with_keys(connection)
    if not found:
        raise UsageError(
            "there is nothing in this home yet", hint="`tillit keys init` makes the keys of a new home"
        )
    for controller in found:
        home.room(controller)
    return found


@contextmanager
def _or_nothing(home: Home, parts: list[Backup]) -> Iterator[None]:
    """Leave nothing of a backup that did not become whole, and no clock of it."""
    try:
        yield
        return
    except OSError as error:
        problem = OutsideSystemFailed(
            f"the backup cannot be written: {error.strerror or type(error).__name__}",
            hint="see that there is room in both folders, and that they can be written to",
        )
    except BaseException:
        _undo(home, parts)
        raise
    _undo(home, parts)
    raise problem


def _check_wanted(home: Home, backup_id: str, folders: tuple[Path, Path]) -> None:
    """Raise `OutsideSystemFailed` where an erasure has ended it while it was made, or a disk went away."""
    with home.register_engine.connect() as connection:
        if not backups.is_known(connection, backup_id):
            raise OutsideSystemFailed(
                "somebody was erased meanwhile, whom this backup may still have", hint="make another one"
            )
    for folder in folders:
        check_disk(home, folder)


def _undo(home: Home, parts: list[Backup]) -> None:
    gone = [one.part for one in parts if delete(one.place)]  # what is out of reach keeps its clock
    with home.register_engine.begin() as connection:
        backups.forget(connection, [parts[0].id], *gone)


def _begin(home: Home, parts: list[Backup], controllers: list[str]) -> None:
    """Start the clocks before there is anything: a stop may leave a folder, and never one without a clock."""
    with home.register_engine.begin() as connection:
        backups.add(connection, parts, controllers)


def put_on_record(home: Home, controller: str) -> int:
    """Put backups on record that are not yet. Needs the home's lock, which making one does without.

    Returns of how many the manifest cannot be read: each is an alarm for the controller whose night it is.
    """
    unreadable = 0
    done = select(EVIDENCE.c.details).where(EVIDENCE.c.kind == _MADE)
    with home.engine.begin() as connection:
        recorded = {json.loads(details)["backup"] for details in connection.scalars(done)}
        for one in known_backups(home):
            if one["part"] == "data" and one["backup"] not in recorded and is_there(Path(one["place"])):
                try:
                    made = read_manifest(Path(one["place"]), "data")
                except UsageError:
                    unreadable += 1
                    says = {"backup": one["backup"], "says": "the manifest of a backup cannot be read"}
                    details = {"controller": controller, **says, "count": 1}
                    evidence.record(connection, home.clock.now(), "alarm", details)
                    continue
                told = {"backup": made.id, "made_at": made.made_at.isoformat(), "generation": made.generation}
                for whose in _controllers(home):
                    details = {**told, "controller": whose, "counts": _counts(made)}
                    evidence.record(connection, home.clock.now(), _MADE, details)
    return unreadable


def _counts(made: Manifest) -> dict[str, int]:
    size = sum(file.size for file in made.files.values())
    return {"files": len(made.files), "rows": sum(made.tables.values()), "bytes": size}


def _fill(home: Home, backup: Backup, for_data: Path, for_keys: Path, progress: Progress) -> Manifest:
    key = home.new_backup_key(backup.id)
    data, keys = SealedFolder(for_data, key), SealedFolder(for_keys, key)
    generation, tables = _copy_state(home, data, progress)
    for path in sorted(path for pattern in _FILES for path in home.settings.home.glob(pattern)):
        with suppress(FileNotFoundError):  # a plan goes when it is verified
            data.seal_file(path, f"home/{path.relative_to(home.settings.home).as_posix()}")
    # After the state: a key is made before what it seals, so that none that is needed can be missing.
    with snapshot(home.keys_engine) as connection:
        wrapped = copy_out(connection, KEYS, lambda table: keys.sealing(f"keys/{table}"))
    text = base64.b64encode(key.wrapped).decode()

    def manifest(part: Part, rows: dict[str, int], wrapped_key: str = "") -> Manifest:
        at = backup.made_at
        return Manifest(
            format=1, id=backup.id, part=part, made_at=at, generation=generation, tables=rows, key=wrapped_key
        )

    keys.write_manifest(manifest("keys", wrapped, text))
    return data.write_manifest(manifest("data", tables))


def _copy_state(home: Home, data: SealedFolder, progress: Progress) -> tuple[int, dict[str, int]]:
    """Snapshot, then the files that it names; once more where a run has replaced one of them meanwhile."""
    for _ in range(_TRIES):
        shutil.rmtree(data.folder / "state", ignore_errors=True)
        with snapshot(home.engine) as connection:
            tables = copy_out(connection, STATE, lambda table: data.sealing(f"state/{table}"))
            generation, _ = register.carried_out(connection)
            paths = _paths(connection)
        data.keep_only(set(paths), "home/responses")
        if _copy_responses(home, data, paths, progress):
            return generation, tables
    raise OutsideSystemFailed("the answers have changed again and again while they were copied")


def _paths(connection: Connection) -> dict[str, str]:
    paths = connection.scalars(select(FILES.c.path).order_by(FILES.c.path))
    return {f"home/responses/{path}": path for path in paths}


def _copy_responses(home: Home, data: SealedFolder, paths: dict[str, str], progress: Progress) -> bool:
    """Seal the files that are not yet here, since none ever changes; false where one is gone by now."""
    steps = progress("copying", len(paths))
    for name, path in paths.items():
        if not data.has(name):
            try:
                data.seal_file(home.settings.home / "responses" / path, name)
            except FileNotFoundError:
                return False
        steps(1)
    return True
