"""Recognisers of personal data beyond those that Presidio ships: known names, addresses, numbers."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    IbanRecognizer,
    IpRecognizer,
    PhoneRecognizer,
)
from stdnum import luhn
from stdnum.dk import cpr
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu
from stdnum.gb import nhs
from stdnum.no import fodselsnummer

from pseudonymize.normalize import canonical_name

_REGIONS = ("SE", "NO", "DK", "FI", "GB", "DE", "NL", "US")
_SHORTEST_PART = 2
_SHORTEST_LOCAL_PART = 4
_CERTAIN = 1.0


def _personnummer(number: str) -> None:
    """A Swedish personal or co-ordination number (SKV 704, SKV 707), with or without the century."""
    digits = re.sub(r"\D", "", number)[-10:]
    luhn.validate(digits)
    month, day = int(digits[2:4]), int(digits[4:6])
    if not (1 <= month <= 12 and 1 <= day % 60 <= 31 and day < 92):
        raise ValidationError


#: Kind, what it looks like, and the check that tells it from another number of that form.
_NUMBERS: tuple[tuple[str, str, Callable[[str], object]], ...] = (
    ("NATIONAL_ID", r"\b(?:19|20)?\d{6}[-+ ]?\d{4}\b", _personnummer),
    ("NATIONAL_ID", r"\b\d{6} ?\d{5}\b", fodselsnummer.validate),
    ("NATIONAL_ID", r"\b\d{6}-?\d{4}\b", cpr.validate),
    ("NATIONAL_ID", r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]\b", hetu.validate),
    ("NATIONAL_ID", r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b", nhs.validate),
)

_STREET_ENDS = "gatan|gata|vägen|väg|gränd|stigen|allén|torget|torg|ringen|gade|gate|vej|vei|straße|strasse"
_STREET_WORDS = "Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Square"
#: Presidio ignores case; a name of a street does not.
_CAPITALIZED = r"(?-i:[A-ZÅÄÖÆØ])\w+ "

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("EMAIL", r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
    ("URL", r"\b(?:https?://|www\.)[^\s<>\"']+"),
    ("ADDRESS", rf"\b\w{{2,}}(?:{_STREET_ENDS}) \d+(?:\s?[A-Za-z])?\b"),
    ("ADDRESS", rf"\b(?:{_CAPITALIZED}){{1,2}}(?:{_STREET_ENDS}) \d+(?:\s?[A-Za-z])?\b"),
    ("ADDRESS", rf"\b\d+[A-Za-z]? (?:{_CAPITALIZED}){{1,3}}(?:{_STREET_WORDS})\b"),
)

_NO_PHONE = re.compile(
    r"\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}|(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d|\d+(?:\.\d+){2,}"
)


class Phone(PhoneRecognizer):
    """Telephone numbers; a date, a pair of years or a version is none, whatever it could be dialled as."""

    def __init__(self) -> None:
        super().__init__(supported_regions=_REGIONS)

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Where a number to be dialled stands in the text."""
        found = super().analyze(text, entities, nlp_artifacts)
        return [r for r in found if not _NO_PHONE.fullmatch(text[r.start : r.end].strip())]


class CheckedNumber(PatternRecognizer):
    """A number that counts only if its date and check digits are right."""

    def __init__(self, kind: str, pattern: str, check: Callable[[str], object]) -> None:
        super().__init__(supported_entity=kind, patterns=[Pattern(kind, pattern, 0.5)])
        self._check = check

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the digits check out."""
        try:
            self._check(pattern_text)
        except ValidationError:
            return False
        return True


class KnownTexts(EntityRecognizer):
    """The writer's own name and address, in any case and with a genitive s."""

    def __init__(self, name: str, addresses: Iterable[str]) -> None:
        super().__init__(supported_entities=["PERSON", "EMAIL"], name="known")
        addresses = [address for address in addresses if address]
        locals_ = [a.split("@")[0] for a in addresses]
        parts = [name, *re.split(r"[\s,]+", name), *(p for p in locals_ if len(p) >= _SHORTEST_LOCAL_PART)]
        self._searches = [
            ("EMAIL", _any_of(addresses, ending="")),
            ("PERSON", _any_of([p for p in parts if len(p) >= _SHORTEST_PART], ending="(?:['’]?s)?")),
        ]

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Where the writer stands in the text."""
        return [
            RecognizerResult(kind, match.start(), match.end(), _CERTAIN)
            for kind, search in self._searches
            if search
            for match in search.finditer(text)
        ]


class WindowNames(EntityRecognizer):
    """The full names of everybody who answered in the same window."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(supported_entities=["PERSON"], name="window")
        self._names = {canonical for name in names if " " in (canonical := canonical_name(name))}
        self._longest = max((name.count(" ") + 1 for name in self._names), default=0)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Where someone else's full name stands in the text."""
        words = list(re.finditer(r"[\w\u0300-\u036f'’-]+", text))
        found = []
        for start in range(len(words)):
            for end in range(start + 1, min(start + self._longest, len(words))):
                span = text[words[start].start() : words[end].end()]
                if (
                    canonical_name(re.sub(r"['’]?s$", "", span)) in self._names
                    or canonical_name(span) in self._names
                ):
                    found.append(RecognizerResult("PERSON", words[start].start(), words[end].end(), _CERTAIN))
        return found


def structured() -> list[EntityRecognizer]:
    """Recognisers of everything that has a form: addresses, numbers, cards, accounts."""
    own = [CheckedNumber(*number) for number in _NUMBERS]
    forms = [PatternRecognizer(kind, patterns=[Pattern(kind, form, 0.6)]) for kind, form in _PATTERNS]
    shipped = [
        CreditCardRecognizer(),
        IbanRecognizer(),
        IpRecognizer(),
        Phone(),
    ]
    return [*own, *forms, *shipped]


def _any_of(texts: Iterable[str], ending: str) -> re.Pattern[str] | None:
    # An accent may be written as one character with its letter or as two.
    forms = {unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD")}
    longest_first = sorted(forms, key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))}){ending}(?!\w)", re.IGNORECASE)
