"""Addresses by the postal code at their end: the flat, the house, the street and the town before it."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.lists import is_ordinary
from pseudonymize.redaction.page import BLANK, Page, Search

_KIND = "ADDRESS"
_US_STATES = (
    r"A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY]"
)
#: Codes of the United Kingdom, Ireland, Canada, Australia and the United States, as the Universal Postal
#: Union's addressing sheets give them.
_CODE = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}"
    r"|[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4}"
    r"|[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d"
    r"|(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT),? \d{4}"
    rf"|(?:{_US_STATES}),? \d{{5}}(?:-\d{{4}})?)(?![\w-])"
)
#: An Indian PIN is six digits like many others: the words around it tell.
_PIN = re.compile(r"(?<![\w-])(?:[- ])?[1-8]\d{2} ?\d{3}(?![\w-])")
_INDIAN = re.compile(
    r"\b(?:nagar|road|cross|main|stage|sector|colony|marg|plot|phase|layout|street|block|society|chowk)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:(?P<word>[^\s,;]+)(?P<between>[ ,\n]{0,3}))$")
_PLACE_OF_ADDRESS = re.compile(r"[(]?(?:[A-ZÅÄÖÆØÜÉ][\w'’./)(&-]*|#?\d[\w/.-]*\)?|c/o)")
_PARTICLES = frozenset(["upon", "on", "of", "de", "la", "le", "the", "van", "von", "y", "du", "des"])
#: A dot ends an address, but for one behind these.
_SHORTENED = re.compile(
    r"(?:St|Rd|Ave|Av|Ln|Sq|Dr|No|Co|Apt|Blvd|Cres|Ste|Mt|Bldg|Fl|Rm|[A-Z])\.", re.IGNORECASE
)
_FIRST_WORDS = re.compile(r"\s*([^\s,]+)[ ,\n]+([^\s,]+)")
#: What a part of an address may begin with.
_PARTS_TEXT = """
    flat apt apartment unit suite room level floor block building plot no no. po p.o. box lot house the c/o
    haus hus ward shop office studio
"""
_PARTS = frozenset(_PARTS_TEXT.split())
_MOST_PARTS = 14
_NAMED_HOUSE = re.compile(
    r"\b(?:Cottage|House|Forge|Farm|Farmhouse|Lodge|Barn|Mill|Rectory|Vicarage|Manor|Bungalow|Villa)\b"
)
_HOUSE = re.compile(r"\d")


def _addresses(page: Page) -> Iterator[Finding]:
    for code in _CODE.finditer(page.text):
        start = _start(page.text, code.start())
        if _is_house(page.text[start : code.start()]):
            yield Finding(start, code.end(), _KIND)


def _indian(page: Page) -> Iterator[Finding]:
    for code in _PIN.finditer(page.text):
        start = _start(page.text, code.start())
        before = page.text[start : code.start()]
        if _is_house(before) and _INDIAN.search(before):
            yield Finding(start, code.end(), _KIND)


def _start(text: str, end: int) -> int:
    """Where the address before a code begins: back over numbers, capitals, and commas and line breaks."""
    start = end
    for _ in range(_MOST_PARTS):
        part = _PART.search(text, max(0, start - 40), start)
        if part is None or not _goes_on(text, part, start == end):
            break
        start = part.start()
    return _without_particles(text, start, end)


def _goes_on(text: str, part: re.Match[str], is_last: bool) -> bool:
    word = part["word"]
    if BLANK in word or not (part["between"] or is_last):
        return False
    if "\n" in part["between"] and not _HOUSE.search(
        text, text.rfind("\n", 0, part.end("word")) + 1, part.end("word")
    ):
        return False  # the line before is a name or the end of a sentence
    if word[-1] in ".:!?" and not _SHORTENED.fullmatch(word):
        return False
    return _PLACE_OF_ADDRESS.fullmatch(word) is not None or word in _PARTICLES


def _without_particles(text: str, start: int, end: int) -> int:
    """The start without the words of the sentence that leads to the address: "Bill", "IT IS"."""
    while (word := _FIRST_WORDS.match(text, start, end)) and _leads(
        word[1], word[2], text[start:end].isupper()
    ):
        start = word.start(2)
    return start


def _leads(word: str, following: str, capitals: bool) -> bool:
    if word in _PARTICLES:
        return True
    before_house = following[0].isdigit() or following.lower() in _PARTS or capitals
    return before_house and is_ordinary(word.lower()) and word.lower() not in _PARTS


def _is_house(before: str) -> bool:
    """Whether a house stands there, not only a town: a number, or one of several parts."""
    return (
        _HOUSE.search(before) is not None or before.count(",") > 1 or _NAMED_HOUSE.search(before) is not None
    )


SEARCHES = (
    Search(lambda page: any(map(str.isupper, page.text)), _addresses),
    Search(lambda page: _INDIAN.search(page.text) is not None, _indian),
)
