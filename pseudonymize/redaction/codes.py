"""Numbers of examinations and specimens by their form, where no word before them says what they are."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.lists import is_word
from pseudonymize.redaction.page import BLANK, Page, Search, findings, has_few_digits, has_run

_KIND = "PATIENT_ID"

#: A modality and a number of two parts, or of six digits at least, as accession numbers are made.
_MODALITY = re.compile(
    r"(?<![\w/.-])(?:ct|mr|mri|xr|cr|dx|dr|nm|pt|pet|mg|rf|xa|ir|bmd|pad|rad|rtg)"
    r"(?:[-/ ]?\d{2,4}[-/ ]\d{2,7}(?:[-/]\d{1,4})?|-?(?=\d{6})\d{6,10}(?:-\d{1,4})?)(?![\w/]|[.-]\d)"
)
#: A date of birth, a letter and three signs: the numbers of those without another in Swedish hospitals.
_RESERVE = re.compile(r"(?<!\w)(?:19|20)\d\d[01]\d[0-3]\d-?[a-zåäö][\da-zåäö]{3}(?!\w)")
#: Letters and at least five digits, in one or more parts: whose, the words around it say.
_LETTERED = re.compile(
    r"(?<![\w/.#-])(?=[a-z]{1,4}\d?[-/ .]?\d|\d)(?=(?:[^\d\s]{0,6} ?\d){5})"
    r"(?:[a-z]{1,4}\d?[-/ .]?(?:\d{2,4}[-/. ]){0,2}\d{2,9}(?:[-/]\d{4})?"
    r"|\d{2,4}[a-z]{1,2}-?\d{4,8}|\d{2}[-/][a-z]{1,2}[-/]\d{3,6})"
    r"(?:[-/][a-z\d]{1,3}| [a-z](?!\w))?(?![\w/-])"
)
_OF_SOMEBODY = re.compile(
    r"\b(?:patients?|exams?|stud(?:y|ies)|images?|scan(?:s|ned)?|slides?|specimens?|samples?|biops(?:y|ies)"
    r"|accession|reports?|reported|referrals?|wristband|worklist|archived|anonymiser|x-?rays?|ultrasound|merged"
    r"|path(?:ology)?|pas|lab|label|offline|hospital (?:number|no)|record|dose|chart|block|histology|cytology"
    r"|autopsy|section|booked|priors?|vascular|echo"
    r"|undersökning(?:en|ar|arna)?|bilder(?:na)?|remiss(?:en|er)?|snitt(?:et)?|preparat(?:et)?|prov(?:et)?"
    r"|patient(?:en|er)|svar(?:et)?|granskning(?:en)?|glas(?:et|en)?|etikett(?:en)?|patologen|cytologi(?:n)?)\b"
)
_OF_A_THING = re.compile(
    r"(?:\b(?:tickets?|cases?|serials?|assets?|orders?|invoices?|errors?|models?|builds?|versions?|contracts?"
    r"|quotes?|licen[cs]es?|po|parts?|devices?|dongle|badge|customer|rma|sn|s/n|kb|doc|refs?|reference|fault"
    r"|codes?|patch|hotfix|release|firmware|ports?|room|rum|tag|ärende\w*|faktura\w*|order\w*|artikel\w*"
    r"|serienummer|kundnummer|avtal\w*|felkod\w*|version\w*)[ .:#a-z]{0,12}|[#\d] ?)$"
)
#: How the numbers of tickets, bills, errors, norms and the like begin, and words that stand before a number.
_THINGS = re.compile(
    r"(?:inc|sr|cs|po|rs|req|ritm|chg|prb|task|case|kb|doc|rma|bd|foc|iso|rfc|cve|bug|jira|tkt|tt|err|sn|so"
    r"|ord|faq|rev|ver|win|ids|hl|ps|fy|q[1-4] |h26|week|wk|kl|ean|sku|mdr|gdpr|dnr|nr"
    r"|no|in|on|of|at"
    r"|by|to|is|as|my|we|or|and|for|the|with|from|over|ca|ip|vlan|ticket|nema|din|en|iec|usb|rj|hp|mrn|acc|pat"
    r"|pid|id|jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|maj|okt)\d?[-/ .]?\d"
    r"|[ev]\d?[-/ .]?\d{1,4}(?!\d)|w[-/ .]?\d{1,2}(?!\d)"
)
#: Six digits or more, in parts or in one, with no letter: only right behind what is a patient's.
_DIGITS = re.compile(
    r"(?<![\w.,/#+-])(?<!\d )(?!(?:19|20)\d\d(?:[-/.]\d|(?:0[1-9]|1[0-2])[0-3]\d(?!\d)))(?!\d*000(?!\d))"
    r"(?:\d{6,12}|\d{2,6}-\d{2,7}(?:-\d{1,6})?)(?![\w/%]|[.,-]\d| ?(?:kr|sek|eur|usd|gbp|images|studies|exams"
    r"|patients|users|reports|slides|scans|times|bilder|undersökningar|patienter|x \d))"
)
_OF_A_PATIENT = re.compile(
    r"\b(?:patient(?:s|en|er|erna)?|mrns?|accessions?|acc|exams?|study|studies|images?|scans?|slides?|specimens?"
    r"|records?|merge[ds]?|priors?|undersökning(?:en|ar|arna)?|bilder(?:na)?|remiss(?:en|er)?)\b"
    r"[^.!?\n\d<]{0,28}$"
)
#: A line that speaks of patients or their images, and of nothing else that is numbered or counted.
_PATIENTS = re.compile(
    r"\b(?:patient(?:s|en|er|erna)?|mrns?|accessions?|exams?|studies|priors?|films?|x-?rays?|wristbands?"
    r"|undersökning(?:en|ar|arna)?|remiss(?:en|er)?)\b"
)
_NUMBERED = re.compile(
    r"\b(?:tickets?|cases?|serials?|assets?|orders?|invoices?|errors?|builds?|versions?|contracts?|quotes?|licen[cs]es?"
    r"|parts?|devices?|models?|room|ref(?:erence)?s?|faults?|phones?|call|fax|tel|project\w*|changes?|incidents?|tasks?"
    r"|bugs?|articles?|cost|site|employee|kb|timestamps?|counters?|codes?|iso|ärende\w*|faktura\w*|order\w*"
    r"|artikel\w*|avtal\w*|serienummer|kundnummer|felkod\w*|projekt\w*|ring|telefon|anrop\w*)\b"
)
#: A count: what is counted follows.
_COUNTED = re.compile(
    r" (?:old |new |more |gamla |nya )?(?!(?:is|was|has|does|är|har|var)\b)[a-zåäö-]+(?:s|er|ar|or)\b"
)
#: In one piece, or in three: two are a range.
_WHOLE = re.compile(r"\d{7,}|\d{3,6}-\d{2,7}-\d{1,6}")
#: Five digits or more of which it is said that they are somebody.
_IS_SOMEBODY = re.compile(
    r"(?<![\w.,/#+-])(?P<number>\d{5,10}(?:[-/]\d{1,6})?)"
    r"(?: (?:and|och|&|or|eller|vs\.?|/) (?P<other>\d{5,10}(?:[-/]\d{1,6})?))?"
    r"(?: (?:is|was|are|were|belongs? to|är|var|tillhör)| \((?=\w))"
    r" (?:really |actually |both |i själva verket )?"
    r"(?:an?|my|his|her|our|the same|en|ett|min|samma)"
    r" (?:(?!lot|number|many|of|per|no|person|patient|people)\w+[- ]){0,2}?"
    r"(?:man|men|wom[ae]n|lady|gentleman|patients?|baby|babies|child(?:ren)?|boys?|girls?"
    r"|twins?|person|people|uncle|aunt|mother|father|brothers?|sisters?|infant|newborn|teenager"
    r"|kvinn(?:a|or)|män|barn|patienter|pojke|flicka|tvillingar|bäbis)\b"
)
_EDGE = re.compile(rf"[\n{BLANK}]")
_NEAR = 60
_LONGEST_PREFIX = 2
_FEWEST = 6


def _coded(page: Page) -> Iterator[Finding]:
    for pattern in (_MODALITY, _RESERVE):
        yield from findings(pattern.finditer(page.lower), _KIND)


def _around(page: Page, match: re.Match[str]) -> tuple[str, str]:
    """What stands near in the same line, up to what was found: how long that was must not matter."""
    before = page.lower[max(0, match.start() - _NEAR) : match.start()]
    behind = page.lower[match.end() : match.end() + _NEAR]
    return _EDGE.split(before)[-1], _EDGE.split(behind)[0]


def _begins_with_word(code: str) -> bool:
    """Whether what looks like the letters of a code is a word with a number behind it: "room 120455"."""
    word, space, _ = code.partition(" ")
    return bool(space) and word.isalpha() and len(word) > _LONGEST_PREFIX and is_word(word)


def _lettered(page: Page) -> Iterator[Finding]:
    """Codes in a line that speaks of a patient or of images, but for those of tickets, devices and bills."""
    for match in _LETTERED.finditer(page.lower):
        before, behind = _around(page, match)
        first = page.text[match.start()]
        if not (first.isdigit() or first.isupper()):
            continue
        if _THINGS.match(match[0]) or _OF_A_THING.search(before) or _begins_with_word(match[0]):
            continue
        if _OF_SOMEBODY.search(before) or _OF_SOMEBODY.search(behind):
            yield Finding(*match.span(), _KIND)


def _behind(page: Page) -> Iterator[Finding]:
    for match in _DIGITS.finditer(page.lower):
        before, behind = _around(page, match)
        digits = sum(map(str.isdigit, match[0]))
        if digits < _FEWEST or _OF_A_THING.search(before):
            continue
        if _OF_A_PATIENT.search(before) or (_WHOLE.fullmatch(match[0]) and _near_patient(before, behind)):
            yield Finding(*match.span(), _KIND)


def _near_patient(before: str, behind: str) -> bool:
    """Whether the line speaks of patients or their images, and of nothing else that has such a number."""
    if _NUMBERED.search(before) or _NUMBERED.search(behind) or _COUNTED.match(behind):
        return False
    return _PATIENTS.search(before) is not None or _PATIENTS.search(behind) is not None


def _somebody(page: Page) -> Iterator[Finding]:
    for match in _IS_SOMEBODY.finditer(page.lower):
        if not _OF_A_THING.search(_around(page, match)[0]):
            yield Finding(*match.span("number"), _KIND)
            if match["other"]:
                yield Finding(*match.span("other"), _KIND)


SEARCHES = (
    Search(has_few_digits, _coded),
    Search(lambda page: _OF_SOMEBODY.search(page.lower) is not None, _lettered),
    Search(has_run, _behind),
    Search(has_few_digits, _somebody),
)
