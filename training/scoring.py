"""How well names are found: what leaks, what is changed needlessly, precision and recall."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sentences import PERSON, Sentence
from spacy.language import Language
from spacy.tokens import Doc

_LONG_ENOUGH = 3
Chars = set[int]
Finder = Callable[[Sequence[str]], list[list[tuple[int, int]]]]


@dataclass(frozen=True)
class Score:
    """Shares over a set of sentences."""

    persons: int
    leak: float
    without: int
    changed: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def row(self) -> str:
        """The score as a line of a table."""
        shares = (self.leak, self.changed, self.precision, self.recall, self.f1)
        return f"{self.persons:6d} {self.without:6d}  " + "  ".join(f"{share:.3f}" for share in shares)


HEADER = "persons without  leak  changed  P      R      F"


def finder(*pipelines: Language) -> Finder:
    """Finds persons with one pipeline, or with several together."""

    def find(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        found = [list(map(_persons, nlp.pipe(texts, batch_size=64))) for nlp in pipelines]
        return [[span for spans in of_text for span in spans] for of_text in zip(*found, strict=True)]

    return find


def _persons(doc: Doc) -> list[tuple[int, int]]:
    named = (e for e in doc.ents if e.label_ in (PERSON, "PERSON"))
    return [(e.start_char, e.end_char) for e in named if not e.text.startswith("@")]


def score(sentences: Sequence[Sentence], find: Finder) -> Score:
    """A person leaks if one of the longer words of the name is not wholly covered by what was found."""
    leaked = changed = right = found_count = 0
    found_all = find([s.text for s in sentences])
    for sentence, found in zip(sentences, found_all, strict=True):
        gold = [(s.start, s.end) for s in sentence.spans if s.label == PERSON]
        covered = {i for start, end in found for i in range(start, end)}
        leaked += sum(_leaks(sentence.text, span, covered) for span in gold)
        changed += not gold and bool(found)
        right += sum(1 for span in set(found) if _overlapping(span, gold))
        found_count += len(set(found))
    persons = sum(1 for s in sentences for span in s.spans if span.label == PERSON)
    without = sum(not s.has_person for s in sentences)
    reached = sum(
        1
        for s, found in zip(sentences, found_all, strict=True)
        for span in s.spans
        if span.label == PERSON and _overlapping((span.start, span.end), found)
    )
    return Score(
        persons,
        leaked / max(1, persons),
        without,
        changed / max(1, without),
        right / max(1, found_count),
        reached / max(1, persons),
    )


def _overlapping(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    """Whether the span is one of the others, give or take what hangs on its ends."""
    return any(abs(span[0] - start) <= 2 and abs(span[1] - end) <= 2 for start, end in others)


def _leaks(text: str, span: tuple[int, int], covered: Chars) -> bool:
    position = span[0]
    for word in text[span[0] : span[1]].replace("-", " ").split(" "):
        here = range(position, position + len(word))
        if len(word.strip(".'’")) >= _LONG_ENOUGH and not covered.issuperset(here):
            return True
        position += len(word) + 1
    return False
