"""Which groups of a table may be shown: none below the threshold, and none by subtraction either.

A score, its n and any one share give all three counts of a group, so a row is hidden whole.
"""

from collections.abc import Sequence

import pandas as pd


def suppress(table: pd.DataFrame, threshold: int, total: Sequence[str] = ()) -> pd.DataFrame:
    """The same rows with a column `suppressed`; a suppressed row has missing values in all others.

    `table` has one row per group, named by the levels of its MultiIndex; its column `n` counts distinct
    respondents. `total` names the index levels whose sums the reader can see elsewhere, if any. What is
    hidden of such a sum amounts to at least `threshold` respondents, so to at least two groups: primary
    and secondary suppression (Hundepool et al., Statistical Disclosure Control, 2012). No row of totals
    is added.
    Raises ValueError for a threshold below 2, which would show single persons.
    """
    if threshold < 2:
        raise ValueError("a threshold below 2 would show single persons")
    hidden = (table["n"] < threshold).astype(bool)
    if total:
        hidden |= _withheld(table["n"].reset_index(), list(total), threshold).to_numpy(bool)
    return table.mask(hidden, axis=0).assign(suppressed=hidden)


def _withheld(parts: pd.DataFrame, total: list[str], threshold: int) -> "pd.Series[bool]":
    """Which parts of each known total to hide: smallest first, until what is hidden is large enough."""
    ordered = parts.sort_values("n", kind="stable")
    sizes = ordered.groupby(total)["n"]
    hidden_before = sizes.cumsum() - ordered["n"]
    any_small = sizes.transform("min") < threshold
    hidden = (ordered["n"] < threshold) | (any_small & (hidden_before < threshold))
    return hidden.reindex(parts.index)
