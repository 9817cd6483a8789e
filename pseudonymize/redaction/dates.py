"""Dates of birth: a date with a word for it. Any other date stays."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.page import Page, Search, findings

_KIND = "DATE_OF_BIRTH"

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
    r"|(?:18|19|20)\d\d[01]\d[0-3]\d|\d\d[01]\d[0-3]\d|\d\d-[01]\d-[0-3]\d)(?![\w]|[-./]\d)"
)
#: The day alone, where the word says that it is somebody's.
_DAY_OF_YEAR = rf"(?:{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY}|[0-3]?\d/[01]?\d)(?!\w|[-./]\d)"
_BORN = (
    r"(?:\*(?= ?\d)|\bföd(?:d|da|des|t)\b|\bfödelse(?:dat(?:um(?:et)?|a)|dag(?:en)?|tid)\b"
    r"|\bföddes\b|\bf(?=[.:])|\bf(?= ?\d{6})"
    r"|\bf\.? ?d(?:at|atum)?\.|\bfödd:"
    r"|\bfødselsdato\b|\bfødselsdag\b|\bfødt\b|\bfødd\b|\bsynt(?:\.|ynyt|ymäaika|ymäpäivä)|\bgeb(?:\."
    r"|oren\b|urtsdatum\b|oortedatum\b|urtstag\b)"
    r"|\bborn\b|\bdob\b|\bd\.o\.b\b|\bdate of birth\b|\bbirth ?-?(?:date|day)s?\b"
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
_BEFORE_CUE = re.compile(
    rf"(?<![\w-])(?<!\d[./])(?P<date>{_DATE})(?:[ \t]{{0,2}}[(/,-]? ?(?:{_BORN}|födelsedatum|birth)"
    r"|,? (?:is|was|är|var) (?:my|his|her|their|the patient's|mitt|min|hans|hennes|patientens) (?:birthday"
    r"|date of birth|dob|birth date|födelsedatum|födelsedag))"
)


def _dates(page: Page) -> Iterator[Finding]:
    return findings(page.after(_BORN_BEGINNINGS, _AFTER_CUE), _KIND, "date")


def _birthdays(page: Page) -> Iterator[Finding]:
    return findings(page.after(_BIRTHDAY_BEGINNINGS, _BIRTHDAY), _KIND, "date")


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
_CUES_BEHIND = ("född", "födel", "fød", "birth", "dob", "born", "geb", "synt", "(f.", ", f.")

SEARCHES = (
    Search(lambda page: page.has(_BORN_BEGINNINGS), _dates),
    Search(lambda page: page.has(_BIRTHDAY_BEGINNINGS), _birthdays),
    Search(lambda page: page.has(_CUES_BEHIND), _dates_before),
)
