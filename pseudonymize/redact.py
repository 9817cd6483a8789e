"""The redactor as the rest of the room sees it: loaded at first use, and failing closed.

Presidio, spaCy and the models take seconds to load, which a command without free text should not wait for.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from data.errors import DetectorUnavailable
from data.records import RedactedText
from pseudonymize.redaction import extra
from pseudonymize.redaction.people import NO_WINDOW, Answer, WindowNames

if TYPE_CHECKING:
    from pseudonymize.redaction.engine import Engine, Work
    from pseudonymize.redaction.workers import Pool, Result

#: Counts up with every change to layers, lists or models that could change what is found.
_RULES = 3
#: Fewer texts than this at once are searched in this process: others take seconds to start.
_WORTH_PROCESSES = 200


def withheld(reason: str, language: str, redactor: str) -> RedactedText:
    """What is kept of a text that may not be kept: why, and which redactor has seen it."""
    return RedactedText(f"<WITHHELD:{reason}>", language, redactor, {"WITHHELD": 1})


def _parts() -> Iterator[str]:
    yield f"rules {_RULES}"
    yield f"presidio {version('presidio-analyzer')}"
    yield f"spacy {version('spacy')}"
    if extra.is_installed():
        yield f"rampart {version(extra.PACKAGE)}"


class Redactor:
    """Turns free texts into redacted ones with the layers and models of this version."""

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes
        self._pool: Pool | None = None
        self.version = ", ".join(_parts())

    def redact(self, answers: Sequence[Answer], window: WindowNames = NO_WINDOW) -> list[RedactedText]:
        """One redacted text for each answer, in order. Raises `DetectorUnavailable`, never lets pass."""
        results = self._search(answers, window)
        return [
            withheld(r.withheld, r.language, self.version)
            if r.withheld
            else RedactedText(r.text, r.language, self.version, dict(r.removed))
            for r in results
        ]

    def explain(self, answers: Sequence[Answer]) -> list[list[tuple[str, str, str]]]:
        """What would be taken out of each answer: the words themselves, their kind, and the layers.

        For a person at a terminal who has the raw text before them; it must not be kept.
        """
        works = self._engine.search(answers, NO_WINDOW)
        return [[("the whole text", "WITHHELD", w.withheld)] if w.withheld else w.found for w in works]

    def _search(self, answers: Sequence[Answer], window: WindowNames) -> Sequence["Work | Result"]:
        if self._pool is None and self._processes > 1 and len(answers) >= _WORTH_PROCESSES:
            from pseudonymize.redaction.workers import Pool

            self._pool = Pool(self._processes)
        return (self._pool or self._engine).search(answers, window)

    @cached_property
    def _engine(self) -> "Engine":
        try:
            from pseudonymize.redaction.engine import Engine

            return Engine()
        except DetectorUnavailable:
            raise
        except Exception as error:  # a broken installation fails in many ways
            problem = type(error).__name__
        raise DetectorUnavailable(
            f"the recognisers of personal data cannot be loaded ({problem})",
            hint="reinstall Tillit and its locked requirements",
        )
