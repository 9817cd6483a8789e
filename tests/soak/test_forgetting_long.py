"""The same as `tests/property/test_forgetting.py`, for long."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.property.test_forgetting import Forgetting, settled

pytestmark = pytest.mark.soak


def test_no_long_sequence_brings_an_erased_person_back_and_nothing_else_is_lost() -> None:
    run_state_machine_as_test(Forgetting, settings=settled(120, 40))
