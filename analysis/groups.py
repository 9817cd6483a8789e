"""Recommend scores of groups of respondents, with the small groups already suppressed."""

from dataclasses import asdict
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.disclosure import suppress
from analysis.scores import BANDS, band, label, recommend_score
from data.records import Scale

Segment = Literal["role", "workplace", "country"]

_SCALE = ["scale_minimum", "scale_maximum"]
_CYCLE = ["survey", "cycle"]
_TOTAL = [*_CYCLE, "scale", "label"]
_ALWAYS_READ = [*_CYCLE, "pseudonym", "answered_at", "score", *_SCALE]


def columns_read(by: Segment | None) -> list[str]:
    """The response columns that a table by `by` needs; None stands for a table without segments."""
    return [*_ALWAYS_READ, *([by] if by else [])]


def scores_by_cycle(responses: pa.Table, survey: str | None, threshold: int) -> pd.DataFrame:
    """One row per survey, cycle and scale; scales are never mixed. `survey` None stands for every survey.

    Columns: survey, cycle, scale, label, n, promoters, passives, detractors (respondents), value, low,
    high (on [-100, 100], one decimal; a 95 % interval), suppressed. A respondent counts once per cycle,
    with the latest answer that has a score. Fewer than `threshold` respondents: missing values.
    Raises ValueError for a scale that does not end at 10, a score outside it, or a threshold below 2.
    """
    answers = _latest_answers(responses, survey, None, None)
    return suppress(_scored(answers, None), threshold).reset_index()


def scores_by_segment(
    responses: pa.Table, by: Segment, survey: str | None, cycle: str, threshold: int
) -> pd.DataFrame:
    """One row per survey, scale and segment of one cycle: the columns of `scores_by_cycle` and `by`.

    The totals that `scores_by_cycle` shows do not give a suppressed segment away. Errors as there.
    """
    answers = _latest_answers(responses, survey, cycle, by)
    return suppress(_scored(answers, by), threshold, _TOTAL).reset_index()


def _latest_answers(
    responses: pa.Table, survey: str | None, cycle: str | None, by: Segment | None
) -> pd.DataFrame:
    """One row per respondent and cycle, with the columns of `columns_read`, of answers with a score."""
    wanted = pc.is_valid(responses["score"])
    for name, value in (("survey", survey), ("cycle", cycle)):
        if value is not None:
            wanted = pc.and_(wanted, pc.equal(responses[name], value))
    answers: pd.DataFrame = responses.select(columns_read(by)).filter(wanted).to_pandas()
    segment = [by] if by else []
    answers = answers.fillna(dict.fromkeys(segment, ""))
    # Of two answers at the same instant the lower score counts, so that no order of rows matters.
    ties = ["score", *_SCALE, *segment]
    answers = answers.sort_values(["answered_at", *ties], ascending=[False, *[True] * len(ties)])
    return answers.drop_duplicates([*_CYCLE, "pseudonym"])


def _scored(answers: pd.DataFrame, by: Segment | None) -> pd.DataFrame:
    """One row per group, indexed by survey, cycle, scale, label and segment, nothing suppressed."""
    segment = [by] if by else []
    names = [*_CYCLE, *_SCALE, *segment, "score"]
    tally = answers.groupby(names, dropna=False).size().rename("respondents").reset_index()
    scales = [Scale(int(low), int(high)) for low, high in tally[_SCALE].itertuples(index=False)]
    tally["scale"] = pd.Series([str(scale) for scale in scales], dtype="str")
    tally["label"] = pd.Series([label(scale) for scale in scales], dtype="str")
    tally["band"] = pd.Series(
        [band(int(score), scale) for score, scale in zip(tally["score"], scales, strict=True)], dtype="str"
    )
    counts = tally.groupby([*_TOTAL, *segment, "band"])["respondents"].sum()
    return _with_intervals(counts.unstack("band", fill_value=0).reindex(columns=list(BANDS), fill_value=0))


def _with_intervals(counts: pd.DataFrame) -> pd.DataFrame:
    """The fields of RecommendScore for each row of band counts; shares become points on [-100, 100]."""
    whole, shares = ["n", *BANDS], ["value", "low", "high"]
    rows = [asdict(recommend_score(*map(int, row))) for row in counts.itertuples(index=False)]
    table = pd.DataFrame(rows, columns=[*whole, *shares], index=counts.index)
    # Adding zero turns a rounded -0.0 into 0.0.
    points = (table[shares].astype("Float64") * 100).round(1) + 0.0
    return pd.concat([table[whole].astype("Int64"), points], axis=1)
