"""Who is known beforehand: the writer of a text, and everybody who answered in the same window."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pseudonymize.normalize import canonical_name
from pseudonymize.raw import Raw
from pseudonymize.redaction.lists import is_ordinary, words
from pseudonymize.redaction.names import Close, nick_forms

_PARTS = re.compile(r"[^\W\d_]+")
_SHORTEST_PART = 2
_SHORTEST_OF_OTHERS = 3
#: What stands before the @ of an address that nobody is called by.
_OFFICES = words("offices")


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Raw):
    """A free text with what is known of its writer. `certain`: its language is the declared one."""

    text: str
    declared_language: str = ""
    name: str = ""
    addresses: tuple[str, ...] = ()
    certain: bool = False


class Writer(Raw):
    """What is known of the writer of one text."""

    __slots__ = ("addresses", "close", "locals", "parts")

    def __init__(self, name: str, addresses: Iterable[str]) -> None:
        self.addresses = sorted({address.lower() for address in addresses if "@" in address})
        self.locals = {local for a in self.addresses if (local := a.partition("@")[0]) not in _OFFICES}
        parts = set(_words(name))
        local_parts = {part for local in self.locals for part in _words(local) if len(part) > _SHORTEST_PART}
        self.parts = _with_nick_forms(parts) | (local_parts - _OFFICES)
        self.close = Close(parts)


class WindowNames(Raw):
    """The names of everybody who answered in one window, in memory while it is taken in."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(dict.fromkeys(names))

    @cached_property
    def full(self) -> frozenset[str]:
        """Whole names in their canonical form."""
        return frozenset(c for name in self.names if " " in (c := canonical_name(name)))

    @cached_property
    def longest(self) -> int:
        """How many words the longest of them has."""
        return max((name.count(" ") + 1 for name in self.full), default=0)

    @cached_property
    def parts(self) -> frozenset[str]:
        """Given names, surnames and nick forms that are no ordinary words."""
        parts = {part for name in self.names for part in _words(name) if len(part) >= _SHORTEST_OF_OTHERS}
        return frozenset(part for part in _with_nick_forms(parts) if not is_ordinary(part))

    @cached_property
    def close(self) -> Close:
        """The long ones among them, to be found with one slip."""
        return Close(self.parts)


def _words(name: str) -> list[str]:
    return [part for part in _PARTS.findall(name.lower()) if len(part) >= _SHORTEST_PART]


def _with_nick_forms(parts: Iterable[str]) -> set[str]:
    return {form for part in parts for form in (part, *nick_forms(part))}


NOBODY = Writer("", ())
NO_WINDOW = WindowNames(())
