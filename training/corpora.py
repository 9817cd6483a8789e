"""Reads the annotated corpora: one token and one tag a line, an empty line between sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sentences import Builder, Sentence

#: The tags of all the corpora, in lower case, as the labels we train. What is not here is no entity.
_LABELS = {
    "per": "PER",
    "person": "PER",
    "loc": "LOC",
    "location": "LOC",
    "gpe_loc": "LOC",
    "gpe_org": "LOC",
    "org": "ORG",
    "corporation": "ORG",
    "group": "ORG",
    "misc": "MISC",
    "prod": "MISC",
    "product": "MISC",
    "evt": "MISC",
    "creative-work": "MISC",
}
_FILES = {
    "sv": "sv_webbnyheter_train.tsv",
    "nb": "nb_norne.conll",
    "wnut": "en_wnut17_train.conll",
    "btc": "en_btc_train.conll",
    "btc-test": "en_btc_dev.conll",
}
_HELD_OUT = 0.1
_NO_SPACE_BEFORE = re.compile(r"[.,!?:;)\]}%…”»]+|'s|'S|n't|N'T|'(?:re|ve|m|ll|d|RE|VE|M|LL|D)")
_NO_SPACE_AFTER = frozenset("([{#«$£€“")
_QUOTES = {'"': '"', "''": '"', "``": '"', "”": "”"}
_SOFT_HYPHEN = "\u00ad"

Token = tuple[str, str]


@dataclass(frozen=True)
class Corpus:
    """The sentences of a file; the last tenth of them is never trained on."""

    train: tuple[Sentence, ...]
    held_out: tuple[Sentence, ...]


def read_corpus(folder: Path, name: str) -> Corpus:
    """A corpus by its short name."""
    sentences = tuple(_sentence(tokens) for tokens in _tokens(folder / _FILES[name]))
    cut = round(len(sentences) * (1 - _HELD_OUT))
    return Corpus(sentences[:cut], sentences[cut:])


def read_test(folder: Path) -> tuple[Sentence, ...]:
    """The tweets that serve as test only."""
    corpus = read_corpus(folder, "btc-test")
    return corpus.train + corpus.held_out


def _tokens(path: Path) -> Iterator[list[Token]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for filled, group in groupby(lines, key=lambda line: bool(line.strip())):
        if filled:
            # One of the files parts its columns by tabs in its first half and by spaces in the rest.
            tokens = (line.split() for line in group)
            yield [(t[0].replace(_SOFT_HYPHEN, ""), t[-1]) for t in tokens if len(t) > 1]


def _sentence(tokens: list[Token]) -> Sentence:
    builder, glued, open_quote = Builder(), True, False
    for label, words in _entities(tokens):
        pieces: list[str] = []
        for word in words:
            quote = word in _QUOTES
            glued = glued or bool(_NO_SPACE_BEFORE.fullmatch(word)) or (quote and open_quote)
            if not glued:
                pieces.append(" ")
            pieces.append(_QUOTES.get(word, word))
            open_quote ^= quote
            glued = word in _NO_SPACE_AFTER or word == "@" or (quote and open_quote)
        text = "".join(pieces)
        builder.add(text[: len(text) - len(text.lstrip())])
        builder.add(text.lstrip(), label)
    return builder.sentence()


def _entities(tokens: list[Token]) -> Iterator[tuple[str | None, list[str]]]:
    """Runs of words of one entity, or of none."""
    run: list[str] = []
    current: str | None = None
    for before, (word, tag) in zip(["", *(w for w, _ in tokens)], tokens, strict=False):
        label = _label(before, word, tag)
        if run and (label != current or tag.startswith("B-")):
            yield current, run
            run = []
        current = label
        run.append(word)
    if run:
        yield current, run


def _label(before: str, word: str, tag: str) -> str | None:
    """The label of a token. A handle is no name here: a pattern finds those, and the corpora disagree."""
    label = _LABELS.get(re.sub(r"^[BI]-", "", tag).lower())
    return None if before == "@" or word.startswith("@") else label
