"""What a new policy forbids of that which is kept and told, and the old one did not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from data.store import Event, Holding
from governance.dues import PoliciesOf
from governance.policy import Policy, load_policy
from governance.policy_impact import NO_RULE, OVER, Affected, Impact, impact
from tests.support.policies import edited

SECTRA = load_policy("sectra")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def answered(name: str, day: str, who: str = "", **more: Any) -> Holding:
    return Holding(name, {Event.ANSWERED: at(day)}, pseudonym=who, **more)


def period(store: str, length: str, policy: str = "sectra") -> Policy:
    return edited(lambda content: content["stores"][store].update(period=length), policy)


def under(policy: Policy, given: Policy | None = None) -> PoliciesOf:
    def policies(version: str) -> Sequence[Policy]:
        return (policy, given) if version and given else (policy,)

    return policies


def found(
    new: Policy, old: Policy = SECTRA, given: Policy | None = None, **kept: Sequence[Holding]
) -> Impact:
    return impact(kept.items(), under(old, given), under(new, given), NOW)


def test_what_a_shorter_period_makes_over_kept_is_counted_by_store_with_its_clause():
    kept = [
        answered("a", "2025-01-01", "anna"),
        answered("b", "2025-02-01", "anna"),
        answered("c", "2024-01-01", "erik"),
        answered("d", "2026-10-01", "cilla"),
        answered("e", "2019-01-01", "doris"),
    ]
    one = found(period("responses", "12 months"), responses=kept, vault=kept)
    assert one.total == 10
    assert one.over_kept.rows == (Affected("responses", "SEC-26", OVER, 3, 2, 0),)
    assert one.over_kept.people == 2
    assert one.lose_recipient.rows == ()


def test_a_person_in_two_stores_is_one_person():
    kept = [answered("a", "2025-10-01", "anna")]
    new = edited(lambda c: [c["stores"][s].update(period="12 months") for s in ("vendor", "vault")])
    one = found(new, vendor=kept, vault=kept)
    assert [(row.store, row.people) for row in one.over_kept.rows] == [("vault", 1), ("vendor", 1)]
    assert one.over_kept.people == 1


def test_a_thing_whose_person_nobody_knows_is_counted_as_such():
    rows = [Holding(name, {Event.COLLECTED: at("2026-10-20")}) for name in "ab"]
    one = found(period("quarantine", "7 days"), quarantine=rows)
    assert one.over_kept.rows == (Affected("quarantine", "OWN-01", OVER, 2, 0, 2),)
    assert one.over_kept.people == 0


def test_a_longer_period_makes_nothing_over_kept():
    kept = [answered("a", "2025-01-01"), answered("b", "2019-01-01")]
    assert found(period("vendor", "3 years"), vendor=kept).over_kept.rows == ()


def test_a_cap_holds_for_every_store_with_its_own_clause():
    new = edited(lambda c: c["cap"].update(period="1 year", clause="SEC-25"))
    one = found(new, vendor=[answered("a", "2025-10-01")], vault=[answered("b", "2025-10-01")])
    assert [(row.store, row.clause) for row in one.over_kept.rows] == [
        ("vault", "SEC-25"),
        ("vendor", "SEC-25"),
    ]


def without_vault(content: dict[str, Any]) -> None:
    del content["stores"]["vault"]
    content["retention"]["unattended"].remove("vault")


def test_what_stands_in_a_store_without_a_rule_is_over_kept_unless_it_was_due_already():
    kept = [answered("new", "2026-10-01", "anna"), answered("old", "2019-01-01", "erik")]
    one = found(edited(without_vault), vault=kept)
    assert one.over_kept.rows == (Affected("vault", "", NO_RULE, 1, 1, 0),)


def test_what_no_rule_allowed_before_becomes_nothing():
    kept = [answered("a", "2025-01-01")]
    assert found(period("vault", "12 months"), old=edited(without_vault), vault=kept).over_kept.rows == ()


@pytest.mark.parametrize(
    ("given", "new", "old", "count"),
    [
        ("7 years", "12 months", "7 years", 1),  # what is stricter holds for all
        ("12 months", "12 months", "7 years", 0),  # it was promised with the answer
        ("12 months", "7 years", "18 months", 0),  # what is laxer frees nothing
        ("7 years", "7 years", "12 months", 0),
    ],
)
def test_an_answer_stays_under_its_policy_unless_the_new_one_is_stricter(given, new, old, count):
    policies = (period("responses", length) for length in (new, old, given))
    one = found(*policies, responses=[answered("a", "2025-09-01", policy_version="v")])
    assert sum(row.count for row in one.over_kept.rows) == count


def test_what_nobody_knows_the_beginning_of_is_never_due():
    def endless(content: dict[str, Any]) -> None:
        content["stores"]["cases"].update(period="unlimited")

    waiting = Holding("a", {Event.COLLECTED: at("2010-01-01")}, frozenset({Event.CASE_CLOSED}))
    one = found(edited(endless), cases=[waiting, Holding("b", {})])
    assert one.over_kept.rows == ()


LOSING: dict[str, tuple[Any, str, str]] = {
    "it is no recipient": (lambda c: c["recipients"].pop("crm"), "", "no clause names a recipient"),
    "it is told nothing": (lambda c: c["recipients"]["crm"].update(fields=[]), "SEC-07", "is told nothing"),
    "it may not have a field": (
        lambda c: c["recipients"]["crm"]["fields"].remove("score"),
        "SEC-07",
        "does not let the CRM have score",
    ),
    "its store may not have a field": (
        lambda c: c["stores"]["crm"].update(fields=["crm_reference", "cycle", "answered_at"]),
        "SEC-08",
        "the store crm may not have score",
    ),
}


def scores() -> list[Holding]:
    return [
        answered("a", "2025-01-01", "anna"),
        answered("b", "2025-04-01", "anna"),
        answered("c", "2026-01-01", "erik"),
    ]


@pytest.mark.parametrize(("edit", "clause", "says"), LOSING.values(), ids=LOSING.keys())
def test_every_score_loses_the_crm_where(edit, clause, says):
    one = found(edited(edit), crm=scores(), crm_ledger=scores())
    (row,) = one.lose_recipient.rows
    assert (row.store, row.clause, row.count, row.people) == ("crm_ledger", clause, 3, 2)
    assert says in row.says
    assert one.lose_recipient.people == 2
    assert one.over_kept.rows == ()


@pytest.mark.parametrize("store", ["crm", "crm_ledger"])
def test_a_score_loses_the_crm_when_either_clock_has_run_out(store):
    def stricter(content: dict[str, Any]) -> None:
        content["stores"][store].update(period="12 months", clock="answered")

    one = found(edited(stricter), crm=scores(), crm_ledger=scores())
    assert one.lose_recipient.rows == (Affected("crm_ledger", "SEC-08", OVER, 2, 1, 0),)
    assert one.over_kept.rows == (Affected(store, "SEC-08", OVER, 2, 1, 0),)


def test_a_score_that_might_not_stand_there_before_loses_nothing():
    silent = edited(LOSING["it is told nothing"][0])
    gone = edited(LOSING["it is no recipient"][0])
    assert found(gone, old=silent, crm_ledger=scores()).lose_recipient.rows == ()
