"""Lines as answers to a survey are, made from patterns: who is named in them is known by construction."""

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fillers import filler
from names import Names
from sentences import PERSON, Builder, Sentence, join, rebuild

_FOLDER = Path(__file__).parent / "lines"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}|<([^<>]+)>")
_LABELS = {"product": "MISC", "vendor": "ORG", "hospital": "ORG", "place": "LOC"}
_NAMED = ("first", "last", "full", "person", "initial")
_LOWER, _UPPER = 0.15, 0.21
_LOWER_NAME, _UPPER_NAME = 0.2, 0.22
_TYPING_ERROR = 0.06


class MadeLines:
    """Draws lines of a language: some patterns, filled, put one after another."""

    def __init__(self, language: str, rng: random.Random) -> None:
        self._rng = rng
        self._language = language
        self._names = Names(language, rng)
        patterns = _patterns(language)
        self._with = [p for p in patterns if _names_someone(p)]
        self._without = [p for p in patterns if not _names_someone(p)]
        # What is said of somebody is said of the support and of everyone too: the place makes no name.
        self._unnamed = [
            q for q in (p.replace("{person}", "{someone}") for p in self._with) if not _names_someone(q)
        ]

    def draw(self) -> Sentence:
        """An answer of one to three lines, as somebody in a hurry may write it."""
        count = self._rng.choices((1, 2, 3), (70, 22, 8))[0]
        lines = [self._line() for _ in range(count)]
        answer = lines[0]
        for line in lines[1:]:
            answer = join((answer, line), self._between(answer.text))
        return self._as_typed(answer)

    def _between(self, text: str) -> str:
        """What parts a line from the next: more than a space, mostly, if it ended without a full stop."""
        if self._rng.random() < 0.08:
            return "\n"
        return self._rng.choice((". ", ". ", ", ", "\n", " ")) if text[-1:].isalnum() else " "

    def _line(self) -> Sentence:
        patterns = self._rng.choices((self._with, self._without, self._unnamed), (47, 41, 12))[0]
        return self._fill(self._chosen(self._rng.choice(patterns)))

    def _chosen(self, pattern: str) -> str:
        """The pattern with one of each [this|that] taken."""
        while "[" in pattern:
            pattern = _CHOICE.sub(lambda match: self._rng.choice(match[1].split("|")), pattern)
        return re.sub(r" +([.,!?])", r"\1", re.sub(r" {2,}", " ", pattern)).strip()

    def _fill(self, pattern: str) -> Sentence:
        builder, position = Builder(), 0
        for slot in _SLOT.finditer(pattern):
            builder.add(pattern[position : slot.start()].replace("\\n", "\n"))
            self._add_slot(builder, slot)
            position = slot.end()
        builder.add(pattern[position:].replace("\\n", "\n"))
        return builder.sentence()

    def _add_slot(self, builder: Builder, slot: re.Match[str]) -> None:
        kind = slot[1]
        if kind is None:
            builder.add(slot[2], PERSON)
        elif kind.split("_")[0] in _NAMED:
            self._add_name(builder, kind)
        else:
            text = filler(self._language, kind, self._rng)
            capital = kind[0].isupper() or slot.start() == 0
            builder.add(text[:1].upper() + text[1:] if capital else text, _LABELS.get(kind))

    def _add_name(self, builder: Builder, kind: str) -> None:
        """A name; `first_s` is its genitive, `person` any of the forms and perhaps a title before it."""
        form, _, genitive = kind.partition("_")
        if form == "person":
            form = self._rng.choices(("first", "full", "title"), (50, 38, 12))[0]
        if form == "title":
            builder.add(f"{self._names.title()} ")
            form = self._rng.choice(("last", "last", "full"))
        name = self._name(form)
        builder.add(self._cased(name) + (self._genitive(name) if genitive else ""), PERSON)

    def _name(self, form: str) -> str:
        if form == "full":
            return self._names.full()
        if form == "initial":
            return f"{self._names.first()[0]}.{self._names.last()[0]}."
        return self._names.first() if form == "first" else self._names.last()

    def _cased(self, name: str) -> str:
        chance = self._rng.random()
        if chance < _LOWER_NAME:
            return name.lower()
        return name.upper() if chance < _UPPER_NAME else name

    def _genitive(self, name: str) -> str:
        if self._language == "en":
            return self._rng.choice(("'s", "'s", "’s", "s"))
        if name[-1] in "sxzSXZ":
            return ""
        return self._rng.choice(("s", "s", "s", "s", "s", "s", ":s", "'s"))

    def _as_typed(self, line: Sentence) -> Sentence:
        """The line with the habits of its writer: capitals, no capitals, slips, no full stop."""
        chance = self._rng.random()
        if chance < _LOWER:
            line = rebuild(line, lambda piece, label: piece.lower())
        elif chance < _UPPER:
            line = rebuild(line, lambda piece, label: piece.upper())
        elif chance < _UPPER + 0.07 and not (line.spans and line.spans[0].start == 0):
            line = Sentence(line.text[:1].lower() + line.text[1:], line.spans)
        if self._rng.random() < _TYPING_ERROR:
            line = rebuild(line, self._slip)
        ends_named = bool(line.spans) and line.spans[-1].end == len(line.text)
        if self._rng.random() < 0.3 and line.text.endswith(".") and not ends_named:
            line = Sentence(line.text[:-1], line.spans)
        return line

    def _slip(self, piece: str, label: str | None) -> str:
        """A letter left out, doubled or exchanged with the next."""
        if len(piece) < 4 or (label and self._rng.random() < 0.7):
            return piece
        at = self._rng.randrange(1, len(piece) - 2)
        kind = self._rng.random()
        if not piece[at : at + 2].isalpha():
            return piece
        if kind < 0.4:
            return piece[:at] + piece[at + 1 :]
        if kind < 0.6:
            return piece[:at] + piece[at] + piece[at:]
        return piece[:at] + piece[at + 1] + piece[at] + piece[at + 2 :]


def _names_someone(pattern: str) -> bool:
    return "<" in pattern or any(f"{{{name}" in pattern for name in _NAMED)


@cache
def _patterns(language: str) -> tuple[str, ...]:
    return tuple(_read(_FOLDER / f"{language}.txt"))


def _read(path: Path) -> Iterator[str]:
    """The patterns of a file: one a line; # begins a remark."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
