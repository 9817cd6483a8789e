"""Small groups are hidden, and cannot be had by subtraction either."""

import pandas as pd
import pytest

from analysis.disclosure import suppress

TOTAL = ["cycle"]


def groups(sizes, names=("cycle", "role")):
    """A table with one row per group, named by `names`."""
    index = pd.MultiIndex.from_tuples([("2025", *key) for key in sizes], names=names)
    n = pd.array(list(sizes.values()), dtype="Int64")
    return pd.DataFrame({"n": n, "value": pd.array([50.0] * len(n), dtype="Float64")}, index=index)


def hidden(frame):
    return {key[-1] for key in frame.index[frame["suppressed"]]}


def test_a_group_below_the_threshold_shows_nothing_but_that_it_was_suppressed():
    frame = suppress(groups({("A",): 9, ("B",): 10}), 10)
    assert frame.loc[("2025", "A"), ["n", "value"]].isna().all()
    assert frame["suppressed"].tolist() == [True, False]
    assert frame.loc[("2025", "B"), ["n", "value"]].tolist() == [10, 50.0]


def test_without_a_known_total_only_the_small_groups_are_hidden():
    assert hidden(suppress(groups({("A",): 3, ("B",): 10, ("C",): 30}), 10)) == {"A"}


def test_with_a_known_total_the_next_smallest_group_is_hidden_as_well():
    assert hidden(suppress(groups({("A",): 3, ("B",): 30, ("C",): 12}), 10, TOTAL)) == {"A", "C"}


def test_two_small_groups_that_are_still_small_together_take_a_third_with_them():
    assert hidden(suppress(groups({("A",): 3, ("B",): 4, ("C",): 12, ("D",): 13}), 10, TOTAL)) == {
        "A",
        "B",
        "C",
    }


def test_two_small_groups_that_hide_each_other_take_no_third():
    assert hidden(suppress(groups({("A",): 5, ("B",): 5, ("C",): 12}), 10, TOTAL)) == {"A", "B"}


def test_groups_that_are_all_large_enough_are_all_shown():
    assert hidden(suppress(groups({("A",): 10, ("B",): 11}), 10, TOTAL)) == set()


def test_a_small_remainder_beside_one_group_hides_both():
    assert hidden(suppress(groups({("A",): 1, ("B",): 500}), 10, TOTAL)) == {"A", "B"}


def test_each_total_is_protected_by_itself():
    frame = groups({("A",): 3, ("B",): 12})
    later = frame.rename(index={"2025": "2026"})
    later["n"] = pd.array([20, 30], dtype="Int64")
    both = suppress(pd.concat([frame, later]), 10, TOTAL)
    assert both["suppressed"].tolist() == [True, True, False, False]


def test_no_row_of_totals_is_added():
    frame = groups({("A",): 20, ("B",): 30})
    assert list(suppress(frame, 10, TOTAL).index) == list(frame.index)


@pytest.mark.parametrize("threshold", [1, 0, -5])
def test_a_threshold_that_would_show_single_persons_is_refused(threshold):
    with pytest.raises(ValueError, match="single persons"):
        suppress(groups({("A",): 3}), threshold)
