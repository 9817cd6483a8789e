"""Two versions of a policy on the same answers: the difference is exactly what only the new one forbids."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from data.store import Event, Holding
from governance.dues import PoliciesOf
from governance.policy import Policy, load_policy
from governance.policy_impact import impact
from governance.retention import deadline
from tests.support.policies import decided, edited

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
PERIODS = ("30 days", "12 months", "18 months", "3 years", "7 years")
BY_PERIOD = {
    length: edited(lambda content, length=length: content["stores"]["responses"].update(period=length))
    for length in PERIODS
}
EVERY = [load_policy("sectra"), decided("stratsys"), *BY_PERIOD.values()]
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001
STARTS = st.dictionaries(st.sampled_from(Event), MOMENTS, max_size=3)
THINGS = st.lists(
    st.builds(Holding, st.just("id"), STARTS, pseudonym=st.sampled_from(["", "p", "q"])), max_size=8
)


def under(policy: Policy) -> PoliciesOf:
    def policies(_version: str) -> Sequence[Policy]:
        return (policy,)

    return policies


@given(st.sampled_from(EVERY), st.dictionaries(st.sampled_from(sorted(EVERY[0].stores)), THINGS))
def test_with_two_equal_policies_nothing_is_over_kept_and_no_score_is_lost(
    policy: Policy, kept: dict[str, list[Holding]]
) -> None:
    found = impact(kept.items(), under(policy), under(policy), NOW)
    assert found.total == sum(map(len, kept.values()))
    assert (found.over_kept.rows, found.lose_recipient.rows) == ((), ())


@given(st.sampled_from(PERIODS), st.sampled_from(PERIODS), st.lists(MOMENTS, max_size=20))
def test_over_kept_is_what_is_past_the_new_deadline_and_not_past_the_old_one(
    old: str, new: str, moments: list[datetime]
) -> None:
    kept = [Holding("id", {Event.ANSWERED: moment}) for moment in moments]
    was, becomes = BY_PERIOD[old], BY_PERIOD[new]
    due = [
        deadline(becomes, "responses", one.started).at <= NOW < deadline(was, "responses", one.started).at
        for one in kept
    ]
    found = impact([("responses", kept)], under(was), under(becomes), NOW)
    assert sum(row.count for row in found.over_kept.rows) == sum(due)
