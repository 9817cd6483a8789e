"""What is looked for: of each identifier an 8-byte digest under a key of this run, and nothing else.

The vault is read once, a few people at a time; no value of it stays in memory.
"""

import hashlib
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from pseudonymize.identity import Identity
from pseudonymize.leak_scan.words import Filter, Hasher
from pseudonymize.normalize import canonical_email
from pseudonymize.raw import Raw

Array = npt.NDArray[np.uint64]


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
            names.update(person.all("name"))
            known["address"].update(person.all("address"))
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


@dataclass(frozen=True, slots=True)
class Digests:
    """Sorted digests by kind, filters of the words they are made of, and of how many words."""

    key: bytes = field(repr=False)
    known: dict[Kind, Array] = field(repr=False)
    name_filter: Filter = field(repr=False)
    id_filter: Filter = field(repr=False)
    name_lengths: tuple[int, ...]
    id_lengths: tuple[int, ...]
    people: int
    not_searched: dict[str, int]

    def among(self, kind: Kind, digests: Iterable[int]) -> set[int]:
        """Those digests of candidates that are of somebody."""
        wanted, known = np.fromiter(digests, np.uint64), self.known[kind]
        if not len(wanted) or not len(known):
            return set()
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return set(wanted[known[at] == wanted].tolist())

    def count(self) -> int:
        """How many identifiers are looked for."""
        return sum(len(known) for known in self.known.values())


def digest(key: bytes, kind: Kind, canonical: str) -> int:
    """The digest of an identifier in the form in which it is compared; ids and references have one form."""
    person = (Kind.ID if kind is Kind.REFERENCE else kind).encode()
    made = hashlib.blake2b(canonical.encode(errors="replace"), key=key, digest_size=8, person=person)
    return int.from_bytes(made.digest(), "little")


class Gathering:
    """Digests that are being gathered, batch by batch."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._hasher = Hasher(self._key)
        self._digests: dict[Kind, list[Array]] = {kind: [] for kind in Kind}
        self._filters = {Kind.NAME: Filter(), Kind.ID: Filter()}
        self._lengths: dict[Kind, set[int]] = {Kind.NAME: set(), Kind.ID: set()}
        self._not_searched: Counter[str] = Counter()
        self._people = 0

    def add(self, wanted: Wanted, people: int) -> None:
        """Take the identifiers of some people."""
        self._people += people
        self._keep(Kind.ADDRESS, self._addresses([*wanted.addresses, *filter(_is_address, wanted.ids)]))
        names = {name: name_words(name) for name in wanted.names}
        ids, references = (
            {text: id_words(text) for text in texts if not _is_address(text)}
            for texts in (wanted.ids, wanted.references)
        )
        self._keep(Kind.NAME, (" ".join(sorted(w)) for w in self._noticed(Kind.NAME, names)))
        self._keep(Kind.ID, ("-".join(w) for w in self._noticed(Kind.ID, ids)))
        self._keep(Kind.REFERENCE, ("-".join(w) for w in self._noticed(Kind.ID, references)))

    def done(self) -> Digests:
        """All digests, sorted."""
        empty = np.zeros(0, np.uint64)
        return Digests(
            key=self._key,
            known={kind: np.unique(np.concatenate([empty, *some])) for kind, some in self._digests.items()},
            name_filter=self._filters[Kind.NAME],
            id_filter=self._filters[Kind.ID],
            name_lengths=tuple(sorted(self._lengths[Kind.NAME])),
            id_lengths=tuple(sorted(self._lengths[Kind.ID])),
            people=self._people,
            not_searched={str(kind): number for kind, number in self._not_searched.items() if number},
        )

    def _keep(self, kind: Kind, canonical: Iterable[str]) -> None:
        made = (digest(self._key, kind, text) for text in canonical)
        self._digests[kind].append(np.unique(np.fromiter(made, np.uint64)))

    def _addresses(self, addresses: Iterable[str]) -> Iterator[str]:
        for address in addresses:
            try:
                yield canonical_email(address)
            except ValueError:
                self._not_searched[Kind.ADDRESS] += 1

    def _noticed(self, kind: Kind, texts: dict[str, list[str]]) -> list[list[str]]:
        """The words of those texts that can be looked for; the filter lets their words pass from now on."""
        fit = is_searchable_name if kind is Kind.NAME else is_searchable_id
        found = {text: words for text, words in texts.items() if fit(words)}
        self._not_searched[kind] += len(texts) - len(found)
        by_length: dict[int, list[str]] = {}
        for text, words in found.items():
            by_length.setdefault(len(words), []).append(text)
        for length, some in by_length.items():
            self._lengths[kind].add(length)
            self._let_pass(kind, length, [form for text in some for form in _forms(text)])
        return list(found.values())

    def _let_pass(self, kind: Kind, length: int, forms: list[bytes]) -> None:
        hashes = self._hasher.words(b"\n".join(forms)).hashes
        for place in range(length if kind is Kind.ID else 1):
            self._filters[kind].add(hashes[place :: length if kind is Kind.ID else 1], length, place)


def _forms(text: str) -> set[bytes]:
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


def _is_address(text: str) -> bool:
    return "@" in text
