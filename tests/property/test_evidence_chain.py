"""No entry of the evidence can be changed, taken out or moved unnoticed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, insert, select

from data.errors import VerificationFailed
from governance.evidence import EVIDENCE, record, verify

START = datetime(2026, 11, 1, tzinfo=UTC)
KINDS = st.sampled_from(["import", "score sync", "keys made"])
DETAILS = st.dictionaries(
    st.sampled_from(["run", "controller", "nya", "counts"]),
    st.integers(0, 9) | st.text(max_size=5),
    max_size=3,
)
CHAINS = st.lists(st.tuples(KINDS, DETAILS), min_size=2, max_size=6)

Row = dict[str, Any]

#: Each example makes two databases.
few = settings(max_examples=40)


def table() -> Engine:
    engine = create_engine("sqlite://")
    EVIDENCE.create(engine)
    return engine


def chain(entries: list[tuple[str, dict[str, Any]]]) -> list[Row]:
    """The rows of an honest log."""
    with table().begin() as connection:
        for minute, (kind, details) in enumerate(entries):
            record(connection, START + timedelta(minutes=minute), kind, details)
        return [dict(row) for row in connection.execute(select(EVIDENCE)).mappings()]


def checked(rows: list[Row]) -> int:
    """What verification says of a log with these rows."""
    with table().begin() as connection:
        connection.execute(insert(EVIDENCE), rows)
        return verify(connection)


@few
@given(CHAINS)
def test_an_honest_log_verifies_and_is_counted(entries):
    assert checked(chain(entries)) == len(entries)


CHANGES = {
    "at": st.timedeltas(timedelta(microseconds=1), timedelta(days=9)).map(lambda more: lambda at: at + more),
    "kind": st.text(max_size=9).map(lambda text: lambda _: text),
    "details": st.text(max_size=9).map(lambda text: lambda _: text),
    "previous": st.text("0123456789abcdef", min_size=64, max_size=64).map(lambda text: lambda _: text),
    "hash": st.text("0123456789abcdef", min_size=64, max_size=64).map(lambda text: lambda _: text),
    "number": st.integers(100, 200).map(lambda number: lambda _: number),
}


@pytest.mark.parametrize("column", CHANGES)
@few
@given(entries=CHAINS, data=st.data())
def test_a_change_of_one_column_of_one_entry_is_found(column, entries, data):
    rows = chain(entries)
    row = rows[data.draw(st.integers(0, len(rows) - 1))]
    changed = data.draw(CHANGES[column])(row[column])
    assume(changed != row[column])
    row[column] = changed
    with pytest.raises(VerificationFailed, match="broken at entry"):
        checked(rows)


@few
@given(CHAINS, st.data())
def test_an_entry_that_is_taken_out_is_missed(entries, data):
    rows = chain(entries)
    del rows[data.draw(st.integers(0, len(rows) - 2))]
    with pytest.raises(VerificationFailed):
        checked(rows)


@few
@given(CHAINS, st.data())
def test_an_entry_that_is_taken_out_is_missed_when_the_others_are_numbered_anew(entries, data):
    rows = chain(entries)
    del rows[data.draw(st.integers(0, len(rows) - 2))]
    with pytest.raises(VerificationFailed):
        checked([{**row, "number": number} for number, row in enumerate(rows, start=1)])


@few
@given(CHAINS, st.data())
def test_two_entries_that_change_places_are_found(entries, data):
    rows = chain(entries)
    one, other = data.draw(st.permutations(range(len(rows))))[:2]
    rows[one]["number"], rows[other]["number"] = rows[other]["number"], rows[one]["number"]
    with pytest.raises(VerificationFailed):
        checked(rows)


@few
@given(CHAINS, st.data())
def test_an_entry_that_is_put_in_later_is_found(entries, data):
    rows = chain(entries)
    place = data.draw(st.integers(0, len(rows) - 1))
    forged = {**rows[place], "details": '{"forged":1}'}
    rows = [*rows[:place], forged, *rows[place:]]
    with pytest.raises(VerificationFailed):
        checked([{**row, "number": number} for number, row in enumerate(rows, start=1)])
