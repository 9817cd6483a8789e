"""Controls: what in the program keeps a promise, and the tests that prove it."""

from functools import cache
from typing import Self

from pydantic import model_validator

from governance.clauses import Clause, Feature
from governance.yaml_files import Closed, packaged


class Control(Closed):
    """A control that exists names its functions and tests; one that does not says what it waits for.

    `by` are `module:name`, `tests` are pytest's ids without parameters, `evidence` kinds of entries in the
    evidence log.
    """

    says: str
    by: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    waits_for: str = ""

    @model_validator(mode="after")
    def _exists_or_waits(self) -> Self:
        if self.waits_for and (self.by or self.tests):
            raise ValueError("a control either exists or waits_for something")
        if not self.waits_for and not (self.by and self.tests):
            raise ValueError("name the functions (by) and the tests, or what the control waits_for")
        return self


class _Controls(Closed):
    needed: dict[Feature, frozenset[str]]
    controls: dict[str, Control]


@cache
def _packaged() -> _Controls:
    return packaged("controls.yaml", _Controls)


def known_controls() -> dict[str, Control]:
    """The controls of `governance/controls.yaml`."""
    return _packaged().controls


def needed_for(feature: Feature) -> frozenset[str]:
    """The controls without which a feature is refused, whatever a policy says."""
    return _packaged().needed[feature]


def pending(clause: Clause, controls: dict[str, Control]) -> list[str]:
    """The controls of a clause that do not exist: not built yet, or unheard of."""
    return [name for name in clause.controls if name not in controls or controls[name].waits_for]
