"""What stands in a database on a server, table by table, column by column."""

import json
from collections.abc import Iterator

from sqlalchemy import Engine, column, inspect, select, table

from pseudonymize.leak_scan.blocks import side_by_side, together
from pseudonymize.leak_scan.tables import TOGETHER, Piece

_ROWS = 1 << 12


def pieces(engine: Engine) -> Iterator[Piece]:
    """Every table that the engine's user may see. Raises the errors of SQLAlchemy and of its driver."""
    about = inspect(engine)
    for schema in about.get_schema_names():
        if schema != "information_schema":
            for name in about.get_table_names(schema):
                columns = [found["name"] for found in about.get_columns(name, schema)]
                yield from _table(engine, schema, name, columns)


def _table(engine: Engine, schema: str, name: str, columns: list[str]) -> Iterator[Piece]:
    query = select(table(name, *map(column, columns), schema=schema))
    with engine.connect().execution_options(stream_results=True, yield_per=_ROWS) as connection:
        for rows in connection.execute(query).partitions():
            values_of = [[_bytes(value) for value in values] for values in zip(*rows, strict=True)]
            for place, values in zip(columns, values_of, strict=True):
                for block in together(filter(None, values)):
                    yield f"{name}.{place}", block
            for block in side_by_side(values_of):
                yield f"{name}.{TOGETHER}", block


def _bytes(value: object) -> bytes:
    if value is None:
        return b""
    if isinstance(value, (bytes, memoryview)):
        return bytes(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text.encode(errors="replace")
