"""Make the lists that the redactor ships: given names, surnames, and ordinary words.

    python training/word_lists.py --corpora DIR --english en_US.dic --swedish sv.txt \\
        --output pseudonymize/redaction/lists

Given names and surnames are those of Faker's locales and of `name_lists`. Ordinary words are those
that the corpora write in small letters more often than they call them a person; a name that is also
such a word is taken out for its context only, never because it is on a list. Words of the dictionaries
(English: SCOWL by Kevin Atkinson; Swedish: the commonest words, from svlang, MIT) are no names to a model
alone.
"""

from __future__ import annotations

import argparse
import importlib
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
_LATIN_END = 0x250


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


def _tokens(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted([*folder.glob("*.conll"), *folder.glob("*.tsv")]):
        for line in path.read_text("utf-8").splitlines():
            token, tag = [*line.rsplit(None, 1), "O", "O"][:2]  # a tab, or spaces
            yield token.strip().replace("\u00ad", ""), tag.strip().upper()


def _ordinary(folder: Path) -> set[str]:
    """Words in small letters outside any name, and more often so than as somebody's name."""
    outside, people = Counter[str](), Counter[str]()
    for word, tag in _tokens(folder):
        if tag.endswith(("PER", "PERSON")):
            people[word.lower()] += 1
        elif tag in ("0", "O", "") and word.islower() and word.isalpha():
            outside[word] += 1
    return {w for w, n in outside.items() if n >= _SEEN_OFTEN and len(w) > 1 and n > people[w] / 2}


def _write(path: Path, words: Iterable[str]) -> None:
    path.write_text("\n".join(sorted(words)) + "\n", "utf-8")


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--english", type=Path, required=True, help="en_US.dic, with en_US.aff beside it")
    parser.add_argument("--swedish", type=Path, required=True, help="words by frequency, one a line")
    parser.add_argument("--output", type=Path, required=True)
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True)
    given = _simple([*_faker("first"), *" ".join(ROMANISED_FIRST.values()).split(), *_more("given")])
    surnames = _simple([*_faker("last"), *" ".join(ROMANISED_LAST.values()).split(), *_more("surnames")])
    found = {*words_of(asked.english), *asked.swedish.read_text("utf-8").split()}
    plain = {word for word in found if len(word) > 2 and word.isalpha() and word.islower()}
    _write(asked.output / "dictionary_words.txt", plain - set(given))
    _write(asked.output / "given_names.txt", given)
    _write(asked.output / "surnames.txt", surnames)
    _write(asked.output / "ordinary_words.txt", _ordinary(asked.corpora) | set(_more("also_words")))


if __name__ == "__main__":
    _main()
