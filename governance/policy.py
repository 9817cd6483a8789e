"""A published privacy policy as a program: a closed schema, read from YAML, compiled or refused.

An unknown word anywhere is refused with the list of the valid ones, so that a misspelt rule cannot
be a rule that is silently not there. A number that is not there is written `undecided`, a conflict
that nobody has settled is an `open` decision: with either the policy does not compile, and without a
compiled policy nothing runs.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from data.errors import PolicyInvalid, UsageError
from data.records import is_label
from governance.clauses import Clause, Decision, Published, Translation
from governance.rules import (
    ON_EVENT,
    SHARES,
    AgreementRule,
    Basis,
    Categories,
    EndRule,
    FieldRule,
    IdentityRule,
    LifeRule,
    Limit,
    OwnRule,
    PeriodRule,
    PurposeRule,
    RecipientRule,
    RegionRule,
    ReidentificationRule,
    RetentionRule,
    RightName,
    RightRule,
    ScaleRule,
    SpecialRule,
    StoreRule,
    own_rule,
)
from governance.yaml_files import Closed, Words, load_yaml, validated

UNDECIDED = "undecided"
_CONTROLLER = r"^[a-z0-9-]{1,40}$"
_SMALLEST_GROUP = 2
#: Sections that only some policies have, with one clause each.
_OPTIONAL = ("reidentification", "regions")
#: The store of what answers end as where they are not deleted.
AGGREGATES = "aggregates"
_NEVER_IN_GROUPS = (
    "vendor",
    "inbox",
    "quarantine",
    "vault",
    "crm",
    "crm_ledger",
    "cases",
    "packages",
    "relations",
    "plans",
    "prefect",
    "corrections",
    "register",
    "backups",
    "backup_keys",
)


class Policy(Closed):
    """One controller's policy. `version` is its date and a digest of the file (SEC-27)."""

    schema_version: Literal[2] = Field(alias="schema")
    controller: str = Field(pattern=_CONTROLLER)
    name: Words
    role: Literal["controller", "processor"]
    authority: Words
    contact: Words
    published: date
    text: Published
    translations: dict[str, Translation] = Field(default_factory=dict)
    clauses: dict[str, Clause]
    decisions: dict[str, Decision]
    scale: ScaleRule
    purposes: dict[str, PurposeRule]
    fields: dict[str, FieldRule]
    cap: PeriodRule
    stores: dict[str, StoreRule]
    surveys: dict[str, dict[str, LifeRule]] = Field(default_factory=dict)
    ended_by: tuple[EndRule, ...] = ()
    retention: RetentionRule
    recipients: dict[str, RecipientRule]
    agreements: dict[str, AgreementRule]
    regions: RegionRule | None = None
    rights: dict[RightName, RightRule]
    identity: IdentityRule
    reidentification: ReidentificationRule | None = None
    own_rules: dict[str, Annotated[OwnRule, BeforeValidator(own_rule)]]
    limits: dict[Limit, str]
    special_categories: SpecialRule
    categories: Categories
    _digest: str = PrivateAttr(default="")
    _source: str = PrivateAttr(default="")

    @property
    def version(self) -> str:
        """What each response is stamped with: the policy in force when it was taken in."""
        return f"{self.published.isoformat()}+{self._digest[:12]}"

    @property
    def source(self) -> str:
        """The policy as it was written, so that it can be kept with the answers that were given under it."""
        return self._source

    def limit(self, name: Limit) -> float:
        """A threshold of the company's own, by name."""
        number = self.own_rules[self.limits[name]].number
        assert number is not None  # noqa: S101 - checked when the policy was read
        return number

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        mistakes = [
            *_limits(self),
            *_unknown_clauses(self),
            *_unknown_words(self),
            *_senseless_lives(self),
        ]
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self


def is_controller(name: str) -> bool:
    """Whether a name can be a controller's in commands, files and folders."""
    return re.fullmatch(_CONTROLLER, name) is not None


def cited(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every rule by its place, and the clause or own rule that it cites."""
    for name in ("scale", "cap", "special_categories", "identity", *_OPTIONAL, "retention"):
        if (rule := getattr(policy, name)) is not None:
            yield name, rule.clause
    for section in ("purposes", "fields", "stores", "recipients", "agreements", "rights"):
        for name, rule in getattr(policy, section).items():
            yield f"{section}.{name}", rule.clause
    for survey, rules in policy.surveys.items():
        for name, life in rules.items():
            yield f"surveys.{survey}.{name}", life.clause
    for end in policy.ended_by:
        yield f"ended_by.{end.clock}", end.clause
    for name, clause in policy.regions.exceptions.items() if policy.regions else ():
        yield f"regions.exceptions.{name}", clause
    for name, decision in policy.decisions.items():
        for clause in decision.clauses:
            yield f"decisions.{name}", clause


def _limits(policy: Policy) -> Iterator[str]:
    clocks = {life.clock for _, _, life in lives(policy)}
    needed = [name for name in get_args(Limit) if ON_EVENT.get(name) in {None, *clocks}]
    for name in dict.fromkeys([*needed, *policy.limits]):
        rule = policy.own_rules.get(policy.limits.get(name, ""))
        if rule is None or rule.number is None:
            yield f"limits.{name} must name an own rule that has a number"
        elif name in SHARES and rule.number > 1:
            yield f"limits.{name} is a share: its number lies between 0 and 1"
        elif name not in SHARES and rule.number != int(rule.number):
            yield f"limits.{name} is a count: its number is a whole one"
        elif name == "group_size" and rule.number < _SMALLEST_GROUP:
            yield f"limits.{name}: a group of fewer than {_SMALLEST_GROUP} is a person"


def _unknown_clauses(policy: Policy) -> Iterator[str]:
    for name in sorted(set(policy.clauses) & set(policy.own_rules)):
        yield f"{name} is both a clause and an own rule"
    for place, name in cited(policy):
        clause = policy.clauses.get(name)
        if clause is None and name not in policy.own_rules:
            yield f"{place} cites {name}, which is neither a clause nor an own rule"
        elif clause is None and place.startswith("regions.exceptions"):
            yield f"{place} cites {name}: an exception needs a clause of the text"
        elif clause and clause.out_of_scope and not place.startswith("decisions."):
            yield f"{place} cites {name}, which is out of scope"


def lives(policy: Policy) -> Iterator[tuple[str, str, LifeRule]]:
    """Place, store and rule of every period: that of each store, and those of single surveys."""
    for name, store in policy.stores.items():
        yield f"stores.{name}", name, store
    for survey, rules in policy.surveys.items():
        for name, life in rules.items():
            yield f"surveys.{survey}.{name}", name, life


def _senseless_lives(policy: Policy) -> Iterator[str]:
    for survey, rules in policy.surveys.items():
        if not is_label(survey.removesuffix("*")):
            yield f"surveys.{survey}: a survey's label, or the beginning of some with * at the end"
        yield from _unknown(f"surveys.{survey}", rules, policy.stores, "store")
    yield from _unknown("retention.unattended", policy.retention.unattended, policy.stores, "store")
    for place, name, life in lives(policy):
        if life.period.unlimited and not _is_duty(policy, name):
            yield f"{place}: only what a law asks to keep has no end; the purpose has another basis"
        if life.end != "delete" and name in (AGGREGATES, *_NEVER_IN_GROUPS):
            yield f"{place}: only answers can end as groups; write end: delete"
        if life.end != "delete" and AGGREGATES not in policy.stores:
            yield f"{place} ends as groups, and there is no store {AGGREGATES} to keep them"


def _is_duty(policy: Policy, store: str) -> bool:
    rule = policy.stores.get(store)
    purpose = policy.purposes.get(rule.purpose) if rule else None
    return purpose is not None and purpose.basis == "legal obligation"


def _unknown_words(policy: Policy) -> Iterator[str]:
    for name, store in policy.stores.items():
        yield from _unknown(f"stores.{name}.purpose", {store.purpose}, policy.purposes, "purpose")
        yield from _unknown(f"stores.{name}.fields", store.fields, policy.fields, "field")
    if policy.regions:
        exceptions = set(policy.regions.exceptions)
        yield from _unknown("regions.exceptions", exceptions, dict.fromkeys(sorted(_places(policy))), "place")
    if policy.reidentification:
        named = policy.reidentification.purposes
        yield from _unknown("reidentification.purposes", named, policy.purposes, "purpose")
    for name, recipient in policy.recipients.items():
        place = f"recipients.{name}"
        yield from _unknown(f"{place}.purposes", recipient.purposes, policy.purposes, "purpose")
        yield from _unknown(f"{place}.fields", recipient.fields, policy.fields, "field")
        yield from _unknown(f"{place}.agreements", recipient.agreements, policy.agreements, "agreement")


def _places(policy: Policy) -> set[str]:
    return {f"stores.{name}" for name in policy.stores} | {f"recipients.{name}" for name in policy.recipients}


def _unknown(place: str, words: Any, known: dict[str, Any], kind: str) -> Iterator[str]:
    for word in sorted(set(words) - set(known)):
        yield f"{place}: there is no {kind} {word}; known: {', '.join(known)}"


@lru_cache(maxsize=16)
def parse_policy(text: str, origin: str) -> Policy:
    """Compile a policy from YAML text, once in a process; `origin` is named in errors.

    Raises `PolicyInvalid` that lists every mistake with its place and the valid words, or every number
    and conflict that is not decided yet, with its clause and what to write.
    """
    try:
        content = load_yaml(text, origin)
        if missing := [*_undecided(content), *_open(content)]:
            raise PolicyInvalid(f"{origin} leaves {len(missing)} to decide:" + _listed(missing), hint=_DECIDE)
        policy = validated(content, origin, Policy)
    except UsageError as mistake:
        problem = str(mistake)
    else:
        policy._source = text
        policy._digest = hashlib.sha256(text.encode()).hexdigest()
        return policy
    raise PolicyInvalid(problem)


_DECIDE = (
    "write what the controller decides into policies/ of the home; "
    "`tillit policy init --controller NAME` puts a copy of a packaged policy there"
)


def _listed(lines: list[str]) -> str:
    return "".join(f"\n  {line}" for line in lines)


def _undecided(rule: Any, place: str = "") -> Iterator[str]:
    parts = rule.items() if isinstance(rule, dict) else enumerate(rule) if isinstance(rule, list) else ()
    for name, value in parts:
        here = f"{place}.{name}" if place else str(name)
        if str(value).strip().casefold() == UNDECIDED:
            clause = rule.get("clause", UNDECIDED) if isinstance(rule, dict) else UNDECIDED
            source = "the text" if clause == UNDECIDED else clause
            yield f"{here}: {source} does not say; {_EXAMPLES.get(str(name), 'write what is decided')}"
        elif isinstance(value, dict | list):
            yield from _undecided(value, here)


_EXAMPLES = {
    "basis": f"write one of {', '.join(get_args(Basis))}",
    "region": 'write EEA, or a country by two letters, or "not stated"',
    "clause": "write the clause that says it",
    "controls": "write which of governance/controls.yaml keep it",
    "condition": 'write for example "always"',
    "review": "write for example review: 2027-06-01",
    "period": "write for example period: 3 years",
    "number": "write for example number: 90",
    "published": "write for example published: 2026-06-04",
}


def _open(content: dict[str, Any]) -> Iterator[str]:
    decisions = content.get("decisions")
    for name, decision in decisions.items() if isinstance(decisions, dict) else ():
        if isinstance(decision, dict) and decision.get("state") == "open":
            found = decision.get("clauses")
            clauses = ", ".join(map(str, found)) if isinstance(found, list) else "no clause"
            yield f"decisions.{name} is open ({clauses}): write its reading, by whom, and state: confirmed"


def load_policy(controller: str, own: Path | None = None) -> Policy:
    """The policy of a controller: from the folder `own` if it has one, else the packaged one.

    An unknown controller is refused with the list of known ones (`UsageError`); see `parse_policy`.
    """
    known = known_policies(own)
    if controller not in known:
        raise UsageError(
            f"there is no policy for that controller; known: {', '.join(sorted(known))}",
            hint="see docs/policies.md; `tillit policy init` starts one",
        )
    origin = f"policies/{controller}.yaml"
    policy = parse_policy(_read(known[controller], origin), origin)
    if policy.controller != controller:
        raise PolicyInvalid(f"{origin}: its controller is {policy.controller}: name the file after it")
    return policy


def _read(path: Traversable, origin: str) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise PolicyInvalid(f"{origin} cannot be read as UTF-8 text") from None


def packaged_text(controller: str) -> str:
    """A packaged policy as it is written."""
    return known_policies(None)[controller].read_text("utf-8")


def known_policies(own: Path | None) -> dict[str, Traversable]:
    """Every policy file by its controller: the packaged ones, and before them those of the folder `own`."""
    found: list[Traversable] = list((files("governance") / "policies").iterdir())
    found += sorted(own.iterdir()) if own is not None and own.is_dir() else []
    return {path.name.removesuffix(".yaml"): path for path in found if path.name.endswith(".yaml")}
