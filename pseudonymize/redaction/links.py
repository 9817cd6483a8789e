"""Links that lead to a person, and addresses of machines."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.lists import is_ordinary, is_word, words
from pseudonymize.redaction.page import Page, Search

_ENDINGS = (
    r"(?:se|com|org|net|nu|no|dk|fi|de|nl|eu|io|uk|ie|is|info|edu|gov|ai|app|dev|me|us|be|fr|at|ch|tv|blog"
    r"|wiki|health|ee|au|ca|nz|pl|in"
    r"|example|test|local|sjukhus)"
)
_LINK = re.compile(r"(?:(?:https?|ftp|sftp|file)://|(?<!\w)www\.)[^\s<>\"'|]++", re.IGNORECASE)
_BARE = re.compile(rf"(?<![\w@./-])(?:[\w-]++\.)++{_ENDINGS}(?::\d{{2,5}})?[/?#][^\s<>\"'|]*+", re.IGNORECASE)
_AFTER = ".,;:!?…*_"
_SOCIAL = re.compile(
    r"(?:^|[/.])(?:linkedin|facebook|fb|instagram|twitter|x|github|researchgate|orcid|tiktok|youtube"
    r"|threads|bsky|mastodon|linktr)"
    r"\.\w{2,4}/[^/]",
    re.IGNORECASE,
)
#: What follows one of these in a path is somebody's.
_OF_PEOPLE_TEXT = """
    in user users u profile profiles profil profiler people person personer staff personal
    medarbetare author authors team kontakt contact employee employees anstalld anstallda anställd
    anställda members member doctor doctors lakare läkare by om-oss henkilosto mitarbeiter
    medewerkers ansatt ansatte medarbejdere
"""
_OF_PEOPLE = frozenset(_OF_PEOPLE_TEXT.split())
_ORDINARY_TEXT = """
    topic topics rontgen röntgen avdelning avdelningar ny nya sjukhus klinik kliniker region patient
    patienter bild bilder hospital clinic clinics department digital cloud moln vna prestanda performance
    history uptime maintenance outage incidents
    about academy account admin ai alerts api app archive article articles artikel artiklar auth
    avtal blog blogg blogs board bransch careers case cases catalog category community config
    contact content customer customers dashboard data default dicom docs documentation document
    documents dokument download downloads driftinfo driftstatus drift en enterprise error event
    events faq feedback feature features file files filer forum guide guides guider health
    healthcare help hem hjalp hjälp home html images imaging index info information install
    integration integrationer it item items job jobs karriar kb kontakt kunskapsbank kurs kurser
    kundportal legal licenser list login logout mail main manual manualer manuals media medical menu
    module modules mammography mammografi neuigkeiten news newsletter notes notiser nyhet nyheter ny
    om open order orders overview pacs page pages pathology patologi pdf phoenix plugins policy
    portal press prices pricing priser privacy produkt produkter product products project projects
    projekt public radiology radiologi rapport rapporter reference region release releases report
    reports reporting resources ris routes sales search security sektor server service services shop
    sida sidor site sites software solution solutions start status statistik story store support
    survey sv svenska system systems team teams terms test tickets tools topics training update
    updates upgrade user utbildning utbildningar vard vård version versions video videos view viewer
    viewers web webb webbinar webinar webinars wiki workstation arenden ärenden ärende arende
    uppdatering uppdateringar uppgradering tjanster tjänster losningar lösningar enkat enkät enkater
    support-portal hotfix bug bugs issues issue imt client clients known knowledge base center
    centre global hanging protocols protocol protokoll ids7 whats new what how to the and for of a
    an och i att med for for
"""
_ORDINARY = frozenset(_ORDINARY_TEXT.split())
_EXTENSION = re.compile(r"\.(?:html?|aspx?|php|jsp|pdf|docx?|xlsx?|pptx?|txt|zip|png|jpe?g)$")
_LONGEST_CODE = 3
_SHORTEST_NAME = 3
#: What stands beside a name in the name of a house.
_OF_HOUSES_TEXT = """
    st saint sankt sankta san santa hospital sjukhus clinic school princess prince queen king royal
    institutet institute university college river
"""
_OF_HOUSES = frozenset(_OF_HOUSES_TEXT.split())
_LONGEST_LABEL = 63  # RFC 1035 section 2.3.4

_V4 = re.compile(r"(?<![\w.])(?<!\d,)\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_V6 = re.compile(
    r"(?<![\w:.])(?:[0-9a-f]{1,4}:|:(?=:)){1,7}(?::?[0-9a-f]{1,4}|:){1,7}(?:/\d{1,3})?(?![\w:]|\.\d)"
)
_IP_CUE = re.compile(
    r"(?<![^\W_])(?:ip|adress|address|host|server|ping|dator|klient|client|subnät|subnet|gateway|nod|node"
    r"|workstation|arbetsstation|dns|proxy|vpn)"
    r"[^\n<]{0,24}$"
)
_FIRST_OF_NETS = 40  # no version of anything here begins with a number as high
_HIGH = 32
_PRIVATE_TEN = 10


def _links(page: Page) -> Iterator[Finding]:
    return _personal(_LINK, page)


def _bare_links(page: Page) -> Iterator[Finding]:
    return _personal(_BARE, page)


def _personal(pattern: re.Pattern[str], page: Page) -> Iterator[Finding]:
    for match in pattern.finditer(page.text):
        link = _trimmed(match[0])
        if _leads_to_a_person(link):
            yield Finding(match.start(), match.start() + len(link), "URL")


def _trimmed(link: str) -> str:
    """A link without the end of the sentence or the bracket that it stands in."""
    while link and (link[-1] in _AFTER or (link[-1] in ")]}" and not _opens(link))):
        link = link[:-1]
    return link


def _opens(link: str) -> bool:
    opening = {")": "(", "]": "[", "}": "{"}[link[-1]]
    return link.count(opening) >= link.count(link[-1])


def _leads_to_a_person(link: str) -> bool:
    """Whether a link has a part that could be somebody's. The host alone, and ordinary words, could not."""
    address = link.lower().partition("://")[2] or link.lower()
    host, _, path = address.partition("/")
    if _is_of_a_person(host.partition(":")[0].partition("?")[0]):
        return True
    if any(sign in address for sign in "~@?=%") or _SOCIAL.search(address):
        return True
    parts = [_EXTENSION.sub("", part) for part in re.split(r"[/#]", path) if part]
    followed = any(before in _OF_PEOPLE for before in parts[:-1])
    return followed or "?" in host or not all(map(_is_ordinary, parts))


def _is_of_a_person(host: str) -> bool:
    """Whether a part of a host is two names, or one beside another: "hedda-lunde", "larserikholmgren"."""
    labels = [label.split("-") for label in host.split(".")[:-1]]
    if any(map(_has_given_name, labels)):
        return True
    parts = [part for label in labels for part in label if part != "www"]
    names = [part for part in parts if part in words("given_names") or part in words("surnames")]
    if len(names) > 1 and any(not is_ordinary(name) for name in names):
        return True
    return any(map(_is_put_together, parts))


def _has_given_name(label: Sequence[str]) -> bool:
    """Whether one of several parts is somebody's given name and nothing else, and none speaks of a house."""
    return (
        len(label) > 1
        and any(
            part in words("given_names") and not (is_word(part) or part in words("towns")) for part in label
        )
        and _OF_HOUSES.isdisjoint(label)
    )


def _is_put_together(part: str) -> bool:
    """Whether a part is one or two given names and a surname, as in "annalindberg" or "drkwameasante"."""
    part = part.removeprefix("dr")
    if len(part) > _LONGEST_LABEL or is_word(part) or part in words("surnames"):
        return False
    return any(_is_surname(rest) or any(map(_is_surname, _after_name(rest))) for rest in _after_name(part))


def _after_name(part: str) -> Iterator[str]:
    """What is left behind each given name that a part begins with."""
    for at in range(_SHORTEST_NAME, len(part) - _SHORTEST_NAME):
        if part[:at] in words("given_names"):
            yield part[at:]


def _is_surname(part: str) -> bool:
    return part in words("surnames")


def _is_ordinary(part: str) -> bool:
    """Whether every word of a part of a path is an everyday one, or a code too short for a name."""
    if part in _ORDINARY:
        return True
    return all(
        word in _ORDINARY or sum(map(str.isalpha, word)) <= _LONGEST_CODE
        for word in re.split(r"[-_.+]", part)
    )


def _v4(page: Page) -> Iterator[Finding]:
    for match in _V4.finditer(page.lower):
        before = page.lower[max(0, match.start() - 40) : match.start()]
        if _is_v4(match[0]) and (_is_of_a_net(match[0]) or _IP_CUE.search(before)):
            yield Finding(*match.span(), "IP_ADDRESS")


def _is_v4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def _is_of_a_net(text: str) -> bool:
    """Whether no version would have these numbers: a version begins low and has a low second part."""
    parts = [int(part) for part in text.split(".")]
    return (
        parts[0] in {_PRIVATE_TEN}
        or parts[0] >= _FIRST_OF_NETS
        or sum(part >= _HIGH for part in parts[:3]) > 1
    )


def _v6(page: Page) -> Iterator[Finding]:
    for match in _V6.finditer(page.lower):
        address = match[0].partition("/")[0]
        if _is_v6(address) and any(map(str.isdigit, address)):
            yield Finding(*match.span(), "IP_ADDRESS")


def _is_v6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


_MARKS = ("://", "www.")

SEARCHES = (
    Search(lambda page: page.has(_MARKS), _links),
    Search(lambda page: "." in page.text and page.has(("/", "?", "#")), _bare_links),
    Search(lambda page: page.lower.count(":") > 1, _v6),
)
HOSTS = (Search(lambda page: page.lower.count(".") > 2, _v4),)
