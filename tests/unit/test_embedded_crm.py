"""The CRM takes scores for contacts that it knows, and never makes a contact of its own."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from data.records import CrmReference, Scale, ScoreRecord, SurveyCycle
from data.stores.crm import CONTACTS, SCORES, EmbeddedCrm, Outcome
from data.stores.sql import CRM, open_database, sqlite_url

DAY, CYCLE = date(2026, 9, 1), SurveyCycle("csat", "2026-Q3")
ANNA, ERIK = CrmReference("c0ffee-1"), CrmReference("c0ffee-2")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(sqlite_url(tmp_path / "crm.db"), CRM)


def record(reference: CrmReference, score: int = 9, cycle: SurveyCycle = CYCLE) -> ScoreRecord:
    return ScoreRecord(reference, score, Scale(1, 10), cycle, DAY)


def contacts(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.scalars(select(CONTACTS.c.reference)))


def scores(engine: Engine) -> list[tuple[str, str, int]]:
    with engine.connect() as connection:
        rows = connection.execute(select(SCORES.c.reference, SCORES.c.cycle, SCORES.c.score))
        return sorted((row.reference, row.cycle, row.score) for row in rows)


def test_a_score_for_an_unknown_contact_is_told_and_makes_no_contact(engine):
    assert EmbeddedCrm(engine).put([record(ANNA)]) == [Outcome.UNKNOWN]
    assert (contacts(engine), scores(engine)) == ([], [])


def test_outcomes_come_in_the_order_of_the_scores(engine):
    crm = EmbeddedCrm(engine)
    crm.add_contacts([ERIK])
    assert crm.put([record(ANNA), record(ERIK), record(ANNA)]) == [
        Outcome.UNKNOWN,
        Outcome.WRITTEN,
        Outcome.UNKNOWN,
    ]
    assert (contacts(engine), scores(engine)) == (["c0ffee-2"], [("c0ffee-2", "2026-Q3", 9)])


def test_a_score_takes_the_place_of_the_one_before_in_its_cycle_only(engine):
    crm = EmbeddedCrm(engine)
    crm.add_contacts([ANNA])
    crm.put([record(ANNA, 9), record(ANNA, 8, SurveyCycle("csat", "2026-Q4"))])
    crm.put([record(ANNA, 3)])
    assert scores(engine) == [("c0ffee-1", "2026-Q3", 3), ("c0ffee-1", "2026-Q4", 8)]


def test_clearing_takes_away_the_score_and_leaves_the_contact(engine):
    crm = EmbeddedCrm(engine)
    crm.add_contacts([ANNA, ERIK])
    crm.put([record(ANNA), record(ERIK)])
    crm.clear([(ANNA, CYCLE), (ANNA, SurveyCycle("csat", "never")), (CrmReference("nobody-0"), CYCLE)])
    assert scores(engine) == [("c0ffee-2", "2026-Q3", 9)]
    assert contacts(engine) == ["c0ffee-1", "c0ffee-2"]


def test_contacts_that_are_there_already_are_not_counted_again(engine):
    crm = EmbeddedCrm(engine)
    assert [crm.add_contacts([ANNA, ERIK]), crm.add_contacts([ANNA]), crm.add_contacts([])] == [2, 0, 0]


def test_writing_nothing_is_no_error(engine):
    assert EmbeddedCrm(engine).put([]) == []


def test_the_crm_has_no_column_for_a_name_an_address_or_a_text():
    columns = {column.name for table in CRM.sorted_tables for column in table.columns}
    assert columns == {
        "reference",
        "survey",
        "cycle",
        "score",
        "scale_minimum",
        "scale_maximum",
        "answered_on",
    }
