"""When something must be gone: the earliest end of all that apply, and never without a clock."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from data.errors import PolicyForbids
from data.store import Event
from governance.policy import Policy, load_policy, parse_policy
from governance.retention import deadline

POLICY = load_policy("sectra")


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


ANSWERED, COLLECTED, ENDED = Event.ANSWERED, Event.COLLECTED, Event.CUSTOMER_ENDED
DEADLINES: dict[str, tuple[str, dict[Event, str], str, str]] = {
    "the store's own period": ("vendor", {ANSWERED: "2026-01-15"}, "2027-07-15", "SEC-06"),
    "the end of a short month": ("vendor", {ANSWERED: "2026-08-31"}, "2028-02-29", "SEC-06"),
    "from a leap day": ("vendor", {ANSWERED: "2024-02-29"}, "2025-08-29", "SEC-06"),
    "seven years from a leap day": ("responses", {ANSWERED: "2024-02-29"}, "2031-02-28", "SEC-26"),
    "to a leap day": ("responses", {ANSWERED: "2021-02-28"}, "2028-02-28", "SEC-26"),
    "days over a leap day": ("quarantine", {COLLECTED: "2024-02-15"}, "2024-03-16", "OWN-01"),
    "the store's end before the cap": (
        "crm",
        {ENDED: "2026-06-30", ANSWERED: "2026-01-15"},
        "2027-06-30",
        "SEC-08",
    ),
    "the cap before the store's end": (
        "crm",
        {ENDED: "2033-01-01", ANSWERED: "2026-01-15"},
        "2033-01-15",
        "SEC-26",
    ),
    "only the cap has started": ("crm", {ANSWERED: "2026-01-15"}, "2033-01-15", "SEC-26"),
    "only the store's clock has started": ("crm", {ENDED: "2026-06-30"}, "2027-06-30", "SEC-08"),
    "a clock that the store does not go by": (
        "quarantine",
        {COLLECTED: "2026-09-01", ENDED: "2020-01-01"},
        "2026-10-01",
        "OWN-01",
    ),
    "a quarantined row of an old answer": (
        "quarantine",
        {COLLECTED: "2026-09-01", ANSWERED: "2019-09-10"},
        "2026-09-10",
        "SEC-26",
    ),
}


@pytest.mark.parametrize(("store", "events", "end", "clause"), DEADLINES.values(), ids=DEADLINES.keys())
def test_the_shortest_period_wins(store, events, end, clause):
    found = deadline(POLICY, store, {clock: at(day) for clock, day in events.items()})
    assert (found.at, found.clause) == (at(end), clause)


def with_cap(period: str) -> Policy:
    text = (files("governance") / "policies" / "sectra.yaml").read_text("utf-8")
    assert "cap: {period: 7 years" in text
    return parse_policy(text.replace("cap: {period: 7 years", f"cap: {{period: {period}"), "test.yaml")


@pytest.mark.parametrize("store", sorted(set(POLICY.stores) - {"register"}))
def test_no_store_but_the_register_outlives_the_cap(store):
    events = {clock: at("2026-01-15") for clock in Event}
    assert deadline(with_cap("1 day"), store, events).at == at("2026-01-16")


@pytest.mark.parametrize("store", sorted(POLICY.stores))
def test_every_store_has_a_clock_and_a_clause(store):
    rule = POLICY.stores[store]
    found = deadline(POLICY, store, {rule.clock: at("2026-01-15")})
    assert found.at == rule.period.after(at("2026-01-15"))
    assert found.clause in {*POLICY.clauses, *POLICY.own_rules}


def test_without_any_clock_nothing_may_be_assumed():
    with pytest.raises(PolicyForbids, match="no clock of the store 'crm' has started"):
        deadline(POLICY, "crm", {})


def test_the_cap_goes_by_the_earliest_start_that_is_known():
    found = deadline(POLICY, "crm", {Event.COLLECTED: at("2026-01-15")})
    assert (found.at, found.clause) == (at("2033-01-15"), "SEC-26")


def test_a_store_that_the_policy_does_not_name_has_no_deadline():
    with pytest.raises(PolicyForbids, match="has no store 'skrivbord'"):
        deadline(POLICY, "skrivbord", {Event.ANSWERED: datetime(2026, 1, 15, tzinfo=UTC)})
