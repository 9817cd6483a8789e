"""Numbers that have the form of personal ones and are something else: tickets, dates, versions, prices."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.page import ORDINARY, Page, Search, findings, has_run

#: Words before the number of a thing, also as the first part of a compound ("orderbekräftelse").
_THING_BEGINNINGS = (
    *("ärende", "order", "beställning", "faktur", "kundnum", "kundnr", "serienum", "serienr", "serial"),
    *("artikel", "licens", "licenc", "diarie", "avtal", "offert", "projekt", "invoice", "ticket"),
    *("incident", "version", "build", "bygge", "release", "firmware", "patch", "upphandling", "inventar"),
    *("asset", "model", "rekvisition", "purchase", "quote", "contract", "dnr", "chassi", "felanmäl"),
    *("rechnung", "bestell", "auftrag", "vorgang", "factuur", "melding", "bestilling", "ordre", "tapaus"),
    *("tilaus", "lasku", "change", "request"),
)
_THING_WORDS = ("case", "sak", "port", "po", "so")
_THING = "|".join(_THING_BEGINNINGS)
_WORD_ALONE = "|".join(_THING_WORDS)
#: A number with a leading zero and a separator soon after is one to dial, whatever stands before it.
_THING_NUMBER = re.compile(
    rf"(?:(?:{_THING})(?:[^\W\d_]|-){{0,12}}+|\b(?:{_WORD_ALONE})\b)[ \t.:#]{{0,3}}"
    r"(?:(?:nr|no|num|number|nummer|id|är|is|ref)\b[ \t.:#]{0,3}){0,2}"
    r"(?P<number>(?!\+|\(|0\d{1,3}[-/ ]\d)[a-z]{0,4}[-#]?\d[\w/.-]{2,24}(?: [1-9]\d{1,5}(?![\w-])){0,3})"
)
#: Two to five capital letters and a number: "INC0012345", "SR-20231", "PO 4500123456", "RS 2023-04471".
_TICKET = re.compile(
    r"\b(?:INC|SR|CS|PO|RS|REQ|RITM|CHG|PRB|TASK|CASE|JIRA|SRV|SN|S/N|ORD|SO|KB|FAQ|TT|RFC|ISO|ID#)"
    r"[-_ #:]{0,2}\d[\w/-]{2,20}",
)
_CALENDAR_DATE = re.compile(
    r"(?<![\w.,/-])(?:(?:19|20)\d\d(?P<by>[-./])[01]?\d(?P=by)[0-3]?\d"
    r"|[0-3]?\d(?P<with>[-./])[0-3]?\d(?P=with)(?:19|20)?\d\d)"
    r"(?![\w]|[-./]\d)"
)
_YEARS = re.compile(r"(?<![\w-])(?:19|20)\d\d ?[-/] ?(?:(?:19|20)\d\d|\d\d)(?![\w-])")
_TIMES = re.compile(
    r"(?<![\w.,-])[0-2]?\d[.:][0-5]\d(?:[.:][0-5]\d)?(?: ?- ?[0-2]?\d(?:[.:][0-5]\d){1,2})?(?![\w]|[.:-]\d)"
    r"|(?<![\w-])[01]\d[0-5]0 ?- ?[0-2]\d[0-5]0(?![\w-])"
)
_NO_HOST = r"(?!\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d))"
_AMOUNT = re.compile(
    rf"(?<![\w.,+-])(?<!\d ){_NO_HOST}[1-9]\d{{0,2}}(?:(?P<by>[ .,'])\d{{3}})(?:(?P=by)\d{{3}}){{0,3}}"
    r"(?:[.,]\d{1,2})?(?![\w]|[ ]?[.,-]?\d)"
    rf"|(?<![\w.+-]){_NO_HOST}"
    r"\d{1,15}(?:[ .,]\d{1,6}){0,4} ?(?:kr|sek|kronor|tkr|mkr|msek|nok|dkk|eur|euro|usd|gbp"
    r"|dollars?|pounds?"
    r"|€|£|\$|%|procent|percent|mb|gb|tb|kb|ms|mm|cm|sek|min|st|bilder|images|studies|undersökningar)(?!\w)"
    r"|[€£$] ?\d[\d., ]{0,14}\d"
)
#: A number of at least three parts, and before it a word for a version or a product: four could be a host's.
_DOTTED = re.compile(r"(?<![\w.])v?\d{1,5}(?:\.\d{1,6}){2,5}(?![\w]|\.\d)")
_VERSION_CUE = re.compile(
    r"(?<!\w)(?:v|ver|vers|version(?:en|er|s)?|release|build|bygge|revision|rev|fw|firmware|patch|hotfix|sp"
    r"|uppgraderi\w{2,4}"
    r"|uppdateri\w{2,4}|upgrad\w{1,3}|updat\w{1,3}|uppgradera\w{0,3}|uppdatera\w{0,3}|ids7|pacs|ris|buggen"
    r"|buggar|bug"
    r"|viewer|software|programvara\w{0,2}|kör|running|run)[ .:]{0,2}"
    r"(?:(?:till|to|from|från|i|in|av|of|on|med|with|nr|no|number|är|is|version|build|v)[ .:]{1,2}){0,3}$"
)
_CUE_LENGTH = 40


def _things(page: Page) -> Iterator[Finding]:
    return findings(page.after(_THING_BEGINNINGS + _THING_WORDS, _THING_NUMBER), ORDINARY, "number")


def _tickets(page: Page) -> Iterator[Finding]:
    return findings(page.in_runs(_TICKET, page.text), ORDINARY)


def _calendar(page: Page) -> Iterator[Finding]:
    return findings(page.in_runs(_CALENDAR_DATE), ORDINARY)


def _years(page: Page) -> Iterator[Finding]:
    return findings(page.in_runs(_YEARS), ORDINARY)


def _times(page: Page) -> Iterator[Finding]:
    return findings(page.in_runs(_TIMES), ORDINARY)


def _versions(page: Page) -> Iterator[Finding]:
    """Numbers after a word for a version, and others that begin as one of them does."""
    dotted = list(_DOTTED.finditer(page.lower))
    said = [match for match in dotted if _is_said_version(page.lower, match)]
    starts, beginnings = {match.start() for match in said}, {_beginning(match[0]) for match in said}
    for match in dotted:
        if match.start() in starts or _beginning(match[0]) in beginnings:
            yield Finding(*match.span(), ORDINARY)


def _is_said_version(text: str, match: re.Match[str]) -> bool:
    return _VERSION_CUE.search(text, max(0, match.start() - _CUE_LENGTH), match.start()) is not None


def _beginning(version: str) -> tuple[str, str, int]:
    """The first two parts of a version, and how many it has."""
    first, second, *rest = version.removeprefix("v").split(".")
    return first, second, len(rest)


def _amounts(page: Page) -> Iterator[Finding]:
    return findings(page.in_runs(_AMOUNT), ORDINARY)


_SEVERAL_DOTS = 3
SEARCHES = (
    Search(lambda page: page.lower.count(".") >= _SEVERAL_DOTS, _versions),
    Search(has_run, _things),
    Search(has_run, _tickets),
    Search(has_run, _calendar),
    Search(has_run, _years),
    Search(has_run, _times),
    Search(has_run, _amounts),
)
