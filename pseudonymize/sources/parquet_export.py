"""Parquet exports, read in batches and turned to text as the other formats are."""

import math
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import InputRefused
from pseudonymize.mapping import Mapping
from pseudonymize.raw import RawRow
from pseudonymize.sources.header import check_header

_BATCH = 2_000


def rows(path: Path, mapping: Mapping) -> Iterator[RawRow]:
    """The rows of a Parquet file; row 2 is the first, as if a header stood above."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError):
        file = None
    if file is None:
        raise InputRefused(
            f"{path.name}: the file is not Parquet, or is encrypted",
            hint="set format.kind in the mapping to what the file is, or export the survey again",
        )
    with file:
        header = file.schema_arrow.names
        check_header(path.name, header, mapping)
        number = 1
        for columns in _batches(path.name, file):
            for values in zip(*columns, strict=True):
                number += 1
                texts = (_text(path.name, number, value) for value in values)
                yield RawRow(number, dict(zip(header, texts, strict=True)))


def _batches(name: str, file: pq.ParquetFile) -> Iterator[list[list[Any]]]:
    try:
        for batch in file.iter_batches(_BATCH):
            yield [column.to_pylist() for column in batch.columns]
        return
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        pass
    raise InputRefused(f"{name}: the file is damaged: its rows cannot be read")


def _text(file: str, number: int, value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case date():
            return _moment(value).isoformat()
        case float() | Decimal() if math.isnan(value):
            return ""
        case float() | Decimal() if math.isfinite(value) and value == int(value):
            return str(int(value))
        case int() | float() | Decimal():
            return str(value)
    raise InputRefused(
        f"{file}: row {number} holds a value that is neither text, number nor time",
        hint="flatten nested columns, or name them under drop and leave them out of the file",
    )


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())
