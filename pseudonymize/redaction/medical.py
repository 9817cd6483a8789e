"""Numbers of patients, referrals and examinations, and the names in DICOM headers."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.national import swedish
from pseudonymize.redaction.page import Page, Search, findings, has_few_digits, has_run

_KIND = "PATIENT_ID"

#: Words that only ever stand before such a number.
_NUMBERED = (
    r"patient(?:ens|en)?[- ]?(?:id|nr|nummer|numret|number|no)\b|patientnumret|pat\.?[- ]?(?:id|nr|no)\b"
    r"|\bmrn\b|medical record(?: (?:number|no))?\b"
    r"|hosp(?:ital)?\.? (?:no|nr|number|id)\b|\bur (?:no|number)?(?=[ :#]{0,3}\d)|\bnhi\b"
    r"|(?:prov|preparat)(?:nummer|numret|nr|-?id)\b|(?:specimen|sample|slide) (?:no|number|id)\b|\bchart\b"
    r"|accession(?:s)?[- ]?(?:nummer|numret|numbers?|nr|nos?|id|ref)\b|\ba/n\b|\bacc(?:\."
    r"|\b)[- ]?(?:nummer|number|nr|no|id)?\b"
    r"|remiss[- ]?(?:id|nr|nummer|numret)\b|undersöknings?[- ]?(?:id|nr|nummer|numret)\b|referral (?:id|no"
    r"|number)\b"
    r"|(?:exam|examination|study|studie|series|sop)[- ]?(?:instance )?(?:id|uid|nr|nummer|number|no)\b"
    r"|reserv(?:nummer|numret|nr|id)\b"
    r"|journal[- ]?(?:nr|nummer|numret)\b|\bchi (?:no|number)\b|pasient(?:nr|nummer|-?id)"
    r"|patienten(?:nummer|-?id)|rekvisitionsn(?:r|ummer)"
    r"|\bacc-?(?:nr|nummer|no|id)\b|\b(?:rtg|röntgen|us)-?(?:nr|nummer|id)\b|\bpt[ -]?(?:id|no)\b"
    r"|(?:unit|admission|episode|encounter|ris|requisition)[- ](?:no|nr|number|nummer|id)\b|\bcrn\b"
    r"|\bpid\b|\burn\b|\buhn\b|\bmr no\b|\bpt(?= ?#)"
    r"|chart (?:no|number)\b|unit number\b|\bempi\b|potilasnumero|patiëntnummer|fallnummer|lokalt id"
)
#: Words that are as often followed by something else: the number must look like one.
_NAMED = (
    r"\b(?:accession(?:en|s)?|remiss(?:en|erna)?|undersökning(?:en)?|stud(?:y|ien|ie)|exam(?:ination)?"
    r"|referral|patient(?:en)?(?: ref(?:erence)?\.?)?|pt|wristband|appointment|episode"
    r"|cyto(?: no)?|histo(?: no)?"
    r"|pasient(?:en)?|journal(?:en)?|granskning(?:en)?|svaret på|lvp"
    r"|(?:images?|exams?|priors?|scans?|x-?rays?|films?|slides?|reports?|results?) (?:of|for|from|under)"
    r"|visit|encounter|admission|request|case(?: (?:no|number))?(?= [a-z]?\d\d-\d{4})"
    r"|slides?|specimens?|autopsy(?: file)?|frozen section|(?:cytology|histology"
    r"|biopsy)(?: (?:ref|block|no))?"
    r"|bilder(?:na)? (?:på|för|från)|snitt(?:et|en)?|glas(?:et|en)?(?: på)?|prov(?:et|en)?|cytologi(?:n)?)\b"
)
_LINKS = (
    r"(?:[ \t]*[:#=(\"']{1,2}|[ \t]+(?:nr|no|number|nummer|numret|id|är|is|was|var|med id|med nummer"
    r"|with id|with number)\b\.?){0,3}"
)
_VALUE = r"[a-z0-9]+(?:[-/_.][a-z0-9]+){0,5}"
_ENDS = r"(?![\w]|[-/_.][a-z0-9])"
_STRONG = re.compile(
    rf"(?:{_NUMBERED}){_LINKS}[ \t\n:#(\"'.-]{{0,3}}"
    rf"(?P<number>(?=[a-z/_.-]{{0,8}}\d)(?=.{{4}}){_VALUE}(?: \d{{3,4}}(?![\w:.,]\d))?){_ENDS}"
)
_WEAK = re.compile(
    rf"(?:{_NAMED}){_LINKS}[ \t:#(\"']{{0,2}}"
    rf"(?!(?:19|20)\d\d(?:[-/.](?:\d\d?(?!\d)|(?:19|20)\d\d(?!\d))|(?![-/.]?\d)))"
    rf"(?P<number>(?=(?:[a-z/_.-]{{0,6}}\d){{5}}){_VALUE}){_ENDS}"
)
_AND = re.compile(r"(?:,| och| and| samt| &| eller| or| /|/|;)(?: (?:och|and))? ?")
#: "ACC-2024-55102", "MRN00482913": the word and the number in one.
_BARE = re.compile(
    r"(?<!\w)(?:(?:acc|mrn|pat|pid)[-_]?\d(?:-?[\da-z]){3,24}|urn?\d{6,10}|hn ?\d{7,10})(?!\w)"
)
#: DICOM PS3.5 section 9: unique identifiers. Those under 1.2.840.10008 are the standard's own.
_UID = re.compile(r"(?<![\w.])(?:(?:[12])\.\d{1,3}(?:\.\d{1,39}){3,20}|2\.25\.\d{10,39})(?![\w]|\.\d)")
_STANDARD = "1.2.840.10008."
_SHORTEST_UID = 24
#: DICOM PS3.5 section 6.2: a person name has its parts between carets.
_PERSON_NAME = re.compile(
    r"(?<![\w^'.-])(?:(?:von|van|af|de|der|den|da|di|al|el) ){0,2}[^\W\d_][\w'.-]{1,40}+"
    r"(?:\^(?:[^\W\d_][\w'-]{0,40}+(?: [^\W\d_][\w'-]{0,40}+(?=\^)){0,2})?){1,5}",
    re.IGNORECASE,
)
#: HL7 chapter 2: the type of a message and of its event, "ORU^R01".
_MESSAGE = re.compile(r"[A-Z]{3}\^[A-Z]\d\d(?:\^\w+)?")
_SHAPE = str.maketrans("0123456789", "0" * 10)
_TOKEN = re.compile(rf"(?<![\w-]){_VALUE}{_ENDS}")
_FEWEST_DIGITS = 4


def _start(match: re.Match[str]) -> int:
    """Where the identifier begins: with the word, where nothing but a hyphen parts the two."""
    number = match.start("number")
    together = match.string[number - 1] in "-_" and not any(map(str.isspace, match[0]))
    return match.start() if together else number


def _identifiers(page: Page) -> Iterator[Finding]:
    """Numbers after a word that names them, and others of the same form beside them."""
    found: dict[int, int] = {}
    for pattern in (_STRONG, _WEAK):
        for match in page.after(_CUES, pattern):
            for start, end in _listed(page.lower, _start(match), match.end("number")):
                found.setdefault(start, end)
    shapes = {_shape(page.lower[start:end]) for start, end in found.items()} - {None}
    if shapes:
        for token in _TOKEN.finditer(page.lower):
            if _shape(token[0]) in shapes:
                found.setdefault(token.start(), token.end())
    for start, end in found.items():
        yield Finding(start, end, "NATIONAL_ID" if swedish(page.lower[start:end]) else _KIND)


def _listed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A number, and those that follow it in a list and look like it."""
    yield start, end
    form = text[start:end].translate(_SHAPE)
    while (comma := _AND.match(text, end)) and (
        text[comma.end() : comma.end() + len(form)].translate(_SHAPE) == form
    ):
        start, end = comma.end(), comma.end() + len(form)
        yield start, end


def _shape(number: str) -> str | None:
    """The letters of a number, and where its digits are; none where nothing but digits makes its form."""
    shape = number.translate(_SHAPE)
    letters = sum(map(str.isalpha, shape))
    return shape if letters > 1 and shape.count("0") >= _FEWEST_DIGITS else None


def _bare(page: Page) -> Iterator[Finding]:
    return findings(_BARE.finditer(page.lower), _KIND)


def _uids(page: Page) -> Iterator[Finding]:
    for match in page.in_runs(_UID):
        if len(match[0]) >= _SHORTEST_UID and not match[0].startswith(_STANDARD):
            yield Finding(*match.span(), _KIND)


def _person_names(page: Page) -> Iterator[Finding]:
    for match in _PERSON_NAME.finditer(page.text):
        if _MESSAGE.fullmatch(match[0]):
            continue
        if any(map(str.isalpha, match[0].partition("^")[2])) or match[0].isupper():
            yield Finding(*match.span(), "PERSON")


_CUES = (
    *("patient", "pat", "mrn", "medical rec", "hospital", "acc", "remiss", "undersök", "referral"),
    *("exam", "stud", "series", "sop", "reserv", "journal", "chi ", "pasient", "rekvisition", "potilas"),
    *("fallnum", "granskning", "rtg", "röntgen", "us-", "usn", "usi", "pt", "chart", "unit num", "empi"),
    *("pid", "lokalt id", "svaret på", "lvp", "hosp", "ur ", "nhi", "prov", "preparat", "specimen", "sample"),
    *("slide", "urn", "uhn", "mr no", "image", "prior", "scan", "xray", "x-ray", "film", "report", "result"),
    *(
        "unit no",
        "admission",
        "episode",
        "encounter",
        "ris n",
        "ris-",
        "requisition",
        "crn",
        "visit",
        "request",
        "case",
    ),
    *(
        "a/n",
        "wristband",
        "appointment",
        "cyto",
        "histo",
        "autopsy",
        "frozen",
        "cytolog",
        "histolog",
        "biops",
        "bild",
        "snitt",
        "glas",
    ),
)
_BARE_CUES = ("acc", "mrn", "pat", "pid", "ur", "hn")

NAMES = (Search(lambda page: "^" in page.text, _person_names),)
SEARCHES = (
    Search(has_run, _uids),
    Search(lambda page: page.has(_BARE_CUES), _bare),
    Search(has_few_digits, _identifiers),
)
