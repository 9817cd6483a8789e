"""What is known about names: how a word is written when it is a name, and which words are none."""

from collections.abc import Iterable, Iterator, Set
from functools import cache

from pseudonymize.redaction.lists import is_ordinary, words

_CLOSE_FROM = 6


@cache
def _nick_forms() -> dict[str, tuple[str, ...]]:
    pairs = (entry.partition(":") for entry in words("nick_forms"))
    return {name: tuple(forms.split(",")) for name, _, forms in pairs}


def nick_forms(name: str) -> tuple[str, ...]:
    """The nick forms of a given name in small letters."""
    return _nick_forms().get(name, ())


def stems(word: str) -> Iterator[str]:
    """The word, and what it is the genitive of: "annas" may be "anna"."""
    yield word
    if len(word) > 3 and word.endswith("s"):
        yield word[:-1]


def is_known_given_name(word: str) -> bool:
    """Whether a word in small letters is on the list of given names and is no ordinary word."""
    return _is_known(word, "given_names")


def is_known_surname(word: str) -> bool:
    """Whether a word in small letters is on the list of surnames and is no ordinary word."""
    return _is_known(word, "surnames")


def _is_known(word: str, name: str) -> bool:
    """A word that only its last letter makes a genitive is none if it is in a dictionary: "jacks"."""
    if is_ordinary(word):
        return False
    return any(
        stem in words(name)
        and not is_ordinary(stem)
        and (stem == word or word not in words("dictionary_words"))
        for stem in stems(word)
    )


class Close:
    """Finds words that are one slip of the fingers from a name of six letters or more."""

    def __init__(self, names: Iterable[str]) -> None:
        long = [name for name in names if len(name) >= _CLOSE_FROM]
        self._names = frozenset(long)
        self._longest = max(map(len, long), default=0) + 1
        self._shorter = frozenset(shorter for name in long for shorter in _shorter(name))

    def __contains__(self, word: str) -> bool:
        if not _CLOSE_FROM - 1 <= len(word) <= self._longest:
            return False
        mine = _shorter(word)
        return word in self._shorter or not self._names.isdisjoint(mine) or self._swapped(mine)

    def _swapped(self, shorter: Set[str]) -> bool:
        # One letter for another, or two in the wrong order: without it, both are the same.
        return not self._shorter.isdisjoint(shorter)


def _shorter(word: str) -> set[str]:
    """The word with each of its letters but the first left out."""
    return {word[:i] + word[i + 1 :] for i in range(1, len(word))}
