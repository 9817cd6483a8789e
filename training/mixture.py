"""The endless stream of sentences a model is trained on, and what share of it each source has."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from augment import Noise, Variations
from corpora import read_corpus
from made import MadeLines
from names import Names
from sentences import Sentence, join
from texts import read_texts

#: Sources with their share of the stream at its start and at its end. Made lines decide on what manner of
#: text the model does well, but learnt alone they teach it that every capital is a name: real text must stay.
_SHARES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "nordic": {
        "sv": (0.38, 0.28),
        "nb": (0.25, 0.14),
        "btc": (0.03, 0.02),
        "wnut": (0.02, 0.01),
        "texts-sv": (0.10, 0.20),
        "made-sv": (0.10, 0.15),
        "made-nb": (0.05, 0.08),
        "made-da": (0.05, 0.09),
        "made-en": (0.02, 0.03),
    },
    "english": {
        "wnut": (0.08, 0.03),
        "btc": (0.15, 0.05),
        "texts-en": (0.33, 0.40),
        "texts-en_web": (0.32, 0.34),
        "made-en": (0.12, 0.18),
    },
}
#: The corpora whose words and entities a language's sentences borrow.
_CORPORA_OF = {"sv": ("sv",), "nb": ("nb",), "da": ("nb",), "en": ("wnut", "btc")}
_LANGUAGE_OF = {"wnut": "en", "btc": "en", "texts-en_web": "en"}
_MADE, _TEXTS = "made-", "texts-"
_PERSONS_AGAIN = 0.1
_ANOTHER = 0.2
_MOST = 4


@dataclass(frozen=True)
class Source:
    """One source: how to draw a sentence, and its share at the start and at the end."""

    draw: Callable[[], Sentence]
    first: float
    last: float


def stream(model: str, folder: Path, rng: random.Random, drawn: int) -> Iterator[Sentence]:
    """Sentences without end; the shares reach their last values after so many were drawn."""
    sources = [Source(_drawer(name, folder, rng), *shares) for name, shares in _SHARES[model].items()]
    count = 0
    while True:
        progress = min(1.0, count / drawn)
        weights = [s.first + (s.last - s.first) * progress for s in sources]
        count += 1
        yield rng.choices(sources, weights)[0].draw()


def _drawer(name: str, folder: Path, rng: random.Random) -> Callable[[], Sentence]:
    language = _LANGUAGE_OF.get(name, name.removeprefix(_MADE).removeprefix(_TEXTS))
    noise = Noise((s for corpus in _CORPORA_OF[language] for s in read_corpus(folder, corpus).train), rng)
    variations = Variations(Names(language, rng), noise, language, rng)
    if name.startswith(_MADE):
        lines = MadeLines(language, rng)
        return lambda: variations.of_made(lines.draw())
    if name.startswith(_TEXTS):
        texts = _shuffled(read_texts(name.removeprefix(_TEXTS)), rng)
        return lambda: variations.of_text(next(texts))
    return _corpus_drawer(read_corpus(folder, name).train, variations, rng)


def _corpus_drawer(
    sentences: Sequence[Sentence], variations: Variations, rng: random.Random
) -> Callable[[], Sentence]:
    """Goes through a corpus in a new order each time; some sentences with a person come once more."""
    order, persons = _shuffled(sentences, rng), [s for s in sentences if s.has_person]

    def draw() -> Sentence:
        parts = [rng.choice(persons) if rng.random() < _PERSONS_AGAIN else next(order)]
        while rng.random() < _ANOTHER and len(parts) < _MOST:
            parts.append(next(order))
        return variations.of_real(join(parts))

    return draw


def _shuffled(sentences: Sequence[Sentence], rng: random.Random) -> Iterator[Sentence]:
    """All of them, again and again, each time in another order."""
    while True:
        order = list(sentences)
        rng.shuffle(order)
        yield from order
