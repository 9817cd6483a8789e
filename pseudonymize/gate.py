"""Which rows may not come in at all, whatever they hold: looked at before the first write of an import."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from data.store import Event, Events
from governance.policy import Policy
from governance.retention import deadline
from pseudonymize.at_vendor import AtVendor
from pseudonymize.guess import Unread, guessed, itself
from pseudonymize.mapping import Mapping
from pseudonymize.normalize import canonical_name
from pseudonymize.raw import RawResponse, RawRow
from pseudonymize.register import Identifier, IsSuppressed
from pseudonymize.validate import Reason

SUPPRESSED, PAST = "suppressed", "past their period"


def identifiers(raw: RawResponse, vendor: str, survey: str) -> Iterator[Identifier]:
    """Everything that identifies the writer of a row, or the row."""
    yield "response", vendor, survey, raw.response_id
    if raw.email:
        yield "address", raw.email
        yield "person", raw.email, canonical_name(raw.name)
    if raw.respondent_id:
        yield "respondent", vendor, raw.respondent_id
    if raw.crm_reference:
        yield "reference", raw.crm_reference
    if raw.written and raw.written.email:  # at an address that was not theirs others may write
        yield "person", raw.written.email, canonical_name(raw.written.name)


@dataclass(slots=True)
class Gate:
    """Keeps out people who were erased or object, and answers past their period at the vendor.

    `restricted` knows those whose answers come in and are not used. `compiled` are the cycles of this survey
    that were compiled, with the moment; `happened` tells what is known of the contact with a CRM reference.
    What is kept out for its writer or its age stands at the vendor all the same, and is noted in `at_vendor`.
    """

    policy: Policy
    mapping: Mapping
    suppressed: IsSuppressed
    restricted: IsSuppressed
    compiled: dict[tuple[str, str], datetime]
    happened: Callable[[str], Events]
    moment: datetime
    at_vendor: AtVendor
    _soonest: dict[tuple[date, str], datetime] = field(default_factory=dict)

    def against(self, row: RawRow, answer: RawResponse | Reason, moment: datetime | None) -> str:
        """Why a row may not come in, in the word of the counts, or nothing. `moment` in UTC, if known."""
        unread = Unread(row, self.mapping.vendor, self.mapping.survey, self.mapping.by_name)
        if isinstance(answer, RawResponse):
            known_by = identifiers(answer, self.mapping.vendor, self.mapping.survey)
            happened = self.happened(answer.crm_reference) if answer.crm_reference else {}
            cycle, response_id = answer.cycle, answer.response_id
        else:
            known_by, happened, cycle, response_id = guessed(unread), {}, "", ""
        if self.suppressed(known_by):
            return self.at_vendor.keep_out(SUPPRESSED, row, response_id)
        if self.suppressed([itself(unread)]):  # destroyed for a name: whoever wrote it may stay at the vendor
            return SUPPRESSED
        past = moment is not None and self._is_past(moment, cycle, happened)
        return self.at_vendor.keep_out(PAST, row, response_id) if past else ""

    def is_restricted(self, raw: RawResponse) -> bool:
        """Whether an answer is kept and not used, as its writer has asked."""
        return self.restricted(identifiers(raw, self.mapping.vendor, self.mapping.survey))

    def _is_past(self, moment: datetime, cycle: str, happened: Events) -> bool:
        if happened:
            return self._due(moment, cycle, happened) <= self.moment
        day = moment.date(), cycle
        if day not in self._soonest:  # of most answers the day says that they are not due for long
            self._soonest[day] = self._due(datetime.combine(moment.date(), time(), UTC), cycle, {})
        return self._soonest[day] <= self.moment and self._due(moment, cycle, {}) <= self.moment

    def _due(self, moment: datetime, cycle: str, happened: Events) -> datetime:
        survey = self.mapping.survey
        events = {**happened, Event.ANSWERED: moment}
        if (compiled := self.compiled.get((survey, cycle))) is not None:
            events[Event.COMPILED] = compiled
        return min(deadline(self.policy, store, events, survey).at for store in ("vendor", "responses"))
