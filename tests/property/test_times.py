"""Local times become the moments that the zone's own rules say, or are refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pseudonymize.mapping import Times

ZONES = [
    "Europe/Stockholm",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Pacific/Apia",
    "UTC",
]
CHANGES = [
    datetime.fromisoformat(text)
    for text in (
        "2026-03-29 02:00",
        "2026-10-25 02:00",
        "2026-03-08 02:00",
        "2026-11-01 01:00",
        "2026-04-05 01:30",
        "2026-10-04 02:00",
        "2011-12-30 00:00",
    )
]
PATTERN = "%Y-%m-%d %H:%M:%S.%f"
ANY_TIME = st.datetimes(datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2037-12-31"))
NEAR_A_CHANGE = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-1_500, 1_500),
)
LOCAL = ANY_TIME | NEAR_A_CHANGE


def moments(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every moment at which a clock of the zone shows that time, by trying all offsets of those days."""
    near = [wall.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in range(-30, 31)]
    offsets = {moment.astimezone(zone).utcoffset() or timedelta() for moment in near}
    tried = [wall.replace(tzinfo=UTC) - offset for offset in offsets]
    return sorted(moment for moment in tried if moment.astimezone(zone).replace(tzinfo=None) == wall)


@given(st.sampled_from(ZONES), LOCAL)
def test_a_local_time_is_its_first_moment_and_a_skipped_one_is_refused(name, wall):
    times, shown = Times(zone=name, pattern=PATTERN), moments(wall, ZoneInfo(name))
    if shown:
        assert times.parse(wall.strftime(PATTERN)) == shown[0]
    else:
        with pytest.raises(ValueError, match="skipped by a clock change"):
            times.parse(wall.strftime(PATTERN))


@given(st.sampled_from(ZONES), LOCAL, st.integers(-720, 840))
def test_a_time_with_its_own_offset_needs_no_zone(name, wall, minutes):
    sign, size = ("+" if minutes >= 0 else "-"), abs(minutes)
    text = f"{wall.strftime(PATTERN)} {sign}{size // 60:02}:{size % 60:02}"
    parsed = Times(zone=name, pattern=f"{PATTERN} %z").parse(text)
    assert parsed == wall.replace(tzinfo=UTC) - timedelta(minutes=minutes)
    assert parsed.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-03-29 01:59:59", "2026-03-29 00:59:59"),
        ("2026-03-29 03:00:00", "2026-03-29 01:00:00"),
        ("2026-10-25 02:30:00", "2026-10-25 00:30:00"),
        ("2026-10-25 03:00:00", "2026-10-25 02:00:00"),
        ("2026-07-01 00:00:00", "2026-06-30 22:00:00"),
    ],
)
def test_times_in_stockholm(local, utc):
    assert Times(zone="Europe/Stockholm").parse(local) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize("text", ["2026-03-29 02:00:00", "2026-03-29 02:30:00", "2026-03-29 02:59:59"])
def test_the_hour_that_spring_takes_away_never_was(text):
    with pytest.raises(ValueError, match="skipped"):
        Times(zone="Europe/Stockholm").parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-09-01",
        "01/09/2026 10:00:00",
        "2026-09-01T10:00:00",
        "2026-09-01 10:00",
        "2026-02-29 10:00:00",
        "i dag",
    ],
)
def test_another_form_is_refused_and_never_guessed(text):
    with pytest.raises(ValueError, match=r"."):
        Times(zone="Europe/Stockholm").parse(text)
