"""Recommend scores: bands, names, intervals, and the tables by cycle and by segment."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import NormalDist

import pyarrow as pa
import pytest

from analysis.groups import columns_read, scores_by_cycle, scores_by_segment
from analysis.reading import Reader
from analysis.scores import band, label, recommend_score
from data.records import Scale

CASES = json.loads((Path(__file__).parents[1] / "data" / "nps_cases.json").read_text())
CLASSIC, FROM_ONE = Scale(0, 10), Scale(1, 10)
START = datetime(2025, 3, 1, tzinfo=UTC)
SCHEMA = pa.schema(
    [
        *[(name, pa.string()) for name in ("survey", "cycle", "pseudonym")],
        ("answered_at", pa.timestamp("us", "UTC")),
        *[(name, pa.int8()) for name in ("score", "scale_minimum", "scale_maximum")],
        *[(name, pa.string()) for name in ("role", "workplace", "country")],
    ]
)


def answer(respondent, score, *, day=0, scale=CLASSIC, **others):
    names = {"survey": "customers", "cycle": "2025-Q1", "role": "Buyer", "workplace": "Oslo", "country": "NO"}
    return {
        **names,
        "pseudonym": f"{respondent:064x}",
        "answered_at": START + timedelta(days=day),
        "score": score,
        "scale_minimum": scale.minimum,
        "scale_maximum": scale.maximum,
        **others,
    }


def table(*answers):
    return pa.Table.from_pylist(list(answers), schema=SCHEMA)


def only_row(frame):
    assert len(frame) == 1
    return frame.iloc[0]


@pytest.mark.parametrize("case", CASES["counts"]["cases"])
def test_the_score_is_the_share_of_promoters_minus_the_share_of_detractors(case):
    score = recommend_score(case["promoters"], case["passives"], case["detractors"])
    assert score.value == pytest.approx(case["value"])
    assert score.n == case["promoters"] + case["passives"] + case["detractors"]


@pytest.mark.parametrize("case", CASES["scores"]["cases"])
def test_answers_from_0_to_10_give_the_score_that_other_software_gives(case):
    answers = [band(score, CLASSIC) for score in case["scores"]]
    counts = [answers.count(name) for name in ("promoters", "passives", "detractors")]
    assert recommend_score(*counts).value == pytest.approx(case["value"])


@pytest.mark.parametrize(
    ("case", "tolerance"),
    [
        (case, CASES[group]["tolerance"])
        for group in ("intervals_computed", "intervals_of_other_software")
        for case in CASES[group]["cases"]
    ],
)
def test_the_interval_is_tangos_score_interval(case, tolerance):
    score = recommend_score(case["promoters"], case["passives"], case["detractors"])
    assert (score.low, score.high) == pytest.approx((case["low"], case["high"]), abs=tolerance)


@pytest.mark.parametrize("n", [1, 5, 10, 100, 10_000])
def test_where_all_respondents_agree_the_interval_has_its_closed_form(n):
    z2 = NormalDist().inv_cdf(0.975) ** 2
    narrow, wide = (n - z2) / (n + z2), z2 / (n + z2)
    promoters, passives, detractors = (
        recommend_score(n, 0, 0),
        recommend_score(0, n, 0),
        recommend_score(0, 0, n),
    )
    assert (promoters.low, promoters.high) == pytest.approx((narrow, 1))
    assert (passives.low, passives.high) == pytest.approx((-wide, wide))
    assert (detractors.low, detractors.high) == pytest.approx((-1, -narrow))


@pytest.mark.parametrize("counts", [(0, 0, 0), (-1, 5, 5), (5, 5, -1)])
def test_no_respondents_or_a_negative_count_is_an_error(counts):
    with pytest.raises(ValueError, match="at least one respondent"):
        recommend_score(*counts)


@pytest.mark.parametrize("scale", [CLASSIC, FROM_ONE])
def test_nine_and_ten_promote_seven_and_eight_are_passive_and_the_rest_detract(scale):
    bands = {score: band(score, scale) for score in range(scale.minimum, 11)}
    assert [score for score, name in bands.items() if name == "promoters"] == [9, 10]
    assert [score for score, name in bands.items() if name == "passives"] == [7, 8]
    assert {name for score, name in bands.items() if score <= 6} == {"detractors"}


def test_a_scale_that_does_not_end_at_10_has_no_bands():
    with pytest.raises(ValueError, match="only defined for scales that end at 10"):
        band(5, Scale(1, 5))


def test_a_score_outside_its_scale_has_no_band():
    with pytest.raises(ValueError, match="outside its scale 1-10"):
        band(0, FROM_ONE)


def test_only_a_score_from_0_to_10_is_called_nps():
    assert label(CLASSIC) == "NPS"
    assert label(FROM_ONE) == "recommend score (1-10)"


def test_a_cycle_shows_counts_and_a_score_in_points():
    answers = [answer(i, score) for i, score in enumerate([10] * 5 + [8] * 3 + [0] * 2)]
    row = only_row(scores_by_cycle(table(*answers), "customers", 10))
    assert list(row.index) == [
        *("survey", "cycle", "scale", "label", "n", "promoters", "passives", "detractors"),
        *("value", "low", "high", "suppressed"),
    ]
    assert row[["survey", "cycle", "scale", "label"]].tolist() == ["customers", "2025-Q1", "0-10", "NPS"]
    assert row[["n", "promoters", "passives", "detractors"]].tolist() == [10, 5, 3, 2]
    assert row["value"] == 30.0
    assert row["low"] == round(float(row["low"]), 1) < 30 < row["high"] == round(float(row["high"]), 1)
    assert not row["suppressed"]


def test_an_answer_without_a_score_is_not_counted_as_zero():
    row = only_row(scores_by_cycle(table(answer(1, 9), answer(2, 9), answer(3, None)), None, 2))
    assert (row["n"], row["value"]) == (2, 100.0)


def test_a_respondent_who_answered_twice_counts_once_with_the_latest_score():
    answers = table(answer(1, 10, day=2), answer(1, 0, day=1), answer(2, 10))
    assert only_row(scores_by_cycle(answers, None, 2))[["n", "promoters"]].tolist() == [2, 2]


def test_a_later_answer_without_a_score_does_not_replace_an_earlier_score():
    answers = table(answer(1, 10, day=1), answer(1, None, day=2), answer(2, 10))
    assert only_row(scores_by_cycle(answers, None, 2))["n"] == 2


@pytest.mark.parametrize("scores", [(10, 0), (0, 10)])
def test_of_two_answers_at_the_same_instant_the_lower_score_counts(scores):
    answers = table(*[answer(1, score) for score in scores], answer(2, 10))
    assert only_row(scores_by_cycle(answers, None, 2))[["promoters", "detractors"]].tolist() == [1, 1]


def test_answering_often_does_not_lift_a_group_over_the_threshold():
    answers = [answer(1, 10, day=day) for day in range(5)]
    assert only_row(scores_by_cycle(table(*answers), None, 2))["suppressed"]


def test_the_same_respondent_counts_in_every_cycle():
    answers = [answer(i, 10, cycle=cycle) for i in (1, 2) for cycle in ("2024", "2025")]
    assert scores_by_cycle(table(*answers), None, 2)["n"].tolist() == [2, 2]


def test_two_scales_in_one_cycle_stand_in_two_rows():
    answers = [answer(i, 10, scale=scale) for i, scale in enumerate([CLASSIC, CLASSIC, FROM_ONE, FROM_ONE])]
    frame = scores_by_cycle(table(*answers), None, 2)
    assert frame["scale"].tolist() == ["0-10", "1-10"]
    assert frame["label"].tolist() == ["NPS", "recommend score (1-10)"]
    assert frame["n"].tolist() == [2, 2]


def test_only_the_survey_asked_for_is_shown():
    answers = table(*[answer(i, 10, survey=survey) for i in range(2) for survey in ("customers", "staff")])
    assert scores_by_cycle(answers, "staff", 2)["survey"].tolist() == ["staff"]
    assert scores_by_cycle(answers, None, 2)["survey"].tolist() == ["customers", "staff"]


def test_segments_show_one_cycle_and_name_their_segment():
    answers = [answer(i, 10, role=role) for i, role in enumerate(["Buyer", "Buyer", "User", "User"])]
    other_cycle = [answer(i, 0, cycle="2024") for i in range(5)]
    frame = scores_by_segment(table(*answers, *other_cycle), "role", "customers", "2025-Q1", 2)
    assert frame["role"].tolist() == ["Buyer", "User"]
    assert frame["value"].tolist() == [100.0, 100.0]


def test_respondents_without_a_segment_stay_in_the_table():
    answers = [answer(i, 10, role=role) for i, role in enumerate([None, None, "User", "User"])]
    frame = scores_by_segment(table(*answers), "role", None, "2025-Q1", 2)
    assert frame["role"].tolist() == ["", "User"]
    assert frame["n"].tolist() == [2, 2]


def test_no_responses_give_an_empty_table_with_all_columns():
    assert "suppressed" in scores_by_cycle(table(), None, 5)
    assert "workplace" in scores_by_segment(table(), "workplace", None, "2025-Q1", 5)
    assert scores_by_cycle(table(), None, 5).empty


def test_a_notebook_gets_the_suppressed_tables_and_reads_only_the_columns_they_need():
    responses = table(*[answer(i, 10) for i in range(3)])
    asked = []

    def read(columns):
        asked.append(columns)
        return responses.select(columns)

    reader = Reader(read, threshold=4)
    assert only_row(reader.scores_by_cycle())["suppressed"]
    assert only_row(reader.scores_by_segment("role", "2025-Q1"))["suppressed"]
    assert asked == [columns_read(None), columns_read("role")]
    assert "workplace" not in columns_read("role")


def test_a_notebook_has_no_way_to_single_responses():
    assert {name for name in dir(Reader) if not name.startswith("_")} == {
        "scores_by_cycle",
        "scores_by_segment",
    }
