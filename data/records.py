"""The records that may leave the raw room. Frozen, closed, and without any field for an identity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_REFERENCE = re.compile(r"(?=.*[0-9])[A-Za-z0-9-]{1,64}")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_HEX = re.compile(r"[0-9a-f]{64}")


def is_label(text: str) -> bool:
    """Whether `text` can name a survey or a cycle: up to 40 letters, digits, dots, dashes.

    Labels become folder names and CRM fields, so neither a path nor free text may pass as one.
    """
    return _LABEL.fullmatch(text) is not None


def is_crm_reference(text: str) -> bool:
    """Whether `text` can be an opaque CRM reference: up to 64 letters, digits and dashes, one digit at least.

    A name has no digit.
    """
    return _REFERENCE.fullmatch(text) is not None


def canonical_reference(text: str) -> str:
    """A CRM reference in one spelling: a GUID has no case (RFC 9562 section 4), other ids have."""
    return text.lower() if _GUID.fullmatch(text) else text


@dataclass(frozen=True, slots=True)
class Scale:
    """The inclusive range of a score. Sectra's policy says 1-10 (SEC-09); the classic NPS is 0-10."""

    minimum: int
    maximum: int

    def __post_init__(self) -> None:
        if not 0 <= self.minimum < self.maximum <= 10:
            raise ValueError("a scale runs from 0 or more to 10 or less")

    def __contains__(self, score: object) -> bool:
        return isinstance(score, int) and self.minimum <= score <= self.maximum

    def __str__(self) -> str:
        return f"{self.minimum}-{self.maximum}"


@dataclass(frozen=True, slots=True)
class SurveyCycle:
    """One wave of one survey."""

    survey: str
    cycle: str

    def __post_init__(self) -> None:
        if not (is_label(self.survey) and is_label(self.cycle)):
            raise ValueError("a survey and a cycle are labels of letters, digits, dots and dashes")


@dataclass(frozen=True, slots=True, order=True)
class Pseudonym:
    """HMAC-SHA-256 of an identifier under a domain key, as 64 lower-case hex digits."""

    value: str
    key_version: int

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.value):
            raise ValueError("a pseudonym is 64 lower-case hex digits")

    def __repr__(self) -> str:
        return f"Pseudonym({self.value[:8]}…, v{self.key_version})"


@dataclass(frozen=True, slots=True)
class RedactedText:
    """Free text after redaction. Still personal data: it has a clock and can be erased.

    `removed` counts what was taken out by kind; `language` is an ISO 639-1 code or "und".
    """

    text: str = field(repr=False)
    language: str
    redactor: str
    removed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Response:
    """One respondent's answer in one cycle, as the analysis store keeps it.

    `response_key` and `content_key` are keyed digests of the vendor's response id and of the row;
    `linkable` is false where the pseudonym stands for this one response only. Times are UTC.
    """

    controller: str
    cycle: SurveyCycle
    response_key: str
    content_key: str
    pseudonym: Pseudonym
    linkable: bool
    answered_at: datetime
    modified_at: datetime | None
    collected_at: datetime
    score: int | None
    scale: Scale
    comment: RedactedText | None
    role: str
    workplace: str
    country: str
    policy_version: str


@dataclass(frozen=True, slots=True)
class CrmReference:
    """The CRM's own opaque id of a contact; the form keeps names and addresses out."""

    value: str = field(repr=False)

    def __post_init__(self) -> None:
        if not is_crm_reference(self.value):
            raise ValueError("a CRM reference is 1 to 64 letters, digits and dashes, with a digit")


@dataclass(frozen=True, slots=True)
class ScoreRecord:
    """All that may ever reach the CRM about a response (SEC-07): no other field can be expressed."""

    reference: CrmReference
    score: int
    scale: Scale
    cycle: SurveyCycle
    answered_on: date

    def __post_init__(self) -> None:
        # Types are checked at run time as well, since nothing else may slip through at the last gate.
        for name, kind in _SCORE_RECORD.items():
            if type(getattr(self, name)) is not kind:
                raise TypeError(f"{name} is not a {kind.__name__}")
        if type(self.score) is not int or self.score not in self.scale:
            raise ValueError("the score is outside its scale")


_SCORE_RECORD = {"reference": CrmReference, "scale": Scale, "cycle": SurveyCycle, "answered_on": date}
