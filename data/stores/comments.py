"""The comments of stored answers: read file by file, and others put in their place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.records import RedactedText
from data.stores.response_files import ROWS_READ, SCHEMA, TableChange

_WITHHELD = "<WITHHELD:"


@dataclass(frozen=True, slots=True)
class StoredComment:
    """A comment as it is kept, with the keys of its answer."""

    response_key: str
    pseudonym: str
    text: str = field(repr=False)
    language: str
    redactor: str
    removed: Mapping[str, int]

    @property
    def is_withheld(self) -> bool:
        """Whether no more is kept of it than why it is not kept."""
        return self.text.startswith(_WITHHELD) and self.text.find(">") == len(self.text) - 1


#: Of some comments, those that others take the place of, by response key.
Change = Callable[[Sequence[StoredComment]], Mapping[str, RedactedText]]

_COLUMNS = {
    "response_key": "response_key",
    "pseudonym": "pseudonym",
    "comment": "text",
    "comment_language": "language",
    "comment_redactor": "redactor",
    "comment_removed": "removed",
}


def read_comments(path: Path) -> Iterator[list[StoredComment]]:
    """The comments of one Parquet file, in batches; answers without one are left out."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(ROWS_READ, columns=list(_COLUMNS)):
            yield _comments(pa.Table.from_batches([batch]))


def changing(change: Change) -> TableChange:
    """Change answers in no more than their comments."""
    return lambda table: _changed(table, change(_comments(table)))


def _comments(table: pa.Table) -> list[StoredComment]:
    rows = table.select(list(_COLUMNS)).to_pylist()
    found = ({_COLUMNS[column]: value for column, value in row.items()} for row in rows)
    return [
        StoredComment(**{**values, "removed": dict(values["removed"] or ())})
        for values in found
        if values["text"] is not None
    ]


def _changed(table: pa.Table, changes: Mapping[str, RedactedText]) -> pa.Table:
    if not changes:
        return table
    keys = table["response_key"].to_pylist()
    values: dict[str, Callable[[RedactedText], object]] = {
        "comment": lambda comment: comment.text,
        "comment_language": lambda comment: comment.language,
        "comment_redactor": lambda comment: comment.redactor,
        "comment_removed": lambda comment: list(comment.removed.items()),
    }
    for name, value in values.items():
        column = table[name].to_pylist()
        new = [value(changes[key]) if key in changes else old for key, old in zip(keys, column, strict=True)]
        at = table.schema.get_field_index(name)
        table = table.set_column(at, SCHEMA.field(name), pa.array(new, SCHEMA.field(name).type))
    return table
