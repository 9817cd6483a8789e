"""How examples are drawn: the same ones on every run where CI says so, and no clock that fails a test."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "tillit",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tillit")
