"""A layer of the redactor: one reason for which something is taken out, as a Presidio recogniser."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import NamedTuple

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from pseudonymize.redaction.reading import Reading

_CERTAIN = 1.0


class Finding(NamedTuple):
    """A range of the plain text that is personal, and of which kind."""

    start: int
    end: int
    kind: str


class Layer(EntityRecognizer):
    """Finds some kinds of personal data in a `Reading`. Placeholders are never searched."""

    name: str

    def __init__(self, name: str, kinds: Iterable[str]) -> None:
        super().__init__(supported_entities=sorted(kinds), name=name)

    def load(self) -> None:
        """Nothing to load: what a layer needs is there when it is made."""

    @abstractmethod
    def may_match(self, reading: Reading) -> bool:
        """A cheap look: false only where `find` would find nothing."""

    @abstractmethod
    def find(self, reading: Reading) -> Iterable[Finding]:
        """What is personal in the text, for this layer's reason."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Presidio's call. `nlp_artifacts` is the `Reading` of the text, made here where it is missing."""
        reading = nlp_artifacts if isinstance(nlp_artifacts, Reading) else Reading(text)
        if not self.may_match(reading):
            return []
        return [
            RecognizerResult(kind, start, end, _CERTAIN, AnalysisExplanation(self.name, _CERTAIN))
            for start, end, kind in self.find(reading)
            if start < end and not reading.in_placeholder(start)
        ]
