"""Looking for many keys of one controller goes by their index, and never through all that it has.

SQLite keeps no statistics here and takes `controller = ?` for the narrower condition as soon as several
keys are asked for; an index that begins with the controller leaves it no choice (sqlite.org, "The SQLite
Query Optimizer Overview", 2).
"""

from pathlib import Path

import pytest
from sqlalchemy import Index, select, text

import flows.inventory  # noqa: F401 - brings every table into being
from data.stores.sql import STATE, open_database, sqlite_url

INDEXES = [
    index
    for table in STATE.sorted_tables
    if "controller" in table.columns
    for index in table.indexes
    if index.columns.keys() != ["controller"]
]


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: str(index.name))
def test_many_keys_are_found_by_their_index(index: Index, tmp_path: Path) -> None:
    assert index.table is not None
    key = index.columns.values()[-1]
    wanted = (index.table.c.controller == "sectra") & key.in_([f"{n:064x}" for n in range(500)])
    engine = open_database(sqlite_url(tmp_path / "state.db"), STATE)
    with engine.connect() as connection:
        compiled = select(index.table).where(wanted).compile(engine, compile_kwargs={"literal_binds": True})
        plan = list(connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))
    (how,) = (row.detail for row in plan)
    assert how.startswith(f"SEARCH {index.table.name} USING INDEX {index.name} (")
    assert f"{key.name}=?" in how
