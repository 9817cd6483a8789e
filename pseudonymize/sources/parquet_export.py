"""Parquet exports, read in batches and turned to text as the other formats are."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

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
        raise InputRefused(f"{path.name}: the file is not Parquet, or is encrypted")
    with file:
        header = file.schema_arrow.names
        check_header(path.name, header, mapping)
        number = 1
        for batch in file.iter_batches(_BATCH):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                texts = (_text(path.name, number, value, mapping) for value in values)
                yield RawRow(number, dict(zip(header, texts, strict=True)))


def _text(file: str, number: int, value: Any, mapping: Mapping) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case datetime():
            zone = ZoneInfo(mapping.times.zone)
            return (value.astimezone(zone) if value.tzinfo else value).strftime(mapping.times.pattern)
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
    raise InputRefused(f"{file}: row {number} holds a value that is neither text, number nor time")
