"""What falls due, as a plan: never what is not due, never what is held, always what nobody else looks at."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import Event, Holding, Subject, Why
from data.stores.holds import Hold
from data.stores.relations import CUSTOMER, Relation, Relations
from governance.deletion import Plan, StorePlan, digest, plan_store, read_plan, written
from governance.events import Happened
from governance.policy import Policy, load_policy
from governance.retention import deadline
from tests.support.policies import decided, edited

SECTRA, STRATSYS = load_policy("sectra"), decided("stratsys")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


@dataclass
class Shelf:
    """A store that keeps what a test puts into it."""

    name: str
    by_hand: bool = False
    kept: dict[str, Holding] = field(default_factory=dict)

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        return (one for one in self.kept.values() if ids is None or one.id in ids)

    def of(self, subject: Subject) -> Collection[str]:
        return [one.id for one in self.kept.values() if one.pseudonym in subject.pseudonyms]

    def forget(self, ids: Collection[str], why: Why) -> int:
        return sum(self.kept.pop(one, None) is not None for one in ids)

    def present(self, ids: Collection[str]) -> set[str]:
        return self.kept.keys() & set(ids)


def planned(
    store: str,
    *holdings: Holding,
    policy: Policy = SECTRA,
    older: dict[str, Policy] | None = None,
    holds: Collection[Hold] = (),
    under_way: Collection[str] = (),
    now: datetime = NOW,
) -> StorePlan:
    def policies(version: str) -> list[Policy]:
        return [policy, *([(older or {})[version]] if version in (older or {}) else [])]

    return plan_store(Shelf(store), holdings, policies, list(holds), set(under_way), now)


def ids(found: StorePlan) -> list[str]:
    return [one for part in found.parts for one in part.ids]


def answered(name: str, day: str, **more: object) -> Holding:
    return Holding(name, {Event.ANSWERED: at(day)}, **more)  # type: ignore[arg-type]


def test_what_is_due_is_listed_with_its_clause_and_nothing_else_is():
    found = planned("responses", answered("old", "2019-11-01"), answered("new", "2019-11-02"))
    assert [(part.clause, part.ids) for part in found.parts] == [("SEC-26", ("old",))]
    assert found.total == 2


@given(st.lists(st.dates(date(2010, 1, 1), date(2026, 11, 1)), max_size=20))
def test_a_plan_lists_exactly_what_is_past_its_deadline(days: list[date]) -> None:
    holdings = [Holding(str(n), {Event.ANSWERED: at(f"{d}")}) for n, d in enumerate(days)]
    past = {one.id for one in holdings if deadline(SECTRA, "vendor", one.started).at <= NOW}
    assert set(ids(planned("vendor", *holdings))) == past


def test_a_score_goes_twelve_months_after_the_customer_ended_and_at_the_latest_after_seven_years():
    ended = Holding("ended", {Event.ANSWERED: at("2025-01-01"), Event.CUSTOMER_ENDED: at("2025-10-31")})
    still = Holding("still", {Event.ANSWERED: at("2025-01-01"), Event.CUSTOMER_ENDED: at("2025-11-02")})
    loyal = Holding("loyal", {Event.ANSWERED: at("2019-10-01")}, awaits=frozenset({Event.CUSTOMER_ENDED}))
    found = planned("crm", ended, still, loyal)
    assert {part.clause: part.ids for part in found.parts} == {"SEC-08": ("ended",), "SEC-26": ("loyal",)}
    assert not found.alarms


def test_an_unknown_start_raises_an_alarm_and_the_cap_holds():
    found = planned("crm", answered("unknown", "2025-01-01"), answered("old", "2019-01-01"))
    (alarm,) = found.alarms
    assert (alarm.clause, alarm.count) == ("SEC-08", 2)
    assert "unknown start" in alarm.says
    assert ids(found) == ["old"]


def test_what_nothing_is_known_of_raises_an_alarm():
    found = planned("responses", Holding("nothing", {}))
    assert [alarm.says for alarm in found.alarms] == ["nothing says since when it is kept"]


HOLDS = {
    "everything": Hold("h", "dispute", "Eva", NOW, date(2027, 1, 1)),
    "the survey": Hold("h", "dispute", "Eva", NOW, date(2027, 1, 1), survey="csat"),
    "the cycle": Hold("h", "dispute", "Eva", NOW, date(2027, 1, 1), survey="csat", cycle="2019-Q1"),
}


@pytest.mark.parametrize("hold", HOLDS.values(), ids=HOLDS.keys())
def test_a_legal_hold_stops_deletion_and_shows_in_the_plan(hold):
    due = answered("a", "2019-01-01", survey="csat", cycle="2019-Q1")
    found = planned("responses", due, holds=[hold])
    assert not found.parts
    (held,) = found.held
    assert (held.ground, held.by, held.review, held.count) == ("dispute", "Eva", "2027-01-01", 1)


def test_a_hold_on_something_else_stops_nothing():
    other = Hold("h", "dispute", "Eva", NOW, date(2027, 1, 1), survey="other")
    assert ids(planned("responses", answered("a", "2019-01-01", survey="csat"), holds=[other])) == ["a"]


def test_what_is_of_no_survey_is_held_with_everything_and_with_no_survey():
    request = answered("a", "2010-01-01", survey=None)
    assert planned("responses", request, holds=[HOLDS["everything"]]).held
    assert ids(planned("responses", request, holds=[HOLDS["the survey"], HOLDS["the cycle"]])) == ["a"]


def test_what_may_be_of_any_survey_is_held_with_each():
    assert planned("responses", answered("a", "2010-01-01"), holds=[HOLDS["the cycle"]]).held


def test_what_is_somebodys_task_already_is_not_listed_again():
    assert not planned("vendor", answered("a", "2019-01-01"), under_way=["a"]).parts


def _shorter(content):
    content["stores"]["responses"]["period"] = "12 months"


def _longer(content):
    content["stores"]["responses"]["period"] = content["cap"]["period"] = "10 years"


@pytest.mark.parametrize(
    ("given_under", "now_under", "due"),
    [
        (_shorter, None, True),  # a stricter promise was made with the answer
        (None, _shorter, True),  # a stricter rule holds for all
        (None, _longer, True),  # a laxer one does not hold for it
        (None, None, False),
    ],
)
def test_an_answer_stays_under_its_policy_unless_a_newer_one_is_stricter(given_under, now_under, due):
    older = edited(given_under) if given_under else SECTRA
    newer = edited(now_under) if now_under else SECTRA
    day = "2019-01-01" if now_under is _longer else "2025-01-01"
    found = planned("responses", answered("a", day, policy_version="v"), policy=newer, older={"v": older})
    assert bool(found.parts) is due


def stratsys(survey: str, **more: object) -> Holding:
    return answered("a", "2026-01-01", survey=survey, cycle="2026-Q1", **more)


def compiled(day: str) -> Happened:
    return Happened(Relations(), {}, {("support-2026", "2026-Q1"): at(day)})


def test_a_support_survey_is_raw_until_it_is_compiled_and_then_only_groups_are_kept():
    happened = compiled("2026-02-01")
    found = planned("responses", *happened.joined(iter([stratsys("support-2026")])), policy=STRATSYS)
    assert [(part.action, part.clause) for part in found.parts] == [("aggregate", "STR-03")]
    found = planned("vault", *happened.joined(iter([stratsys("support-2026")])), policy=STRATSYS)
    assert [(part.action, part.clause) for part in found.parts] == [("delete", "STR-05")]


def test_a_survey_that_nobody_compiles_raises_an_alarm():
    found = planned("responses", stratsys("support-2026"), policy=STRATSYS)
    assert not found.parts
    assert [alarm.clause for alarm in found.alarms] == ["OWN-10"]


def test_an_event_evaluation_is_deleted_twelve_months_after_the_answer():
    holding = answered("a", "2025-10-31", survey="event-2025")
    assert [part.clause for part in planned("responses", holding, policy=STRATSYS).parts] == ["STR-01"]


def test_aggregates_are_kept_for_24_months_from_the_day_they_were_compiled():
    group = Holding("g", {Event.COMPILED: at("2024-10-31")}, survey="onboarding-x")
    young = Holding("h", {Event.COMPILED: at("2024-11-02")}, survey="onboarding-x")
    found = planned("aggregates", group, young, policy=STRATSYS)
    assert [(part.clause, part.ids) for part in found.parts] == [("STR-04", ("g",))]


def test_who_has_left_the_organisation_is_kept_nowhere():
    left = Relations([Relation("r", Event.PERSON_LEFT, at("2026-10-01"))])
    happened = Happened(left, {"p": {"r"}}, {})
    (holding,) = happened.joined(iter([answered("a", "2026-09-01", survey="event", pseudonym="p")]))
    for store in ("responses", "vault", "vendor"):
        assert [part.clause for part in planned(store, holding, policy=STRATSYS).parts] == ["STR-09"]


O_ENDED, C_ENDED = ("o", "customer_ended", "2026-02-01"), ("c", "customer_ended", "2026-03-01")
ENDS = {
    "the contact's own end": ([C_ENDED], "2026-03-01"),
    "the organisation's end": ([("c", "customer", "2026-01-01"), O_ENDED], "2026-02-01"),
    "the earlier of both": ([C_ENDED, O_ENDED], "2026-02-01"),
    "that the person left": ([("c", "person_left", "2026-01-15"), O_ENDED], "2026-01-15"),
    "a customer again": ([C_ENDED, ("c", "customer", "2026-04-01")], None),
    "nothing but that they are one": ([("c", "customer", "2026-04-01")], None),
}


@pytest.mark.parametrize(("said", "end"), ENDS.values(), ids=ENDS.keys())
def test_the_earlier_end_of_contact_and_organisation_counts(said, end):
    known = Relations([Relation(key, event, at(day), "o" if key == "c" else "") for key, event, day in said])
    started, awaits = known.of(["c"])
    assert started.get(Event.CUSTOMER_ENDED) == (at(end) if end else None)
    assert (Event.CUSTOMER_ENDED in awaits) is (end is None)
    assert known.of(["x"]) == ({}, frozenset())
    assert CUSTOMER == "customer"


def test_a_plan_is_read_back_as_it_was_written_and_its_digest_is_the_files():
    found = planned("responses", answered("å", "2019-01-01"))
    plan = Plan("p", "sectra", "v", NOW.isoformat(), {"responses": 1}, found.parts, found.alarms, found.held)
    content = written(plan)
    assert read_plan(content) == plan
    assert digest(content) != digest(content.replace(b"SEC-26", b"SEC-27"))


def test_a_thing_is_due_at_the_very_moment_and_not_before():
    start = at("2019-11-01")
    end = deadline(SECTRA, "responses", {Event.ANSWERED: start}).at
    holding = Holding("a", {Event.ANSWERED: start})
    assert ids(planned("responses", holding, now=end)) == ["a"]
    assert not ids(planned("responses", holding, now=end - timedelta(microseconds=1)))
