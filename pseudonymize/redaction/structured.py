"""Everything personal that has a form: addresses, numbers, links, accounts, birth dates.

The order matters. What proves itself by check digits comes first, then what a word before it names,
then what is known to be something else (tickets, dates, versions, prices), and what only looks personal last.
"""

import re
from collections.abc import Iterable, Iterator

from pseudonymize.redaction import (
    accounts,
    codes,
    contact,
    dates,
    links,
    medical,
    national,
    numbers,
    ordinary,
    phones,
    places,
    postal,
)
from pseudonymize.redaction.layer import Finding, Layer
from pseudonymize.redaction.page import ORDINARY, Page, Search, digits_of
from pseudonymize.redaction.reading import Reading

_KINDS = (
    *("ADDRESS", "CREDIT_CARD", "DATE_OF_BIRTH", "EMAIL", "IBAN", "IP_ADDRESS", "NATIONAL_ID"),
    *("PATIENT_ID", "PERSON", "PHONE", "URL", "USERNAME"),
)
_WITHOUT_DIGITS = (
    *links.SEARCHES,
    *contact.SEARCHES,
    *accounts.SEARCHES,
    *medical.NAMES,
    *phones.SPELLED,
    *places.CARE_OF,
)
_ALL: tuple[Search, ...] = (
    *(*links.SEARCHES, *contact.SEARCHES),
    *(*postal.SEARCHES, *numbers.SEARCHES, *national.CERTAIN),
    *(*accounts.SEARCHES, *medical.NAMES, *medical.SEARCHES, *codes.SEARCHES, *dates.SEARCHES),
    *phones.DOTTED,
    *ordinary.SEARCHES,
    *(*accounts.BARE, *national.LIKELY, *places.SEARCHES, *links.HOSTS, *phones.SEARCHES, *phones.SPELLED),
)
_DIGIT = re.compile(r"\d")
_ROUNDS = 4
_NAMED_BY_WORDS = frozenset({"PATIENT_ID", "USERNAME"})
_VALUE = re.compile(r"(?<![\w<.-])(?!(?:19|20)\d\d[-.]?[01]\d[-.]?[0-3]\d(?!\w))[\w.-]{4,40}\w")
_LETTERS = re.compile(r"[^\W\d_]+")
#: A form that no ordinary word or small number has.
_TELLING = re.compile(r"9{7}|9{3,}-9{2,}-9|a[_]a|a[-._]?99|99[-._]?a")


def structured() -> list[Layer]:
    """The layers for everything that has a form."""
    return [Structured()]


class Structured(Layer):
    """Finds what is personal by its form. Findings do not overlap."""

    def __init__(self) -> None:
        super().__init__("structured", _KINDS)

    def may_match(self, reading: Reading) -> bool:
        """Whether there is a digit, or one of the words and signs of what needs none."""
        if _DIGIT.search(reading.text):
            return True
        page = Page(reading.text, reading.lower)
        return any(search.worth(page) for search in _WITHOUT_DIGITS)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Search until nothing more is found, so that a redacted text has nothing left to find."""
        text = Page(reading.text, reading.lower)
        if reading.placeholders:
            text.blank(reading.placeholders)
        found: list[Finding] = []
        for found_now in self._rounds(text):
            found += found_now
        yield from found
        yield from _alike(reading.text, text, found)

    def _rounds(self, text: Page) -> Iterator[list[Finding]]:
        for _ in range(_ROUNDS):
            searches = _ALL if _DIGIT.search(text.text) else _WITHOUT_DIGITS
            found = _round(Page(text.text, text.lower), searches)
            if not found:
                return
            text.blank([(start, end) for start, end, _ in found])
            yield found


def _alike(original: str, left: Page, found: Iterable[Finding]) -> Iterator[Finding]:
    """Values of the same form as one that a word before it named: the second of two numbers."""
    shapes = {_shape(original[f.start : f.end]): f.kind for f in found if f.kind in _NAMED_BY_WORDS}
    shapes = {shape: kind for shape, kind in shapes.items() if _TELLING.search(shape)}
    same = {original[f.start : f.end].lower(): f.kind for f in found if f.kind == "USERNAME"}
    same |= {digits_of(original[f.start : f.end]): f.kind for f in found if f.kind == "PATIENT_ID"}
    if shapes or same:
        for value in _VALUE.finditer(left.text):
            kind = same.get(value[0].lower()) or shapes.get(_shape(value[0]))
            if kind is not None:
                yield Finding(*value.span(), kind)


def _shape(value: str) -> str:
    """The form of a value: each digit as 9, each run of letters as a."""
    return _LETTERS.sub("a", _DIGIT.sub("9", value))


def _round(page: Page, searches: tuple[Search, ...]) -> list[Finding]:
    """What each search finds where the ones before it have found nothing."""
    every: list[Finding] = []
    for search in searches:
        if search.worth(page) and (found := list(search.find(page))):
            found = _apart(found)
            page.blank([(start, end) for start, end, _ in found])
            every += found
    return sorted(finding for finding in every if finding.kind != ORDINARY)


def _apart(found: Iterable[Finding]) -> list[Finding]:
    """The findings of one search in order, without those that begin in another."""
    apart: list[Finding] = []
    for finding in sorted(found, key=_longest_first):
        if not apart or finding.start >= apart[-1].end:
            apart.append(finding)
    return apart


def _longest_first(finding: Finding) -> tuple[int, int]:
    return finding.start, -finding.end
