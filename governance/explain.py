"""Each clause beside what keeps it: rule, control, tests, last evidence. Pure but for reading lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from governance.controls import Control, known_controls
from governance.policy import Policy, cited
from governance.policy_check import Surroundings, state
from governance.proofs import problem
from governance.published import Claim, claims
from governance.rules import PeriodRule


@dataclass(frozen=True, slots=True)
class Evidence:
    """The newest entry of its kind in the evidence log of a home."""

    number: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """A test with its last outcome: when it passed (UTC, ISO 8601), or what is wrong with it."""

    test: str
    passed_at: str
    problem: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A clause whole: what is promised, how it is kept, by what, and what proves it."""

    clause: str
    quote: str
    state: str
    rules: Sequence[str]
    controls: Mapping[str, Control]
    proofs: Sequence[Outcome]
    evidence: Sequence[Evidence]
    note: str

    @property
    def proven(self) -> bool:
        """Whether the clause is enforced and each of its tests passed on this very code."""
        return self.state == "enforced" and not any(proof.problem for proof in self.proofs)


def explain(policy: Policy, around: Surroundings, last: Mapping[str, Evidence]) -> list[Explained]:
    """Every clause in the order of the policy; `last` is the newest evidence by kind."""
    rules: dict[str, list[str]] = {}
    for place, clause in cited(policy):
        rules.setdefault(clause, []).append(_said(policy, place))
    return [_explained(policy, name, rules.get(name, []), around, last) for name in policy.clauses]


def beside_text(
    policy: Policy, text: str, explained: Sequence[Explained]
) -> list[tuple[Claim, list[Explained]]]:
    """Every published sentence with the clauses that claim it; where only some are explained, theirs."""
    by_name = {one.clause: one for one in explained}
    found = claims(policy, text)
    if len(explained) < len(policy.clauses):
        found = [claim for claim in found if not by_name.keys().isdisjoint(claim.clauses)]
    return [(claim, [by_name[name] for name in claim.clauses if name in by_name]) for claim in found]


def _said(policy: Policy, place: str) -> str:
    """A rule by its place, and what it says where that is short."""
    section, _, name = place.partition(".")
    rule: PeriodRule | None = policy.cap if place == "cap" else None
    if section == "stores":
        rule = policy.stores[name]
    if rule:
        return f"{place} ({rule.period} after {rule.clock.replace('_', ' ')})"
    return f"{name}: {policy.decisions[name].reading}" if section == "decisions" else place


def _explained(
    policy: Policy, name: str, rules: Sequence[str], around: Surroundings, last: Mapping[str, Evidence]
) -> Explained:
    clause, known = policy.clauses[name], known_controls()
    controls = {c: known[c] for c in clause.controls if c in known}
    tests = list(dict.fromkeys(t for control in controls.values() for t in control.tests))
    kinds = list(dict.fromkeys(k for control in controls.values() for k in control.evidence))
    return Explained(
        clause=name,
        quote=clause.quote,
        state=state(policy, name),
        rules=rules,
        controls=controls,
        proofs=[_proof(test, around) for test in tests],
        evidence=[last[kind] for kind in kinds if kind in last],
        note=clause.out_of_scope or clause.by_hand,
    )


def _proof(test: str, around: Surroundings) -> Outcome:
    wrong = problem(test, around.proofs, around.build)
    return Outcome(test, "" if wrong else around.proofs[test].at, wrong)
