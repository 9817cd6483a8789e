"""Dates of birth: a date with a word for it. Any other date stays."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.page import Page, Search, findings

_KIND = "DATE_OF_BIRTH"
_BEFORE = 16

_MONTH = (
    r"(?:jan(?:uari|uary|uar)?|feb(?:ruari|ruary|ruar)?|mar(?:s|ch|ts|z)?|märz|maart|apr(?:il)?|may|maj|mai"
    r"|mei|jun(?:i|e)?|jul(?:i|y)?"
    r"|aug(?:usti|ust|ustus)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[csz](?:ember)?"
    r"|(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu(?:ta|n)?)"
)
_DAY = r"[0-3]?\d(?:st|nd|rd|th|:?e|:?a|\.)?"
_YEAR = r"(?:(?:18|19|20)\d\d|'?-?\d\d)"
_DATE = (
    r"(?:(?:18|19|20)\d\d ?[-./ ] ?[01]?\d ?[-./ ] ?[0-3]?\d"
    rf"|[0-3]?\d ?[-./ ] ?[01]?\d(?: ?[-./] ?| ){_YEAR}"
    rf"|[01]?\d ?[-./] ?[0-3]?\d ?[-./] ?{_YEAR}"
    rf"|{_DAY}(?: of| de)?[ -]{_MONTH}\.?(?:,? ?-?|-){_YEAR}"
    rf"|{_MONTH}\.? (?:the )?{_DAY},? {_YEAR}"
    rf"|(?:18|19|20)\d\d,? (?:den )?{_DAY} {_MONTH}|(?:18|19|20)\d\d[ -]{_MONTH}[ -]{_DAY}"
    r"|(?:18|19|20)\d\d[01]\d[0-3]\d|\d\d[01]\d[0-3]\d|[0-3]\d[01]\d{3}|\d\d-[01]\d-[0-3]\d)(?![\w]|[-./]\d)"
)
#: The day alone, where the word says that it is somebody's.
_DAY_OF_YEAR = rf"(?:{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY}|[0-3]?\d/[01]?\d)(?!\w|[-./]\d)"
_BORN = (
    r"(?:\*(?= ?\d)|\bföd(?:d|da|des|t)\b|\bfött\b|\bfödelse(?:dat(?:um(?:et)?|a)|dag(?:en)?|tid)\b"
    r"|\bföddes\b|\bf(?=[.:])|\bf(?= ?\d{6})"
    r"|\bf\.? ?d(?:at|atum)?\.|\bfödd:"
    r"|\bfødselsdato\b|\bfødselsdag\b|\bfødt\b|\bfødd\b|\bsynt(?:\.|ynyt|ymäaika|ymäpäivä)|\bgeb(?:\."
    r"|oren\b|urtsdatum\b|oortedatum\b|urtstag\b)"
    r"|\bborn\b|\bb\.?-?day\b|\bage[d:]? \d{1,3}(?= ?[(,])|\bdob\b|\bd\.o\.b\b|\bdate of birth\b"
    r"|\bbirth ?-?(?:date|day)s?\b"
    r"|\bb\.(?= ?(?:\d|[a-z]{3,9} \d)))"
)
_LINKS = (
    r"[ \t\n.:,(=-]{0,4}(?:(?:entered|registered|recorded|given|angivet|registrerat|as|som|den|on|"
    r"the|am|op|är|is|was|var|of|dag|date|d\.)\b[ .:]{0,2}){0,3}"
)
_AFTER_CUE = re.compile(rf"{_BORN}{_LINKS}(?P<date>{_DATE})")
_BIRTHDAY = re.compile(
    rf"(?:\bbirthday|\bfödelsedag(?:en)?|\bfyller år|\bborn on|\bfødselsdag"
    rf"|\bgeburtstag){_LINKS}(?P<date>{_DATE}|{_DAY_OF_YEAR})"
)
_TURNED = re.compile(rf"\bturn(?:ed|s|ing)? \d{{1,3}} (?:on|the) (?P<date>{_DATE}|{_DAY_OF_YEAR})")
_YEAR_CUE = re.compile(
    r"\b(?:year of birth|birth year|yob|födelseår(?:et)?|fødselsår)\b[^\n<]{0,48}?(?P<date>\b(?:19|20)\d\d\b)"
)
#: A whole date so long ago, in a year of two digits also, is hardly that of anything but a birth.
_LONG_AGO = re.compile(
    r"(?<![\w./-])"
    r"(?:19(?:[0-7]\d|8[0-5])[-./][0-3]\d[-./][0-3]\d|[0-3]?\d[-./][0-3]?\d[-./]19(?:[0-7]\d|8[0-5])"
    rf"|{_DAY}(?: of| de)?[ -]{_MONTH}\.?,? 19(?:[0-7]\d|8[0-5])"
    rf"|{_MONTH}\.? (?:the )?{_DAY},? 19(?:[0-7]\d|8[0-5])"
    # A year of two digits so far from ours, and not all in fives: "10/25/50" is a scale.
    r"|(?!\d[05]/\d[05]/\d[05])(?:(?:0[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01]))"
    r"/(?:[4-7]\d|8[0-5]))"
    r"(?![\w]|[-./]\d)"
)
_BEFORE_CUE = re.compile(
    rf"(?<![\w-])(?<!\d[./])(?P<date>{_DATE})(?:[ \t]{{0,2}}[(/,-]? ?(?:{_BORN}|födelsedatum|birth)"
    r"|,? (?:is|was|är|var) (?:my|his|her|their|the patient's|mitt|min|hans|hennes|patientens) (?:birthday"
    r"|date of birth|dob|birth date|födelsedatum|födelsedag))"
)


def _dates(page: Page) -> Iterator[Finding]:
    return findings(page.after(_BORN_BEGINNINGS, _AFTER_CUE), _KIND, "date")


def _birthdays(page: Page) -> Iterator[Finding]:
    return findings(page.after(_BIRTHDAY_BEGINNINGS, _BIRTHDAY), _KIND, "date")


_LINE = re.compile(r"[^\n]+")
_A_DATE = re.compile(rf"(?<![\w./-]){_DATE}")
_OF_BIRTH = re.compile(r"\b(?:born|dob|birthdays?|date of birth|född|födda|födelse\w*|fødselsdato)\b")
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:on|since|by|before|until|from|after|den|sedan|före|efter|version|uppdatera\w*|updated|installed) $"
)


def _in_line(page: Page) -> Iterator[Finding]:
    """Other dates in a line that speaks of somebody's birth: the second of two."""
    for line in _LINE.finditer(page.lower):
        if _OF_BIRTH.search(line[0]):
            for match in _A_DATE.finditer(page.lower, line.start(), line.end()):
                before = page.lower[max(line.start(), match.start() - _BEFORE) : match.start()]
                if not _OF_SOMETHING_ELSE.search(before):
                    yield Finding(*match.span(), _KIND)


def _turned(page: Page) -> Iterator[Finding]:
    return findings(page.after(("turn",), _TURNED), _KIND, "date")


def _years(page: Page) -> Iterator[Finding]:
    return findings(page.after(_YEAR_BEGINNINGS, _YEAR_CUE), _KIND, "date")


def _long_ago(page: Page) -> Iterator[Finding]:
    return findings(_LONG_AGO.finditer(page.lower), _KIND)


def _dates_before(page: Page) -> Iterator[Finding]:
    return findings(_BEFORE_CUE.finditer(page.lower), _KIND, "date")


_BORN_BEGINNINGS = (
    *(
        "*",
        "född",
        "fött",
        "föddes",
        "födel",
        "f.",
        "f:",
        "f ",
        "fd",
        "fött",
        "age",
        "bday",
        "b-day",
        "f19",
        "fødsel",
        "født",
        "fødd",
        "synt",
        "geb",
    ),
    *("born", "dob", "d.o.b", "date of birth", "birth", "b."),
)
_BIRTHDAY_BEGINNINGS = ("birthday", "födelsedag", "fyller år", "born on", "fødselsdag", "geburtstag")
_YEAR_BEGINNINGS = ("year of birth", "birth year", "yob", "födelseår", "fødselsår")
_CUES_BEHIND = ("född", "födel", "fød", "birth", "dob", "born", "geb", "synt", "(f.", ", f.")

SEARCHES = (
    Search(lambda page: page.has(_BORN_BEGINNINGS), _dates),
    Search(lambda page: page.has(_BIRTHDAY_BEGINNINGS), _birthdays),
    Search(lambda page: "turn" in page.lower, _turned),
    Search(lambda page: page.has(_YEAR_BEGINNINGS), _years),
    Search(lambda page: page.has(_CUES_BEHIND), _dates_before),
    Search(lambda page: "19" in page.text or page.text.count("/") > 1, _long_ago),
    Search(lambda page: page.has(("born", "dob", "birth", "född", "födelse", "fødsel")), _in_line),
)
