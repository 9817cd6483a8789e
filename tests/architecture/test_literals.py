"""Numbers, scales, hosts and names that a policy decides on stand in no code: the code asks the policy."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.policy import Policy, load_policy
from governance.transfers import known_processors
from tests.support.policies import CONTROLLERS, decided

TOP = Path(__file__).parents[2]
ROOMS = ("analysis", "data", "flows", "governance", "pseudonymize")
#: Invented exports are no part of the pipeline.
MODULES = [p for room in ROOMS for p in sorted((TOP / room).rglob("*.py")) if "samples" not in p.parts]
POLICIES = [load_policy("sectra"), *(decided(name) for name in CONTROLLERS)]
_PERIODS = {
    "timedelta": {"days", "weeks"},
    "relativedelta": {"days", "months", "years"},
    "Period": {"days", "months"},
}
_SMALL = 100


def own_numbers(policy: Policy) -> set[float]:
    """The company's own numbers that are no everyday ones."""
    numbers = {rule.number for rule in policy.own_rules.values() if rule.number is not None}
    return {number for number in numbers if number > _SMALL or number != int(number)}


def names(policy: Policy) -> set[str]:
    """Owners, recipients and hosts."""
    hosts = {host for rule in policy.recipients.values() for host in rule.hosts}
    owners = {rule.owner for rule in policy.stores.values()} - {"the survey tool"}
    return {*hosts, *owners, *(rule.name for rule in policy.recipients.values()), policy.name, policy.contact}


NUMBERS = set().union(*(own_numbers(policy) for policy in POLICIES))
NAMES = set().union(*(names(policy) for policy in POLICIES)) | set().union(
    *(processor.hosts for processor in known_processors().values())
)


def literals(tree: ast.AST) -> Iterator[str]:
    """Every literal of a module that a policy decides on, in words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value in NUMBERS:
            yield f"line {node.lineno}: the number {node.value}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in NAMES:
            yield f"line {node.lineno}: a name or host of a policy"
        if isinstance(node, ast.Call):
            yield from periods_and_scales(node)


def periods_and_scales(call: ast.Call) -> Iterator[str]:
    """A period or a scale whose numbers are written out."""
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    given = [keyword.value for keyword in call.keywords if keyword.arg in _PERIODS.get(called, ())]
    if any(isinstance(value, ast.Constant) and value.value > 1 for value in given):
        yield f"line {call.lineno}: a period of its own"
    if called == "Scale" and any(isinstance(argument, ast.Constant) for argument in call.args):
        yield f"line {call.lineno}: a scale of its own"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TOP)))
def test_no_module_holds_what_a_policy_decides(path):
    assert list(literals(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        "timedelta(days=30)",
        "relativedelta(months=18)",
        "Period(months=84)",
        "Scale(0, 10)",
        "limit = 20_000",
        "share = 0.05",
        "host = 'api.anthropic.com'",
        "crm = 'Microsoft Dynamics'",
    ],
)
def test_such_a_literal_would_be_found(code):
    assert len(list(literals(ast.parse(code)))) == 1
