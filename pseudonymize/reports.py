"""What an import or a rescan tells about itself: counts, names of columns, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """The outcome of one import.

    `counts` by what became of rows, `quarantined` by reason, `removed` by kind of personal data,
    `withheld` by language, or as special; `flagged` by special category; `dropped` are the columns that
    went no further than the door; `alarms` by what they say, with the number of answers.
    """

    run_id: str
    counts: Mapping[str, int]
    quarantined: Mapping[str, int]
    removed: Mapping[str, int]
    withheld: Mapping[str, int]
    flagged: Mapping[str, int]
    dropped: tuple[str, ...]
    alarms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RescanReport:
    """The outcome of one rescan.

    `counts` of answers looked at, changed and withheld; `removed` by kind of personal data, `flagged` by
    special category.
    """

    run_id: str
    counts: Mapping[str, int]
    removed: Mapping[str, int]
    flagged: Mapping[str, int]


class Steps(Protocol):
    """Counts work done; a progress bar, or nothing."""

    def __call__(self, done: int) -> None: ...


class Progress(Protocol):
    """Begins a stretch of work with a name for people and, where known, its length."""

    def __call__(self, what: str, total: int | None) -> Steps: ...


def no_progress(what: str, total: int | None) -> Steps:
    """For work that nobody watches."""
    return lambda done: None
