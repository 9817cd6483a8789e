"""The packages have plain names, so another distribution of that name must not take their place."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["data", "governance", "pseudonymize", "analysis", "flows"])
def test_a_package_of_that_name_is_ours(name: str) -> None:
    assert Path(importlib.import_module(name).__file__ or "").is_relative_to(ROOT)


def test_what_the_door_says_it_offers_is_there() -> None:
    door = importlib.import_module("pseudonymize")
    assert sorted(door.__all__) == door.__all__
    assert all(hasattr(door, name) for name in door.__all__)
