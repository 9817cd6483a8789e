"""kill -9 at twenty random points of a rotation, each time gone on with: every link is there afterwards.

pytest -m soak tests/soak/test_kill_rotation.py
"""

import random
from pathlib import Path

import pytest

from data.records import CrmReference
from flows.rotate_keys import rotate_keys
from flows.sync_scores import sync_scores
from flows.wiring import Home
from pseudonymize import no_progress
from tests.soak.test_kill_forgetting import killed_at, opened
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import new_home, take
from tests.support.killed import check_nothing_left_over
from tests.support.links import links, pseudonyms

pytestmark = pytest.mark.soak

KILLS, PEOPLE, CYCLES = 20, 3_000, 4


def rotate(home: Home) -> None:
    rotate_keys(home, "sectra", no_progress)


def test_a_rotation_that_is_killed_twenty_times_ends_with_every_link(tmp_path: Path) -> None:
    home, mapping = new_home(tmp_path / "home"), write_mapping(tmp_path / "mapping.yaml")
    rows = (
        answer(n, response_id=f"R-{cycle}-{n}", cycle=f"2026-Q{cycle}", text="")
        for n in range(PEOPLE)
        for cycle in range(1, CYCLES + 1)
    )
    take(home, write_export(tmp_path / "e.csv", rows), mapping)
    home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(100))
    sync_scores(home, "sectra", no_progress)
    before, linked, draw, killed = pseudonyms(home), links(home), random.Random(11), 0
    while killed < KILLS:
        # Fewer moments than a whole rotation has, so that one is killed again and again on its way.
        if killed_at(draw.randint(20, 60), tmp_path / "home", rotate, 0):
            killed += 1
        else:
            before = pseudonyms(opened(tmp_path / "home"))
    rotate(opened(tmp_path / "home"))
    again = opened(tmp_path / "home")
    assert pseudonyms(again).isdisjoint(before)
    assert links(again) == linked
    check_nothing_left_over(again)
