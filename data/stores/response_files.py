"""The Parquet form of responses: schema, writing, reading, and rewriting without some rows."""

import os
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.records import Response

SCHEMA = pa.schema(
    [
        ("controller", pa.string()),
        ("survey", pa.string()),
        ("cycle", pa.string()),
        ("response_key", pa.string()),
        ("content_key", pa.string()),
        ("pseudonym", pa.string()),
        ("key_version", pa.int16()),
        ("linkable", pa.bool_()),
        ("answered_at", pa.timestamp("us", "UTC")),
        ("modified_at", pa.timestamp("us", "UTC")),
        ("collected_at", pa.timestamp("us", "UTC")),
        ("score", pa.int8()),
        ("scale_minimum", pa.int8()),
        ("scale_maximum", pa.int8()),
        ("comment", pa.string()),
        ("comment_language", pa.string()),
        ("comment_redactor", pa.string()),
        ("comment_removed", pa.map_(pa.string(), pa.int32())),
        ("role", pa.string()),
        ("workplace", pa.string()),
        ("country", pa.string()),
        ("policy_version", pa.string()),
    ]
)

ROWS_READ = 1 << 14
_ROWS_HELD = 1 << 14

Partition = tuple[str, str, str]
#: Of some answers, as they stand in a file, the same answers with other values.
TableChange = Callable[[pa.Table], pa.Table]


@dataclass(frozen=True, slots=True)
class ResponseFile:
    """One Parquet file of one partition; `path` is relative to the store's folder.

    `id` stays with what is in it when a copy takes its place, so that its responses need not be told.
    """

    path: str
    partition: Partition
    rows: int
    id: str


class RunWriter:
    """Writes the responses of one run, one file for each controller, survey and cycle."""

    def __init__(self, root: Path, run_id: str) -> None:
        self._root = root
        self._run_id = run_id
        self._held: dict[Partition, list[dict[str, object]]] = {}
        self._open: dict[Partition, tuple[str, pq.ParquetWriter]] = {}
        self._rows: dict[Partition, int] = {}

    def add(self, responses: Iterable[Response]) -> None:
        """Take responses; they reach the disk in large row groups."""
        for response in responses:
            partition = (response.controller, response.cycle.survey, response.cycle.cycle)
            held = self._held.setdefault(partition, [])
            held.append(_row(response))
            if len(held) >= _ROWS_HELD:
                self._flush(partition)

    def close(self) -> list[ResponseFile]:
        """Bring everything safely to the disk; the files stay unseen until they are published."""
        for partition in list(self._held):
            self._flush(partition)
        files = []
        for partition, (path, writer) in self._open.items():
            writer.close()
            bring_to_disk(self._root / path, self._root)
            files.append(ResponseFile(path, partition, self._rows[partition], secrets.token_hex(8)))
        return files

    def _flush(self, partition: Partition) -> None:
        rows = self._held.pop(partition, [])
        if not rows:
            return
        if partition not in self._open:
            path = file_path(partition, self._run_id, "new")
            (self._root / path).parent.mkdir(parents=True, exist_ok=True)
            self._open[partition] = (path, pq.ParquetWriter(self._root / path, SCHEMA, compression="zstd"))
        self._open[partition][1].write_table(pa.Table.from_pylist(rows, SCHEMA))
        self._rows[partition] = self._rows.get(partition, 0) + len(rows)


def file_path(partition: Partition, run_id: str, part: str) -> str:
    """Where a run's file of a partition lies below the store's folder."""
    controller, survey, cycle = partition
    return f"{controller}/survey={survey}/cycle={cycle}/{run_id}-{part}.parquet"


def rewrite_without(
    root: Path, old: ResponseFile, keys: Collection[str], run_id: str, part: str
) -> ResponseFile | None:
    """Copy a file without the responses in `keys`; None where nothing is left of it."""
    table = pq.read_table(root / old.path, schema=SCHEMA, partitioning=None)
    keep = pc.invert(pc.is_in(table["response_key"], value_set=pa.array(sorted(keys), pa.string())))
    table = table.filter(keep)
    if not table.num_rows:
        return None
    path = file_path(old.partition, run_id, part)
    pq.write_table(table, root / path, compression="zstd")
    bring_to_disk(root / path, root)
    return ResponseFile(path, old.partition, table.num_rows, old.id)


def copy_changed(root: Path, old: ResponseFile, change: TableChange, run_id: str) -> ResponseFile:
    """Copy a file with other values; its answers, and their order, stay. A copy that is there is whole."""
    path = file_path(old.partition, run_id, f"changed-{old.id}")
    begun = root / file_path(old.partition, run_id, f"changed-{old.id}.new")
    if not (root / path).exists():
        with (
            pq.ParquetFile(root / old.path) as source,
            pq.ParquetWriter(begun, SCHEMA, compression="zstd") as target,
        ):
            for batch in source.iter_batches(ROWS_READ):
                target.write_table(change(pa.Table.from_batches([batch]).cast(SCHEMA)))
        bring_to_disk(begun, root)
        begun.rename(root / path)
        bring_to_disk(root / path, root)
    return replace(old, path=path)


def changing_values(changes: Mapping[str, Mapping[str, object]]) -> TableChange:
    """Put other values in the place of those of some answers: by response key, and by column."""
    columns = {column for values in changes.values() for column in values}

    def change(table: pa.Table) -> pa.Table:
        keys = table["response_key"].to_pylist()
        if changes.keys().isdisjoint(keys):
            return table
        for name in columns:
            old, place = table[name].to_pylist(), table.schema.get_field_index(name)
            new = [changes.get(key, {}).get(name, value) for key, value in zip(keys, old, strict=True)]
            field = SCHEMA.field(name)
            table = table.set_column(place, field, pa.array(new, field.type))
        return table

    return change


def read_files(root: Path, paths: Iterable[str], columns: list[str]) -> pa.Table:
    """The named columns of several files as one table, empty but typed where there are none."""
    wanted = pa.schema([SCHEMA.field(name) for name in columns])
    tables = [pq.read_table(root / path, columns=columns, partitioning=None) for path in paths]
    return pa.concat_tables(tables) if tables else wanted.empty_table()


def bring_to_disk(path: Path, root: Path) -> None:
    """Make a new file, and all names from `root` to it, survive a power cut before a database names it."""
    folders = [folder for folder in path.parents if folder.is_relative_to(root)]
    for target in (path, *folders):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _row(response: Response) -> dict[str, object]:
    comment = response.comment
    return {
        "controller": response.controller,
        "survey": response.cycle.survey,
        "cycle": response.cycle.cycle,
        "response_key": response.response_key,
        "content_key": response.content_key,
        "pseudonym": response.pseudonym.value,
        "key_version": response.pseudonym.key_version,
        "linkable": response.linkable,
        "answered_at": response.answered_at,
        "modified_at": response.modified_at,
        "collected_at": response.collected_at,
        "score": response.score,
        "scale_minimum": response.scale.minimum,
        "scale_maximum": response.scale.maximum,
        "comment": comment.text if comment else None,
        "comment_language": comment.language if comment else None,
        "comment_redactor": comment.redactor if comment else None,
        "comment_removed": list(comment.removed.items()) if comment else None,
        "role": response.role,
        "workplace": response.workplace,
        "country": response.country,
        "policy_version": response.policy_version,
    }
