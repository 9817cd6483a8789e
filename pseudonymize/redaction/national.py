"""The numbers that states give to people. What a number is, its check digits say, or a word before it."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from stdnum import luhn
from stdnum.au import tfn
from stdnum.ca import sin
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.gb import nhs
from stdnum.ie import pps
from stdnum.in_ import aadhaar
from stdnum.nl import bsn
from stdnum.no import fodselsnummer

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.page import Page, Search, digits_of, findings, has_run

_KIND = "NATIONAL_ID"
_CENTURY_DIGITS = 12
_COORDINATION = 60  # is added to the day in a co-ordination number (SKV 707)
_LEAP_YEAR = 2000

_SWEDISH_SIGNED = re.compile(
    r"(?<![\w])(?<!\d[.,-])(?:18|19|20)?\d\d(?P<by>[-./ ]?)[01]\d(?P=by)\d\d(?: ?[-+] ?)\d{4}(?!\w|[-.]\d)"
)
_SWEDISH_LONG = re.compile(r"(?<![\w])(?<!\d[.,-])(?:18|19|20)\d\d[01]\d{3} ?\d{4}(?!\w|[-.]\d)")
_SWEDISH_SHORT = re.compile(r"(?<![\w])(?<!\d[.,-])\d\d[01]\d{3} ?\d{4}(?!\w|[-.]\d)")
_SWEDISH_HIDDEN = re.compile(
    r"(?<![\w])(?:18|19|20)?\d\d[01]\d{3} ?[-+ ]? ?(?:[x*#_?]{4}|[x*#_?]{3}|n{4}|y{4}|\.{4})(?![\w*#])"
)
_NORWEGIAN = re.compile(r"(?<![\w])(?<!\d[.,-])[0-7]\d[0-9]\d{3}[ -]?\d{5}(?!\w|[-.]\d)")
_DANISH = re.compile(r"(?<![\w])(?<!\d[.,-])[0-3]\d[01]\d{3}(?P<by> ?- ?)?\d{4}(?!\w|[-.]\d)")
_FINNISH = re.compile(r"(?<!\w)[0-3]\d[01]\d{3}[-+a-fu-y]\d{3}[\da-y](?!\w)")
_NHS = re.compile(r"(?<![\w])(?<!\d[.,-])[4679]\d\d([ -]?)\d{3}\1\d{4}(?!\w|[-.]\d)")
#: National Insurance numbers: HM Revenue and Customs, NIM39110.
_NI = re.compile(
    r"(?<!\w)(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d\d ?\d\d ?\d\d ?[a-d](?!\w)"
)
#: Social Security numbers: 20 CFR 422.103; 000, 666 and 9xx are not given out.
_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w]|-\d)")
#: With spaces, where the text speaks of one.
_SPACED_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3} (?!00)\d\d (?!0000)\d{4}(?![\w]|[- ]\d)")

_CUES = (
    r"personn(?:ummer|umret|r)|personsnummer|person[- ](?:nummer|numret|nr)|persnr|pers\.? ?nr|\bpnr|\bp-nr"
    r"|personal (?:identity|id)?"
    r" ?(?:number|no)\b|samordnings(?:nummer|numret|nr)|samordn\.? ?nr|identitetsnummer"
    r"|national id(?:entity)?"
    r"|fødselsn(?:ummer|r)|fødselsnummeret|\bfnr\b|\bd-nummer|\bcpr\b|cpr-(?:nr|nummer)|henkilötunnu\w{1,6}"
    r"|\bhetu\b|\bsotu\b"
    r"|\bnhs\b|social security|\bssn\b|\bbsn\b|burgerservicenummer|sofinummer|steuer-?(?:id|nummer"
    r"|identifikationsnummer)"
    r"|\bidnr\b|\bni (?:number|no)\b|national insurance|passport|passnummer|passnr|reisepass"
    r"|identity number|id-?kort|\bid (?:number|no)\b|\bppsn?\b|aadhaar|\bmedicare\b"
    r"|\bpesel\b|\bahv\b|emirates id|\bchi\b|\bgmc\b|\bnmc\b|\bhcpc\b|driv(?:ing"
    r"|er'?s) licen[cs]e|körkort(?:et)?"
    r"|legitimationsn(?:ummer|r)|\bleg\.? ?nr\b|förskrivarkod"
)
_LINKS = r"(?:nr|no|number|nummer|numret|id|är|er|is|was|var|on|som|like|med|såsom|typ)"
_CUED = re.compile(
    rf"(?:{_CUES})[ \t\n.:#(\"'-]{{0,4}}(?:{_LINKS}\b[ \t.:#\"'(]{{0,3}}){{0,3}}"
    r"(?P<number>[a-z]{0,2} ?\d(?:[ .+/-]{0,3}\d){4,15}(?:[-+ ]?[a-dx*#]{1,4})?)(?![\w-])"
)
#: A legal person's number has a third digit of two or more (Swedish Act 1974:174); one that begins with 2
#: is the state's, a region's, a municipality's or a parish's, and so nobody's.
_ORGANISATION = re.compile(
    r"(?:org\.? ?-?(?:nr|nummer|numret)|organisationsn(?:ummer|r|umret)|organi[sz]ation (?:number"
    r"|no))[ .:#]{0,3}"
    r"(?:(?:är|is|på)[ :]{0,2})?(?P<number>(?:16)?(?!2)\d{6} ?-? ?\d{4})(?![\w-])"
)


def swedish(number: str) -> bool:
    """Whether this is a personal or co-ordination number: date and check digit (SKV 704, SKV 707)."""
    digits = digits_of(number)
    return len(digits) in (10, _CENTURY_DIGITS) and luhn.is_valid(digits[-10:]) and _dated(digits)


def _dated(digits: str) -> bool:
    """Whether the digits begin with a year, a month and a day, or a day in a co-ordination number."""
    year = int(digits[:4]) if len(digits) in (8, _CENTURY_DIGITS) else _LEAP_YEAR
    month_day = digits[4:8] if len(digits) in (8, _CENTURY_DIGITS) else digits[2:6]
    day = int(month_day[2:])
    return _is_day(year, int(month_day[:2]), day - _COORDINATION if day > _COORDINATION else day)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _danish(number: str) -> bool:
    """A CPR number has a date; its modulus is no longer kept, so it counts only where no dash does."""
    digits = digits_of(number)
    dated = _is_day(_LEAP_YEAR, int(digits[2:4]), int(digits[:2]))
    return dated and ("-" in number or cpr.checksum(digits) == 0)


def _hidden(number: str) -> bool:
    return _dated(digits_of(number))


def _checked(pattern: re.Pattern[str], check: Callable[[str], bool]) -> Callable[[Page], Iterator[Finding]]:
    """What has the form and passes the check."""

    def find(page: Page) -> Iterator[Finding]:
        for match in page.in_runs(pattern):
            if check(match[0]):
                yield Finding(*match.span(), _KIND)

    return find


def _norwegian(number: str) -> bool:
    return bool(fodselsnummer.is_valid(digits_of(number)))


def _british(number: str) -> bool:
    return bool(nhs.is_valid(digits_of(number)))


def _finnish(number: str) -> bool:
    return bool(hetu.is_valid(number.upper()))


def _irish(number: str) -> bool:
    return bool(pps.is_valid(number.upper()))


def _spanish(number: str) -> bool:
    return bool(dni.is_valid(number) or nie.is_valid(number))


def _elsewhere(page: Page) -> Iterator[Finding]:
    """Numbers of other countries whose check digit is right, where the text speaks of one anywhere."""
    for cues, pattern, check in _NAMED_ANYWHERE:
        if cues.search(page.lower):
            for match in page.in_runs(pattern):
                if check(digits_of(match[0])):
                    yield Finding(*match.span(), _KIND)


def _is_ssn(number: str) -> bool:
    return number[0] != "9" and number[:3] not in ("000", "666")


def _always(number: str) -> bool:
    return True


def _with_cue(page: Page) -> Iterator[Finding]:
    """After a word that says what it is, a number is taken for it with a wrong check digit as well."""
    return findings(page.after(_CUE_BEGINNINGS, _CUED), _KIND, "number")


def _organisations(page: Page) -> Iterator[Finding]:
    return findings(page.after(("org",), _ORGANISATION), _KIND, "number")


_NINE = re.compile(r"(?<![\w-])\d{3}(?P<by>[ -]?)\d{3}(?P=by)\d{3}(?![\w-])")
_TWELVE = re.compile(r"(?<![\w-])\d{4}(?P<by>[ -]?)\d{4}(?P=by)\d{4}(?![\w-])")
_NAMED_ANYWHERE = (
    (re.compile(r"\bsin\b|social insurance|canadian"), _NINE, sin.is_valid),
    (re.compile(r"\btfn\b|tax file"), _NINE, tfn.is_valid),
    (re.compile(r"\bbsn\b|burgerservice"), _NINE, bsn.is_valid),
    (re.compile(r"\bssn\b|social security"), _NINE, _is_ssn),
    (re.compile(r"aadhaar|aadhar"), _TWELVE, aadhaar.is_valid),
    (
        re.compile(r"\bdob\b|patient|\bnhs\b"),
        re.compile(r"(?<![\w-])\d{3}[ .-]?\d{3}[ .-]?\d{4}(?![\w-])"),
        nhs.is_valid,
    ),
)
#: Driving licences of Great Britain, Italian tax codes, Spanish numbers: letters at fixed places.
_LETTERED = re.compile(
    r"(?<!\w)(?:[a-z]{2,5}9{0,3}\d{6}[a-z]{1,2}[a-z9]?\d[a-z]{2}|[a-z]{6}\d\d[a-z]\d\d[a-z]\d{3}[a-z])(?!\w)"
)
_SPANISH = re.compile(r"(?<!\w)(?:\d{8}|[xyz]\d{7})-?[a-z](?!\w)")
_PPS = re.compile(r"(?<!\w)\d{7}[a-w][a-iw]?(?!\w)")

_CUE_BEGINNINGS = (
    *("person", "pers", "pnr", "p-nr", "samordn", "identit", "national", "fødselsn", "fnr", "d-nummer"),
    *("cpr", "hetu", "henkilö", "sotu", "nhs", "social sec", "ssn", "bsn", "burgers", "sofin", "steuer"),
    *(
        "id n",
        *("pesel", "ahv", "emirates", "chi ", "gmc", "nmc", "hcpc", "driv", "körk", "leg", "förskr"),
        "pps",
        "aadhaar",
        "medicare",
        "idnr",
        "ni n",
        "passport",
        "passn",
        "reisepass",
        "id-kort",
        "idkort",
    ),
)

CERTAIN = (
    Search(has_run, _checked(_SWEDISH_SIGNED, swedish)),
    Search(has_run, _checked(_SWEDISH_LONG, swedish)),
    Search(has_run, _checked(_SWEDISH_HIDDEN, _hidden)),
    Search(has_run, _checked(_FINNISH, _finnish)),
    Search(has_run, _checked(_NI, _always)),
    Search(has_run, _checked(_PPS, _irish)),
    Search(has_run, _elsewhere),
    Search(has_run, _checked(_LETTERED, _always)),
    Search(has_run, _checked(_SPANISH, _spanish)),
    Search(has_run, _with_cue),
    Search(has_run, _organisations),
)
LIKELY = (
    Search(has_run, _checked(_SWEDISH_SHORT, swedish)),
    Search(has_run, _checked(_NORWEGIAN, _norwegian)),
    Search(has_run, _checked(_NHS, _british)),
    Search(has_run, _checked(_SSN, _always)),
    Search(lambda page: page.has(("ssn", "social security")), _checked(_SPACED_SSN, _always)),
    Search(has_run, _checked(_DANISH, _danish)),
)
