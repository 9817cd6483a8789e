"""What holds of recommend scores and their tables for any responses at all."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.groups import scores_by_cycle, scores_by_segment
from analysis.scores import recommend_score

COUNTRY = {"Lund": "SE", "Uppsala": "SE", "Visby": "SE", "Oslo": "NO", "Bergen": "NO", "Aarhus": "DK"}
SCHEMA = pa.schema(
    [
        *[(name, pa.string()) for name in ("survey", "cycle", "pseudonym")],
        ("answered_at", pa.timestamp("us", "UTC")),
        *[(name, pa.int8()) for name in ("score", "scale_minimum", "scale_maximum")],
        *[(name, pa.string()) for name in ("role", "workplace", "country")],
    ]
)
SEGMENTS = ("role", "workplace", "country")
counts = st.integers(0, 2000)
thresholds = st.integers(2, 8)
any_score = st.none() | st.integers(1, 10)
either_scale = st.integers(0, 1)
kinds = st.sampled_from([None, *SEGMENTS])
# A table takes longer than the usual deadline on a busy machine.
tables = settings(deadline=None, max_examples=60)


@st.composite
def answers(draw, scores=any_score, minimum=either_scale):
    workplace = draw(st.sampled_from(list(COUNTRY)))
    return {
        "survey": "customers",
        "cycle": draw(st.sampled_from(["2024", "2025", "2025"])),
        "pseudonym": f"{draw(st.integers(1, 25)):064x}",
        "answered_at": datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 1))),
        "score": draw(scores),
        "scale_minimum": draw(minimum),
        "scale_maximum": 10,
        "role": draw(st.sampled_from(["Buyer", "User", None])),
        "workplace": workplace,
        "country": COUNTRY[workplace],
    }


many_answers = st.lists(answers(), max_size=80)


@st.composite
def staffed_workplaces(draw):
    """One answer each of 0 to 9 respondents per workplace, so that suppression is common."""
    sizes = draw(st.fixed_dictionaries(dict.fromkeys(COUNTRY, st.integers(0, 9))))
    places = [place for place, size in sizes.items() for _ in range(size)]
    base = draw(answers(scores=st.just(9), minimum=st.just(0)))
    return [
        base | {"pseudonym": f"{i:064x}", "cycle": "2025", "workplace": place, "country": COUNTRY[place]}
        for i, place in enumerate(places)
    ]


def table(rows):
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def shown_by(rows, by, threshold):
    if by is None:
        return scores_by_cycle(table(rows), None, threshold)
    return scores_by_segment(table(rows), by, None, "2025", threshold)


@given(counts, counts, counts)
def test_the_score_lies_inside_its_interval_and_the_interval_inside_the_scale(
    promoters, passives, detractors
):
    assume(promoters + passives + detractors > 0)
    score = recommend_score(promoters, passives, detractors)
    assert -1 <= score.low <= score.value <= score.high <= 1


@given(counts, counts, counts)
def test_swapping_promoters_and_detractors_turns_the_interval_around(promoters, passives, detractors):
    assume(promoters + passives + detractors > 0)
    one, other = (
        recommend_score(promoters, passives, detractors),
        recommend_score(detractors, passives, promoters),
    )
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-9)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_twice_the_respondents_with_the_same_shares_narrow_the_interval(promoters, passives, detractors):
    assume(promoters + passives + detractors > 0)
    few = recommend_score(promoters, passives, detractors)
    many = recommend_score(2 * promoters, 2 * passives, 2 * detractors)
    assert many.high - many.low < few.high - few.low


@tables
@given(many_answers, kinds, thresholds)
def test_shown_scores_lie_inside_their_intervals_on_minus_100_to_100(rows, by, threshold):
    shown = visible(shown_by(rows, by, threshold))
    assert (shown["low"] <= shown["value"]).all()
    assert (shown["value"] <= shown["high"]).all()
    assert shown["low"].ge(-100).all()
    assert shown["high"].le(100).all()


@tables
@given(st.data(), many_answers, kinds, thresholds)
def test_the_order_of_responses_does_not_matter(data, rows, by, threshold):
    shuffled = data.draw(st.permutations(rows))
    pd.testing.assert_frame_equal(shown_by(rows, by, threshold), shown_by(shuffled, by, threshold))


@tables
@given(many_answers, st.lists(answers(scores=st.none()), max_size=10), kinds, thresholds)
def test_answers_without_a_score_change_nothing(rows, partial, by, threshold):
    pd.testing.assert_frame_equal(shown_by(rows, by, threshold), shown_by(rows + partial, by, threshold))


@tables
@given(many_answers, kinds, thresholds)
def test_every_shown_group_has_at_least_the_threshold_of_respondents(rows, by, threshold):
    responses = pd.DataFrame(rows, columns=SCHEMA.names).dropna(subset="score").fillna({"role": ""})
    responses = responses.assign(scale=responses["scale_minimum"].astype(str) + "-10")
    keys = ["survey", "cycle", "scale", *([by] if by else [])]
    people = responses.groupby(keys)["pseudonym"].nunique().rename("people").reset_index()
    shown = visible(shown_by(rows, by, threshold)).merge(people, on=keys, how="left")
    assert (shown["n"] >= threshold).all()
    assert (shown["people"] >= threshold).all()


@tables
@given(many_answers, kinds, thresholds)
def test_a_suppressed_row_is_empty_as_a_whole(rows, by, threshold):
    measures = ["n", "promoters", "passives", "detractors", "value", "low", "high"]
    frame = shown_by(rows, by, threshold)
    assert frame.loc[frame["suppressed"], measures].isna().all(axis=None)
    assert visible(frame)[measures].notna().all(axis=None)


@tables
@given(many_answers, st.sampled_from(SEGMENTS), thresholds)
def test_what_a_cycle_shows_beyond_its_segments_is_nobody_or_a_large_enough_group(rows, by, threshold):
    keys = ["survey", "cycle", "scale"]
    shown = shown_by(rows, by, threshold).groupby(keys, as_index=False)["n"].sum()
    both = visible(shown_by(rows, None, threshold)).merge(shown, on=keys, suffixes=("", "_shown"))
    rest = both["n"] - both["n_shown"]
    assert ((rest == 0) | (rest >= threshold)).all()


@tables
@given(staffed_workplaces(), thresholds)
def test_no_group_below_the_threshold_can_be_computed_from_both_tables_together(rows, threshold):
    sizes = pd.Series([row["workplace"] for row in rows], dtype="str").value_counts()
    facts = published_sums(rows, list(sizes.index), threshold)
    for group in groups_of(list(sizes.index)):
        if follows([float(place in group) for place in sizes.index], facts):
            assert sizes[list(group)].sum() >= threshold


@tables
@given(staffed_workplaces(), st.sampled_from(SEGMENTS), thresholds)
def test_a_suppressed_segment_never_stands_alone_beside_a_shown_total(rows, by, threshold):
    assume(len(visible(shown_by(rows, None, threshold))) > 0)
    assert shown_by(rows, by, threshold)["suppressed"].sum() != 1


def visible(frame):
    return frame[~frame["suppressed"]]


def published_sums(rows, places, threshold):
    """One row per published number of respondents: which workplaces it sums over."""
    total = [[True] * len(places) for _ in visible(shown_by(rows, None, threshold))["n"]]
    by_place = visible(shown_by(rows, "workplace", threshold))["workplace"]
    single = [[place == name for place in places] for name in by_place]
    return np.array([*total, *single], dtype=float).reshape(-1, max(len(places), 1))


def groups_of(places):
    return [group for size in range(1, len(places) + 1) for group in combinations(places, size)]


def follows(wanted, facts):
    """Whether `wanted` is a linear combination of the published sums."""
    rank = np.linalg.matrix_rank(facts) if len(facts) else 0
    return np.linalg.matrix_rank(np.vstack([facts, wanted])) == rank
