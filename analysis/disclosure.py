"""Which groups of a table may be shown: none below the threshold, and none by subtraction either.

A score, its n and any one share give all three counts of a group, so a row is hidden whole.
"""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd


def suppress(table: pd.DataFrame, threshold: int, totals: Sequence[Sequence[str]] = ()) -> pd.DataFrame:
    """The same rows with a column `suppressed`; a suppressed row has missing values in all others.

    `table` has one row per group, named by the levels of its MultiIndex; its column `n` counts distinct
    respondents. `totals` lists the index levels whose sums the reader can see elsewhere, widest first
    and each containing the one before. What is hidden of such a sum amounts to at least `threshold`
    respondents, so at least two groups, and a group whose own sum is hidden is hidden too. This is
    primary and secondary suppression from the top down, as in Hundepool et al., Statistical Disclosure
    Control (2012), chapter 4. No row of totals is added.
    Raises ValueError for a threshold below 2, which would show single persons.
    """
    if threshold < 2:
        raise ValueError("a threshold below 2 would show single persons")
    names = [str(name) for name in table.index.names]
    groups = table["n"].reset_index()
    hidden = (table["n"] < threshold).astype(bool)
    for outer, inner in pairwise([*totals, names] if totals else []):
        parts = groups.groupby(list(inner))["n"].sum().reset_index()
        parts["withheld"] = _withheld(parts, list(outer), threshold)
        hidden |= groups.merge(parts, on=list(inner), how="left")["withheld"].to_numpy(bool)
    return table.mask(hidden, axis=0).assign(suppressed=hidden)


def _withheld(parts: pd.DataFrame, total: list[str], threshold: int) -> "pd.Series[bool]":
    """Which parts of each known total to hide: smallest first, until what is hidden is large enough."""
    ordered = parts.sort_values("n", kind="stable")
    sizes = ordered.groupby(total)["n"]
    hidden_before = sizes.cumsum() - ordered["n"]
    any_small = sizes.transform("min") < threshold
    return (ordered["n"] < threshold) | (any_small & (hidden_before < threshold))
