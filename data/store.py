"""What every store of personal data can do, so that it is forgotten in time and on request.

A store that comes later implements `Store`, is made in `flows/stores.py`, and has a rule in each policy
and its columns in `governance/columns.yaml`; a home refuses to open while one of these is missing.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol


class Event(StrEnum):
    """What starts a period."""

    ANSWERED = "answered"
    COLLECTED = "collected"
    COMPILED = "compiled"
    CUSTOMER_ENDED = "customer_ended"
    PERSON_LEFT = "person_left"
    CASE_CLOSED = "case_closed"

    __hash__ = str.__hash__  # Enum's own is written in Python, and a night's plan asks for millions


#: What a deletion is part of.
Why = Literal["retention", "erasure", "objection", "undo", "replay", "by hand"]

#: When each event was, in UTC; one that has not happened, or is not known, is absent.
Events = Mapping[Event, datetime]


class Holding(NamedTuple):
    """One thing that a store keeps: its id there, and what started its periods.

    `awaits` are events that are known not to have happened yet, as against those of which nothing is
    known. `pseudonym` and `reference_key` say whose it is, `survey` and `cycle` of what it is, where
    the store knows: a survey of "" is one that nobody knows, None is no survey at all. Ids are random or
    keyed, never a value.
    """

    id: str
    started: Events
    awaits: frozenset[Event] = frozenset()
    survey: str | None = ""
    cycle: str = ""
    pseudonym: str = ""
    reference_key: str = ""
    policy_version: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything by which the stores know one person: keyed digests and random ids, no value.

    `rows` are ids of quarantined rows and of files in an inbox in which the person was found; `at_vendor` are
    response keys of such rows, under which nobody else's answer is known; `askers` are digests of the
    addresses, alone or with a name, from which the person has asked for something.
    """

    pseudonyms: frozenset[str] = frozenset()
    response_keys: frozenset[str] = frozenset()
    reference_keys: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()
    at_vendor: frozenset[str] = frozenset()
    askers: frozenset[str] = frozenset()


class Store(Protocol):
    """A place that keeps something of people, under the name that the policies give it.

    `by_hand` is true of a place where we cannot delete: what falls due there becomes a task.
    """

    @property
    def name(self) -> str: ...

    @property
    def by_hand(self) -> bool: ...

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        """Everything that the store keeps, or those of some things that are there."""
        ...

    def of(self, subject: Subject) -> Collection[str]:
        """Ids of everything that the store keeps of one person."""
        ...

    def forget(self, ids: Collection[str], why: Why) -> int:
        """Delete for good; returns how many were there. One that is gone already is no error.

        `why` is for a store that lists its deletions as runs.

        Either all of it is done when this returns, or it is done by calling again. Of a store by
        hand this is called when somebody has confirmed it.
        """
        ...

    def present(self, ids: Collection[str]) -> set[str]:
        """Which of these are still there, read from where they are kept."""
        ...
