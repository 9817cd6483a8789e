"""The first pass over an export: which rows are the newest version of an answer, which are bad.

Nothing is written and nothing raw is kept but the names of the window, so that an import that must
be refused is refused before it has begun.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from data.stores.responses import Known
from pseudonymize.derive import Derivation
from pseudonymize.gate import Gate
from pseudonymize.raw import RawResponse, RawRow
from pseudonymize.validate import Reason, Validator


@dataclass(frozen=True, slots=True)
class Window:
    """The local dates of answers to take in; both ends included, an open end is None."""

    since: date | None
    until: date | None
    zone: str

    def __contains__(self, moment: datetime) -> bool:
        day = moment.astimezone(ZoneInfo(self.zone)).date()
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(slots=True)
class _Newest:
    """The newest version seen of one response: by content, the rows that say so."""

    modified_at: datetime | None
    rows: dict[str, int]


@dataclass(slots=True)
class FirstPass:
    """What the first pass found. `take` are row numbers to import, `bad` those for quarantine."""

    counts: Counter[str] = field(default_factory=lambda: Counter(rows=0))
    bad: dict[int, Reason] = field(default_factory=dict)
    take: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    _newest: dict[str, _Newest] = field(default_factory=dict)

    def read(
        self,
        rows: Iterable[RawRow],
        validate: Validator,
        derivation: Derivation,
        window: Window,
        gate: Gate,
        progress: Callable[[int], None],
    ) -> None:
        """Look at every row once. What the gate keeps out is counted, and goes nowhere."""
        for row in rows:
            self.counts["rows"] += 1
            progress(1)
            answer = validate(row)
            moment = validate.answered_at(row) if isinstance(answer, Reason) else answer.answered_at
            if moment is not None and moment not in window:
                self.counts["outside the window"] += 1
                continue
            if isinstance(answer, RawResponse):
                self.names |= {answer.name, (answer.written or answer).name}
            if kept_out := gate.against(row, answer, moment):
                self.counts[kept_out] += 1
            elif isinstance(answer, Reason):
                self.bad[row.number] = answer
            else:
                self._consider(answer, derivation.response_key(answer), derivation.content_key(answer))

    def decide(self, known: Callable[[Iterable[str]], Mapping[str, Known]]) -> None:
        """Choose the rows to import, against what the store knows already."""
        stored = known(self._newest)
        for key, newest in self._newest.items():
            rows = list(newest.rows.values())
            verdict = _against_store(newest, stored.get(key))
            if verdict == "take" and len(rows) == 1:
                self.take.add(rows[0])
            elif verdict in ("take", "conflict"):
                self.bad.update(dict.fromkeys(rows, Reason.CONFLICT))
            else:
                self.counts[verdict] += len(rows)
        self._newest.clear()

    def _consider(self, answer: RawResponse, key: str, content: str) -> None:
        newest = self._newest.get(key)
        if newest is None:
            self._newest[key] = _Newest(answer.modified_at, {content: answer.row})
        elif content in newest.rows and _newer(answer.modified_at, newest.modified_at) is not True:
            self.counts["repeated"] += 1
        else:
            self._compare(newest, answer, content)

    def _compare(self, newest: _Newest, answer: RawResponse, content: str) -> None:
        match _newer(answer.modified_at, newest.modified_at):
            case True:
                self.counts["older versions"] += len(newest.rows)
                newest.modified_at, newest.rows = answer.modified_at, {content: answer.row}
            case False:
                self.counts["older versions"] += 1
            case None:
                newest.rows[content] = answer.row


def _newer(one: datetime | None, other: datetime | None) -> bool | None:
    """Whether a version is newer, or None where the two times do not tell."""
    if one is None or other is None or one == other:
        return None
    return one > other


def _against_store(newest: _Newest, stored: Known | None) -> str:
    if stored is None:
        return "take"
    newer = _newer(newest.modified_at, stored.modified_at)
    if newer:
        return "take"
    if stored.content_key in newest.rows and len(newest.rows) == 1:
        return "already imported"
    return "conflict" if newer is None else "older versions"
