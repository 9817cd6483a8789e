"""The comments of stored answers: read file by file, and others put in their place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.records import RedactedText
from data.stores.response_files import ROWS_READ, TableChange, changing_values

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

    def change_table(table: pa.Table) -> pa.Table:
        new = change(_comments(table))
        return changing_values({key: _values(comment) for key, comment in new.items()})(table)

    return change_table


def _comments(table: pa.Table) -> list[StoredComment]:
    rows = table.select(list(_COLUMNS)).to_pylist()
    found = ({_COLUMNS[column]: value for column, value in row.items()} for row in rows)
    return [
        StoredComment(**{**values, "removed": dict(values["removed"] or ())})
        for values in found
        if values["text"] is not None
    ]


def _values(comment: RedactedText) -> dict[str, object]:
    return {
        "comment": comment.text,
        "comment_language": comment.language,
        "comment_redactor": comment.redactor,
        "comment_removed": list(comment.removed.items()),
    }
