"""A plugin that writes down how the tests that controls name have ended, for `tillit policy check`."""

import re
from datetime import UTC, datetime

import pytest

from governance.controls import known_controls
from governance.proofs import MANIFEST, TOP, build_digest, write_proofs


class Proofs:
    """Collects outcomes; with several workers, in the process that leads them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._build = build_digest(TOP)
        self._parts: dict[str, bool] = {}
        self._called: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Each part of each case of a test counts."""
        test = re.split(r"\[|@", report.nodeid)[0]  # parameters, and the group of pytest-xdist
        self._parts[test] = self._parts.get(test, True) and report.passed
        if report.when == "call":
            self._called.add(test)

    @property
    def outcomes(self) -> dict[str, bool]:
        """A test has passed where all its cases ran and passed; a failure of one is enough to fail."""
        whole = _is_whole(self._config)
        return {t: ok for t, ok in self._parts.items() if not ok or (whole and t in self._called)}

    def pytest_sessionfinish(self) -> None:
        """Write the manifest; tests that were not run keep the outcome that they had."""
        named = {test for control in known_controls().values() for test in control.tests}
        ran = {test: passed for test, passed in self.outcomes.items() if test in named}
        if ran and build_digest(TOP) == self._build:  # else nobody knows which code was tested
            write_proofs(ran, named, datetime.now(UTC), MANIFEST, TOP)


def _is_whole(config: pytest.Config) -> bool:
    """Whether no case of a file was left out, by name or after a failure."""
    picked = any("::" in argument for argument in config.args)
    options = ("keyword", "maxfail", "deselect", "lf", "stepwise")
    return not picked and not any(config.getoption(name, default=None) for name in options)
