"""A row of text becomes a validated answer, or there is one reason why not."""

from datetime import UTC, datetime

import pytest

from pseudonymize.raw import RawResponse, RawRow
from pseudonymize.validate import Reason
from tests.support.exports import COLUMNS, raw_response, raw_row, validator

BAD: dict[str, tuple[dict[str, str], Reason]] = {
    "no response id": ({"response_id": ""}, Reason.NO_ID),
    "a response id of spaces": ({"response_id": " \t "}, Reason.NO_ID),
    "no time": ({"answered_at": ""}, Reason.TIME),
    "a date alone": ({"answered_at": "2026-09-01"}, Reason.TIME),
    "a Swedish date": ({"answered_at": "1 september 2026 10:00"}, Reason.TIME),
    "the thirtieth of February": ({"answered_at": "2026-02-30 10:00:00"}, Reason.TIME),
    "a year before years": ({"answered_at": "0001-01-01 00:00:00"}, Reason.TIME),
    "a bad time of change": ({"modified_at": "nyss"}, Reason.TIME),
    "a score in words": ({"score": "nio"}, Reason.SCORE),
    "a decimal comma": ({"score": "9,5"}, Reason.SCORE),
    "a share": ({"score": "9/10"}, Reason.SCORE),
    "a full-width digit": ({"score": "９"}, Reason.SCORE),
    "a power of ten": ({"score": "1e1"}, Reason.SCORE),
    "a score above the scale": ({"score": "11"}, Reason.SCALE),
    "a score below the scale": ({"score": "0"}, Reason.SCALE),
    "no @": ({"email": "person1.example.com"}, Reason.EMAIL),
    "two @": ({"email": "person1@norrvik@example.com"}, Reason.EMAIL),
    "a space in the address": ({"email": "person 1@example.com"}, Reason.EMAIL),
    "a name before the address": ({"email": "Anna <person1@example.com>"}, Reason.EMAIL),
    "no domain": ({"email": "person1@"}, Reason.EMAIL),
    "a domain without a dot": ({"email": "person1@localhost"}, Reason.EMAIL),
    "an invisible character": ({"email": "person\u200b1@example.com"}, Reason.EMAIL),
    "an address of 255 characters": ({"email": f"{'a' * 243}@example.com"}, Reason.EMAIL),
    "an address as CRM reference": ({"crm_reference": "person1@example.com"}, Reason.REFERENCE),
    "braces around the CRM reference": ({"crm_reference": "{c0ffee}"}, Reason.REFERENCE),
    "a CRM reference of 65 characters": ({"crm_reference": "c" * 65}, Reason.REFERENCE),
    "a cycle with å": ({"cycle": "vår-2026"}, Reason.CYCLE),
    "no cycle": ({"cycle": ""}, Reason.CYCLE),
    "a cycle that goes up": ({"cycle": "../2026"}, Reason.CYCLE),
    "a text of 20,001 characters": ({"text": "å" * 20_001}, Reason.LONG),
    "a name of 501 characters": ({"last_name": "å" * 501}, Reason.LONG),
    "NUL": ({"text": "ring\x00mig"}, Reason.CONTROL),
    "an escape sequence": ({"first_name": "\x1b[31mAnna"}, Reason.CONTROL),
    "a delete character": ({"country": "Sverige\x7f"}, Reason.CONTROL),
    "a next-line character": ({"last_name": "Svens\x85son"}, Reason.CONTROL),
}


@pytest.mark.parametrize(("changes", "reason"), BAD.values(), ids=BAD.keys())
def test_a_row_that_is_not_as_it_must_be_has_its_reason(changes, reason):
    assert validator()(raw_row(1, **changes)) is reason


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"])
@pytest.mark.parametrize(
    "name", ["response_id", "respondent_id", "email", "crm_reference", "first_name", "score"]
)
def test_what_a_spreadsheet_could_not_work_out_is_no_value(name, error):
    assert isinstance(validator()(raw_row(1, **{name: error})), Reason)


@pytest.mark.parametrize("cells", [{}, {"cell 1": "R-1"}, {f"cell {n}": "" for n in range(1, 18)}])
def test_a_ragged_row_has_its_reason(cells):
    assert validator()(RawRow(7, cells, ragged=True)) is Reason.RAGGED


def test_every_reason_says_something_else_and_is_for_people():
    words = [reason.value for reason in Reason]
    assert len(set(words)) == len(words)
    assert all(" " in word and "_" not in word for word in words)


GOOD: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "spaces around cells": ({"response_id": " R-1 ", "score": " 9 "}, {"response_id": "R-1", "score": 9}),
    "a partial answer": ({"score": "", "text": ""}, {"score": None, "text": ""}),
    "nobody": (
        {"email": "", "respondent_id": "", "first_name": "", "last_name": "", "crm_reference": ""},
        {"email": "", "respondent_id": "", "name": "", "crm_reference": ""},
    ),
    "a first name alone": ({"last_name": ""}, {"name": "Förnamn1"}),
    "an address in capitals": (
        {"email": "Åsa@Norrvik.SE"},
        {"email": "åsa@norrvik.se", "email_given": "Åsa@Norrvik.SE"},
    ),
    "lines in a text": ({"text": "Bra.\nSnabb.\r\n\tEnkel."}, {"text": "Bra.\nSnabb.\r\n\tEnkel."}),
    "a text of 20,000 characters": ({"text": "å" * 20_000}, {"text": "å" * 20_000}),
    "summer time": ({}, {"answered_at": datetime(2026, 9, 1, 8, tzinfo=UTC)}),
    "winter time": (
        {"answered_at": "2026-01-15 10:00:00"},
        {"answered_at": datetime(2026, 1, 15, 9, tzinfo=UTC)},
    ),
    "no time of change": ({"modified_at": ""}, {"modified_at": None}),
    "a title, a workplace, a country": (
        {"job_title": "Överläkare", "workplace": "Norrviks lasarett", "country": "Sverige"},
        {"role": "physician", "workplace": "hospital", "country": "SE"},
    ),
    "nothing of those": (
        {"job_title": "", "workplace": " ", "country": ""},
        {"role": "unknown", "workplace": "unknown", "country": "unknown"},
    ),
    "a reference in capitals": ({"crm_reference": "C0FFEE-00"}, {"crm_reference": "C0FFEE-00"}),
}


@pytest.mark.parametrize(("changes", "expected"), GOOD.values(), ids=GOOD.keys())
def test_a_good_row_becomes_an_answer(changes, expected):
    raw = raw_response(1, **changes)
    assert {name: getattr(raw, name) for name in expected} == expected


CYCLES = {
    "month": "2027-01",
    "quarter": "2027-Q1",
    "half-year": "2027-H1",
    "year": "2027",
}


@pytest.mark.parametrize(("every", "cycle"), CYCLES.items())
def test_a_cycle_of_the_calendar_follows_the_local_date(every, cycle):
    by_calendar = (
        ("{column: Survey Cycle}", f"{{every: {every}}}"),
        ("[IP Address]", "[IP Address, Survey Cycle]"),
    )
    found = validator(*by_calendar)(raw_row(1, answered_at="2027-01-01 00:30:00"))
    assert isinstance(found, RawResponse)
    assert found.answered_at.year == 2026
    assert found.cycle == cycle


@pytest.mark.parametrize(
    ("month", "quarter", "half"),
    [(1, 1, 1), (3, 1, 1), (4, 2, 1), (6, 2, 1), (7, 3, 2), (9, 3, 2), (10, 4, 2), (12, 4, 2)],
)
def test_quarters_and_halves_of_the_year(month, quarter, half):
    dropped = ("[IP Address]", "[IP Address, Survey Cycle]")
    found = [
        validator(("{column: Survey Cycle}", f"{{every: {every}}}"), dropped)(
            raw_row(1, answered_at=f"2026-{month:02}-15 10:00:00")
        )
        for every in ("quarter", "half-year")
    ]
    assert [f.cycle for f in found if isinstance(f, RawResponse)] == [f"2026-Q{quarter}", f"2026-H{half}"]


def test_a_dropped_column_is_not_looked_at():
    row = raw_row(1)
    spoilt = RawRow(1, {**row.cells, COLUMNS["ip"]: "\x00" * 1_000})
    assert isinstance(validator()(spoilt), RawResponse)


def test_a_row_without_a_column_that_the_mapping_names_has_its_reason():
    row = raw_row(1)
    cells = {column: cell for column, cell in row.cells.items() if column != "Score"}
    assert validator()(RawRow(1, cells)) is Reason.COLUMN
