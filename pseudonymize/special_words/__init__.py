"""Words that state something sensitive of somebody, and the words such a statement is made of.

Each list is a text file: lines of `key: word, several words, *ending`, in small letters; a key may have
several lines, and what follows a # is left out. The keys of a category's list say what must stand around
a word before it is a statement (see `pseudonymize.special`).
"""

from functools import cache
from importlib.resources import files


@cache
def listed(name: str) -> dict[str, frozenset[str]]:
    """The words of one list by their key."""
    found: dict[str, frozenset[str]] = {}
    for line in files(__package__).joinpath(f"{name}.txt").read_text("utf-8").splitlines():
        key, colon, words = line.partition("#")[0].partition(":")
        if colon:
            more = frozenset(word.strip() for word in words.split(",") if word.strip())
            found[key.strip()] = found.get(key.strip(), frozenset()) | more
    return found
