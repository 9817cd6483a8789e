"""The import of one survey's rows, from the source to the commit.

first pass    every row is validated; which is the newest version of its answer? (nothing written)
second pass   those rows, batch by batch: pseudonym, redaction, leak check, vault, Parquet
commit        one transaction lets all of it be seen
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from data.errors import TillitError, TooManyBadRows
from data.store import Events
from data.stores import relations, runs
from data.stores.response_files import ResponseFile
from pseudonymize import commit
from pseudonymize.at_vendor import AtVendor
from pseudonymize.breaches import alarms
from pseudonymize.corrections import Corrections
from pseudonymize.derive import Derivation, reference_key
from pseudonymize.event_feed import at_shared_alone
from pseudonymize.first_pass import FirstPass, Window
from pseudonymize.gate import Gate
from pseudonymize.generalize import Generalizer
from pseudonymize.guess import Unread, guessed
from pseudonymize.mapping import Mapping, check_against_policy
from pseudonymize.reports import IntakeReport, Progress, Steps
from pseudonymize.restrict import learn
from pseudonymize.room import Room
from pseudonymize.second_pass import SecondPass
from pseudonymize.source import QuarantinedRows, Source
from pseudonymize.validate import Validator

_ROWS_NAMED = 10


def take_in(room: Room, source: Source, label: str, window: Window, progress: Progress) -> IntakeReport:
    """Import the rows of a source. Needs the home's lock.

    Raises `InputRefused` where the export is not as its mapping says and `TooManyBadRows` where the
    policy refuses it; then nothing of it is kept. Rows that merely cannot pass go to quarantine.
    """
    return _Intake(room, source, window, progress).run("import", label)


def try_again(room: Room, mapping: Mapping, progress: Progress) -> IntakeReport:
    """Import what the quarantine holds of a survey, under today's mapping, policy and redactor."""
    rows = QuarantinedRows(room.quarantine, mapping)
    window = Window(None, None, mapping.times.zone)
    return _Intake(room, rows, window, progress, may_refuse=False).run("retry", "quarantine")


def examine(room: Room, source: Source, window: Window, progress: Progress) -> IntakeReport:
    """What an import would do, without doing it: nothing is written, texts are not redacted."""
    work = _Intake(room, source, window, progress)
    work.read()
    work.refuse_too_many()
    return work.report("", work.counts())


def keys_in_export(room: Room, source: Source, steps: Steps) -> tuple[set[str], set[str]]:
    """Response keys of every answer in an export, the rows that could not be taken in included.

    Also those of them whose writers are in the register.
    """
    mapping, found, out = source.mapping, set[str](), set[str]()
    suppressed = room.register.check()
    derivation = Derivation.from_ring(room.ring, mapping.vendor, mapping.survey)
    for row in source.rows():
        if response_id := row.cells.get(mapping.columns["response_id"], "").strip():
            found.add(key := derivation.key_of(response_id))
            if suppressed(guessed(Unread(row, mapping.vendor, mapping.survey, mapping.by_name))):
                out.add(key)
        steps(1)
    return found, out


@dataclass(slots=True)
class _Intake:
    """One import under way. `may_refuse` is false where every row is known to be bad already."""

    room: Room
    source: Source
    window: Window
    progress: Progress
    may_refuse: bool = True
    first: FirstPass = field(default_factory=FirstPass)
    removed: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    restricted: set[str] = field(default_factory=set)
    gate: Gate = field(init=False)
    corrections: Corrections = field(init=False)

    def __post_init__(self) -> None:
        self.corrections = Corrections.read(self.room.register.corrections())

    def run(self, kind: str, label: str) -> IntakeReport:
        """Both passes and the commit; whatever goes wrong, nothing half-written is left."""
        self.room.sweep()
        learn(self.room)  # a stop may have come between an import and what it has told
        run = self._new_run(kind, label)
        commit.begin(self.room, run)
        try:
            self.read()
            self.refuse_too_many()
            files = self._write(run)
        except TillitError:
            # Of what is no export of this mapping not a row was read: it may be any file, and gets no clock.
            read = self.source if self.first.counts["rows"] else None
            commit.refuse(self.room, run, read, self.counts())
            raise
        except Exception:
            with suppress(Exception):  # the first failure is the one to tell
                self.room.sweep()
            raise
        found = commit.Found(files, self.counts(), self._resolved(), self.gate.at_vendor, self.restricted)
        counts = commit.publish(self.room, run, self.source, found)
        learn(self.room)
        return self.report(run.id, counts)

    def read(self) -> None:
        """The first pass."""
        mapping, policy = self.source.mapping, self.room.policy
        check_against_policy(mapping, policy)
        steps = self.progress("reading", None)
        self.gate = self._gate()
        derivation = self._derivation()
        self.first.read(self.source.rows(), self._validator(), derivation, self.window, self.gate, steps)
        self.first.decide(lambda keys: self.room.responses.known(policy.controller, keys))

    def _write(self, run: runs.Run) -> list[ResponseFile]:
        """The second pass."""
        validate, derivation = self._validator(), self._derivation()
        second = SecondPass(self.room, self.source, run, self.first, validate, derivation, self.gate)
        try:
            files = second.write(self.progress("redacting", len(self.first.take)))
        finally:
            self.source.check_unchanged()  # what a file that changed makes go wrong is not to be told
        self.refuse_too_many()
        self.removed, self.withheld, self.flagged = second.removed, second.withheld, second.flagged
        self.restricted = second.restricted
        return files

    def refuse_too_many(self) -> None:
        """Raise `TooManyBadRows` where more rows are bad than the policy sets aside."""
        bad, rows, policy = len(self.first.bad), self.first.counts["rows"], self.room.policy
        allowed = max(policy.limit("bad_rows"), policy.limit("bad_share") * rows)
        if not self.may_refuse or bad == 0 or (bad <= allowed and bad < rows):
            return
        name = f"{self.source.raw_copy.name}: " if self.source.raw_copy else ""
        by_reason = Counter(reason.value for reason in self.first.bad.values())
        share, rule = policy.limit("bad_share"), policy.limits
        numbers = ", ".join(str(number) for number in sorted(self.first.bad)[:_ROWS_NAMED])
        more = ", …" if bad > _ROWS_NAMED else ""
        raise TooManyBadRows(
            f"{name}{bad} of {rows} rows cannot be taken in, more than the policy sets aside "
            f"({share:.0%}, {rule['bad_share']}; {policy.limit('bad_rows'):.0f} rows, {rule['bad_rows']}): "
            + "; ".join(f"{count} × {reason}" for reason, count in by_reason.most_common())
            + f" ({'rows' if bad > 1 else 'row'} {numbers}{more})",
            hint="nothing was written; correct the mapping or the export, and look with --dry-run",
        )

    def counts(self) -> dict[str, int]:
        """What became of the rows so far."""
        return {**self.first.counts, "to import": len(self.first.take), "quarantined": len(self.first.bad)}

    def report(self, run_id: str, counts: dict[str, int]) -> IntakeReport:
        """What may be told of this import."""
        reasons = Counter(reason.value for reason in self.first.bad.values())
        return IntakeReport(
            run_id=run_id,
            counts=counts,
            quarantined=dict(reasons),
            removed=dict(self.removed),
            withheld=dict(self.withheld),
            flagged=dict(self.flagged),
            dropped=self.source.mapping.drop,
            alarms=alarms(self.gate.at_vendor),
        )

    def _resolved(self) -> Iterable[str]:
        rows = self.source
        return rows.resolved(self.first.bad) if isinstance(rows, QuarantinedRows) else ()

    def _gate(self) -> Gate:
        room, mapping = self.room, self.source.mapping
        with room.engine.connect() as connection:
            compiled = relations.compiled(connection, room.policy.controller)
            known = relations.Relations.read(connection, room.policy.controller)

        vault = room.vault
        nobodys = at_shared_alone(vault.reference_keys(), vault.shared()) if known else set()

        def happened(reference: str) -> Events:
            if not known:
                return {}
            key = reference_key(room.ring, reference)
            return {} if key in nobodys else known.of([key])[0]

        kept_out, restricted, now = room.register.check(), room.register.restrictions(), room.clock.now()
        at_vendor = AtVendor(self._derivation(), self._validator(), now)
        return Gate(room.policy, mapping, kept_out, restricted, compiled, happened, now, at_vendor)

    def _validator(self) -> Validator:
        policy = self.room.policy
        return Validator(self.source.mapping, policy, Generalizer(policy.categories), self.corrections)

    def _derivation(self) -> Derivation:
        mapping = self.source.mapping
        return Derivation.from_ring(self.room.ring, mapping.vendor, mapping.survey)

    def _new_run(self, kind: str, label: str) -> runs.Run:
        return runs.Run(
            id=runs.new_run_id(),
            kind=kind,
            controller=self.room.policy.controller,
            survey=self.source.mapping.survey,
            source=label,
            policy_version=self.room.policy.version,
            state="running",
            started_at=self.room.clock.now(),
            finished_at=None,
            counts={},
        )
