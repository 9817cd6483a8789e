"""What is looked for: of each identifier an 8-byte digest under a key of this run, and nothing else.

The vault is read once, a few people at a time; no value of it stays in memory.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pseudonymize.leak_scan.identifiers import (
    Kind,
    Wanted,
    forms,
    id_words,
    is_searchable_id,
    is_searchable_name,
    name_words,
)
from pseudonymize.leak_scan.words import Filter, Hasher
from pseudonymize.normalize import canonical_email

Array = npt.NDArray[np.uint64]


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
            self._let_pass(kind, length, [form for text in some for form in forms(text)])
        return list(found.values())

    def _let_pass(self, kind: Kind, length: int, written: list[bytes]) -> None:
        hashes = self._hasher.words(b"\n".join(written)).hashes
        for place in range(length if kind is Kind.ID else 1):
            self._filters[kind].add(hashes[place :: length if kind is Kind.ID else 1], length, place)


def _is_address(text: str) -> bool:
    return "@" in text
