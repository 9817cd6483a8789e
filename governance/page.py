"""Self-contained HTML pages for people, made from what was found. No script, no outside address."""

from collections.abc import Sequence
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from governance.explain import Explained, beside_text
from governance.policy import Policy
from governance.ropa import COLUMNS, PEOPLE, Row
from governance.status import Status

_PAGES = Environment(loader=PackageLoader("governance", "pages"), autoescape=True, undefined=StrictUndefined)


def explained_page(policy: Policy, explained: Sequence[Explained], text: str | None, made: datetime) -> str:
    """Each published sentence, or each clause where the text is not at hand, beside what keeps it."""
    beside = beside_text(policy, text, explained) if text is not None else []
    states: dict[str, int] = {}
    for one in explained:
        states[one.state] = states.get(one.state, 0) + 1
    return _PAGES.get_template("explain.html").render(
        policy=policy,
        explained=explained,
        beside=beside,
        with_text=text is not None,
        holes=sum(claim.is_hole for claim, _ in beside),
        states=states,
        unproven=sum(one.state == "enforced" and not one.proven for one in explained),
        made=made,
    )


def ropa_page(policy: Policy, rows: Sequence[Row], made: datetime) -> str:
    """The record of processing activities."""
    return _PAGES.get_template("ropa.html").render(
        policy=policy, columns=COLUMNS, people=PEOPLE, rows=rows, made=made
    )


def officer_page(status: Status) -> str:
    """What an officer looks at: cases, tasks, readings, alarms, plans, and what proves each clause."""
    return _PAGES.get_template("officer.html").render(status=status)
