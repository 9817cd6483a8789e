"""Copies of sentences in which other people are named, or the same is written in another way."""

import random
import re
from collections.abc import Callable, Iterable

from names import Names
from sentences import PERSON, Sentence, Span, rebuild

_GENITIVE = {"en": "'s"}
_ORDINARY = re.compile(r"\b[a-zåäöæøéü]{4,}\b")
_WORD_START = re.compile(r"(?<= )\w")
_SHORTEST_REST = 12


class Noise:
    """Changes that teach what is no name: words never seen, capitals at the start, other places and firms."""

    def __init__(self, sentences: Iterable[Sentence], rng: random.Random) -> None:
        self._rng = rng
        words: set[str] = set()
        entities: dict[tuple[str, int], set[str]] = {}
        for sentence in sentences:
            words.update(_ORDINARY.findall(sentence.text))
            for span in sentence.spans:
                text = sentence.text[span.start : span.end]
                entities.setdefault((span.label, len(text.split())), set()).add(text)
        self._words = sorted(words)
        self._entities = {key: sorted(texts) for key, texts in entities.items()}

    def other_things(self, sentence: Sentence) -> Sentence:
        """Another place, firm or product for each one."""

        def change(piece: str, label: str | None) -> str:
            if label is None or label == PERSON or self._rng.random() < 0.3:
                return piece
            return self._rng.choice(self._entities.get((label, len(piece.split())), [piece]))

        return rebuild(sentence, change)

    def strange_words(self, sentence: Sentence, share: float) -> Sentence:
        """Some ordinary words become words that nobody has seen, put together from two others."""

        def exchange(match: re.Match[str]) -> str:
            return self._strange() if self._rng.random() < share else match[0]

        return rebuild(sentence, lambda piece, label: piece if label else _ORDINARY.sub(exchange, piece))

    def cut(self, sentence: Sentence) -> Sentence:
        """The sentence from some ordinary word on, which so comes to begin with a capital."""
        inside = {i for span in sentence.spans for i in range(span.start, span.end)}
        starts = [m.start() for m in _ORDINARY.finditer(sentence.text) if m.start() not in inside]
        starts = [start for start in starts if len(sentence.text) - start > _SHORTEST_REST]
        if not starts:
            return sentence
        at = self._rng.choice(starts)
        spans = tuple(Span(s.start - at, s.end - at, s.label) for s in sentence.spans if s.start > at)
        return Sentence(sentence.text[at].upper() + sentence.text[at + 1 :], spans)

    def capitals(self, sentence: Sentence) -> Sentence:
        """Some Words Begin with a Capital for no Reason."""

        def exchange(match: re.Match[str]) -> str:
            return match[0].upper() if self._rng.random() < 0.3 else match[0]

        return rebuild(sentence, lambda piece, label: piece if label else _WORD_START.sub(exchange, piece))

    def _strange(self) -> str:
        first, second = self._rng.choice(self._words), self._rng.choice(self._words)
        if self._rng.random() < 0.4:
            return first
        head = first[: self._rng.randrange(2, len(first) + 1)]
        return head + second[self._rng.randrange(0, len(second) - 2) :]


class Variations:
    """What a sentence of a corpus is turned into before it is learnt from."""

    def __init__(self, names: Names, noise: Noise, language: str, rng: random.Random) -> None:
        self._names, self._noise, self._rng = names, noise, rng
        self._genitive = _GENITIVE.get(language, "s")

    def of_real(self, sentence: Sentence) -> Sentence:
        """A sentence of a corpus, most often with other people in it, at times cut or with strange words."""
        steps: tuple[tuple[float, Callable[[Sentence], Sentence]], ...] = (
            (0.70, self._swapped),
            (0.30, self._noise.other_things),
            (0.25, lambda s: self._noise.strange_words(s, 0.15)),
            (0.20, self._noise.cut),
            (0.04, self._noise.capitals),
            (1.00, self._recased),
        )
        return self._some(steps, sentence)

    def of_text(self, sentence: Sentence) -> Sentence:
        """A text of our own: more seldom changed, since each was written as people write."""
        steps: tuple[tuple[float, Callable[[Sentence], Sentence]], ...] = (
            (0.55, self._swapped),
            (0.20, self._noise.other_things),
            (0.15, lambda s: self._noise.strange_words(s, 0.1)),
            (0.05, self._noise.cut),
            (0.03, self._noise.capitals),
            (0.50, self._recased),
        )
        return self._some(steps, sentence)

    def of_made(self, sentence: Sentence) -> Sentence:
        """A made line, at times with strange words."""
        steps: tuple[tuple[float, Callable[[Sentence], Sentence]], ...] = (
            (0.25, self._noise.other_things),
            (0.15, lambda s: self._noise.strange_words(s, 0.2)),
            (0.03, self._noise.capitals),
        )
        return self._some(steps, sentence)

    def _some(
        self, steps: Iterable[tuple[float, Callable[[Sentence], Sentence]]], sentence: Sentence
    ) -> Sentence:
        for chance, step in steps:
            if self._rng.random() < chance:
                sentence = step(sentence)
        return sentence

    def _swapped(self, sentence: Sentence) -> Sentence:
        """The sentence with every person exchanged; the same name stays the same throughout."""
        others: dict[str, str] = {}

        def change(piece: str, label: str | None) -> str:
            if label != PERSON:
                return piece
            if piece not in others:
                ending = self._genitive if self._rng.random() < 0.06 else ""
                others[piece] = self._names.like(piece) + ending
            return others[piece]

        return rebuild(sentence, change)

    def _recased(self, sentence: Sentence) -> Sentence:
        """As some write: without capitals, in capitals only, or with the names alone in lower case."""
        chance = self._rng.random()
        if chance < 0.10:
            return rebuild(sentence, lambda piece, label: piece.lower())
        if chance < 0.13:
            return rebuild(sentence, lambda piece, label: piece.upper())
        if chance < 0.20:
            return rebuild(sentence, lambda piece, label: piece.lower() if label == PERSON else piece)
        if chance < 0.22:
            return rebuild(sentence, lambda piece, label: piece.upper() if label == PERSON else piece)
        return sentence
