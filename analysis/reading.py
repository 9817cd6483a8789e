"""The notebooks' door: tables of groups that are safe to look at, and no single response."""

from collections.abc import Callable

import pandas as pd
import pyarrow as pa

from analysis import groups
from analysis.groups import Segment


class Reader:
    """Scores of every survey, with groups below the threshold already suppressed.

    `read` gives the named columns of the responses that may be analysed now; `threshold` is the
    smallest number of respondents that a group may show.
    """

    def __init__(self, read: Callable[[list[str]], pa.Table], threshold: int) -> None:
        self._read = read
        self._threshold = threshold

    def scores_by_cycle(self) -> pd.DataFrame:
        """One row per survey, cycle and scale; columns and errors as in `groups.scores_by_cycle`."""
        return groups.scores_by_cycle(self._read(groups.columns_read(None)), None, self._threshold)

    def scores_by_segment(self, by: Segment, cycle: str) -> pd.DataFrame:
        """One row per segment of one cycle; columns and errors as in `groups.scores_by_segment`."""
        responses = self._read(groups.columns_read(by))
        return groups.scores_by_segment(responses, by, None, cycle, self._threshold)
