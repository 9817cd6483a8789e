"""The one architecture that the kernel computes; any other is refused, not guessed at."""

import re
from typing import Any, NoReturn

from spacy.language import Language

from data.errors import DetectorUnavailable

_CONVOLUTION = r"residual\(expand_window>>maxout>>layernorm>>dropout\)"
#: The layers up to the slots of a state: MultiHashEmbed, MaxoutWindowEncoder, and a linear layer.
_LAYERS = re.compile(
    r"extract_features>>list2ragged>>with_array\(ints-getitem>>hashembed(\|ints-getitem>>hashembed)+\)"
    r">>with_array\(maxout>>layernorm>>dropout\)>>ragged2list"
    rf">>with_array\({_CONVOLUTION}(>>{_CONVOLUTION})+\)>>list2array>>linear"
)
_HINT = "train it with the default NER architecture of spaCy 3.8 (TransitionBasedParser.v2, its own tok2vec)"


def checked_ner(nlp: Language) -> Any:
    """The `ner` component of a pipeline. Raises `DetectorUnavailable` for any other architecture.

    thinc names a model by its layers.
    """
    if "ner" not in nlp.component_names:
        _refuse("the pipeline has no component named ner")
    ner: Any = nlp.get_pipe("ner")
    model = getattr(ner, "model", None)
    if model is None or model.name != "parser_model":
        _refuse("its ner is no transition-based parser")
    tok2vec, *behind = model.get_ref("tok2vec").layers
    if not _LAYERS.fullmatch(">>".join(node.name for node in (*tok2vec.layers, *behind))):
        _refuse("its ner is built of other layers, or on those of another component")
    if not all(node.has_param(name) for node in model.walk() for name in node.param_names):
        _refuse("its ner is not trained")
    if not model.attrs["has_upper"] or model.attrs["unseen_classes"] or ner.cfg["beam_width"] != 1:
        _refuse("its ner has no upper layer, labels it was not trained with, or a beam")
    lower, encoder = model.get_ref("lower"), tok2vec.layers[1]
    windows = [node.attrs["window_size"] for node in encoder.walk() if node.name == "expand_window"]
    pieces = [node.get_dim("nP") for node in model.walk() if node.name == "maxout"]
    shape = lower.get_dim("nF"), lower.get_dim("nP"), *set(windows), encoder.attrs["pad"]
    if shape != (3, 2, 1, len(windows)) or min(pieces) < 2:
        _refuse("its ner has other slots, pieces or windows")
    return ner


def _refuse(what: str) -> NoReturn:
    raise DetectorUnavailable(f"this recogniser of names cannot be run: {what}", hint=_HINT)
