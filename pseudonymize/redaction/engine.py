"""The search: models, layers, replacement, and again until nothing more is found.

Each text is read plainly, the models of its language find names, every layer of the registry looks at
it, and what they find is taken out. Then the layers look again, without the models. What cannot be
searched is withheld.
"""

import gc
import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from presidio_analyzer import EntityRecognizer, RecognizerRegistry

from data.errors import DetectorUnavailable
from pseudonymize.raw import Raw
from pseudonymize.redaction import name_models as models
from pseudonymize.redaction.company import CompanyLayer
from pseudonymize.redaction.cues import CueLayer
from pseudonymize.redaction.known import WindowLayer, WriterLayer
from pseudonymize.redaction.language import (
    UNDETERMINED,
    in_latin_letters,
    is_searchable,
    language_of,
    sentences_of,
)
from pseudonymize.redaction.listed import ListedLayer
from pseudonymize.redaction.logins import LoginLayer
from pseudonymize.redaction.model_layer import ModelLayer
from pseudonymize.redaction.people import Answer, WindowNames, Writer
from pseudonymize.redaction.reading import Reading
from pseudonymize.redaction.spans import Span, replace, settle
from pseudonymize.redaction.structured import structured

log = logging.getLogger(__name__)

_ROUNDS = 5
#: All layers take time in proportion to a text's length; one that takes longer than this is stuck.
_SECONDS = 20.0


@dataclass(slots=True, repr=False)
class Work(Raw):
    """One text under way; `text` is redacted unless `withheld`. `found`: words, kind and layers."""

    reading: Reading
    language: str
    stretches: list[tuple[int, int, str]]
    withheld: str = ""
    problem: str = ""
    removed: Counter[str] = field(default_factory=Counter)
    found: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self.reading.plain.original


class Engine:
    """All layers in one Presidio registry, and the models; loaded when it is made."""

    def __init__(self, more: Iterable[EntityRecognizer] = ()) -> None:
        models.check()
        layers = [*structured(), WriterLayer(), WindowLayer(), ListedLayer(), CueLayer(), ModelLayer()]
        self._registry = RecognizerRegistry(recognizers=[*layers, *more, CompanyLayer(), LoginLayer()])
        # What is loaded stays: going through it again and again took a fifth of the time of a search.
        gc.collect()
        gc.freeze()

    def search(self, answers: Sequence[Answer], window: WindowNames) -> list[Work]:
        """What became of each answer, in order; equal answers of equal writers are searched once."""
        first: dict[Answer, Work] = {}
        works = [first.get(answer) or first.setdefault(answer, _work(answer, window)) for answer in answers]
        under_way = [work for work in first.values() if not work.withheld]
        _find_names(under_way)
        for work in under_way:
            if not work.withheld:
                self._settle(work)
        _tell_failures(first.values())
        return works

    def _settle(self, work: Work) -> None:
        """Look until nothing more is found; what cannot be looked at is withheld."""
        try:
            for _ in range(_ROUNDS):
                if not self._look(work):
                    return
            problem = "NeverSettled"
        except Exception as error:  # any recogniser may fail in any way; the text must not pass
            problem = type(error).__name__
        work.withheld, work.problem = "error", problem

    def _look(self, work: Work) -> bool:
        """One round over one text: every layer, then replacement. Returns whether anything was found."""
        spans = self._spans(work.reading)
        if not spans:
            return False
        work.found += [(work.reading.text[s.start : s.end], s.kind, ", ".join(s.layers)) for s in spans]
        text, removed = replace(work.reading, spans)
        work.removed += removed
        work.reading = Reading(text, work.reading.writer, work.reading.window)
        return True

    def _spans(self, reading: Reading) -> list[Span]:
        started = time.monotonic()
        for recognizer in self._registry.recognizers:
            reading.found += recognizer.analyze(reading.text, [], reading)
            if time.monotonic() - started > _SECONDS:
                raise TimeoutError
        return settle(reading, reading.found)


def _tell_failures(works: Iterable[Work]) -> None:
    for problem, count in Counter(work.problem for work in works if work.problem).items():
        log.warning("a recogniser failed with %s; %d answers are withheld", problem, count)


def _work(answer: Answer, window: WindowNames) -> Work:
    """The work that an answer makes; what cannot be read even plainly is withheld."""
    try:
        return _begun(answer, window)
    except Exception as error:  # its message could hold the text
        return Work(Reading(""), UNDETERMINED, [], withheld="error", problem=type(error).__name__)


def _begun(answer: Answer, window: WindowNames) -> Work:
    reading = Reading(answer.text, Writer(answer.name, answer.addresses), window)
    language = answer.declared_language
    if not in_latin_letters(reading.text):  # whatever language it is said to be in
        return Work(reading, UNDETERMINED, [], withheld="language")
    if not answer.certain:
        language = language_of(reading.text, answer.declared_language, models.covered())
    if language == UNDETERMINED and not is_searchable(reading.text):
        return Work(reading, language, [], withheld="language")
    stretches = sentences_of(reading.text, language)
    foreign = any(own not in models.covered() and own != UNDETERMINED for _, _, own in stretches)
    return Work(reading, language, stretches, withheld="language" if foreign else "")


def _find_names(works: Sequence[Work]) -> None:
    """Let the models look at the texts, each stretch with those of its language.

    A text that no model can read is withheld alone.
    """
    by_language: dict[str, list[tuple[Work, int, str]]] = {}
    for work in works:
        text = work.reading.searchable
        for start, end, language in work.stretches:
            by_language.setdefault(language, []).append((work, start, text[start:end]))
    for language, stretches in by_language.items():
        try:
            _find_in(stretches, language)
        except DetectorUnavailable:
            raise
        except Exception:  # of some text among them, which only a single look at each can tell
            for stretch in stretches:
                _find_alone(stretch, language)


def _find_alone(stretch: tuple[Work, int, str], language: str) -> None:
    try:
        _find_in([stretch], language)
    except Exception as error:  # its message could hold the text
        stretch[0].withheld, stretch[0].problem = "error", type(error).__name__


def _find_in(stretches: Sequence[tuple[Work, int, str]], language: str) -> None:
    found = models.names_in([text for _, _, text in stretches], language)
    for (work, start, _), names in zip(stretches, found, strict=True):
        work.reading.names += [n._replace(start=start + n.start, end=start + n.end) for n in names]
