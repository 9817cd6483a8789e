"""Which scores the CRM may hold: one for each contact and cycle, and none where there is a doubt."""

from collections.abc import Mapping, Set
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from data.errors import PolicyForbids
from data.records import Scale, SurveyCycle
from data.stores.relations import Relations
from data.stores.response_files import SCHEMA
from governance.crm_scores import COLUMNS, Allowed, allowed_scores, check_recipient
from governance.policy import load_policy
from tests.support.policies import edited

POLICY = load_policy("sectra")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
TODAY = NOW.date()
CYCLE = SurveyCycle("csat", "2026-Q3")
ANNA, ERIK = "a" * 64, "e" * 64
REFERENCES = {ANNA: {"ref-anna"}, ERIK: {"ref-erik"}}


def answer(pseudonym: str = ANNA, score: int | None = 9, **changes: Any) -> dict[str, Any]:
    row = {
        "controller": "sectra",
        "survey": "csat",
        "cycle": "2026-Q3",
        "pseudonym": pseudonym,
        "answered_at": datetime(2026, 9, 1, 10, tzinfo=UTC),
        "response_key": "1" * 64,
        "score": score,
        "scale_minimum": 1,
        "scale_maximum": 10,
    }
    return {**row, **changes}


def allowed(
    *rows: dict[str, Any], references: Mapping[str, Set[str]] = REFERENCES, shared: Set[str] = frozenset()
) -> Allowed:
    schema = pa.schema([SCHEMA.field(name) for name in COLUMNS])
    return allowed_scores(
        POLICY, pa.Table.from_pylist(list(rows), schema), references, shared, Relations(), NOW
    )


def scores(found: Allowed) -> dict[str, int]:
    return {reference: score.score for (reference, _), score in found.scores.items()}


def test_each_contact_gets_its_own_score_with_scale_cycle_and_day():
    found = allowed(answer(), answer(ERIK, 3, answered_at=datetime(2026, 9, 1, 23, 30, tzinfo=UTC)))
    score = found.scores[("ref-erik", CYCLE)]
    assert (score.pseudonym, score.score, score.scale, score.answered_on) == (
        ERIK,
        3,
        Scale(1, 10),
        date(2026, 9, 1),
    )
    assert scores(found) == {"ref-anna": 9, "ref-erik": 3}
    assert not found.left_out


LEFT_OUT: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "an address that several people share": ({}, {"shared": {ANNA}}, "shared address"),
    "nobody that the CRM knows": ({}, {"references": {}}, "no CRM reference"),
    "no reference among some": ({}, {"references": {ERIK: {"ref-erik"}}}, "no CRM reference"),
    "two contacts": ({}, {"references": {ANNA: {"ref-1", "ref-2"}}}, "several CRM references"),
    "a shared address without reference": ({}, {"shared": {ANNA}, "references": {}}, "shared address"),
    "an answer of seven years ago": (
        {"answered_at": datetime(2019, 11, 1, tzinfo=UTC)},
        {},
        "period over",
    ),
    "an answer of a leap day": ({"answered_at": datetime(2016, 2, 29, tzinfo=UTC)}, {}, "period over"),
}


@pytest.mark.parametrize(("changes", "known", "reason"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_a_score_in_doubt_is_left_out_with_its_reason(changes, known, reason):
    found = allowed(answer(**changes), **known)
    assert found.scores == {}
    assert found.left_out == {reason: 1}


def test_the_last_moment_of_a_period_is_inside():
    inside = datetime(2019, 11, 1, tzinfo=UTC) + timedelta(microseconds=1)
    assert scores(allowed(answer(answered_at=inside))) == {"ref-anna": 9}


def test_one_persons_doubt_is_nobody_elses():
    assert scores(allowed(answer(), answer(ERIK), shared={ANNA})) == {"ref-erik": 9}


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_answer_of_a_cycle_wins_in_any_order(order):
    rows = [
        answer(score=3, answered_at=datetime(2026, 9, 1, tzinfo=UTC), response_key="2" * 64),
        answer(score=9, answered_at=datetime(2026, 9, 2, tzinfo=UTC), response_key="1" * 64),
    ]
    assert scores(allowed(*rows[::order])) == {"ref-anna": 9}


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_answers_at_the_same_moment_the_same_one_wins_in_any_order(order):
    rows = [answer(score=3, response_key="1" * 64), answer(score=9, response_key="2" * 64)]
    assert scores(allowed(*rows[::order])) == {"ref-anna": 9}


@pytest.mark.parametrize("order", [1, -1])
def test_two_people_of_one_contact_give_it_one_score_the_latest(order):
    both = {ANNA: {"ref"}, ERIK: {"ref"}}
    rows = [answer(), answer(ERIK, 3, answered_at=datetime(2026, 9, 5, tzinfo=UTC))]
    found = allowed(*rows[::order], references=both)
    assert [(score.score, score.pseudonym) for score in found.scores.values()] == [(3, ERIK)]


def test_cycles_and_surveys_stand_beside_one_another():
    found = allowed(answer(), answer(score=8, cycle="2026-Q4"), answer(score=7, survey="nps"))
    assert {(place.survey, place.cycle): s.score for (_, place), s in found.scores.items()} == {
        ("csat", "2026-Q3"): 9,
        ("csat", "2026-Q4"): 8,
        ("nps", "2026-Q3"): 7,
    }


def test_a_partial_answer_is_no_score_and_no_reason():
    found = allowed(answer(score=None))
    assert (found.scores, found.left_out) == ({}, {})


def test_a_later_partial_answer_does_not_take_a_score_away():
    later = answer(score=None, answered_at=datetime(2026, 9, 9, tzinfo=UTC), response_key="2" * 64)
    assert scores(allowed(answer(), later)) == {"ref-anna": 9}


def test_the_answers_of_another_controller_are_not_looked_at():
    found = allowed(answer(controller="norrvik"))
    assert (found.scores, found.left_out) == ({}, {})


def test_without_answers_there_is_nothing_to_write():
    assert allowed().scores == {}


@pytest.mark.parametrize(
    ("held", "field"),
    [("crm_reference", "reference"), ("score", "score"), ("cycle", "cycle"), ("answered_at", "answered_on")],
)
def test_the_crm_gets_no_field_that_the_policy_does_not_name(held, field):
    less = edited(lambda policy: policy["recipients"]["crm"]["fields"].remove(held))
    with pytest.raises(PolicyForbids, match=f"SEC-07 does not let the CRM have {field}"):
        check_recipient(less, TODAY)


def test_a_crm_that_is_no_recipient_gets_nothing():
    with pytest.raises(PolicyForbids, match="no clause names a recipient"):
        check_recipient(edited(lambda policy: policy["recipients"].pop("crm")), TODAY)


def test_the_packaged_policy_lets_the_crm_have_a_score():
    assert check_recipient(POLICY, TODAY) is None
