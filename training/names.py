"""Draws names of people from many countries, in the forms in which people write them."""

from __future__ import annotations

import importlib
import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from name_lists import PARTICLES, ROMANISED_FIRST, ROMANISED_LAST, SURNAME_ENDS, SURNAME_STARTS, TITLES

#: Where the names of a text in a language come from, and how often: Faker's locales and our own lists.
_WORLD = {
    **{
        "fi_FI": 6,
        "de_DE": 4,
        "en_GB": 3,
        "en_US": 3,
        "nl_NL": 3,
        "pl_PL": 4,
        "tr_TR": 4,
        "hr_HR": 4,
        "es_ES": 3,
    },
    **{
        "fr_FR": 2,
        "it_IT": 2,
        "et_EE": 2,
        "is_IS": 2,
        "hu_HU": 1,
        "ro_RO": 1,
        "cs_CZ": 1,
        "pt_PT": 1,
        "lt_LT": 1,
    },
    **{"arabic": 6, "persian": 4, "vietnamese": 3, "somali": 3, "chinese": 2, "korean": 1, "japanese": 1},
    **{"ethiopian": 2, "kurdish": 3, "indian": 3, "slavic": 4, "african": 1},
}
_ENGLISH = {
    **{"en_GB": 22, "en_US": 30, "en_IE": 5, "en_IN": 6, "en_NZ": 3, "nicknames": 8, "sv_SE": 6, "no_NO": 2},
    **{
        "da_DK": 2,
        "fi_FI": 2,
        "de_DE": 5,
        "nl_NL": 6,
        "pl_PL": 4,
        "tr_TR": 3,
        "hr_HR": 2,
        "es_ES": 3,
        "es_MX": 3,
    },
    **{"fr_FR": 3, "it_IT": 3, "pt_PT": 2, "ro_RO": 1, "hu_HU": 1, "cs_CZ": 1, "arabic": 6, "persian": 3},
    **{"vietnamese": 4, "somali": 3, "chinese": 5, "korean": 3, "japanese": 3, "ethiopian": 2, "kurdish": 2},
    **{"indian": 6, "slavic": 5, "african": 3, "made": 2, "listed": 30},
}
_ORIGINS: Mapping[str, Mapping[str, int]] = {
    "sv": {**_WORLD, "sv_SE": 45, "made": 8, "nicknames": 5, "no_NO": 3, "da_DK": 3, "listed": 5},
    "nb": {**_WORLD, "no_NO": 40, "sv_SE": 12, "da_DK": 12, "made": 5, "nicknames": 3},
    "da": {**_WORLD, "da_DK": 45, "sv_SE": 8, "no_NO": 12, "made": 3, "nicknames": 3},
    "en": _ENGLISH,
}
_ELSE, _LISTED = "en_GB", "listed"
_LISTS = Path(__file__).parents[1] / "pseudonymize" / "redaction" / "lists"
_ALPHABET_END = 0x250


class Names:
    """The names of a language's speakers and of those who live among them."""

    def __init__(self, language: str, rng: random.Random) -> None:
        self._rng = rng
        self._titles = TITLES[language]
        self._origins, self._weights = list(_ORIGINS[language]), list(_ORIGINS[language].values())

    def _origin(self) -> str:
        return self._rng.choices(self._origins, self._weights)[0]

    def first(self, origin: str | None = None) -> str:
        """One given name, now and then a double one."""
        firsts = _firsts(origin or self._origin())
        name, chance = self._rng.choice(firsts), self._rng.random()
        if chance < 0.05 and "-" not in name:
            return f"{name}-{self._rng.choice(firsts)}"
        return f"{name} {self._rng.choice(firsts)}" if chance < 0.07 else name

    def last(self, origin: str | None = None) -> str:
        """One surname, now and then a double one."""
        lasts, chance = _lasts(origin or self._origin(), self._rng), self._rng.random()
        name = self._rng.choice(lasts)
        if chance < 0.03:
            return f"{name}-{self._rng.choice(lasts)}"
        return f"{self._rng.choice(PARTICLES)} {name}" if chance < 0.06 else name

    def full(self) -> str:
        """A given name, or its initial, with a surname."""
        origin, chance = self._origin(), self._rng.random()
        last_origin = origin if self._rng.random() < 0.75 else self._origin()
        first, last = self.first(origin), self.last(last_origin)
        initial = chr(self._rng.randrange(ord("A"), ord("Z") + 1))
        if chance < 0.08:
            return f"{first[0]}. {last}" if chance < 0.06 else f"{first[0]}.{initial}. {last}"
        if chance < 0.12:
            return f"{first} {initial}. {last}" if chance < 0.10 else f"{first} {initial} {last}"
        return f"{first} {self.first(origin)} {last}" if chance < 0.15 else f"{first} {last}"

    def title(self) -> str:
        """What stands before a name and is no part of it."""
        return self._rng.choice(self._titles)

    def like(self, name: str) -> str:
        """Another name with as many words and the same case as this one."""
        words = name.split()
        if len(words) == 1:
            other = self.first() if self._rng.random() < 0.5 else self.last()
        else:
            other = self.full()
        if name.isupper() and len(name) > 2:
            return other.upper()
        return other.lower() if name.islower() else other


@cache
def _listed(name: str) -> tuple[str, ...]:
    """The names of one of the lists that the product ships."""
    return tuple(line.title() for line in (_LISTS / f"{name}.txt").read_text("utf-8").split())


@cache
def _firsts(origin: str) -> tuple[str, ...]:
    if origin == _LISTED:
        return _listed("given_names")
    if origin in ROMANISED_FIRST:
        return tuple(ROMANISED_FIRST[origin].split())
    return _firsts("sv_SE") if origin in ("made", "african") else _of_faker(origin, "first_name")


def _lasts(origin: str, rng: random.Random) -> tuple[str, ...]:
    if origin == "made":
        return (_made_surname(rng), _made_surname(rng))
    if origin == _LISTED:
        return _listed("surnames")
    if origin in ROMANISED_LAST:
        return tuple(ROMANISED_LAST[origin].split())
    return _of_faker("sv_SE" if origin == "nicknames" else origin, "last_name")


def _made_surname(rng: random.Random) -> str:
    name = rng.choice(SURNAME_STARTS.split()) + rng.choice(SURNAME_ENDS.split())
    return name if rng.random() < 0.9 else f"{rng.choice(_firsts('sv_SE'))}sson"


@cache
def _of_faker(locale: str, kind: str) -> tuple[str, ...]:
    """All the names of a kind that Faker knows in a locale, in Latin letters."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    # What a locale lacks, Faker fills with John and Jane Doe.
    lists = [getattr(provider, field) for field in dir(provider) if field.startswith(kind)]
    names = {
        n for names in lists if isinstance(names, (tuple, list, dict)) for n in names if isinstance(n, str)
    }
    names -= {"John", "Jane", "Doe"}
    latin = sorted(n for n in names if all(ord(letter) < _ALPHABET_END for letter in n))
    return tuple(latin) or _of_faker(_ELSE, kind)
