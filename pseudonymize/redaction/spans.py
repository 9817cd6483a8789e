"""From what the layers found to a redacted text: overlaps merged, persons numbered, kinds counted. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from presidio_analyzer import RecognizerResult

from pseudonymize.redaction.acts import SEASONS, acts, surely_acts
from pseudonymize.redaction.lists import is_ordinary, is_word, listed_names, phrases, stay, words
from pseudonymize.redaction.named_after import is_named_after, is_town_or_thing
from pseudonymize.redaction.names import stems
from pseudonymize.redaction.reading import Reading

_PERSON = "PERSON"
_BETWEEN_NAMES = re.compile(r"[ \-.]{1,2}")
_NUMBERED = re.compile(r"<PERSON_(\d+)>")
_GENITIVE = re.compile(r"['’]s\b")
#: Nobody is "the Jack", nor "a Watson".
_ARTICLE = re.compile(r"(?<![\w:])(?:the|an?|every) $")
_FAMILY = re.compile(
    r" (?:study|exam|images?|scans?|problem|family|families|cases?|twins"
    r"|brothers|sisters|files?|girls?|boys?|baby|child(?:ren)?|couple|kids?"
    r"|household|estate|residence|person|guy|lady)\b"
)
_WORD_BEFORE = re.compile(r"[\w'’]+[ -]$")
_LONGEST_WORD = 24
_WORD_BEHIND = re.compile(r"[ -][\w'’]+")
_LETTERS = re.compile(r"[^\W\d_]+")
#: What a model or a list may take for a name and is none; what is known or introduced is not asked.
_DOUBTFUL = frozenset({"model", "list", "company"})


class Span(NamedTuple):
    """A range of the plain text to take out, its kind, and the layers that found it."""

    start: int
    end: int
    kind: str
    layers: tuple[str, ...]


def settle(reading: Reading, results: Iterable[RecognizerResult]) -> list[Span]:
    """The spans to take out: whole words, none overlapping, the parts of one name as one."""
    spans = (Span(r.start, r.end, r.entity_type, (_layer(r),)) for r in results)
    whole = _by_range(found for span in spans if (found := _whole(reading, span)))
    kept = [span for span in whole if not _stays(reading, span)]
    return _joined(reading, _merged(sorted(kept, key=lambda s: (s.start, -s.end))))


def _by_range(spans: Iterable[Span]) -> list[Span]:
    """One span for each range and kind, with all the layers that found it."""
    layers: dict[tuple[int, int, str], tuple[str, ...]] = {}
    for start, end, kind, own in spans:
        layers[start, end, kind] = tuple(dict.fromkeys((*layers.get((start, end, kind), ()), *own)))
    return [Span(*place, found) for place, found in layers.items()]


def replace(reading: Reading, spans: Sequence[Span]) -> tuple[str, Counter[str]]:
    """The original text with each span replaced by its kind, and how many of each kind."""
    out, done, numbers = [], 0, _Numbers(reading.plain.original)
    for span in spans:
        start, end = reading.plain.back(span.start, span.end)
        label = numbers.label(reading.text[span.start : span.end]) if span.kind == _PERSON else span.kind
        out += [reading.plain.original[done:start], f"<{label}>"]
        done = end
    text = "".join([*out, reading.plain.original[done:]])
    return text, Counter(span.kind for span in spans)


class _Numbers:
    """The number of each person within one text: one who shares a part of the name is the same."""

    def __init__(self, original: str) -> None:
        self._next = 1 + max((int(n) for n in _NUMBERED.findall(original)), default=0)
        self._people: list[tuple[list[set[str]], str]] = []

    def label(self, name: str) -> str:
        parts = [set(stems(part)) for part in _LETTERS.findall(_GENITIVE.sub("", name.lower()))]
        for known, label in self._people:
            if _all_in(parts, known) or _all_in(known, parts):
                known += parts
                return label
        label = f"{_PERSON}_{self._next}"
        self._next += 1
        self._people.append((parts, label))
        return label


def _all_in(parts: Sequence[set[str]], known: Sequence[set[str]]) -> bool:
    """Whether each part of a name is one of the parts known, a genitive or not."""
    return all(any(not part.isdisjoint(other) for other in known) for part in parts)


def _whole(reading: Reading, span: Span) -> Span | None:
    """The span without what is a placeholder already, grown to whole words; nothing of it may be cut."""
    start, end = span.start, span.end
    for first, last in reading.placeholders_near(start, end):
        if start < last and first < end:
            start, end = (start, first) if start < first else (last, end)
    text = reading.text
    while span.kind == _PERSON and 0 < start < end and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while (
        span.kind == _PERSON and start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    ):
        end += 1
    return span._replace(start=start, end=end) if start < end else None


def _stays(reading: Reading, span: Span) -> bool:
    """Whether all that is found is a product, a place, a weekday or the like."""
    if span.kind != _PERSON or not _DOUBTFUL.issuperset(span.layers):
        return False
    parts = _LETTERS.findall(reading.text[span.start : span.end].lower())
    said = SEASONS.issuperset(parts) and surely_acts(reading.lower, span.end)
    nobody = not said and all(any(stem in stay() for stem in stems(part)) for part in parts)
    return (
        nobody
        or _is_phrase(reading, span)
        or ((len(parts) == 1 or span.layers == ("list",)) and _has_article(reading, span, parts[0]))
        or (span.layers == ("list",) and _is_beginning(reading, span, parts))
        or (span.layers == ("list",) and _ends_in_word(reading, span, parts))
        or is_named_after(reading, span.start, span.end, sure=len(span.layers) > 1)
        or is_town_or_thing(reading, span.start, span.end, sure=len(span.layers) > 1)
    )


def _has_article(reading: Reading, span: Span, word: str) -> bool:
    """Whether an article makes a thing of a name: not of one with a given name, nor of "the Lindqvists"."""
    given = word in words("given_names") and not (
        is_ordinary(word) or word in words("small_words") or word in words("towns")
    )
    if given or word.endswith("s") or acts(reading.lower, span.end):
        return False
    before = reading.lower[max(0, span.start - _LONGEST_WORD) : span.start]
    return _ARTICLE.search(before) is not None and not _FAMILY.match(reading.lower, span.end)


def _is_beginning(reading: Reading, span: Span, parts: Sequence[str]) -> bool:
    """Whether it is some ordinary words with which a sentence begins, and does nothing that people do."""
    return (
        reading.begins_sentence(span.start)
        and len(parts) > 1
        and all(map(is_ordinary, parts))
        and not acts(reading.lower, span.end)
    )


def _ends_in_word(reading: Reading, span: Span, parts: Sequence[str]) -> bool:
    """Whether it has no given name, and its last word is nobody's name either: "the Harrison Act"."""
    last = parts[-1]
    if len(parts) == 1 or not words("given_names").isdisjoint(parts):
        return False
    return is_word(last) and last not in listed_names() and not acts(reading.lower, span.end)


def _is_phrase(reading: Reading, span: Span) -> bool:
    """Whether what is found is what stays as a whole, alone or with the word before or behind it."""
    if surely_acts(reading.lower, span.end):
        return False
    before, behind = (
        _WORD_BEFORE.search(reading.lower, max(0, span.start - _LONGEST_WORD), span.start),
        _WORD_BEHIND.match(reading.lower, span.end),
    )
    starts = {span.start, before.start() if before else span.start}
    ends = {span.end, behind.end() if behind else span.end}
    wholes = (
        reading.lower[start:end].replace("-", " ").replace("’", "'") for start in starts for end in ends
    )
    return any(whole in _stay_phrases() for whole in wholes)


@cache
def _stay_phrases() -> frozenset[str]:
    return frozenset(phrases("stay_phrases"))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    longest = 0
    for span in spans:
        length = span.end - span.start
        if merged and span.start < merged[-1].end:
            last = merged.pop()
            kind = span.kind if length > longest and span.kind != _PERSON else last.kind
            layers = tuple(dict.fromkeys((*last.layers, *span.layers)))
            span = Span(last.start, max(last.end, span.end), kind, layers)
            longest = max(longest, length)
        else:
            longest = length
        merged.append(span)
    return merged


def _joined(reading: Reading, spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.kind == span.kind == _PERSON and _one_name(reading.text, last, span):
            layers = tuple(dict.fromkeys((*last.layers, *span.layers)))
            joined[-1] = Span(last.start, span.end, _PERSON, layers)
        else:
            joined.append(span)
    return joined


def _one_name(text: str, one: Span, other: Span) -> bool:
    between = text[one.end : other.start]
    initial = one.end - one.start <= 2 or text[one.end - 2 : one.end - 1] in " .-"
    return _BETWEEN_NAMES.fullmatch(between) is not None and ("." not in between or initial)


def _layer(result: RecognizerResult) -> str:
    explanation = result.analysis_explanation
    return explanation.recognizer if explanation else "more"
