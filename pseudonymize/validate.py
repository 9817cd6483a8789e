"""From a row of text to a validated answer, or the reason why not. Pure, and strict: nothing is guessed."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.records import canonical_reference, is_crm_reference, is_label
from governance.policy import Policy
from pseudonymize.corrections import Corrections
from pseudonymize.generalize import Generalizer
from pseudonymize.mapping import FieldName, Mapping, SkippedTimeError
from pseudonymize.normalize import canonical_email
from pseudonymize.raw import RawResponse, RawRow


class Reason(StrEnum):
    """Why a row went to quarantine; the words are shown to people."""

    RAGGED = "another number of cells than the header"
    CELL_ERROR = "an identifier is an error of the spreadsheet"
    COLUMN = "a column that the mapping names is not in this row"
    NO_ID = "no response id"
    TIME = "a time is not written as the mapping says"
    SKIPPED = "a clock change skipped this time"
    SCORE = "the score is not a whole number"
    SCALE = "the score is outside its scale"
    EMAIL = "the e-mail address is malformed"
    REFERENCE = "the CRM reference is malformed"
    CYCLE = "the survey cycle is not a label with a digit"
    LONG = "the text is longer than allowed"
    CONTROL = "a cell holds control characters"
    CONFLICT = "two versions of one response differ and neither is newer"
    LEAK = "an identifier was left in what would leave the raw room"


_WHOLE = re.compile(r"([+-]?[0-9]+)([.,]0+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LONGEST_CELL = 500


_IDENTIFIERS: tuple[FieldName, ...] = (
    "response_id",
    "respondent_id",
    "name",
    "first_name",
    "last_name",
    "email",
    "crm_reference",
)
#: What a spreadsheet writes where it cannot calculate; as an id, it would make one person of many.
CELL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}


class _Bad(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Validator:
    """Validates rows of one survey under one policy."""

    mapping: Mapping
    policy: Policy
    generalizer: Generalizer
    corrections: Corrections = field(default_factory=Corrections)

    def __call__(self, row: RawRow) -> RawResponse | Reason:
        """The validated answer, with what its writer has had corrected, or the first reason against it."""
        if row.ragged:
            return Reason.RAGGED
        if any(column not in row.cells for column in self.mapping.named.values()):
            return Reason.COLUMN
        try:
            return self.corrections.row(self._response(row), self.mapping.vendor, self.mapping.survey)
        except _Bad as bad:
            return bad.reason

    def answered_at(self, row: RawRow) -> datetime | None:
        """When a row that is bad for another reason was answered, or None where even that cannot be told."""
        try:
            return None if row.ragged else self._time(row.cells[self.mapping.columns["answered_at"]].strip())
        except (_Bad, KeyError):
            return None

    def cycle(self, row: RawRow, answered_at: datetime) -> str:
        """The cycle of a row that is bad for another reason, or nothing where it cannot be told."""
        try:
            return self._cycle(row.cells.get(self.mapping.named.get("cycle", ""), "").strip(), answered_at)
        except _Bad:
            return ""

    def _response(self, row: RawRow) -> RawResponse:
        cells = {name: row.cells[column] for name, column in self.mapping.named.items()}
        self._check_text(cells)
        cells = {name: cell.strip() for name, cell in cells.items()}
        if any(cells.get(name) in CELL_ERRORS for name in _IDENTIFIERS):
            raise _Bad(Reason.CELL_ERROR)
        answered_at = self._time(cells["answered_at"])
        modified = cells.get("modified_at", "")
        return RawResponse(
            row=row.number,
            response_id=cells["response_id"] or _bad(Reason.NO_ID),
            respondent_id=cells.get("respondent_id", ""),
            crm_reference=_reference(cells.get("crm_reference", "")),
            name=_name(cells),
            email=_email(cells.get("email", "")),
            email_given=cells.get("email", ""),
            answered_at=answered_at,
            modified_at=self._time(modified) if modified else None,
            cycle=self._cycle(cells.get("cycle", ""), answered_at),
            score=self._score(cells["score"]),
            text=cells.get("text", ""),
            language=cells.get("language", ""),
            role=self.generalizer.role(cells.get("job_title", "")),
            workplace=self.generalizer.workplace(cells.get("workplace", "")),
            country=self.generalizer.country(cells.get("country", "")),
            given=(cells.get("job_title", ""), cells.get("workplace", ""), cells.get("country", "")),
        )

    def _check_text(self, cells: dict[FieldName, str]) -> None:
        if any(_CONTROL.search(cell) for cell in cells.values()):
            raise _Bad(Reason.CONTROL)
        limit = int(self.policy.limit("text_length"))
        if any(len(cell) > (limit if name == "text" else _LONGEST_CELL) for name, cell in cells.items()):
            raise _Bad(Reason.LONG)

    def _time(self, text: str) -> datetime:
        try:
            return self.mapping.moment(text)
        except SkippedTimeError:
            raise _Bad(Reason.SKIPPED) from None
        except (ValueError, OverflowError):
            raise _Bad(Reason.TIME) from None

    def _cycle(self, label: str, answered_at: datetime) -> str:
        cycle = self.mapping.cycle.of(label, answered_at.astimezone(ZoneInfo(self.mapping.times.zone)))
        has_digit = any(c.isdigit() for c in cycle)  # a name has none, and the cycle reaches the CRM
        return cycle if is_label(cycle) and has_digit else _bad(Reason.CYCLE)

    def _score(self, text: str) -> int | None:
        """A whole number on the scale; an empty cell is a partial answer (SEC-28), never zero."""
        if not text:
            return None
        match = _WHOLE.fullmatch(text)
        if match is None:
            raise _Bad(Reason.SCORE)
        score = int(match[1])
        if score not in self.mapping.survey_scale:
            raise _Bad(Reason.SCALE)
        return score


def _bad(reason: Reason) -> str:
    raise _Bad(reason)


def _email(text: str) -> str:
    if not text:
        return ""
    try:
        return canonical_email(text)
    except ValueError:
        raise _Bad(Reason.EMAIL) from None


def _reference(text: str) -> str:
    return canonical_reference(text) if not text or is_crm_reference(text) else _bad(Reason.REFERENCE)


def _name(cells: dict[FieldName, str]) -> str:
    parts: tuple[FieldName, ...] = ("name", "first_name", "last_name")
    return " ".join(cells[part] for part in parts if cells.get(part))
