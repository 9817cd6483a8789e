"""The same as `tests/property/test_forgetting.py`, for long."""

import pytest
from hypothesis import HealthCheck, settings

from tests.property.test_forgetting import Forgetting

pytestmark = pytest.mark.soak

TestForgettingLong = Forgetting.TestCase
TestForgettingLong.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
