"""Street addresses and boxes, with the flat, the postal code and the town behind them."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.lists import words
from pseudonymize.redaction.page import Page, Search, findings

_KIND = "ADDRESS"

#: What names of streets end in, whatever their case: Swedish, Danish, Norwegian, German, Dutch, Finnish.
_ENDS_TEXT = """
    gatan gata vägen väg gränd gränden stigen stig allén allé torget torg ringen esplanaden
    promenaden liden slingan brinken kajen kroken backen backe strand stranden gade gaden vej vejen
    gate gaten vei veien vegen plads pladsen stræde torv straße strasse str. weg allee platz gasse
    ufer damm chaussee straat laan plein gracht kade singel dijk katu ntie kuja polku ntori kaari
    boulevarden boulevard bakken svingen sg. ag. tg.
"""
_ENDS = tuple(_ENDS_TEXT.split())
#: Words that end so and are no street; compared with the end of a word.
_NO_STREETS_TEXT = """
    eringen gringen dringen tringen oringen vringen pringen järnväg luftväg luftvägen riksväg
    länsväg motorväg europaväg utväg omväg genväg arbetsväg feedbacken playbacken rollbacken
    aggregate investigate navigate delegate mitigate propagate segregate interrogate irrigate
    surrogate tailgate litigate instigate conjugate frigate obligate arbeitsplatz speicherplatz
    steckplatz prisstigen kontaktväg infartsväg arbetsvägen callbacken uppringen svarsväg svarsvägen
    kontaktvägen urinvägen gallvägen halvväg återväg tillväg underweg dag.
"""
_NO_STREETS = tuple(_NO_STREETS_TEXT.split())
#: With a capital letter only: in small letters these are ordinary words.
_CAPITAL_ENDS_TEXT = """
    ringen backen backe stig gate weg platz kade damm ufer svingen bakken sg. ag. tg.
"""
_CAPITAL_ENDS = tuple(_CAPITAL_ENDS_TEXT.split())
_OTHER_RING = re.compile(r"[knls]ringen$")
_SHORTEST_PREFIX = 2

#: A letter apart from its number is a capital, or not a word of one letter.
_LETTER = r"(?:[A-Za-z](?!\w)|(?-i: [A-Hb-h])(?!\w))?"
_NUMBER = (
    rf"(?:nr\.? ?|no\.? ?)?[1-9]\d{{0,3}}{_LETTER}(?: ?[-/] ?\d{{1,4}}{_LETTER})?(?!\w|[.,:]\d|-\d| ?(?:%"
    rf"|(?:mil|km|m|min|minuter|tim|timmar|dagar|gånger|år|st|bilder|meter)\b))"
)
_NAME = r"(?<![\w-])(?P<street>[^\W\d_][\w'-]{2,38}+\.?)"
_STREET = re.compile(rf"{_NAME},? ?(?<=[ .,]){_NUMBER}", re.IGNORECASE)
_WORD_BEFORE = (
    r"norra|södra|östra|västra|norr|söder|öster|väster|stora|lilla|gamla|nya|övre|nedre|yttre|inre|s:t|s:ta"
    r"|sankt|sankta|st\.|store|lille"
    r"|nordre|søndre|vestre|østre|vester|øster|gamle|nye|alte|alter|neue|neuer|große|kleine|obere|untere"
    r"|oude|nieuwe|lange|korte|vanha|uusi"
    r"|iso|pohjoinen|eteläinen|itäinen|läntinen|gammel|ny|sønder|nørre"
)
_QUALIFIED = re.compile(rf"(?<!\w)(?:(?:{_WORD_BEFORE}) ){{1,2}}$")
#: Streets of several words: the last one alone would be no name.
_LAST_WORDS = (
    r"gatan|gata|vägen|väg|gränd|gränden|stig|stigen|allé|allén|torg|torget|plan|plats|strand|backe|gade"
    r"|plads|vej|gate|vei|veg|plass|torv"
    r"|allé|boulevard|straße|strasse|str\.|platz|weg|allee|ufer|straat|laan|plein|gracht|kade|katu|tie|tori"
    r"|esplanaden|kaj|kajen"
)
_CAPITAL = r"(?:[A-ZÅÄÖÆØÜÉ][\w'-]{0,30}+|(?:[A-Z]\.){1,3}|S:ta?|St\.|von|af|av|de|den|och|van|der)"
#: Words that have a capital letter for standing first.
_NO_NAME = (
    r"(?:På|Vid|Till|Från|Av|Med|Den|Det|De|Om|För|Via|Längs|Efter|Vår|Vårt|En|Ett|Samma|Hela"
    r"|Sektion|Avdelning|Enhet|Hus|Rum|Sal|Team|Klinik|Ward|Rätt|Fel|The|On|At|In|Der|Die|Das)"
)
_STREET_WORDS = re.compile(
    rf"(?<![\w-])(?!{_NO_NAME}\b)(?=[A-ZÅÄÖÆØÜÉ])(?:{_CAPITAL} ){{1,4}}(?i:{_LAST_WORDS}) (?i:{_NUMBER})"
)
_LOWER_WORDS = re.compile(
    rf"(?<![\w-])(?:{_WORD_BEFORE}) (?:[^\W\d_]{{3,20}} )?(?:{_LAST_WORDS}) {_NUMBER}", re.IGNORECASE
)

_ENGLISH_ENDS = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Square|Sq|Boulevard|Blvd|Terrace|Crescent|Cres|Mews|Parade"
    r"|Highway|Hwy)"
)
#: Ends that are words of other things too: the sentence goes on as after a place, or ends.
_DOUBTFUL_ENDS = (
    r"(?:Drive|Dr|Close|Court|Ct|Place|Pl|Way|Gardens|Gdns|Grove|Hill|Park|Quay|Pkwy|Parkway|Circle|Trail)"
    r"(?=\.?(?: [A-Z]{1,2}\b)?(?:\s{0,3}(?:[,;:)<\n]|$)|\. [A-Z]|\.$"
    r"| (?:in|is|was|and|or|for|at|on|to|near|är|och|i|tack|please)\b))"
)
_FLAT = r"(?:(?:Flat|Apt|Apartment|Unit|Suite|Ste|Block|Building|Room|Level|Floor) ?\.?#?\w{1,5},? )?"
_ENGLISH = re.compile(
    rf"(?<![\w.,-]){_FLAT}\d{{1,5}}[A-Za-z]?(?:-\d{{1,5}})?,? "
    r"(?!(?:Hour|Star|Day|Week|Minute|Month|Year)s?\b)"
    r"(?:(?:[A-Z][\w'-]{1,25}+\.?|\d{1,3}(?:st|nd|rd|th)|of|the|[NSEW]\.?) ){0,3}"
    rf"(?:[A-Z][\w'-]{{1,25}}+|\d{{1,3}}(?:st|nd|rd|th)) "
    rf"(?:{_ENGLISH_ENDS}|{_DOUBTFUL_ENDS})\b\.?(?! ?\d{{1,2}}\b(?!\d))"
)
_ENGLISH_LOWER = re.compile(
    r"(?<![\w.,-])(?:(?:flat|apt|apartment|unit) \w{1,4},? )?\d{1,4}[a-z]? (?!(?:km|mile|min|hour|day|week"
    r"|year|lane|way|of|the|per|new|different)s?\b)"
    r"[a-z'-]{3,20}+ (?:[a-z'-]{3,20}+ )?(?:street|road|avenue|lane|crescent|terrace|boulevard)(?!\w)"
)
_NOT_BETWEEN = re.compile(
    r"\b(?:the|of|on|in|per|for|and|or|to|at|from|down|along|km|miles?|minutes?|hours?|days?|years?)\b"
)

_BOX = re.compile(
    r"(?<![\w-])(?i:p\.? ?o\.? ?box|postbox|postboks|postfach|postbus|postilokero"
    r"|pl(?= \d{2,4}, ?\d{5})) ?:?\d{1,6}(?!\w)"
    r"|(?<![\w-])(?:Box|BOX)(?: nr)? \d{2,5}(?![\w%]|[.,]\d)|(?<![\w-])box \d{2,5}(?=,? \d{3} ?\d\d )"
)
_CARE_OF = re.compile(r"(?<![\w/])[cC]/[oO] [\w'-]{2,30}+(?: [A-ZÅÄÖÆØÜ][\w'-]{1,30}+){0,2}")
_FLAT_ALONE = re.compile(r"(?<![\w])(?:lgh|lägenhet)(?:\.|nr| nr)? ?\d{3,4}(?!\w)")
_TOWN = r"[A-ZÅÄÖÆØÜ][^\W\d_]{1,25}+(?:[ -][A-ZÅÄÖÆØÜ][^\W\d_]{1,25}+)?"
_POSTAL = r"(?:(?:SE?|N|DK|FIN?|D|NL)-? ?)?(?:\d{3} \d{2}|\d{4,5}(?: [A-Z]{2}(?= ))?)"
#: Any name and number, where a postal code and a town follow.
_BY_POSTAL = re.compile(
    r"(?<![\w-])(?:(?:Haus|Hus|Gebäude) \w{1,4}, )?"
    r"[A-ZÅÄÖÆØÜ][\w'-]{2,30}+(?: [^\W\d_][\w:'-]{1,25}+){0,2} \d{1,4} ?[A-Za-z]?(?:[-/]\d{1,4})?"
    rf",\s{{1,2}}{_POSTAL} {_TOWN}"
)
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} \d")
_BY_CUE = re.compile(
    r"(?i:\b(?:hem|besöks|post|leverans|faktura|bostads|retur)?(?:adress|adressen|address|adresse|osoite)"
    r"|\bbor (?:på|i|vid)|\blives? (?:at|on)|\bliving at"
    r"|\bbosatt (?:på|i)|\bwohnt? in|\bhemma på|\bbo på)(?:(?i: är| is|:)){0,2}:? "
    r"(?P<street>[A-ZÅÄÖÆØÜ][\w:'-]{2,30}+(?: [^\W\d_][\w:'-]{1,25}+){0,2} (?!(?:19|20)\d\d)[1-9]\d{0,3}"
    + _LETTER
    + r")(?!\w|[.,:]\d)"
)
_TAIL = re.compile(
    r"(?:,? ?(?:\d{1,2} ?tr\b\.?|[önu]\. ?[gbh]\.|(?i:lgh|lägenhet|lght|apt|apartment|flat|unit"
    r"|suite|ste|port|uppg|uppgång"
    r"|våning|vån|trapphus)\b\.? ?#?\w{1,5}"
    r"|#\d{1,5}|\d{1,2}\. ?(?:tv|th|mf|sal|og|etg)\b\.?|(?:NW|NE|SW|SE|N|S|E|W)\b)| \d{1,3}(?=, \d{5} )){0,3}"
    rf"(?:,?\s{{1,2}}(?:{_POSTAL} {_TOWN}|(?:{_TOWN},? ){{0,2}}(?:[A-Z]{{2}} \d{{5}}(?:-\d{{4}})?"
    rf"|[A-Z]{{1,2}}\d[A-Z\d]?(?: ?\d[A-Z]{{2}})?)\b))?"
)


_TOWN_BEHIND = re.compile(rf", ?({_TOWN})(?!\w)")


def _streets(page: Page) -> Iterator[Finding]:
    """Names of streets of one word or more with a number behind."""
    yield from _of_one_word(page)
    for pattern in (_STREET_WORDS, _LOWER_WORDS):
        for match in pattern.finditer(page.text):
            yield _whole(page, *match.span())


def _of_one_word(page: Page) -> Iterator[Finding]:
    for match in _STREET.finditer(page.text):
        street = match["street"].lower()
        if street.endswith(_ENDS) and _is_street(street, match["street"][0].isupper()):
            yield _whole(page, _start(page, match.start()), match.end())


def _is_street(street: str, capital: bool) -> bool:
    if street.endswith(_NO_STREETS) and not _OTHER_RING.search(street):
        return False
    if street.endswith(_CAPITAL_ENDS) and not capital:
        return False
    longest = max((end for end in _ENDS if street.endswith(end)), key=len)
    return len(street) - len(longest) >= _SHORTEST_PREFIX


def _start(page: Page, at: int) -> int:
    """Where a name begins that has "Norra" or the like before its last word."""
    before = _QUALIFIED.search(page.lower, max(0, at - 24), at)
    return before.start() if before else at


def _whole(page: Page, start: int, end: int) -> Finding:
    """An address with the flat, the postal code and the town that follow it."""
    tail = _TAIL.match(page.text, end)
    end = tail.end() if tail else end
    town = _TOWN_BEHIND.match(page.text, end)
    if town is not None and town[1].lower() in words("towns") | words("places"):
        end = town.end()
    return Finding(start, end, _KIND)


def _english(page: Page) -> Iterator[Finding]:
    for match in _ENGLISH.finditer(page.text):
        yield _whole(page, *match.span())


def _english_lower(page: Page) -> Iterator[Finding]:
    for match in _ENGLISH_LOWER.finditer(page.lower):
        if not _NOT_BETWEEN.search(match[0]):
            yield _whole(page, *match.span())


def _boxes(page: Page) -> Iterator[Finding]:
    for match in _BOX.finditer(page.text):
        yield _whole(page, *match.span())


def _care_of(page: Page) -> Iterator[Finding]:
    return findings(_CARE_OF.finditer(page.text), _KIND)


def _flats(page: Page) -> Iterator[Finding]:
    return findings(_FLAT_ALONE.finditer(page.lower), _KIND)


def _by_postal_code(page: Page) -> Iterator[Finding]:
    found = (match for match in _BY_POSTAL.finditer(page.text) if not _MONTH.search(match[0]))
    return findings(found, _KIND)


def _by_cue(page: Page) -> Iterator[Finding]:
    for match in _BY_CUE.finditer(page.text):
        yield _whole(page, *match.span("street"))


def _has_street(page: Page) -> bool:
    """Whether a number stands behind what names of streets end in."""
    lower = page.lower
    return any(
        lower[max(0, number.start() - _LONGEST_END) : number.start()].rstrip(", ").endswith(_ALL_ENDS)
        for number in _A_NUMBER.finditer(lower)
    )


def _has_number(page: Page) -> bool:
    return _A_NUMBER.search(page.lower) is not None


def _has_postal_code(page: Page) -> bool:
    return _A_POSTAL_CODE.search(page.lower) is not None


_A_NUMBER = re.compile(r"[ .]\d")
_A_POSTAL_CODE = re.compile(r", ?\D{0,4}\d{3} ?\d")
_LONGEST_END = 24
_ALL_ENDS = tuple({*_ENDS, *_LAST_WORDS.replace("\\", "").split("|"), "nr", "nr.", "no", "no."})
_NUMBER_AND_CAPITAL = re.compile(r"\d[A-Za-z]?(?:-\d{1,5})?,? [A-Z\d]")
_CUE_PARTS = ("adress", "address", "bor ", "live", "living", "bosatt", "wohn", "hemma på", "bo på", "osoite")

CARE_OF = (Search(lambda page: page.has(("c/o",)), _care_of),)
SEARCHES = (
    *CARE_OF,
    Search(_has_postal_code, _by_postal_code),
    Search(lambda page: page.has(_CUE_PARTS) and _has_number(page), _by_cue),
    Search(_has_street, _streets),
    Search(lambda page: _NUMBER_AND_CAPITAL.search(page.text) is not None, _english),
    Search(
        lambda page: page.has(("street", "road", "avenue", "lane", "crescent", "terrace", "boulevard")),
        _english_lower,
    ),
    Search(lambda page: page.has(("box", "postboks", "postfach", "postbus", "postilokero", "pl ")), _boxes),
    Search(lambda page: page.has(("lgh", "lägenhet")), _flats),
)
