"""Lists of names and of ordinary words, one word a line in small letters; made by training/word_lists.py."""

import re
from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """The words of one list by its name; what follows a # is left out."""
    return frozenset(word for line in _lines(name) for word in line.split())


def entries(name: str) -> list[tuple[str, str]]:
    """The entries of a list whose lines are `key: value`."""
    return [
        (key.strip(), value.strip())
        for key, colon, value in (x.partition(":") for x in _lines(name))
        if colon
    ]


def phrases(name: str) -> list[str]:
    """The phrases of a list that parts them by commas, the longest first."""
    found = (phrase.strip() for line in _lines(name) for phrase in line.split(","))
    return sorted((phrase for phrase in found if phrase), key=len, reverse=True)


def alternatives(*names: str) -> str:
    """The phrases of some lists as alternatives of a pattern, the longest first."""
    every = {phrase for name in names for phrase in phrases(name)}
    return "|".join(map(re.escape, sorted(every, key=len, reverse=True)))


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(f"{name}.txt").read_text("utf-8")
    return [line.partition("#")[0] for line in text.splitlines()]


def is_ordinary(word: str) -> bool:
    """Whether a word in small letters is one that a text uses without meaning anybody."""
    return word in _ordinary()


def is_word(word: str) -> bool:
    """Whether a word in small letters is an ordinary one, or a rarer one of a dictionary."""
    return word in every_word()


@cache
def _ordinary() -> frozenset[str]:
    return words("ordinary_words") | stay()


@cache
def every_word() -> frozenset[str]:
    """Ordinary words and rarer ones of a dictionary."""
    return _ordinary() | words("dictionary_words")


@cache
def listed_names() -> frozenset[str]:
    """Every given name and surname of the lists."""
    return words("given_names") | words("surnames")


@cache
def stay() -> frozenset[str]:
    """What is nobody's name in an answer, whatever a model thinks of it: products, roles, days, places."""
    return words("stay") | words("places") | words("organisations") | words("foreign_words")
