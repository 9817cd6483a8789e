"""Numbers of accounts and cards."""

import re
from collections.abc import Iterator

from stdnum import luhn

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.page import Page, Search, digits_of, findings, has_run

#: How long an IBAN is in each country (ISO 13616, the registry of IBAN formats).
_IBAN_LENGTHS = {
    **{"SE": 24, "NO": 15, "DK": 18, "FI": 18, "IS": 26, "EE": 20, "LV": 21, "LT": 20, "FO": 18, "GL": 18},
    **{"DE": 22, "NL": 18, "BE": 16, "LU": 20, "FR": 27, "CH": 21, "AT": 20, "LI": 21, "IT": 27, "ES": 24},
    **{"GB": 22, "IE": 22, "PT": 25, "PL": 28, "CZ": 24, "SK": 24, "HU": 28, "RO": 24, "BG": 22, "HR": 21},
    **{"SI": 19, "GR": 27, "CY": 28, "MT": 31, "TR": 26, "UA": 29, "RS": 22, "BA": 20, "SA": 24, "AE": 23},
}
_IBAN = re.compile(r"(?<!\w)(?P<country>[A-Z]{2})\d\d(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE)
_ACCOUNT_CUE = re.compile(r"(?:iban|kont\w{0,10}|account|rekening|tili\w{0,6})[^\d<]{0,12}$")
_REMAINDER = 97
_CARD = re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){11,18}(?![ -]?\d|\w)")
#: Lengths and first digits by issuer (ISO/IEC 7812; the ranges of Visa, Mastercard, Maestro, American
#: Express, Diners Club, Discover, JCB and UnionPay).
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
    r"|(?:50|5[6-9]|63|67)\d{10,17}"
)
_CARD_CUE = re.compile(r"(?:kort|card|visa|master|amex|kreditkarte|luottokort)\w{0,10}[^\d<]{0,15}$")
_CARD_GROUPS = re.compile(r"\d{4}(?:[ -]\d{4}){3}|\d{16}")
#: Firms print their giro numbers on every bill: one is personal where the line says whose it is.
_OWN = re.compile(r"\b(?:mitt|min|mina|mig|hans|hennes|hens|privata?|my|mine|me|his|hers?|private)\b")
_GIRO = re.compile(
    r"\b(?:bank|plus|post)?(?:giro(?:t|konto)?|\bbg|\bpg)\b[ .:-]{0,3}(?:(?:nr|nummer|no|är"
    r"|is)\b[ .:]{0,3}){0,2}"
    r"(?P<number>\d{3,4}-\d{4}|\d{1,3}(?: ?\d{1,3}){0,3} ?-\d)(?![\w-])"
)
#: A Swedish account: the clearing number of the bank, then the account.
_ACCOUNT = re.compile(
    r"(?:clearing(?:nr|nummer|nummret)?|kontonr|kontonummer|kontonumret|bankkonto|lönekonto|account (?:no"
    r"|number)|sort code"
    r"|konto nr|kontonum\w{2,4})[ .:]{0,3}(?:(?:är|is|nr)[ :]{0,2})?"
    r"(?P<number>\d{2,5}(?:[ ,.-]{1,2}(?:konto\w{0,6}[ .:]{0,2})?\d{1,9}){0,5}|\d{6,15})(?![\w-])"
)


def _ibans(page: Page) -> Iterator[Finding]:
    for match in page.in_runs(_IBAN, page.text):
        length = _IBAN_LENGTHS.get(match["country"].upper())
        end = length and _end_of(match[0], length)
        if end and (_checks(match[0][:end]) or _follows(_ACCOUNT_CUE, page, match.start())):
            yield Finding(match.start(), match.start() + end, "IBAN")


def _end_of(text: str, length: int) -> int:
    """Where so many letters and digits end; 0 where there are fewer or a word goes on."""
    at = [index for index, character in enumerate(text) if character.isalnum()]
    if len(at) < length or (len(at) > length and at[length] == at[length - 1] + 1):
        return 0
    return at[length - 1] + 1


def _checks(iban: str) -> bool:
    """ISO 13616: the country and the check digits moved to the end, letters as numbers, leave 1 over 97."""
    characters = [c for c in iban if c.isalnum()]
    number = "".join(str(int(c, 36)) for c in characters[4:] + characters[:4])
    return int(number) % _REMAINDER == 1


def _cards(page: Page) -> Iterator[Finding]:
    for match in page.in_runs(_CARD):
        digits = digits_of(match[0])
        if _ISSUERS.fullmatch(digits) and (
            luhn.is_valid(digits)
            or (_CARD_GROUPS.fullmatch(match[0]) and _follows(_CARD_CUE, page, match.start()))
        ):
            yield Finding(*match.span(), "CREDIT_CARD")


def _follows(cue: re.Pattern[str], page: Page, start: int) -> bool:
    """Whether what a cue says stands right before: then a wrong check digit is a slip of the pen."""
    return cue.search(page.lower, max(0, start - 30), start) is not None


def _giros(page: Page) -> Iterator[Finding]:
    """Giro numbers in a line that says whose they are."""
    for match in page.after(_GIRO_CUES, _GIRO):
        start, end = page.lower.rfind("\n", 0, match.start()) + 1, page.lower.find("\n", match.end())
        if _OWN.search(page.lower[start : end if end >= 0 else len(page.lower)]):
            yield Finding(*match.span("number"), "IBAN")


def _accounts(page: Page) -> Iterator[Finding]:
    return findings(page.after(_ACCOUNT_CUES, _ACCOUNT), "IBAN", "number")


_GIRO_CUES = ("bankgiro", "plusgiro", "postgiro", "giro", "bg", "pg")
_ACCOUNT_CUES = ("clearing", "konton", "konto nr", "bankkonto", "lönekonto", "account n", "sort code")

SEARCHES = (
    Search(has_run, _ibans),
    Search(has_run, _cards),
    Search(has_run, _giros),
    Search(has_run, _accounts),
)
