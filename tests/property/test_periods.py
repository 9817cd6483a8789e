"""Calendar periods: a month is a month, and a leap day is nobody's trap."""

import calendar
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.periods import Period

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MONTHS = st.integers(1, 999)
DAYS = st.integers(1, 999)


def months_from_nought(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


@given(MOMENTS, MONTHS)
def test_months_end_on_the_same_day_or_on_the_last_one_there_is(start, months):
    end = Period(months=months).after(start)
    assert months_from_nought(end) - months_from_nought(start) == months
    assert end.day == min(start.day, calendar.monthrange(end.year, end.month)[1])
    assert end.timetz() == start.timetz()


@given(MOMENTS, DAYS)
def test_days_are_days(start, days):
    assert Period(days=days).after(start) - start == timedelta(days=days)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=400)), MONTHS)
def test_what_begins_later_never_ends_earlier(start, later, months):
    period = Period(months=months)
    assert period.after(start) <= period.after(start + later)


@given(MOMENTS, MONTHS, MONTHS)
def test_a_longer_period_never_ends_earlier(start, one, other):
    shorter, longer = sorted([one, other])
    assert Period(months=shorter).after(start) <= Period(months=longer).after(start)


@given(st.builds(Period, months=MONTHS) | st.builds(Period, days=DAYS))
def test_a_period_is_read_back_as_it_is_written(period):
    assert Period.parse(str(period)) == period


@given(st.integers(1, 83))
def test_years_are_twelve_months(years):
    assert Period.parse(f"{years} years") == Period.parse(f"{years * 12} months")


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-31", "1 month", "2028-02-29"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2024-02-29", "4 years", "2028-02-29"),
        ("2026-08-31", "18 months", "2028-02-29"),
        ("2026-12-31", "2 months", "2027-02-28"),
        ("2026-02-28", "30 days", "2026-03-30"),
    ],
)
def test_the_end_of_a_period(start, period, end):
    moment = datetime.fromisoformat(f"{start}T23:59:59+00:00")
    assert Period.parse(period).after(moment).date().isoformat() == end


@pytest.mark.parametrize(
    "text",
    ["", "18", "months", "18months", "1.5 years", "-1 month", "0 days", "two years", "18 månader", 18, None],
)
def test_what_is_not_a_number_and_a_unit_is_no_period(text):
    with pytest.raises(ValueError, match='"18 months"'):
        Period.parse(text)


@pytest.mark.parametrize("text", ["24 months", "2 years", "1 day", "730 days"])
def test_a_period_is_told_in_the_words_in_which_it_was_written(text):
    assert str(Period.parse(text)) == text
