"""What identifies a person, as it was written and in the forms in which it is compared. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pseudonymize.identity import Identity
from pseudonymize.raw import Raw


class Kind(StrEnum):
    """What an identifier is. References to the CRM are ids, told apart because the CRM may hold them."""

    ADDRESS = "address"
    ID = "id"
    REFERENCE = "reference"
    NAME = "name"


@dataclass(frozen=True, slots=True, repr=False)
class Wanted(Raw):
    """Identifiers to look for, as they were written."""

    addresses: Collection[str] = ()
    ids: Collection[str] = ()
    references: Collection[str] = ()
    names: Collection[str] = ()

    @classmethod
    def of(cls, people: Iterable[Identity], response_ids: Iterable[str]) -> "Wanted":
        """All that the vault knows of some people."""
        known: dict[str, set[str]] = {"address": set(), "respondent_id": set(), "crm_reference": set()}
        names: set[str] = set()
        for person in people:
            names.update(person.ever("name"))
            known["address"].update(person.ever("address"))
            known["respondent_id"].update(person.all("respondent_id"))
            known["crm_reference"].update(person.all("crm_reference"))
        return cls(known["address"], known["respondent_id"] | {*response_ids}, known["crm_reference"], names)


_MOST_WORDS = 8
_SHORTEST_ID, _SHORTEST_NUMBER = 5, 7
_PUNCTUATION = re.compile("[\u0080-\u00bf\u2000-\u203f]")
_WORD = re.compile(r"[A-Za-z0-9\u0080-\U0010ffff]+")


def name_words(name: str) -> list[str]:
    """The words of a name as they are compared: folded, NFKC, apart at every punctuation mark."""
    return _words(_fold(name))


def id_words(text: str) -> list[str]:
    """The parts of an id as they are compared."""
    return _words(_fold(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(_PUNCTUATION.sub(" ", text))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def is_searchable_name(words: Sequence[str]) -> bool:
    """Whether a name is a full one; a lone word is nobody's."""
    return 2 <= len(words) <= _MOST_WORDS


def is_searchable_id(words: Sequence[str]) -> bool:
    """Whether an id holds a digit, and is long enough not to turn up by chance among counts and times."""
    joined = "".join(words)
    shortest = _SHORTEST_NUMBER if joined.isdecimal() else _SHORTEST_ID
    return len(joined) >= shortest and len(words) <= _MOST_WORDS and any(c.isdecimal() for c in joined)


def forms(text: str) -> set[bytes]:
    """How a text may stand in bytes, but for the case of ASCII letters."""
    if text.isascii():
        return {text.encode()}
    cased = {text, text.lower(), text.upper(), text.title(), text.casefold()}
    normal = {unicodedata.normalize(form, case) for case in cased for form in ("NFC", "NFD", "NFKC")}
    western = {n.encode("cp1252") for n in normal if _fits_windows(n)}
    return {n.encode(errors="replace") for n in normal} | western


def _fits_windows(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
