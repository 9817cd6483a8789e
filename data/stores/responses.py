"""The store of de-identified responses. Readers follow the SQL manifest, never the folder.

A run writes new files beside the old ones. One SQL transaction then names the new files and drops
the replaced ones, so that a reader sees the old state or the new one and nothing between. Files
that no manifest names are swept.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    true,
    update,
)

from data.chunks import chunks
from data.errors import OutsideSystemFailed, VerificationFailed
from data.stores.comments import StoredComment, read_comments
from data.stores.response_files import (
    ResponseFile,
    RunWriter,
    TableChange,
    copy_changed,
    read_files,
    rewrite_without,
)
from data.stores.runs import RUNS
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

FILES = Table(
    "response_files",
    STATE,
    Column("id", String(16), primary_key=True),
    Column("path", String(250), nullable=False, unique=True),
    Column("controller", String(40), nullable=False),
    Column("survey", String(40), nullable=False),
    Column("cycle", String(40), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("run_id", String(32), nullable=False),
)

_RESTRICTED = literal_column("restricted") == true()

INDEX = Table(
    "response_index",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("response_key", String(64), primary_key=True),
    Column("content_key", String(64), nullable=False),
    Column("pseudonym", String(64), nullable=False),
    Column("answered_at", UtcTime, nullable=False),
    Column("modified_at", UtcTime),
    Column("file", String(16), nullable=False),
    Column("policy_version", String(80), nullable=False),
    Column("first_run", String(32), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Index("response_index_by_run", "controller", "first_run"),
    Index("response_index_restricted", "controller", sqlite_where=_RESTRICTED, postgresql_where=_RESTRICTED),
)

_READING_TRIES = 3

_INDEXED = [
    "controller",
    "response_key",
    "content_key",
    "pseudonym",
    "answered_at",
    "modified_at",
    "policy_version",
]


@dataclass(frozen=True, slots=True)
class Known:
    """What the store already has of a response: its version and a digest of its content."""

    modified_at: datetime | None
    content_key: str


@dataclass(frozen=True, slots=True)
class Switch:
    """Files that take the place of others, ready to be published.

    `kept` are the copies that old files live on in, by id of the file; `keys` the responses that leave
    each; `first_runs` the runs that first brought those that a newer version takes the place of.
    """

    run_id: str
    new: Sequence[ResponseFile]
    kept: dict[str, ResponseFile | None]
    keys: dict[str, list[str]]
    first_runs: dict[str, str] = field(default_factory=dict)

    def first(self, row: Mapping[str, Any]) -> str:
        """The run that first brought a response: this one, unless it is a newer version."""
        return self.first_runs.get(row["response_key"], self.run_id)

    @property
    def replaced(self) -> int:
        """How many responses give way to a newer version."""
        return sum(len(keys) for keys in self.keys.values())


class ResponseStore:
    """Responses in Parquet below `root`, with manifest and index in the state database."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self._root = root
        self._engine = engine

    def writer(self, run_id: str) -> RunWriter:
        """A writer for one run's new files."""
        return RunWriter(self._root, run_id)

    def known(self, controller: str, keys: Iterable[str]) -> dict[str, Known]:
        """The versions that the store has of the given responses."""
        found = {}
        with self._engine.connect() as connection:
            for some in chunks(keys, 500):
                mine = (INDEX.c.controller == controller) & INDEX.c.response_key.in_(some)
                for row in connection.execute(select(INDEX).where(mine)):
                    found[row.response_key] = Known(row.modified_at, row.content_key)
        return found

    def prepare(self, run_id: str, new: Sequence[ResponseFile]) -> Switch:
        """Write copies of the old files that lose a response to a newer version in `new`."""
        losing: dict[str, list[str]] = {}
        first_runs: dict[str, str] = {}
        for file in new:
            keys = read_files(self._root, [file.path], ["response_key"])["response_key"].to_pylist()
            for row in self._indexed(file.partition[0], keys):
                losing.setdefault(row.file, []).append(row.response_key)
                first_runs[row.response_key] = row.first_run
        return Switch(run_id, new, self._without(run_id, losing), losing, first_runs)

    def prepare_without(self, run_id: str, controller: str, keys: Iterable[str]) -> Switch:
        """Write copies of the files that hold some responses, without these."""
        losing: dict[str, list[str]] = {}
        for row in self._indexed(controller, keys):
            losing.setdefault(row.file, []).append(row.response_key)
        return Switch(run_id, (), self._without(run_id, losing), losing)

    def first_brought(self, controller: str, run_id: str) -> list[str]:
        """Keys of the responses that a run brought in first, whatever newer version is kept of them."""
        mine = (INDEX.c.controller == controller) & (INDEX.c.first_run == run_id)
        with self._engine.connect() as connection:
            return list(connection.scalars(select(INDEX.c.response_key).where(mine)))

    def _indexed(self, controller: str, keys: Iterable[str]) -> Iterator[Row[Any]]:
        with self._engine.connect() as connection:
            for some in chunks(keys, 500):
                mine = (INDEX.c.controller == controller) & INDEX.c.response_key.in_(some)
                yield from connection.execute(select(INDEX).where(mine))

    def _without(self, run_id: str, losing: dict[str, list[str]]) -> dict[str, ResponseFile | None]:
        with self._engine.connect() as connection:
            old = [file for file in _files(connection) if file.id in losing]
        return {
            file.id: rewrite_without(self._root, file, losing[file.id], run_id, f"kept{number}")
            for number, file in enumerate(old)
        }

    def files(self, controller: str) -> list[ResponseFile]:
        """The published files of a controller."""
        with self._engine.connect() as connection:
            return [file for file in _files(connection) if file.partition[0] == controller]

    def files_of(self, controller: str, keys: Iterable[str]) -> list[ResponseFile]:
        """The published files that hold some responses."""
        wanted = {row.file for row in self._indexed(controller, keys)}
        return [file for file in self.files(controller) if file.id in wanted]

    def comments(self, file: ResponseFile) -> Iterator[list[StoredComment]]:
        """The comments of one file, in batches."""
        return read_comments(self._root / file.path)

    def find(self, controller: str, beginning: str) -> dict[str, ResponseFile]:
        """Response keys of a controller that begin so, and their files; two of them where there are more."""
        wanted = (INDEX.c.controller == controller) & INDEX.c.response_key.startswith(
            beginning, autoescape=True
        )
        with self._engine.connect() as connection:
            files = {file.id: file for file in _files(connection)}
            rows = connection.execute(select(INDEX).where(wanted).limit(2))
            return {row.response_key: files[row.file] for row in rows}

    def prepare_changed(self, run_id: str, old: Iterable[ResponseFile], change: TableChange) -> Switch:
        """Write copies of files, one after the other, with other values in them; goes on after a stop."""
        changed = {file.id: copy_changed(self._root, file, change, run_id) for file in old}
        return Switch(run_id, (), dict(changed), {file_id: [] for file_id in changed})

    def publish(self, connection: Connection, switch: Switch, restricted: Container[str] = ()) -> None:
        """Name the new files in the manifest and drop the replaced ones, in the caller's transaction.

        Of the new responses those in `restricted` are kept, and read by nobody.
        """
        controllers = {file.id: file.partition[0] for file in _files(connection)}
        for file_id in switch.kept:
            mine = INDEX.c.controller == controllers[file_id]
            for some in chunks(switch.keys[file_id], 500):
                connection.execute(delete(INDEX).where(mine, INDEX.c.response_key.in_(some)))
            connection.execute(delete(FILES).where(FILES.c.id == file_id))
        files = [*switch.new, *(file for file in switch.kept.values() if file is not None)]
        if files:
            connection.execute(insert(FILES), [_manifest_row(file, switch.run_id) for file in files])
        for file in switch.new:
            table = read_files(self._root, [file.path], _INDEXED)
            for some in table.to_batches(max_chunksize=2_000):
                rows = [
                    {
                        **row,
                        "file": file.id,
                        "first_run": switch.first(row),
                        "restricted": row["response_key"] in restricted,
                    }
                    for row in some.to_pylist()
                ]
                connection.execute(insert(INDEX), rows)

    def sweep(self) -> int:
        """Unlink files that the manifest does not name; returns how many. Needs the home's lock.

        Raises `VerificationFailed`, and unlinks nothing, where a file is of a run that this database
        does not know: then the database is another one, or an older one, and the manifest is not to be
        believed.
        """
        with self._engine.connect() as connection:
            named = {self._root / file.path for file in _files(connection)}
            known = set(connection.scalars(select(RUNS.c.id)))
        orphans = [path for path in self._root.rglob("*.parquet") if path not in named]
        if strangers := [path for path in orphans if path.name.partition("-")[0] not in known]:
            raise VerificationFailed(
                f"{len(strangers)} files of responses come from no run of this state database",
                hint="check TILLIT_STATE_URL, or restore state and responses from one backup",
            )
        for path in orphans:
            path.unlink()
        return len(orphans)

    def rows(self, controller: str, keys: Collection[str], columns: list[str]) -> list[dict[str, Any]]:
        """The named columns of some responses, restricted ones as well: for the person whose they are."""
        wanted = {row.file for row in self._indexed(controller, keys)}
        found = self._read(controller, columns, lambda file: file.id in wanted)
        ours = pa.array(sorted(keys), pa.string())
        rows: list[dict[str, Any]] = found.filter(pc.is_in(found["response_key"], value_set=ours)).to_pylist()
        return rows

    def writers(self, controller: str, keys: Iterable[str]) -> set[str]:
        """Pseudonyms of the writers of some responses, restricted ones as well."""
        return {row.pseudonym for row in self._indexed(controller, keys)}

    def restrict(self, connection: Connection, controller: str, keys: Iterable[str], *, to: bool) -> int:
        """Keep some responses from being read, or let them be read again; returns of how many."""
        count = 0
        for some in chunks(keys, 500):
            mine = (INDEX.c.controller == controller) & INDEX.c.response_key.in_(some)
            count += connection.execute(update(INDEX).where(mine).values(restricted=to)).rowcount
        return count

    def move(self, connection: Connection, controller: str, writers: Mapping[str, str]) -> None:
        """Note other pseudonyms for the writers of some responses, in the caller's transaction."""
        this = (INDEX.c.controller == controller) & (INDEX.c.response_key == bindparam("its_key"))
        rows = [{"its_key": key, "pseudonym": pseudonym} for key, pseudonym in writers.items()]
        if rows:
            connection.execute(update(INDEX).where(this), rows)

    def restricted(self, controller: str) -> set[str]:
        """Keys of the responses that are kept and not used."""
        mine = (INDEX.c.controller == controller) & _RESTRICTED
        with self._engine.connect() as connection:
            return set(connection.scalars(select(INDEX.c.response_key).where(mine)))

    def read(self, controller: str, columns: list[str]) -> pa.Table:
        """The named columns of every published response of a controller but those that are restricted.

        A run that publishes meanwhile may unlink a file between manifest and reading; then the new
        manifest is read instead.
        """
        before = self.restricted(controller)
        found = self._read(controller, columns, lambda file: True)
        # Asked again after the files were read: who was restricted or erased meanwhile is left out as well.
        kept = pa.array(sorted(before | self.restricted(controller)), pa.string())
        return found.filter(pc.invert(pc.is_in(found["response_key"], value_set=kept))).select(columns)

    def _read(self, controller: str, columns: list[str], wanted: Callable[[ResponseFile], bool]) -> pa.Table:
        for _ in range(_READING_TRIES):
            paths = [file.path for file in self.files(controller) if wanted(file)]
            with suppress(FileNotFoundError):
                return read_files(self._root, paths, [*dict.fromkeys([*columns, "response_key"])])
        raise OutsideSystemFailed(
            "a file of responses that the manifest names is missing",
            hint="restore the folder of responses from the same backup as the state database",
        )


def _files(connection: Connection) -> list[ResponseFile]:
    rows = connection.execute(select(FILES).order_by(FILES.c.path))
    return [ResponseFile(r.path, (r.controller, r.survey, r.cycle), r.rows, r.id) for r in rows]


def _manifest_row(file: ResponseFile, run_id: str) -> dict[str, object]:
    controller, survey, cycle = file.partition
    return {
        "id": file.id,
        "path": file.path,
        "controller": controller,
        "survey": survey,
        "cycle": cycle,
        "rows": file.rows,
        "run_id": run_id,
    }
