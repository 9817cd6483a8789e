"""Lets a recogniser begin with the weights of another one of the same shapes."""

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from thinc.api import Model

#: Which of the other's labels each of ours begins as.
_BEGINS_AS = {"PER": "PERSON", "LOC": "GPE", "ORG": "ORG", "MISC": "PRODUCT"}


def begin_as(nlp: Language, other: Language) -> None:
    """Take over the embedding and the hidden layers, and of the last layer the rows of the labels we know."""
    ours: Any = nlp.get_pipe("ner")
    theirs: Any = other.get_pipe("ner")
    for part in ("tok2vec", "lower"):
        _copy(ours.model.get_ref(part).walk(), theirs.model.get_ref(part).walk())
    upper, their_upper = ours.model.get_ref("upper"), theirs.model.get_ref("upper")
    rows = [_moves(theirs).index(_their_move(move)) for move in _moves(ours)]
    for name in upper.param_names:
        upper.set_param(name, their_upper.get_param(name)[rows].copy())


def _moves(recogniser: Any) -> list[str]:
    """The names of all classes; `move_names` leaves one out, by which positions would be off."""
    return [recogniser.moves.get_class_name(i) for i in range(recogniser.moves.n_moves)]


def _their_move(move: str) -> str:
    kind, dash, label = move.partition("-")
    return f"{kind}{dash}{_BEGINS_AS[label]}" if label else move


def _copy(ours: Iterable[Model[Any, Any]], theirs: Iterable[Model[Any, Any]]) -> None:
    for our, their in zip(ours, theirs, strict=True):
        for name in our.param_names:
            value = their.get_param(name)
            if our.get_param(name).shape != value.shape:
                raise ValueError(f"{our.name}.{name}: {our.get_param(name).shape} is not {value.shape}")
            our.set_param(name, value.copy())
