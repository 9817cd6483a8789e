"""The second pass over an export: pseudonym, redaction, leak check, vault, Parquet, batch by batch.

What it writes waits unseen until `commit` publishes the run.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from data.chunks import chunks
from data.errors import VerificationFailed
from data.records import RedactedText, Response, SurveyCycle
from data.stores.response_files import ResponseFile
from data.stores.runs import Run
from pseudonymize.derive import Derivation
from pseudonymize.first_pass import FirstPass
from pseudonymize.gate import Gate
from pseudonymize.guess import Unread, texts_of
from pseudonymize.identity import Identity
from pseudonymize.leak_check import leaks
from pseudonymize.quarantine import BadRow
from pseudonymize.raw import RawResponse, RawRow
from pseudonymize.redact import withheld
from pseudonymize.redaction.people import Answer, WindowNames
from pseudonymize.register import text_of
from pseudonymize.reports import Steps
from pseudonymize.room import Room
from pseudonymize.screen import SPECIAL, screened
from pseudonymize.source import QuarantinedRows, Source
from pseudonymize.validate import Reason, Validator
from pseudonymize.vault import Visit

_BATCH = 256

Pair = tuple[RawRow, RawResponse]


@dataclass(slots=True)
class SecondPass:
    """The second pass of one run; counts what redaction took out, what was withheld, what was flagged.

    `restricted` are keys of answers that are kept and not used.
    """

    room: Room
    source: Source
    run: Run
    first: FirstPass
    validate: Validator
    derivation: Derivation
    gate: Gate
    removed: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    restricted: set[str] = field(default_factory=set)

    def write(self, steps: Steps) -> list[ResponseFile]:
        """Process every row that the first pass chose, and quarantine every bad one."""
        writer = self.room.responses.writer(self.run.id)
        names = WindowNames(self.first.names)
        done = 0
        for rows in chunks(self.source.rows(), _BATCH):
            bad = self.first.bad
            self._quarantine([(row, bad[row.number]) for row in rows if row.number in bad])
            pairs = list(self._chosen(rows))
            if isinstance(self.source, QuarantinedRows):
                self._note_tried_again(pairs)
            comments = self._redact(pairs, names)
            responses = [
                self._response(raw, comment) for (_, raw), comment in zip(pairs, comments, strict=True)
            ]
            writer.add(self._checked(pairs, responses))
            done += len(pairs)
            steps(len(pairs))
        if done != len(self.first.take):
            raise VerificationFailed(f"{len(self.first.take) - done} chosen rows were not seen again")
        return writer.close()

    def _note_tried_again(self, pairs: Sequence[Pair]) -> None:
        """Note at the vendor what no export has shown just now, so that it proves nothing of one."""
        for row, raw in pairs:
            self.gate.at_vendor.note(row, raw.response_id)

    def _chosen(self, rows: Sequence[RawRow]) -> Iterator[Pair]:
        for row in rows:
            if row.number in self.first.take:
                answer = self.validate(row)
                if isinstance(answer, RawResponse):
                    yield row, answer

    def _redact(self, pairs: Sequence[Pair], names: WindowNames) -> list[RedactedText | None]:
        written = [raw for _, raw in pairs if raw.text]
        answers = [_as_known(raw) for raw in written]
        redacted = iter(self.room.redactor.redact(answers, names) if answers else [])
        return [self._unless_withheld(raw, next(redacted)) if raw.text else None for _, raw in pairs]

    def _unless_withheld(self, raw: RawResponse, comment: RedactedText) -> RedactedText:
        """The text, unless somebody has had it taken out: a newer version of it stays out as well."""
        text = text_of(self.source.mapping.vendor, self.source.mapping.survey, raw.response_id)
        gone = self.gate.suppressed([text])
        return withheld("request", comment.language, comment.redactor) if gone else comment

    def _checked(self, pairs: Sequence[Pair], responses: Sequence[Response]) -> list[Response]:
        """The responses that hold no identifier of their writer; the others go to quarantine."""
        both = list(zip(pairs, responses, strict=True))
        leaking = {r.response_key for (_, raw), r in both if leaks(r, raw) or leaks(r, raw.written or raw)}
        self._quarantine([(row, Reason.LEAK) for (row, _), r in both if r.response_key in leaking])
        clean = [((row, raw), r) for (row, raw), r in both if r.response_key not in leaking]
        self.restricted |= {r.response_key for (_, raw), r in clean if self.gate.is_restricted(raw)}
        self.room.vault.stage(self.run.id, [self._visit(raw, r) for (_, raw), r in clean])
        return [self._screened(response) for _, response in clean]

    def _quarantine(self, found: Sequence[tuple[RawRow, Reason]]) -> None:
        if not isinstance(self.source, QuarantinedRows):  # those are there already, with their clock
            vendor, bad = self.source.mapping.vendor, [self._bad_row(row, reason) for row, reason in found]
            self.room.quarantine.stage(self.run.id, vendor, self.run.survey, bad, self.run.started_at)
            for row, _ in found:
                self.gate.at_vendor.note(row)
        self.first.bad.update({row.number: reason for row, reason in found})

    def _bad_row(self, row: RawRow, reason: Reason) -> BadRow:
        """A row to be set aside, without what is to stay out; known again as the export has it."""
        kept, columns = self._without_dropped(row), self.source.mapping.by_name
        row_key = self.derivation.row_key(kept.cells)
        unread = Unread(kept, self.source.mapping.vendor, self.source.mapping.survey, columns)
        if unread.cell("text") and self.gate.suppressed(texts_of(unread)):
            kept = RawRow(row.number, {**kept.cells, columns["text"]: ""}, row.ragged)
        return BadRow(kept, reason, row_key, columns)

    def _without_dropped(self, row: RawRow) -> RawRow:
        """A row without the columns that go no further than the door; a ragged one cannot tell them."""
        drop = self.source.mapping.drop
        return RawRow(row.number, {c: v for c, v in row.cells.items() if c not in drop}, row.ragged)

    def _visit(self, raw: RawResponse, response: Response) -> Visit:
        mapping = self.source.mapping
        person = (response.pseudonym.value, self.derivation.name_key(raw.name))
        identity = Identity.of(raw, response.response_key)
        vendor = (mapping.vendor, mapping.survey, raw.response_id)
        return Visit(person, identity, response.response_key, vendor, response.answered_at, response.cycle)

    def _screened(self, response: Response) -> Response:
        """The response without a comment that the policy withholds for what it tells."""
        if response.comment is None:
            return response
        comment, categories = screened(response.comment, self.room.policy)
        self.flagged.update(categories)
        self._count(comment)
        return replace(response, comment=comment)

    def _count(self, comment: RedactedText) -> None:
        removed = Counter(comment.removed)
        if removed.pop("WITHHELD", 0):
            self.withheld["special" if comment.text == SPECIAL else comment.language] += 1
        self.removed.update(removed)

    def _response(self, raw: RawResponse, comment: RedactedText | None) -> Response:
        pseudonym, linkable = self.derivation.pseudonym(raw)
        return Response(
            controller=self.room.policy.controller,
            cycle=SurveyCycle(self.source.mapping.survey, raw.cycle),
            response_key=self.derivation.response_key(raw),
            content_key=self.derivation.content_key(raw),
            pseudonym=pseudonym,
            linkable=linkable,
            answered_at=raw.answered_at,
            modified_at=raw.modified_at,
            collected_at=self.run.started_at,
            score=raw.score,
            scale=self.source.mapping.survey_scale,
            comment=comment,
            role=raw.role,
            workplace=raw.workplace,
            country=raw.country,
            policy_version=self.room.policy.version,
        )


def _as_known(raw: RawResponse) -> Answer:
    """A text with all that its writer is called, what was corrected and what the export says."""
    rows = [raw, *([raw.written] if raw.written else [])]
    name = " ".join(dict.fromkeys(row.name for row in rows))
    addresses = dict.fromkeys(address for row in rows for address in (row.email, row.email_given))
    return Answer(raw.text, raw.language, name, tuple(addresses))
