"""The name models, and which of them are safe on which language."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import spacy

from data.errors import DetectorUnavailable
from pseudonymize.redaction.extra import is_installed
from pseudonymize.redaction.kernel import FastNer
from pseudonymize.redaction.rampart import Rampart
from pseudonymize.redaction.reading import Named

_FOLDER = Path(__file__).with_name("models")
_PERSON = "PER"
#: An English model marks ordinary Swedish words as people, so each is used on its own language only.
_SAFE_ON: Mapping[str, tuple[str, ...]] = {
    "sv": ("nordic",),
    "no": ("nordic",),
    "da": ("nordic",),
    "en": ("english",),
    "und": ("nordic", "english"),
}
#: What is added to the score of "nobody": what the English model finds too much, the words speak against.
_RELUCTANCE = {"english": -1.5, "nordic": 0.0}
#: What comes with the extra `high-accuracy`. On English its model is not believed alone.
_RAMPART = "rampart"
_WITH_RAMPART: Mapping[str, tuple[str, ...]] = {
    "en": ("english", _RAMPART),
    "de": (_RAMPART,),
    "nl": (_RAMPART,),
    "fr": (_RAMPART,),
}


@cache
def _safe_on() -> Mapping[str, tuple[str, ...]]:
    return {**_SAFE_ON, **_WITH_RAMPART} if is_installed() else _SAFE_ON


def covered() -> frozenset[str]:
    """The languages that some model reads."""
    return frozenset(_safe_on()) - {"und"}


def names_in(texts: Sequence[str], language: str) -> list[list[Named]]:
    """Where the models of a language find people in each text.

    Raises `DetectorUnavailable` where a model cannot be loaded.
    """
    found: list[list[Named]] = [[] for _ in texts]
    models = _safe_on()[language]
    for name in models:
        doubtful = name == _RAMPART and len(models) > 1
        for names, entities in zip(found, _model(name).entities(texts), strict=True):
            names += [
                Named(start, end, language, doubtful) for start, end, label in entities if label == _PERSON
            ]
    return found


def check() -> None:
    """Load every model now. Raises `DetectorUnavailable`."""
    for name in {name for names in _safe_on().values() for name in names}:
        _model(name)


@cache
def _model(name: str) -> FastNer | Rampart:
    problem = ""
    try:
        return Rampart() if name == _RAMPART else FastNer(spacy.load(_FOLDER / name), _RELUCTANCE[name])
    except DetectorUnavailable:
        raise
    except Exception as error:  # a broken model fails in many ways
        problem = type(error).__name__
    raise DetectorUnavailable(
        f"the recogniser of names {name!r} cannot be loaded ({problem})",
        hint="reinstall Tillit and its locked requirements",
    )
