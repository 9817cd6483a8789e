"""Telephone numbers of the Nordic countries, Britain, Ireland, Germany, the Netherlands and the USA."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.page import Page, Search, findings, has_run

_KIND = "PHONE"
#: What stands between the digits of one number.
_BY = r"(?:[ \t]?[-./][ \t]?|[ \t]{1,2}|\r?\n)?"
_NEXT = rf"(?:{_BY}\d)"
_EXTENSION = (
    r"(?:[ ,;(/]{0,3}(?:ext(?:ension|n)?|ank(?:n|nytning|nytningen)?|anknytning|durchwahl|lokal|internt"
    r"|alanumero|x)"
    r"[.: ]{0,3}(?:nr )?\d{1,6}(?!\w))?"
)
_BEFORE = r"(?<![\w+])(?<!\d[.,:-])"
_AFTER = r"(?!\d|[.,]\d|[^\W\d_]{2})"

#: ITU-T E.164: the code of the country, and as many digits as its plan has.
_COUNTRIES = (
    rf"46{_BY}(?:\(0\)|0)?{_NEXT}{{7,9}}|47{_NEXT}{{8}}|45{_NEXT}{{8}}|358{_BY}(?:\(0\))?{_NEXT}{{5,10}}"
    rf"|44{_BY}(?:\(0\)|0)?{_NEXT}{{9,10}}|353{_BY}(?:\(0\))?{_NEXT}{{7,9}}|49{_BY}(?:\(0\)"
    rf"|0)?{_NEXT}{{6,12}}"
    rf"|31{_BY}(?:\(0\)|0)?{_NEXT}{{9}}|1{_BY}\(?\d{_NEXT}{{2}}\)?{_NEXT}{{7}}"
    rf"|[2-9]\d{{0,2}}{_BY}(?:\(0\))?{_NEXT}{{6,11}}"
)
_INTERNATIONAL = re.compile(
    rf"(?:(?<![\w+])\(?\+ ?"
    rf"|{_BEFORE}\(?00 ?)\(?(?:{_COUNTRIES.replace(_BY + '(?:', '[)]?' + _BY + '(?:')}){_AFTER}{_EXTENSION}"
)
#: Swedish mobiles have ten digits, others with a leading zero eight to twelve.
_NATIONAL = re.compile(
    rf"{_BEFORE}(?:07[02369]{_NEXT}{{7}}(?!\d)|\(0\d{{1,4}}\){_NEXT}{{4,9}}"
    rf"|0[1-9]{_NEXT}{{6,8}}(?!{_BY}\d)"
    rf"|0[1-9]{_NEXT}{{6,10}}){_AFTER}{_EXTENSION}"
)
_AMERICAN = re.compile(
    rf"{_BEFORE}(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d(?:[-. /]|/ ))"
    rf"[2-9]\d\d[-. ]\d{{4}}(?![-\w]|\.\d){_EXTENSION}"
)
#: With the country's code and dots.
_DOTTED = re.compile(
    r"(?<![\w.,-])(?:1\.[2-9]\d\d\.[2-9]\d\d|44\.(?:20\d|1\d\d|7\d\d)\.\d{3,4})\.\d{4}(?![\w-]|\.\d)"
)
_OF_SOFTWARE = re.compile(r"\b(?:version|firmware|build|release|oid|tag|uid|v)\W{0,3}$")
#: Norwegian and Danish: four pairs, or 3-2-3. Prices have groups of three alone.
_PAIRS = re.compile(
    rf"{_BEFORE}(?<!\d )(?:[2-9]\d \d\d \d\d \d\d|[49]\d\d \d\d \d\d\d)(?![\w%-]| ?\d|[.,]\d){_EXTENSION}"
)
_CUE = (
    r"(?:\b(?:tel|tlf|tfn|telefon|telef|telefonnr|telefonnummer|telefonnumret|telnr|phone|phone number"
    r"|mobil|mobile|mob|mobilnr|mobilnummer"
    r"|cell|cellphone|fax|faxnr|växel|växeln|direkt|direktnr|direktnummer|direktnumret|jourtelefon"
    r"|jourtelefonen|jourmobil|jourmobilen"
    r"|puhelin|puh|handy|telefoon|gsm|whatsapp|sms|sms:a|telephone|ring|ringa|call|text|phone me on|nummer"
    r"|numret|number|nr)\b)"
)
_CUED = re.compile(
    rf"{_CUE}[ \t.:#)\"]{{0,3}}(?:(?:mig|me|us|oss|på|on|till|to|at|är|is|nr|no|number|nummer|numret"
    rf"|gärna)\b[ .:]{{0,2}}){{0,3}}"
    rf"(?P<number>[1-9]{_NEXT}{{5,11}}){_AFTER}{_EXTENSION}"
)
_PLAIN_WORDS = re.compile(r"(?:nummer|numret|number|nr|direkt|text)\b")
_GROUPED = re.compile(r"\d{2,4}(?:[ -]\d\d){2,3}|\d{3}[ -]\d{3}(?:[ -]\d{2,3})?|\d{3}[ -]\d{4}|\d{8}")
#: Numbers within a house: short, so that the word is needed.
_INTERNAL = re.compile(
    r"\b(?:ank(?:n|nytning|nytningen)?|anknytning|ext|extn|extension|sökare|sökarnr|personsökare|pager"
    r"|bleep|dect|snabbnummer|snabbnr"
    r"|kortnr|durchwahl|internnummer|kortnummer)\b[ .:]{1,3}(?:(?:nr|no|number|nummer|är|is)\b[ .:]{1,2})?"
    r"(?P<number>\d{3,6}(?:[ -]\d{2,4})?|\d{2}[ -]\d{2,4})(?![\w-]|[.,]\d)"
)

#: The tens come first, for they begin as the units do.
_NUMERALS = (
    r"(?:trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio|tjugo|noll|ett|en|två|tre|fyra|fem|sex|sju|åtta|nio"
    r"|tio|elva|tolv|null|zero|oh|one|two|three|four|five|six|seven|eight|nine|double|dubbel|plus)"
)
_IN_WORDS = re.compile(rf"\b(?:noll|zero|oh|null|plus){_NUMERALS}?+(?:[ ,-]{{0,2}}{_NUMERALS}){{5,14}}\b")

#: Dates and times that a number of eight digits may be.
_NO_NUMBER = re.compile(
    r"[0-3]?\d([./-])[01]?\d\1(?:19|20)?\d\d|[0-2]\d[.:]?[0-5]\d ?- ?[0-2]\d[.:]?[0-5]\d"
    r"|[1-9]\d{0,2}\.(?:\d{1,3}\.){2}\d{1,5}"
)


def _numbers(pattern: re.Pattern[str], page: Page) -> Iterator[Finding]:
    for match in page.in_runs(pattern):
        if not _NO_NUMBER.fullmatch(match[0]):
            yield Finding(*match.span(), _KIND)


def _international(page: Page) -> Iterator[Finding]:
    return _numbers(_INTERNATIONAL, page)


def _national(page: Page) -> Iterator[Finding]:
    return _numbers(_NATIONAL, page)


def _american(page: Page) -> Iterator[Finding]:
    return _numbers(_AMERICAN, page)


def _dotted(page: Page) -> Iterator[Finding]:
    for match in page.in_runs(_DOTTED):
        if not _OF_SOFTWARE.search(page.lower, max(0, match.start() - 16), match.start()):
            yield Finding(*match.span(), _KIND)


def _pairs(page: Page) -> Iterator[Finding]:
    return _numbers(_PAIRS, page)


def _cued(page: Page) -> Iterator[Finding]:
    """Numbers after a word for a telephone; after one for any number only in groups as they are dialled."""
    for match in page.after(_CUE_BEGINNINGS, _CUED):
        number = match["number"]
        if _NO_NUMBER.fullmatch(number):
            continue
        if not _PLAIN_WORDS.match(match[0]) or _GROUPED.fullmatch(number):
            yield Finding(match.start("number"), match.end(), _KIND)


def _internal(page: Page) -> Iterator[Finding]:
    return findings(page.after(_INTERNAL_BEGINNINGS, _INTERNAL), _KIND, "number")


def _in_words(page: Page) -> Iterator[Finding]:
    return findings(_IN_WORDS.finditer(page.lower), _KIND)


_CUE_BEGINNINGS = (
    *("tel", "tlf", "tfn", "phone", "mob", "cell", "fax", "växel", "direkt", "jour", "puh", "handy"),
    *("gsm", "whatsapp", "sms", "ring", "call", "text", "numm", "numr", "number", "nr"),
)
_INTERNAL_BEGINNINGS = (
    *("ank", "ext", "sök", "personsök", "pager", "bleep", "dect", "snabbn", "kortn"),
    *("durchwahl", "internn"),
)

SEARCHES = (
    Search(lambda page: has_run(page) and page.has(("+", "00")), _international),
    Search(has_run, _national),
    Search(has_run, _american),
    Search(has_run, _pairs),
    Search(has_run, _cued),
    Search(lambda page: page.has(_INTERNAL_BEGINNINGS), _internal),
)
DOTTED = (Search(lambda page: has_run(page) and page.has(("1.", "44.")), _dotted),)
SPELLED = (Search(lambda page: page.has(("noll", "zero", "oh ", "null", "plus ")), _in_words),)
