"""Bring the CRM's scores to what the policy allows today: write what is new, clear what must go."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from data.chunks import chunks
from data.records import CrmReference, ScoreRecord, SurveyCycle
from data.store import Subject
from data.stores import crm_ledger
from data.stores.crm import Outcome
from data.stores.crm_ledger import Place, Score
from data.stores.relations import Relations
from flows.crm_store import clear_scores
from flows.wiring import Home
from governance import evidence
from governance.crm_scores import COLUMNS, Allowed, allowed_scores, check_recipient, may_have_scores
from pseudonymize import (
    Progress,
    Room,
    Steps,
    crm_reference_keys,
    crm_reference_keys_of,
    crm_references,
    not_suppressed,
    seal_reference,
    shared_addresses,
    sweep,
)

_BATCH = 500


def sync_scores(home: Home, controller: str, progress: Progress) -> dict[str, int]:
    """Write, update and clear scores; returns counts by outcome.

    Compares what may stand in the CRM with what we have written, so that it is incremental,
    idempotent, and catches up by itself after a crash. Raises `PolicyForbids` where the policy does not
    let the CRM have scores; what an earlier one let it have is cleared then.
    """
    room = home.room(controller)
    if not may_have_scores(room.policy):
        _clear_all(home, room)
    check_recipient(room.policy, home.clock.now().date())
    with home.lock():
        sweep(room)
        return bring_up_to_date(home, room, progress)


def bring_up_to_date(home: Home, room: Room, progress: Progress) -> dict[str, int]:
    """The same where the policy is known to let the CRM have scores. Needs the home's lock."""
    allowed, ledger = _compare(home, room)
    changed = {place: score for place, score in allowed.scores.items() if ledger.get(place) != score}
    stale = {place: score for place, score in ledger.items() if place not in allowed.scores}
    counts = Counter({"unchanged": len(allowed.scores) - len(changed), "written": 0, "unknown": 0})
    if changed or stale:
        planned = Counter({"to write": len(changed), "to clear": len(stale)})
        _record(home, room, "score sync begun", planned)
    counts.update(_write(home, room, changed, progress("writing to the CRM", len(changed))))
    counts["cleared"] = clear_scores(home, room, stale)
    counts.update(allowed.left_out)
    _record(home, room, "score sync", counts)
    return dict(counts)


def clear_wrong(home: Home, room: Room) -> int:
    """Clear what may not stand in the CRM as it is; writes nothing. Needs the home's lock."""
    with home.engine.connect() as connection:
        ledger = crm_ledger.read(connection, room.policy.controller)
    allowed = _compare(home, room)[0].scores if ledger and may_have_scores(room.policy) else {}
    wrong = {place: score for place, score in ledger.items() if allowed.get(place) != score}
    return clear_scores(home, room, wrong)


def _clear_all(home: Home, room: Room) -> None:
    """Clear what an earlier policy let the CRM have."""
    with home.lock():
        sweep(room)
        with home.engine.connect() as connection:
            ledger = crm_ledger.read(connection, room.policy.controller)
        if ledger:
            _record(home, room, "score sync begun", Counter({"to clear": len(ledger)}))
            _record(home, room, "score sync", Counter({"cleared": clear_scores(home, room, ledger)}))


def score_status(home: Home, controller: str) -> dict[str, int]:
    """How many scores stand in the CRM, how many wait to be written or cleared, and why some never are."""
    allowed, ledger = _compare(home, home.room(controller))
    waiting = sum(ledger.get(place) != score for place, score in allowed.scores.items())
    stale = sum(place not in allowed.scores for place in ledger)
    return {"in the CRM": len(ledger), "to write": waiting, "to clear": stale, **allowed.left_out}


def without(home: Home, room: Room, response_keys: Collection[str]) -> dict[Place, Score]:
    """The scores in the CRM of some answers' writers that may not stand there without these answers."""
    responses = home.responses.read(room.policy.controller, COLUMNS)
    gone = _is_in(responses["response_key"], response_keys)
    theirs = home.responses.writers(room.policy.controller, response_keys)
    with home.engine.connect() as connection:
        places = crm_ledger.near(connection, room.policy.controller, theirs, ())
        standing = crm_ledger.find(connection, room.policy.controller, places)
    left = responses.filter(pc.and_(pc.invert(gone), _is_in(responses["pseudonym"], theirs)))
    allowed = _allowed(home, room, left, crm_reference_keys_of(room, theirs))
    return {place: score for place, score in standing.items() if allowed.scores.get(place) != score}


def not_allowed_now(home: Home, room: Room, subject: Subject) -> dict[Place, Score]:
    """A person's scores in the CRM that may not stand there with what is read of them now."""
    controller = room.policy.controller
    with home.engine.connect() as connection:
        places = crm_ledger.near(connection, controller, subject.pseudonyms, subject.reference_keys)
        standing = crm_ledger.find(connection, controller, places)
    people = {score.pseudonym for score in standing.values()}
    responses = home.responses.read(controller, COLUMNS)
    theirs = responses.filter(_is_in(responses["pseudonym"], people))
    allowed = _allowed(home, room, theirs, crm_reference_keys_of(room, people))
    return {place: score for place, score in standing.items() if allowed.scores.get(place) != score}


def _compare(home: Home, room: Room) -> tuple[Allowed, dict[Place, Score]]:
    responses = home.responses.read(room.policy.controller, COLUMNS)
    allowed = _allowed(home, room, responses, crm_reference_keys(room))
    with home.engine.connect() as connection:
        return allowed, crm_ledger.read(connection, room.policy.controller)


def _allowed(home: Home, room: Room, responses: pa.Table, references: dict[str, set[str]]) -> Allowed:
    shared = shared_addresses(room)
    with home.engine.connect() as connection:
        known = Relations.read(connection, room.policy.controller)
    return allowed_scores(room.policy, responses, references, shared, known, home.clock.now())


def _is_in(column: pa.ChunkedArray, values: Iterable[str]) -> pa.ChunkedArray:
    return pc.is_in(column, value_set=pa.array(sorted(values), pa.string()))


def _write(home: Home, room: Room, changed: dict[Place, Score], steps: Steps) -> Counter[str]:
    """Note, write, confirm: a score that may stand in the CRM always stands in the ledger."""
    outcomes: Counter[str] = Counter()
    for some in chunks(changed.items(), _BATCH):
        references = crm_references(room, {score.pseudonym for _, score in some})
        permitted = not_suppressed(room, references)
        if kept_out := sum(place[0] not in permitted for place, _ in some):
            outcomes["suppressed"] += kept_out
        some = [(place, score) for place, score in some if place[0] in permitted]
        scores = [
            (place, replace(score, sealed_reference=seal_reference(room, references[place[0]], place)))
            for place, score in some
        ]
        _note(home, room, [(place, replace(score, confirmed=False)) for place, score in scores])
        results = home.crm.put([_record_of(references[p[0]], p[1], score) for p, score in scores])
        taken = [entry for entry, result in zip(scores, results, strict=True) if result is Outcome.WRITTEN]
        _note(home, room, taken)
        _forget(home, room, {place for place, _ in scores} - {place for place, _ in taken})
        outcomes.update(results)
        steps(len(some))
    return outcomes


def _note(home: Home, room: Room, scores: Iterable[tuple[Place, Score]]) -> None:
    with home.engine.begin() as connection:
        crm_ledger.note(connection, room.policy.controller, scores)


def _forget(home: Home, room: Room, places: Iterable[Place]) -> None:
    with home.engine.begin() as connection:
        crm_ledger.forget(connection, room.policy.controller, places)


def _record_of(reference: CrmReference, cycle: SurveyCycle, score: Score) -> ScoreRecord:
    return ScoreRecord(reference, score.score, score.scale, cycle, score.answered_on)


def _record(home: Home, room: Room, kind: str, counts: Counter[str]) -> None:
    details = {"controller": room.policy.controller, "crm": home.crm.name, "counts": dict(counts)}
    with home.engine.begin() as connection:
        evidence.record(connection, home.clock.now(), kind, {**details, "policy": room.policy.version})
