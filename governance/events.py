"""Joins what a store knows of a thing with what is known of its person and its survey. Pure."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from data.store import Event, Holding
from data.stores.relations import Relations


@dataclass(frozen=True, slots=True)
class Happened:
    """Everything that starts or ends periods from outside a store.

    `references` are digests of the CRM references of each pseudonym; `compiled` the moments (UTC) at
    which cycles were compiled, by survey and cycle.
    """

    relations: Relations
    references: Mapping[str, Set[str]]
    compiled: Mapping[tuple[str, str], datetime]

    def joined(self, holdings: Iterator[Holding]) -> Iterator[Holding]:
        """The holdings, each with every event that concerns it."""
        if not self.relations and not self.compiled:
            return holdings
        return map(self._joined, holdings)

    def _joined(self, holding: Holding) -> Holding:
        keys = {holding.reference_key} if holding.reference_key else self.references.get(holding.pseudonym)
        started, awaits = self.relations.of(keys or ())
        if (at := self.compiled.get((holding.survey or "", holding.cycle))) is not None:
            started = {**started, Event.COMPILED: at}
        if not started and not awaits:
            return holding
        return holding._replace(started={**holding.started, **started}, awaits=holding.awaits | awaits)
