"""Packaged policies with something changed, as a test wants them."""

from collections.abc import Callable
from typing import Any

import yaml

from governance.policy import Policy, packaged_text, parse_policy

_DECIDED = {"published": "2024-05-02", "period": "3 years", "number": "90", "contact": "dso@norrvik.se"}
CONTROLLERS = ("micromedic", "sectra", "sentera", "stratsys", "xtractor")


def policy_text(controller: str = "sectra") -> str:
    """The packaged policy as it is written."""
    return packaged_text(controller)


def content(controller: str = "sectra") -> dict[str, Any]:
    """The packaged policy before it is compiled."""
    found: dict[str, Any] = yaml.safe_load(policy_text(controller))
    return found


def decided_text(controller: str) -> str:
    """The packaged policy after its controller has filled in what the text leaves out, as it is written."""
    text = policy_text(controller)
    for name, value in _DECIDED.items():
        text = text.replace(f"{name}: undecided", f"{name}: {value}")
    return text


def decided(controller: str) -> Policy:
    """The same, compiled."""
    return parse_policy(decided_text(controller), f"{controller}.yaml")


def edited(edit: Callable[[dict[str, Any]], object], controller: str = "sectra") -> Policy:
    """The packaged policy after an edit of its content."""
    found = content(controller)
    edit(found)
    return parse_policy(yaml.dump(found, allow_unicode=True, sort_keys=False), f"{controller}.yaml")
