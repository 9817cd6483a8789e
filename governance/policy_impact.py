"""What a new version of a policy forbids of that which is kept and told already, counted. Pure.

Compares two versions on real holdings: only what the new one forbids and the old one does not counts.
An answer stays under the policy that it was given under unless another is stricter, so each version is
taken together with that one: what becomes laxer frees nothing, what becomes stricter holds for all.
A legal hold may keep some of it nevertheless.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from data.errors import PolicyForbids
from data.store import Holding
from governance.coverage import known_columns
from governance.crm_scores import STORES, check_recipient
from governance.dues import Dues, PoliciesOf
from governance.policy import Policy

NO_RULE, OVER = "no rule allows it", "its period is over"


@dataclass(frozen=True, slots=True)
class Affected:
    """Things of one store that the new version forbids, why, and its clause for that ("" where none).

    `people` counts the distinct pseudonyms among them; `of_nobody_known` the things that have none.
    """

    store: str
    clause: str
    says: str
    count: int
    people: int
    of_nobody_known: int


@dataclass(frozen=True, slots=True)
class Affecting:
    """One way in which a new version tells on what is there, and the distinct people in all of it."""

    people: int
    rows: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What becomes over-kept, and which scores lose the CRM as a recipient, of how many things looked at."""

    total: int
    over_kept: Affecting
    lose_recipient: Affecting


#: A clause and why, where a version of the policy forbids a thing.
Verdict = tuple[str, str] | None
Judge = Callable[[Holding], Verdict]


def impact(
    kept: Iterable[tuple[str, Iterable[Holding]]], old: PoliciesOf, new: PoliciesOf, now: datetime
) -> Impact:
    """Count what is forbidden at one moment (UTC) under `new` and not under `old`.

    `kept` are the stores by name, with what they keep joined with all events; each is read once.
    """
    total, over_kept, lost = 0, _Tally(), _Tally()
    told = _newly(_told(old, now), _told(new, now))
    for store, holdings in kept:
        due = _newly(_kept(store, old, now), _kept(store, new, now))
        for holding in holdings:
            total += 1
            over_kept.add(store, holding, due(holding))
            if store == "crm_ledger":
                lost.add(store, holding, told(holding))
    return Impact(total, over_kept.result(), lost.result())


def _newly(was: Judge, becomes: Judge) -> Judge:
    def judge(holding: Holding) -> Verdict:
        verdict = becomes(holding)
        return verdict if verdict and not was(holding) else None

    return judge


def _kept(store: str, policies: PoliciesOf, now: datetime) -> Judge:
    """Judge whether a thing may stay in a store."""
    if store not in policies("")[0].stores:
        return lambda _: ("", NO_RULE)
    dues = Dues(store, policies, now)

    def judge(holding: Holding) -> Verdict:
        try:
            due = dues(holding)
        except PolicyForbids:  # its period has no end, or has not begun
            return None
        return (due.clause, OVER) if due else None

    return judge


def _told(policies: PoliciesOf, now: datetime) -> Judge:
    """Judge whether a score may stand in the CRM."""
    if refused := _refused(policies("")[0], now.date()):
        return lambda _: refused
    ends = [_kept(store, policies, now) for store in STORES]
    return lambda holding: next(filter(None, (end(holding) for end in ends)), None)


def _refused(policy: Policy, day: date) -> Verdict:
    """Why no score at all may stand in the CRM: what it is told, and what its stores may hold."""
    try:
        check_recipient(policy, day)
    except PolicyForbids as refusal:
        rule = policy.recipients.get("crm")
        return rule.clause if rule else "", str(refusal)
    for table in known_columns().tables.values():
        store = policy.stores.get(table.store) if table.only_for == "crm" else None
        if store and (beyond := sorted(table.fields - store.fields)):
            return store.clause, f"the store {table.store} may not have {', '.join(beyond)}"
    return None


@dataclass
class _Tally:
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    nobody: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    people: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)

    def add(self, store: str, holding: Holding, verdict: Verdict) -> None:
        if verdict is None:
            return
        key = (store, *verdict)
        self.counts[key] += 1
        people = self.people.setdefault(key, set())
        if holding.pseudonym:
            people.add(holding.pseudonym)
        else:
            self.nobody[key] += 1

    def result(self) -> Affecting:
        rows = [
            Affected(*key, count, len(self.people[key]), self.nobody[key])
            for key, count in sorted(self.counts.items())
        ]
        return Affecting(len(set[str]().union(*self.people.values())), tuple(rows))
