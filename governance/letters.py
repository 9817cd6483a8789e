"""Letters to who has asked, Swedish or English: what they are told of a request; they name nobody. Pure."""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from data.errors import UsageError
from data.stores.cases import Case, CaseKind, Letter
from governance.policy import Policy
from governance.rights import DELETES
from governance.rules import StoreRule
from governance.spoken import Language, say, say_period

_LETTERS = Environment(
    loader=PackageLoader("governance", "letters"),
    autoescape=False,  # noqa: S701 - plain text
    undefined=StrictUndefined,
)
_WIDTH = 78
#: What stays of somebody who was erased or objects, and of every request.
_REMAINS: dict[CaseKind, tuple[str, ...]] = {
    **dict.fromkeys(DELETES, ("register", "cases")),
    **dict.fromkeys(("access", "portability"), ("packages", "cases")),
    **dict.fromkeys(("restrict", "no-invites"), ("register", "cases")),
    "rectify": ("corrections", "cases"),
}


def due_letter(case: Case) -> Letter:
    """The letter that a case calls for now."""
    if case.state == "refused":
        return "refusal"
    if case.closed_at is not None:
        return "answer"
    if case.doubted_at is not None:
        return "identity"
    if case.extended_for:
        return "extension"
    return "lifting" if case.kind == "unrestrict" else "receipt"


def check_letter(case: Case, name: Letter) -> None:
    """Raise `UsageError` where a case is not as a letter would tell."""
    fits = {
        "receipt": case.state != "dropped",
        "identity": case.doubted_at is not None,
        "extension": bool(case.extended_for),
        "lifting": case.kind == "unrestrict",
        "refusal": case.state == "refused",
        "answer": case.state == "closed",
    }
    if not fits[name]:
        raise UsageError(
            f"case {case.id} is {case.state}: there is no letter of {name}",
            hint=f"it calls for: {due_letter(case)}",
        )


def letter(
    name: Letter, language: Language, policy: Policy, case: Case, certificate: Mapping[str, Any], today: date
) -> str:
    """A letter as plain text; `certificate` is that of a closed case, else empty."""
    tell = partial(say, language=language)
    body = _LETTERS.get_template(f"{name}.{language}.txt").render(
        policy=policy, case=case, say=tell, **_facts(policy, language, case, certificate)
    )
    whole = _LETTERS.get_template("frame.txt").render(
        policy=policy, case=case, say=tell, today=today, body=body.strip()
    )
    return "\n".join(_wrapped(line) for line in whole.splitlines()) + "\n"


def _facts(policy: Policy, language: Language, case: Case, certificate: Mapping[str, Any]) -> dict[str, Any]:
    stores: Sequence[Mapping[str, Any]] = certificate.get("stores", ())
    return {
        "held": certificate.get("held", False) or case.kind in ("lift-objection", "no-invites", "invites"),
        "nothing": _nothing(case, certificate),
        "stores": _numbers(case, stores),
        "tasks": [task for task in certificate.get("tasks", ()) if task["state"] == "open"],
        "holds": certificate.get("holds", ()),
        "unsearchable": certificate.get("not searchable", {}).get("answers without any identifier", 0),
        "package": case.kind in ("access", "portability"),
        "remains": [
            *(
                {"store": store, "period": _period(rule, language), "clause": rule.clause}
                for store in _REMAINS.get(case.kind, ())
                if (rule := policy.stores.get(store))
            ),
            *_in_backups(policy, language, certificate),
        ],
    }


def _in_backups(policy: Policy, language: Language, certificate: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Until when backups can be opened that were made before something was deleted."""
    until = certificate.get("readable_in_backups_until", "")[:10]
    rule = policy.stores["backup_keys"]
    period = f"{say('until', language)} {until}"
    return [{"store": "backups", "period": period, "clause": rule.clause}] if until else []


def _nothing(case: Case, certificate: Mapping[str, Any]) -> str:
    if certificate.get("named by others"):
        return "named"
    return case.kind if case.kind in ("portability", "restrict", "rectify") else "own"


def _numbers(case: Case, stores: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is gone of each store where a case deletes, else what was found."""
    which = "gone" if case.kind in DELETES else "found"
    told = (row for row in stores if row["store"] not in ("plans", "prefect"))
    return [{"store": row["store"], "count": row[which]} for row in told if row[which]]


def _period(rule: StoreRule, language: Language) -> str:
    clock = "" if rule.period.unlimited else f" {say(f'{rule.clock.value}_clock', language)}"
    return say_period(str(rule.period), language) + clock


def _wrapped(line: str) -> str:
    indent = "  " if line.startswith("- ") else ""
    return textwrap.fill(line, _WIDTH, subsequent_indent=indent, break_long_words=False) if line else ""
