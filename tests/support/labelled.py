"""The labelled answers: reading them, and scoring a redactor on them.

One answer a line, `\\n` for a line break, a personal span as {KIND:the text}. A span leaks where one of
its words of three or more characters is still readable; an answer that holds nothing personal is
over-redacted where it is changed at all.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "labelled"
_SPAN = re.compile(r"\{([A-Z_]+):([^{}]*)\}")
_WORD = re.compile(r"[^\W_]{3,}")
_PLACEHOLDER = re.compile(r"<[A-Z_]+(?:_\d+)?>")


@dataclass(frozen=True)
class Labelled:
    """An answer and its personal spans, by start, end and kind."""

    text: str
    spans: Sequence[tuple[int, int, str]]


@dataclass
class Score:
    """What a redactor left readable, and what it took out for nothing."""

    spans: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    impersonal: int = 0
    changed: int = 0
    characters: int = 0
    removed: int = 0
    leaking: list[tuple[str, str, str]] = field(default_factory=list)
    over: list[tuple[str, str]] = field(default_factory=list)

    @property
    def leak(self) -> float:
        """The share of personal spans that are still readable."""
        return self.leaks.total() / max(1, self.spans.total())

    def recall(self, *kinds: str) -> float:
        """The share of spans of some kinds that are gone."""
        return 1 - sum(self.leaks[k] for k in kinds) / max(1, sum(self.spans[k] for k in kinds))

    @property
    def over_redacted(self) -> float:
        """The share of answers with nothing personal that were changed."""
        return self.changed / max(1, self.impersonal)

    @property
    def characters_removed(self) -> float:
        """The share of their characters that went."""
        return self.removed / max(1, self.characters)


def read(name: str) -> list[Labelled]:
    """The answers of one file of `tests/labelled`."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [_parse(line) for line in lines if line.strip() and not line.startswith("#")]


def score(answers: Iterable[Labelled], redacted: Iterable[str]) -> Score:
    """Score what a redactor made of some answers, in their order."""
    total = Score()
    for answer, text in zip(answers, redacted, strict=True):
        if answer.spans:
            _score_leaks(total, answer, text)
        else:
            _score_over(total, answer, text)
    return total


def _parse(line: str) -> Labelled:
    text, spans = "", []
    done = 0
    line = line.replace("\\n", "\n")
    for span in _SPAN.finditer(line):
        text += line[done : span.start()]
        spans.append((len(text), len(text) + len(span[2]), span[1]))
        text += span[2]
        done = span.end()
    return Labelled(text + line[done:], spans)


def _score_leaks(total: Score, answer: Labelled, text: str) -> None:
    left = Counter(_WORD.findall(_PLACEHOLDER.sub(" ", text).lower()))
    outside = _WORD.findall(_outside(answer).lower())
    left.subtract(outside)
    for start, end, kind in answer.spans:
        total.spans[kind] += 1
        words = _WORD.findall(answer.text[start:end].lower())
        whole = answer.text[start:end].lower()
        if any(left[word] > 0 for word in words) or (not words and whole in text.lower()):
            total.leaks[kind] += 1
            total.leaking.append((kind, answer.text[start:end], text))


def _outside(answer: Labelled) -> str:
    parts, done = [], 0
    for start, end, _ in answer.spans:
        parts.append(answer.text[done:start])
        done = end
    return " ".join([*parts, answer.text[done:]])


def _score_over(total: Score, answer: Labelled, text: str) -> None:
    total.impersonal += 1
    total.characters += len(answer.text)
    if text != answer.text:
        total.changed += 1
        kept = len(_PLACEHOLDER.sub("", text))
        total.removed += max(1, len(answer.text) - kept)
        total.over.append((answer.text, text))
