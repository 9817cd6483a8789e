"""Which rows of an export are taken in: the newest version of each answer, and only what is not there."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from data.stores.responses import Known
from pseudonymize.at_vendor import AtVendor
from pseudonymize.derive import Derivation
from pseudonymize.first_pass import FirstPass, Window
from pseudonymize.gate import Gate
from pseudonymize.keys import DomainKey
from pseudonymize.raw import RawRow
from pseudonymize.validate import Reason
from tests.support.exports import raw_response, raw_row, validator

DERIVATION = Derivation(DomainKey(1, b"r" * 32), DomainKey(1, b"d" * 32), "getfeedback", "csat")
ALWAYS = Window(None, None, "Europe/Stockholm")

#: A version of one answer: its content (a score) and the day of its last change, or nothing.
Version = tuple[int, int | None]


def changed(day: int | None) -> str:
    return f"2026-09-{day:02} 10:00:00" if day else ""


def row(number: int, version: Version) -> RawRow:
    score, day = version
    fields = {"score": str(score), "modified_at": changed(day)}
    alike = {
        "respondent_id": "P",
        "first_name": "Åsa",
        "last_name": "Öberg",
        "email": "",
        "crm_reference": "",
    }
    return raw_row(number, response_id="R-1", **alike, **fields)


def known(version: Version | None) -> dict[str, Known]:
    if version is None:
        return {}
    answer = validator()(row(1, version))
    return {
        DERIVATION.response_key(answer): Known(
            datetime(2026, 9, version[1], 8, tzinfo=UTC) if version[1] else None,
            DERIVATION.content_key(answer),
        )
    }


def gate() -> Gate:
    """One that lets everything in."""
    how, now = validator(), datetime(2026, 11, 1, tzinfo=UTC)
    at_vendor = AtVendor(DERIVATION, how, now)
    return Gate(how.policy, how.mapping, lambda _: False, lambda _: False, {}, lambda _: {}, now, at_vendor)


def passed(
    rows: Sequence[RawRow], stored: dict[str, Known] | None = None, window: Window = ALWAYS
) -> FirstPass:
    found = FirstPass()
    found.read(rows, validator(), DERIVATION, window, gate(), lambda _: None)
    found.decide(lambda keys: {key: (stored or {})[key] for key in keys if key in (stored or {})})
    return found


def told(found: FirstPass) -> dict[str, int]:
    return {name: count for name, count in found.counts.items() if name != "rows"}


IN_ONE_FILE: dict[str, tuple[list[Version], set[int], set[int], dict[str, int]]] = {
    "one version": ([(9, 1)], {1}, set(), {}),
    "the same row twice": ([(9, 1), (9, 1)], {1}, set(), {"repeated": 1}),
    "the newer one last": ([(9, 1), (3, 2)], {2}, set(), {"older versions": 1}),
    "the newer one first": ([(3, 2), (9, 1)], {1}, set(), {"older versions": 1}),
    "three versions": ([(9, 2), (3, 3), (5, 1)], {2}, set(), {"older versions": 2}),
    "a change and back again": ([(9, 1), (3, 2), (9, 3)], {3}, set(), {"older versions": 2}),
    "a new time for the same content": ([(9, 1), (9, 2)], {2}, set(), {"older versions": 1}),
    "an old time for the same content": ([(9, 2), (9, 1)], {1}, set(), {"repeated": 1}),
    "two at the same time": ([(9, 1), (3, 1)], set(), {1, 2}, {}),
    "two without a time": ([(9, None), (3, None)], set(), {1, 2}, {}),
    "the same without a time": ([(9, None), (9, None)], {1}, set(), {"repeated": 1}),
    "one with and one without a time": ([(9, 1), (3, None)], set(), {1, 2}, {}),
    "two at the same time, one of them again": ([(9, 1), (3, 1), (9, 1)], set(), {1, 2}, {"repeated": 1}),
    "three at the same time": ([(9, 1), (3, 1), (5, 1)], set(), {1, 2, 3}, {}),
    "a newer one after two at the same time": ([(9, 1), (3, 1), (5, 2)], {3}, set(), {"older versions": 2}),
    "an older one after two at the same time": (
        [(9, 2), (3, 2), (5, 1)],
        set(),
        {1, 2},
        {"older versions": 1},
    ),
}


@pytest.mark.parametrize(("versions", "take", "bad", "counts"), IN_ONE_FILE.values(), ids=IN_ONE_FILE.keys())
def test_the_newest_version_in_a_file_is_taken(versions, take, bad, counts):
    found = passed([row(number, version) for number, version in enumerate(versions, start=1)])
    assert found.take == take
    assert found.bad == dict.fromkeys(bad, Reason.CONFLICT)
    assert told(found) == counts


AGAINST_THE_STORE: dict[str, tuple[list[Version], Version | None, set[int], set[int], dict[str, int]]] = {
    "nothing is there": ([(9, 1)], None, {1}, set(), {}),
    "the same is there": ([(9, 1)], (9, 1), set(), set(), {"already imported": 1}),
    "an older one is there": ([(9, 2)], (3, 1), {1}, set(), {}),
    "a newer one is there": ([(9, 1)], (3, 2), set(), set(), {"older versions": 1}),
    "the same is there with an older time": ([(9, 2)], (9, 1), {1}, set(), {}),
    "the same is there with a newer time": ([(9, 1)], (9, 2), set(), set(), {"already imported": 1}),
    "another is there with the same time": ([(9, 1)], (3, 1), set(), {1}, {}),
    "the same is there, both without a time": ([(9, None)], (9, None), set(), set(), {"already imported": 1}),
    "another is there, both without a time": ([(9, None)], (3, None), set(), {1}, {}),
    "another is there without a time": ([(9, 1)], (3, None), set(), {1}, {}),
    "another is there with a time": ([(9, None)], (3, 1), set(), {1}, {}),
    "two at the same time are newer": ([(9, 2), (3, 2)], (5, 1), set(), {1, 2}, {}),
    "two at the same time are older": ([(9, 1), (3, 1)], (5, 2), set(), set(), {"older versions": 2}),
}


@pytest.mark.parametrize(
    ("versions", "stored", "take", "bad", "counts"), AGAINST_THE_STORE.values(), ids=AGAINST_THE_STORE.keys()
)
def test_only_what_is_newer_than_the_store_is_taken(versions, stored, take, bad, counts):
    rows = [row(number, version) for number, version in enumerate(versions, start=1)]
    found = passed(rows, known(stored))
    assert found.take == take
    assert found.bad == dict.fromkeys(bad, Reason.CONFLICT)
    assert told(found) == counts


def test_bad_rows_keep_their_own_reason_and_stand_in_nobodys_way():
    rows = [raw_row(2), raw_row(3, score="tio"), raw_row(4, email="anna"), raw_row(5)]
    found = passed(rows)
    assert found.take == {2, 5}
    assert found.bad == {3: Reason.SCORE, 4: Reason.EMAIL}
    assert found.counts["rows"] == 4


DAYS: dict[str, tuple[str, bool]] = {
    "the first moment": ("2026-09-01 00:00:00", True),
    "the last moment": ("2026-09-30 23:59:59", True),
    "the moment before": ("2026-08-31 23:59:59", False),
    "the moment after": ("2026-10-01 00:00:00", False),
}


@pytest.mark.parametrize(("answered_at", "inside"), DAYS.values(), ids=DAYS.keys())
def test_a_window_is_of_local_days_and_both_ends_are_inside(answered_at, inside):
    window = Window(date(2026, 9, 1), date(2026, 9, 30), "Europe/Stockholm")
    found = passed([raw_row(2, answered_at=answered_at, first_name="Åsa", last_name="Öberg")], None, window)
    assert found.take == ({2} if inside else set())
    assert found.counts["outside the window"] == (0 if inside else 1)
    assert found.names == ({"Åsa Öberg"} if inside else set())


@pytest.mark.parametrize(
    ("since", "until", "inside"), [(None, None, 3), (2, None, 2), (None, 2, 2), (2, 2, 1)]
)
def test_an_end_of_a_window_may_be_open(since, until, inside):
    window = Window(since and date(2026, 9, since), until and date(2026, 9, until), "Europe/Stockholm")
    rows = [raw_row(n, answered_at=f"2026-09-0{n} 10:00:00") for n in (1, 2, 3)]
    assert len(passed(rows, None, window).take) == inside


def test_the_same_number_of_another_survey_is_another_answer():
    other = Derivation(DERIVATION.respondent, DERIVATION.record, "getfeedback", "nps")
    answer = raw_response(1)
    assert other.response_key(answer) != DERIVATION.response_key(answer)


@pytest.mark.parametrize(
    ("month", "answered_at", "bad"),
    [(9, "2026-09-14 10:00:00", 1), (10, "2026-09-14 10:00:00", 0), (10, "i går", 1)],
    ids=["in the window", "outside it", "at a time that cannot be told"],
)
def test_a_bad_row_counts_only_in_the_window_it_was_answered_in(
    month: int, answered_at: str, bad: int
) -> None:
    window = Window(date(2026, month, 1), date(2026, month, 28), "Europe/Stockholm")
    found = passed([raw_row(2, answered_at=answered_at, score="elva")], window=window)
    assert (len(found.bad), found.counts["outside the window"]) == (bad, 1 - bad)
