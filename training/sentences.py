"""A text with marked entities, and how to build one, join some and give one to spaCy."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.training import Example

PERSON = "PER"
LABELS = ("PER", "LOC", "ORG", "MISC")


@dataclass(frozen=True)
class Span:
    """Where an entity stands in its text, and of which kind it is."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Sentence:
    """A text and its entities in their order."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def has_person(self) -> bool:
        """Whether a person is named."""
        return any(span.label == PERSON for span in self.spans)


class Builder:
    """Puts a sentence together from pieces of text, some of them entities."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._spans: list[Span] = []
        self._length = 0

    def add(self, piece: str, label: str | None = None) -> None:
        """Append a piece; with a label it is an entity."""
        if label and piece:
            self._spans.append(Span(self._length, self._length + len(piece), label))
        self._pieces.append(piece)
        self._length += len(piece)

    def ends_with_space(self) -> bool:
        """Whether nothing, or a space, is what the text ends with so far."""
        return not self._length or self._pieces[-1][-1:].isspace()

    def sentence(self) -> Sentence:
        """What was built."""
        return Sentence("".join(self._pieces), tuple(self._spans))


def join(parts: Sequence[Sentence], between: str = " ") -> Sentence:
    """Several sentences as one text."""
    texts, spans, offset = [], [], 0
    for part in parts:
        texts.append(part.text)
        spans += [Span(s.start + offset, s.end + offset, s.label) for s in part.spans]
        offset += len(part.text) + len(between)
    return Sentence(between.join(texts), tuple(spans))


def rebuild(sentence: Sentence, change: Callable[[str, str | None], str]) -> Sentence:
    """The sentence with every piece put through `change(piece, label)`; label is None between entities."""
    builder, position = Builder(), 0
    for span in sentence.spans:
        builder.add(change(sentence.text[position : span.start], None))
        builder.add(change(sentence.text[span.start : span.end], span.label), span.label)
        position = span.end
    builder.add(change(sentence.text[position:], None))
    return builder.sentence()


def to_example(nlp: Language, sentence: Sentence) -> Example:
    """What spaCy learns from; an entity that cuts a token takes the whole of it."""
    doc, taken = nlp.make_doc(sentence.text), -1
    entities = []
    for span in sentence.spans:
        found = doc.char_span(span.start, span.end, label=span.label, alignment_mode="expand")
        if found is not None and found.start > taken:
            entities.append((found.start_char, found.end_char, span.label))
            taken = found.end - 1
    return Example.from_dict(doc, {"entities": entities})


def to_examples(nlp: Language, sentences: Iterable[Sentence]) -> list[Example]:
    """Those sentences that hold anything, for spaCy."""
    return [to_example(nlp, s) for s in sentences if s.text.strip()]
