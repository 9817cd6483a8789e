"""Names of users that are made of people's names: "jhenderson", "katlun" beside Katarina Lundgren."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from pseudonymize.redaction.company import inside_of
from pseudonymize.redaction.layer import Finding, Layer
from pseudonymize.redaction.lists import every_word, is_word, listed_names, words
from pseudonymize.redaction.reading import Reading

_KIND = "USERNAME"
_LOGIN = re.compile(r"(?<![\w.@/\\<&#-])[a-zåäöæøéü0-9]+(?:[._-][a-zåäöæøéü0-9]+){0,3}(?![\w@/\\]|[.-]\w)")
_SIGN = re.compile(r"[._-]")
#: Parts of accounts that no word has in front or behind.
_SERVICE_TEXT = """
    adm admin priv svc ext tmp temp test tst usr user sa srv service app ad pacs ris lab pathlab radroom
    path rad icu xray radiology it rpt rtg ssk msk reg
    contractor consultant old new prod dev backup
"""
_ACCOUNTS = frozenset(("user", "usr", "temp", "tmp", "svc", "adm"))
#: Who speaks of themselves right before it, or right behind.
_SELF = re.compile(r"\b(?:i'?m|i am|me,|as|myself|jag är|heter) $")
_HERE = re.compile(r" (?:here|speaking|här)\b")
#: Surnames by their form that stand in no list, most of them Nordic.
_NORDIC = re.compile(
    r"fitz[a-z]{4,}|.{2,}(?:sson|dottir|berg|str[oö]m|lund|[qk]vist|gren|stedt|bakken|[ij]ć|wicz)"
)
_SERVICE = frozenset(_SERVICE_TEXT.split())
_DIGITS = re.compile(r"\d+$")
#: Words of those who talk about accounts, anywhere in the text.
_CUE = re.compile(
    r"\b(?:logs?|logged|log-?ins?|audit|users?|accounts?|access|rights|roles?|permissions?|deleted|signed|locked"
    r"|signing me in|handle|nick(?:name)?s?|chat|messenger|teams|chatten|ändringslogg\w*|låst"
    r"|signer\w*|domain|admin|passwords?|credentials|sign-?in|inlogg\w*|logg\w*|konto\w*|behörig\w*|användar\w*|spärra\w*"
    r"|lösenord\w*|licens\w*|brukar\w*)\b"
)
_BRACKETS = {"(": ")", "[": "]"}
_SHORTEST_SURNAME, _SHORTEST_ALONE = 5, 7
_SHORTEST, _SHORTEST_PART = 4, 3


class LoginLayer(Layer):
    """Looks at the people that the layers before it have found, and at the lists."""

    def __init__(self) -> None:
        super().__init__("login", [_KIND])

    def may_match(self, reading: Reading) -> bool:
        """Every text has words."""
        return True

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Each word in small letters that no dictionary knows, and that is put together from names."""
        known = _known()
        logins = [
            m
            for m in _LOGIN.finditer(reading.text)
            if m[0] not in known and _is_possible(_DIGITS.sub("", m[0]))
        ]
        if not logins:
            return
        cue, people = _CUE.search(reading.lower) is not None, _People(reading)
        for match in logins:
            login = _DIGITS.sub("", match[0])
            if _SIGN.search(login):
                found = _is_compound(login, cue)
            else:
                said = _says_so(reading, match)
                least = _SHORTEST_PART if said else _SHORTEST_SURNAME if cue else _SHORTEST_ALONE
                found = people.made(login) or _has_surname(login, least, loose=said or cue)
                found = found or (cue and people.precede(match))
            if found:
                yield Finding(*match.span(), _KIND)


def _says_so(reading: Reading, match: re.Match[str]) -> bool:
    """Whether somebody says of themselves that this is they."""
    before = _SELF.search(reading.lower, max(0, match.start() - 10), match.start())
    return before is not None or _HERE.match(reading.lower, match.end()) is not None


class _People:
    """The people that were found in a text, and its writer."""

    def __init__(self, reading: Reading) -> None:
        self._text = reading.text
        found = sorted((r.start, r.end) for r in reading.found if r.entity_type == "PERSON")
        self._ends = {end for _, end in found}
        inside = zip(reading.words, inside_of(reading.words, found), strict=True)
        names = {word.folded for word, is_in in inside if is_in} | reading.writer.parts
        self._beginnings: dict[str, set[str]] = {}
        for name in map(_plain, names):
            for length in range(1, len(name) + 1):
                self._beginnings.setdefault(name[:length], set()).add(name)

    def made(self, login: str) -> bool:
        """Whether a login is the beginning of one part of a name and the beginning of another."""
        plain, none = _plain(login), set[str]()
        return any(
            max(at, len(plain) - at) >= _SHORTEST_PART
            and (heads := self._beginnings.get(plain[:at], none))
            and (tails := self._beginnings.get(plain[at:], none))
            and len(heads | tails) > 1
            for at in range(1, len(plain))
        )

    def precede(self, match: re.Match[str]) -> bool:
        """Whether a login stands alone in brackets right behind somebody."""
        opening, closing = (
            self._text[match.start() - 1 : match.start()],
            self._text[match.end() : match.end() + 1],
        )
        before = match.start() - 1
        return _BRACKETS.get(opening) == closing != "" and not self._ends.isdisjoint((before, before - 1))


@cache
def _known() -> frozenset[str]:
    """What is a word or a name, and so no login."""
    return listed_names() | every_word()


def _is_possible(login: str) -> bool:
    return len(login) >= _SHORTEST and login not in _known()


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _is_compound(login: str, cue: bool) -> bool:
    """Whether a part is an initial with a surname, or somebody's name beside a word for accounts."""
    parts = [_DIGITS.sub("", part) for part in _SIGN.split(login)]
    service_part = any(part in _SERVICE for part in parts)
    service = "_" in login or service_part
    if "_" in login and parts[0] in _ACCOUNTS:
        return True
    if login.count(".") == 1 and "_" not in login and "-" not in login and _is_whole_name(*parts):
        return True
    if any(_has_surname(part, _SHORTEST, loose=True) for part in parts):
        return cue or service
    if "_" in login and (cue or service_part) and not all(map(is_word, parts)):
        return True
    return service and any(len(part) >= _SHORTEST and _is_name(part) for part in parts)


def _is_name(part: str) -> bool:
    return part in listed_names() and not _is_common(part)


def _is_whole_name(first: str, last: str) -> bool:
    """Whether a dot parts an initial from a surname, or two names."""
    if len(last) < _SHORTEST or not (_is_name(last) or _NORDIC.fullmatch(last)):
        return len(last) >= _SHORTEST_PART and last in words("given_names") and _is_name(first)
    return len(first) == 1 or (len(first) >= _SHORTEST_PART and _is_name(first))


def _has_surname(login: str, least: int, loose: bool) -> bool:
    """Whether it is an initial with a surname of so many letters; loosely, either way round, or a word."""
    return _is_possible(login) and any(
        len(rest) >= least
        and (rest in words("surnames") or _NORDIC.fullmatch(rest) is not None)
        and (loose or not _is_common(rest))
        for rest in (login[1:], login[:-1] if loose else "")
    )


def _is_common(word: str) -> bool:
    return word in words("ordinary_words") or word in words("dictionary_words")
