"""Looking for many keys of one controller goes by their index, and never through all that it has; looking
at all that it has goes by none.

SQLite keeps no statistics here and takes `controller = ?` for the narrower condition as soon as several
keys are asked for; an index that begins with the controller leaves it no choice (sqlite.org, "The SQLite
Query Optimizer Overview", 2).
"""

from pathlib import Path

import pytest
from sqlalchemy import Index, event, select, text
from sqlalchemy.dialects import postgresql

import flows.inventory  # noqa: F401 - brings every table into being
from data.stores.lookup import everything
from data.stores.sql import STATE, open_database, sqlite_url
from data.stores.vendor_copies import VENDOR_COPIES
from tests.support.homes import new_home

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


@pytest.mark.parametrize("name", ["vendor", "responses", "vault", "crm", "crm_ledger"])
def test_everything_in_a_store_is_read_in_the_order_in_which_it_lies(name: str, tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    (store,) = (store for store in home.stores("sectra") if store.name == name)
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(home.engine, "before_cursor_execute", note)
    list(store.holdings())
    (statement,) = (one for one in asked if one.startswith("SELECT"))
    with home.engine.connect() as connection:
        first, *joined = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("sectra",))
    assert first.detail.startswith("SCAN ")
    assert " USING " not in first.detail
    assert all(row.detail.startswith("SEARCH ") for row in joined)


def test_everything_is_asked_for_without_a_plus_where_the_database_is_not_sqlite() -> None:
    wanted = select(VENDOR_COPIES).where(everything(VENDOR_COPIES, "sectra"))
    assert "+" not in str(wanted.compile(dialect=postgresql.dialect()))
