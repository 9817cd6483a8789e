"""A published privacy policy as a program: a closed schema, read from YAML.

An unknown word anywhere is refused with the list of the valid ones, so that a misspelt rule cannot
be a rule that is silently not there.
"""

import hashlib
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from data.errors import UsageError
from data.records import Scale
from governance.periods import Period
from governance.yaml_files import Closed, read_yaml

#: sealed in the vault; as it is, redacted or generalised among the responses; used in the raw room only.
Kept = Literal["vault", "responses", "redacted", "category", "passing"]
Limit = Literal["bad_share", "bad_rows", "text_length", "group_size"]
#: What becomes of an answer that states something of a special category.
Handling = Literal["withhold", "keep"]


class Clock(StrEnum):
    """The event that starts a period."""

    ANSWERED = "answered"
    COLLECTED = "collected"
    CUSTOMER_ENDED = "customer_ended"


class ScaleRule(Closed):
    """The range of the score, and the clause that says so."""

    minimum: int = Field(ge=0, le=10)
    maximum: int = Field(ge=0, le=10)
    clause: str

    @model_validator(mode="after")
    def _upwards(self) -> Self:
        if self.minimum >= self.maximum:
            raise ValueError("the minimum must be below the maximum")
        return self

    @property
    def scale(self) -> Scale:
        """The scale as a record."""
        return Scale(self.minimum, self.maximum)


class FieldRule(Closed):
    """What a field of an export is (Fideslang category) and in what form it is kept."""

    category: str
    kept: Kept
    clause: str


PeriodText = Annotated[Period, BeforeValidator(Period.parse)]


class PeriodRule(Closed):
    """How long after which event something must be gone."""

    period: PeriodText
    clock: Clock
    clause: str


class StoreRule(PeriodRule):
    """A store with its owner, its purpose and its clock."""

    owner: str
    purpose: str


class RecipientRule(Closed):
    """Whom we tell, and which fields at most."""

    name: str
    fields: frozenset[str]
    clause: str


class OwnRule(Closed):
    """What the company has set itself, because no published sentence gives it."""

    says: str
    number: float | None = Field(default=None, ge=0)


class SpecialRule(Closed):
    """Special categories (GDPR Art. 9) and patients: what becomes of an answer that tells of them."""

    health: Handling
    union: Handling
    belief: Handling
    politics: Handling
    origin: Handling
    sexuality: Handling
    patient: Handling
    clause: str

    @property
    def withheld(self) -> frozenset[str]:
        """The categories whose answers are withheld."""
        return frozenset(name for name, handling in self if handling == "withhold")


class Categories(Closed):
    """Words by which a cell is generalised, category by category, in order."""

    role: dict[str, list[str]]
    workplace: dict[str, list[str]]
    country: dict[str, list[str]]


def _own_rule(value: Any) -> Any:
    return {"says": value} if isinstance(value, str) else value


class Policy(Closed):
    """One controller's policy. `version` is its date and a digest of the file (SEC-27)."""

    schema_version: Literal[1] = Field(alias="schema")
    controller: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str
    published: date
    contact: str
    clauses: dict[str, str]
    scale: ScaleRule
    fields: dict[str, FieldRule]
    cap: PeriodRule
    stores: dict[str, StoreRule]
    recipients: dict[str, RecipientRule]
    own_rules: dict[str, Annotated[OwnRule, BeforeValidator(_own_rule)]]
    limits: dict[Limit, str]
    special_categories: SpecialRule
    categories: Categories
    _digest: str = PrivateAttr(default="")

    @property
    def version(self) -> str:
        """What each response is stamped with: the policy in force when it was taken in."""
        return f"{self.published.isoformat()}+{self._digest[:12]}"

    def limit(self, name: Limit) -> float:
        """A threshold of the company's own, by name."""
        number = self.own_rules[self.limits[name]].number
        assert number is not None  # noqa: S101 - checked when the policy was read
        return number

    @model_validator(mode="after")
    def _every_limit_has_a_number(self) -> Self:
        for name in get_args(Limit):
            rule = self.own_rules.get(self.limits.get(name, ""))
            if rule is None or rule.number is None:
                raise ValueError(f"limits.{name} must name an own rule that has a number")
        return self

    @model_validator(mode="after")
    def _every_clause_exists(self) -> Self:
        known = {*self.clauses, *self.own_rules}
        for place, clause in _cited(self):
            if clause not in known:
                raise ValueError(f"{place} cites {clause}, which is neither a clause nor an own rule")
        return self


def _cited(policy: Policy) -> list[tuple[str, str]]:
    special = policy.special_categories
    cited = [
        ("scale", policy.scale.clause),
        ("cap", policy.cap.clause),
        ("special_categories", special.clause),
    ]
    for section in ("fields", "stores", "recipients"):
        rules: dict[str, Any] = getattr(policy, section)
        cited += [(f"{section}.{name}", rule.clause) for name, rule in rules.items()]
    return cited


def parse_policy(text: str, origin: str) -> Policy:
    """Read a policy from YAML text; `origin` is named in errors.

    Raises `UsageError` that lists every mistake with its place and the valid words.
    """
    policy = read_yaml(text, origin, Policy)
    policy._digest = hashlib.sha256(text.encode()).hexdigest()
    return policy


def load_policy(controller: str) -> Policy:
    """The packaged policy of a controller; an unknown one is refused with the list of known ones."""
    folder = files("governance") / "policies"
    known = sorted(p.name.removesuffix(".yaml") for p in folder.iterdir() if p.name.endswith(".yaml"))
    if controller not in known:
        raise UsageError(f"there is no policy for that controller; known: {', '.join(known)}")
    return parse_policy((folder / f"{controller}.yaml").read_text("utf-8"), f"policies/{controller}.yaml")
