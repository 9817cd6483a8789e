"""The evidence can be added to, and the database itself refuses anything else."""

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError

from data.errors import VerificationFailed
from data.stores.sql import STATE, open_database, sqlite_url
from governance.checkpoints import roots
from governance.evidence import EVIDENCE, leaves, record, verify
from tests.support.forged import FORGED, hashed

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A log of three entries."""
    opened = open_database(sqlite_url(tmp_path / "state.db"), STATE)
    for number in range(1, 4):
        with opened.begin() as connection:
            record(connection, NOW, "import", {"run": f"r{number}", "counts": {"nya": number}})
    return opened


REFUSED = {
    "a change": "UPDATE evidence SET details = '{}' WHERE number = 2",
    "a change of everything": "UPDATE evidence SET hash = previous",
    "a change of nothing": "UPDATE evidence SET kind = kind",
    "a removal": "DELETE FROM evidence WHERE number = 3",
    "a removal of everything": "DELETE FROM evidence",
    "another entry in the place of one": (
        "INSERT OR REPLACE INTO evidence SELECT number, at, 'forged', details, previous, hash "
        "FROM evidence WHERE number = 3"
    ),
    "an update in the place of an insert": (
        "INSERT INTO evidence SELECT * FROM evidence WHERE number = 3 "
        "ON CONFLICT (number) DO UPDATE SET kind = 'forged'"
    ),
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
def test_the_database_refuses(engine, statement):
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    with engine.connect() as connection:
        assert verify(connection) == 3
        assert connection.execute(text("SELECT count(*) FROM evidence WHERE kind = 'import'")).scalar() == 3


def test_the_refusal_stands_in_the_database_and_not_only_in_this_program(engine):
    again = open_database(str(engine.url), STATE)
    with pytest.raises(IntegrityError, match="append-only"), again.begin() as connection:
        connection.execute(text("DELETE FROM evidence"))


def test_an_entry_of_an_act_that_was_undone_is_not_there(engine):
    with engine.connect() as connection, connection.begin() as act:
        record(connection, NOW, "import", {"run": "r4"})
        assert verify(connection) == 4
        act.rollback()
    with engine.connect() as connection:
        assert verify(connection) == 3


def test_a_break_is_told_by_its_place(engine):
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER evidence_no_update"))
        connection.execute(text("UPDATE evidence SET details = '{}' WHERE number = 2"))
    with engine.connect() as connection, pytest.raises(VerificationFailed, match="broken at entry 2"):
        verify(connection)


def test_an_empty_log_verifies(tmp_path):
    with open_database(sqlite_url(tmp_path / "state.db"), STATE).connect() as connection:
        assert verify(connection) == 0


def test_each_entry_has_its_number_its_time_and_the_hash_of_the_one_before(engine):
    with engine.connect() as connection:
        rows = connection.execute(EVIDENCE.select().order_by(EVIDENCE.c.number)).all()
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.at for row in rows] == [NOW] * 3
    assert [row.previous for row in rows] == ["0" * 64, rows[0].hash, rows[1].hash]
    assert len({row.hash for row in rows}) == 3


def test_a_time_of_another_zone_is_no_break(engine):
    with engine.begin() as connection:
        record(connection, datetime.fromisoformat("2026-11-01T13:00:00+01:00"), "import", {})
    with engine.connect() as connection:
        assert verify(connection) == 4


def peak_of_verifying(path: Path, entries: int) -> int:
    """Bytes that Python holds at most while a log is verified and its root computed."""
    engine = open_database(sqlite_url(path), STATE)
    with engine.begin() as connection:
        rows = [{**row, "at": NOW} for row in hashed([FORGED] * entries)]
        connection.execute(insert(EVIDENCE), rows)
    del rows
    with engine.connect() as connection:
        verify(connection)  # what is loaded only once does not count
        tracemalloc.start()
        assert list(roots(leaves(connection))) == [entries]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_a_log_is_verified_in_the_same_memory_however_long_it_is(tmp_path):
    short, long = (peak_of_verifying(tmp_path / f"{size}.db", size) for size in (2_000, 10_000))
    assert long < 1.2 * short
