"""Which scores the CRM may hold: one for each contact, survey and cycle, inside its period. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from data.errors import PolicyForbids
from data.records import Scale, ScoreRecord, SurveyCycle
from data.store import Event, Events
from data.stores.crm_ledger import Place, Score
from data.stores.relations import Relations
from governance.coverage import known_columns
from governance.features import check_allowed
from governance.policy import Policy
from governance.retention import deadline

#: Where the policy keeps scores of the CRM: there, and in our ledger of it. Either clock ends a score.
STORES = ("crm", "crm_ledger")
#: What `allowed_scores` needs to know of each response.
COLUMNS = [
    "controller",
    "survey",
    "cycle",
    "pseudonym",
    "answered_at",
    "response_key",
    "score",
    "scale_minimum",
    "scale_maximum",
]


def check_recipient(policy: Policy, day: date) -> None:
    """Raise `PolicyForbids` unless the policy names the CRM as a recipient of every field of a score."""
    check_allowed(policy, "crm", day)
    if untold := _untold(policy):
        raise PolicyForbids(f"{policy.recipients['crm'].clause} does not let the CRM have {untold[0]}")


def may_have_scores(policy: Policy) -> bool:
    """Whether the policy tells the CRM of scores at all, agreements and the like apart."""
    return "crm" in policy.recipients and not _untold(policy)


def _untold(policy: Policy) -> list[str]:
    """The fields of a score that the policy does not let the CRM have."""
    rule, told = policy.recipients["crm"], known_columns().outgoing["crm"]
    names = (part.name for part in fields(ScoreRecord))
    return [name for name in names if name not in told or not told[name] <= rule.fields]


@dataclass(slots=True)
class Allowed:
    """The scores that may stand in the CRM, and how many may not, by reason."""

    scores: dict[Place, Score] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def allowed_scores(
    policy: Policy,
    responses: pa.Table,
    references: Mapping[str, Set[str]],
    shared: Set[str],
    relations: Relations,
    now: datetime,
) -> Allowed:
    """The latest score of each contact in each cycle, where policy and identity leave no doubt.

    `responses` has `COLUMNS`; `references` gives digests of CRM references by pseudonym; `shared`
    are pseudonyms of addresses that several people use; `relations` say who is a customer no more. An
    answer without a score is left out silently: it is a partial answer, not a zero (SEC-28).
    """
    allowed, latest = Allowed(), dict[Place, tuple[datetime, str]]()
    for row in _rows(responses):
        if row["controller"] != policy.controller or row["score"] is None:
            continue
        known = references.get(row["pseudonym"], frozenset())
        events = {Event.ANSWERED: row["answered_at"], **relations.of(known)[0]}
        if reason := _against(policy, row, row["pseudonym"] in shared, len(known), events, now):
            allowed.left_out[reason] += 1
            continue
        (reference_key,) = known
        place = (reference_key, SurveyCycle(row["survey"], row["cycle"]))
        version = (row["answered_at"], row["response_key"])
        if place not in latest or version > latest[place]:
            latest[place] = version
            allowed.scores[place] = _score(row)
    return allowed


def _against(
    policy: Policy, row: Mapping[str, Any], shared: bool, references: int, events: Events, now: datetime
) -> str:
    if shared:
        return "shared address"
    if references == 0:
        return "no CRM reference"
    if references > 1:
        return "several CRM references"
    if any(deadline(policy, store, events, row["survey"]).at <= now for store in STORES):
        return "period over"
    return ""


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _score(row: Mapping[str, Any]) -> Score:
    scale = Scale(row["scale_minimum"], row["scale_maximum"])
    return Score(row["pseudonym"], row["score"], scale, row["answered_at"].astimezone(UTC).date())
