"""What the rules of a policy may say. Closed: an unknown word is an error with the list of valid ones.

Every rule names the clause of the published text that it stands for, or an own rule of the company.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from data.records import Scale
from data.store import Event
from governance.periods import Period
from governance.yaml_files import Closed, Words

#: sealed in the vault; as it is, redacted or generalised among the responses; used in the raw room only;
#: left with the vendor.
Kept = Literal["vault", "responses", "redacted", "category", "passing", "vendor"]
Limit = Literal[
    "bad_share", "bad_rows", "text_length", "group_size", "deletion_share", "task_days", "compiled_days"
]
#: What only a policy needs that goes by the event which it counts the days to.
ON_EVENT: dict[Limit, Event] = {"compiled_days": Event.COMPILED}
#: Shares, as against counts.
SHARES: frozenset[Limit] = frozenset({"bad_share", "deletion_share"})
#: What becomes of an answer that states something of a special category.
Handling = Literal["withhold", "keep"]
#: What becomes of a thing at the end of its period.
End = Literal["delete", "anonymise", "aggregate"]
#: GDPR Art. 6(1), letters a to f.
Basis = Literal[
    "consent",
    "contract",
    "legal obligation",
    "vital interests",
    "public task",
    "legitimate interest",
    "not stated",
]
#: What a person may ask for: GDPR Art. 7(3), 13(2)(d), 15 to 18, 20 and 21.
RightName = Literal[
    "access",
    "rectification",
    "erasure",
    "restriction",
    "portability",
    "objection",
    "withdrawal",
    "no_invitations",
    "complaint",
]


#: Where the text does not say; outside any rule on regions, and a warning elsewhere.
NOT_STATED = "not stated"
_REGION = re.compile("EEA|[A-Z]{2}")


def _region(text: str) -> str:
    if text != NOT_STATED and (not _REGION.fullmatch(text) or text == "EU"):
        raise ValueError('a region is EEA, or a country by two letters (SE, US), or "not stated"')
    return text


#: "EEA", or a country by ISO 3166-1 alpha-2.
Region = Annotated[str, AfterValidator(_region)]


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
    """What a field is (Fideslang category) and in what form it is kept."""

    category: str = Field(pattern=r"^(user|system)(\.[a-z_]+)*$")
    kept: Kept
    clause: str


PeriodText = Annotated[Period, BeforeValidator(Period.parse)]


class PeriodRule(Closed):
    """How long after which event something must be gone."""

    period: PeriodText
    clock: Event
    clause: str


class LifeRule(PeriodRule):
    """A period, and what comes at its end."""

    end: End


class StoreRule(LifeRule):
    """A store with its owner, its purpose, what may stand in it, its clock, and what comes at the end."""

    owner: Words
    purpose: str
    fields: frozenset[str]
    region: Region


class EndRule(Closed):
    """An event that ends every period at once, for the person whom it is about."""

    clock: Event
    clause: str


class RetentionRule(Closed):
    """The stores in which what falls due is deleted every night without a person's approval."""

    unattended: frozenset[str]
    clause: str


class PurposeRule(Closed):
    """What data is used for, in English and in `swedish`, on which legal basis."""

    says: Words
    swedish: Words
    basis: Basis
    clause: str


#: What was struck down, and by which judgment of the Court of Justice.
_VOID = {
    "privacy shield": "16 July 2020 (CJEU C-311/18)",
    "safe harbor": "6 October 2015 (CJEU C-362/14)",
}


def _not_void(kind: Any) -> Any:
    for void, since in _VOID.items():
        if void in str(kind).casefold():
            raise ValueError(f"{kind} is no transfer mechanism since {since}; use SCC, BCR or adequacy")
    return kind


class AgreementRule(Closed):
    """An agreement with a recipient. It is on file when it has a document and a day of signature.

    Transfers follow GDPR Art. 46(2)(c) (SCC), 47 (BCR) or 45 (adequacy); processing follows Art. 28(3) (DPA).
    """

    kind: Annotated[Literal["DPA", "SCC", "BCR", "adequacy"], BeforeValidator(_not_void)]
    document: str = ""
    signed: date | None = None
    expires: date | None = None
    clause: str

    def in_force(self, day: date) -> bool:
        """Whether the agreement is on file, and that day lies within its time."""
        on_file = bool(self.document) and self.signed is not None and self.signed <= day
        return on_file and (self.expires is None or day <= self.expires)


class RecipientRule(Closed):
    """Whom we tell, which fields at most, for what, where, by which hosts, under which agreements."""

    name: Words
    fields: frozenset[str]
    purposes: frozenset[str]
    region: Region
    hosts: frozenset[str] = frozenset()
    agreements: frozenset[str] = frozenset()
    operators: Literal["employees", "need to know"] = "need to know"
    clause: str


def _known(region: str) -> str:
    if region == NOT_STATED:
        raise ValueError("name the regions in which data may be")
    return region


class RegionRule(Closed):
    """Where data may be; `exceptions` are places such as `recipients.crm`, with the clause for each."""

    regions: frozenset[Annotated[Region, AfterValidator(_known)]]
    exceptions: dict[str, str] = Field(default_factory=dict)
    clause: str


class RightRule(Closed):
    """A right with its condition in words."""

    condition: Words
    clause: str


class IdentityRule(Closed):
    """How a person who asks shows who they are."""

    assurance: Literal["address on file", "any proof", "signed request"]
    clause: str


def _no_truth(number: Any) -> Any:
    if isinstance(number, bool):
        raise ValueError("a number is needed, not yes or no")
    return number


Number = Annotated[float, BeforeValidator(_no_truth), Field(ge=0, allow_inf_nan=False)]


class ReidentificationRule(Closed):
    """For what somebody may be told who wrote one answer; a policy without it tells nobody."""

    purposes: frozenset[str] = Field(min_length=1)
    clause: str


class OwnRule(Closed):
    """What the company has set itself, because no published sentence gives it."""

    says: Words
    number: Number | None = None


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


def own_rule(value: Any) -> Any:
    """An own rule that is only a sentence may be written as one."""
    return {"says": value} if isinstance(value, str) else value
