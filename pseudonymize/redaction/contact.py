"""E-mail addresses, as written and as spelled out to keep them from programs."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.page import Page, Search, findings

_KIND = "EMAIL"
_ENDINGS = r"(?:se|com|org|net|nu|no|dk|fi|de|nl|eu|io|uk|ie|is|info|edu|gov|example|test|local|health|care)"

#: RFC 5321 section 4.1.2, with letters beyond ASCII (RFC 6531). No list of endings: new ones come every year.
_LOCAL = r"(?<![\w.+%'&-])(?:\"[^\"<>@\n]{1,64}\"|[\w.+%'&!#$*=?{|}~-]++)"
_ADDRESS = re.compile(
    rf"{_LOCAL}@{{1,2}}(?:[\w-]++(?:\.[\w-]++)*,{_ENDINGS}\b(?! )|[\w-]++(?:\.[\w-]++)+"
    rf"|\[[\da-f.:]{{3,45}}\])",
    re.IGNORECASE,
)
#: An address within an organisation, without a dot: letters on both sides.
_INNER = re.compile(r"(?<![\w.+%-])(?=[\w.+%-]{0,20}[^\W\d_])[\w.+%-]++@(?=[^\W\d_]{3})[\w-]++")
_SPACED = re.compile(
    rf"(?<![\w.+%-])[\w.+%-]++ ?@ ?[\w-]++(?: ?\. ?[\w-]{{1,40}}){{0,3}}? ?[.,] ?{_ENDINGS}(?!\w)"
    rf"(?: ?\. ?(?:{_ENDINGS}|[a-z]{{2}})(?!\w)){{0,2}}"
)

_DOT = (
    r"(?: ?[(\[{] ?(?:dot|punkt|prick|point|\.) ?[)\]}] ?| (?:dot|punkt|prick|punktum|piste|point"
    r"|underscore|understreck|bindestreck|hyphen|dash|minus) |_(?:dot|punkt)_| \. |\.)"
)
_NAMED_DOT = r"(?: ?[(\[{] ?(?:dot|punkt|prick|point|\.) ?[)\]}] ?| (?:dot|punkt|prick|punktum|piste|point) )"
_AT = (
    r"(?: ?[(\[{] ?(?:at|ät|snabel-? ?a|symbol|@) ?[)\]}] ?|_at_"
    r"| (?:snabel-? ?a|snabela|kanelbulle|alfakrull|krøllalfa|ät-merkki|miukumauku|klammeraffe"
    r"|apenstaartje) )"
)
_NAME = r"(?<![\w.+%-])[\w+%-]{1,40}+"
_HOST = r"[\w-]{1,60}+"
#: With a word or a bracketed sign that stands for @ and nothing else.
_SPELLED = re.compile(rf"{_NAME}(?:{_DOT}[\w+%-]{{1,40}}+){{0,4}}{_AT}{_HOST}(?:{_DOT}{_HOST}){{1,4}}")
#: "(a)" also begins the items of lists, so that a known ending is asked for.
_LETTER_A = re.compile(
    rf"{_NAME}(?:{_DOT}[\w+%-]{{1,40}}+){{0,4}} ?(?:[(\[]a[)\]]"
    rf"|\ba\)) ?{_HOST}(?:{_DOT}{_HOST}){{0,3}}?{_DOT}{_ENDINGS}(?!\w)(?:{_NAMED_DOT}[a-z]{{2,3}}(?!\w))?"
)
_UNDERLINED = re.compile(r"(?<!\w)[a-z\d.+-]{1,40}_at_[a-z\d-]{1,60}(?:_dot_[a-z\d-]{1,60}){1,4}(?!\w)")
#: "at" is a word of English. Spelled dots behind it, or a dot in the name before it, tell an address.
_AT_WORD = re.compile(
    rf"(?P<name>{_NAME}(?:{_DOT}[\w+%-]{{1,40}}+){{0,4}}) (?:at|ät) "
    rf"{_HOST}(?P<rest>(?:{_DOT}{_HOST}){{0,3}}(?:{_DOT}{_ENDINGS}|{_NAMED_DOT}[a-z]{{2}}))(?!\w)"
)
_IS_SPELLED = re.compile(_NAMED_DOT)
_USER_LIKE = re.compile(r"[._\d+]|" + _NAMED_DOT)
_MAIL_CUE = re.compile(
    r"(?:mail|mejl|e-?post|epost|adress|address|write to|skriv till|nås på|reach me)[^\n<]{0,20}$"
)
_PROSE_TEXT = """
    a about am and any are at available based be been better but by called contact contacted down
    email everybody everyone find found free from good hello help her here him hosted i in info is
    it join just know learn like live located look looked looking mail me meet met more much my not
    now of off on one only or our out page people portal reach reachable read running see seen
    service site software staff stay still stuff sure team that the them there they this time to up
    us version vendor was we website were what work worked working works you den det en ett finns
    här jag mig oss sidan som så ut vi är mejla maila skriv
"""
_PROSE = frozenset(_PROSE_TEXT.split())


def _spelled(page: Page) -> Iterator[Finding]:
    for pattern in (_SPELLED, _LETTER_A, _UNDERLINED):
        yield from findings(pattern.finditer(page.lower), _KIND)


def _with_at(page: Page) -> Iterator[Finding]:
    for match in _AT_WORD.finditer(page.lower):
        if _is_address(match["name"], match["rest"], page.lower[max(0, match.start() - 40) : match.start()]):
            yield Finding(*match.span(), _KIND)


def _is_address(name: str, rest: str, before: str) -> bool:
    """Whether what stands before "at" is somebody's: a word of prose is not."""
    if _USER_LIKE.search(name):
        return True
    if name in _PROSE:
        return False
    return _IS_SPELLED.search(rest) is not None or _MAIL_CUE.search(before) is not None


def _written(page: Page) -> Iterator[Finding]:
    return findings(_ADDRESS.finditer(page.text), _KIND)


def _spaced(page: Page) -> Iterator[Finding]:
    return findings(_SPACED.finditer(page.lower), _KIND)


def _inner(page: Page) -> Iterator[Finding]:
    return findings(_INNER.finditer(page.text), _KIND)


def _has_at(page: Page) -> bool:
    return "@" in page.text


_SIGNS = (
    *("snabel", "(a", "[a", "{a", "( a", "[ a", "(ä", "[ä", "a)", "kanelbulle", "alfakrull", "krøllalfa"),
    *("_at_", "symbol", "merkki", "miuku", "klammer", "apenst", "(@", "[@"),
)

SEARCHES = (
    Search(_has_at, _written),
    Search(_has_at, _spaced),
    Search(_has_at, _inner),
    Search(lambda page: page.has(_SIGNS), _spelled),
    Search(lambda page: page.has((" at ", " ät ")) and page.has((".", " dot ", " punkt ")), _with_at),
)
