"""Everything that can be wrong with a compiled policy, found at once. Pure.

Exit codes of a finding: 4 where the policy may not be followed as it is, 6 where a promise stands
without what keeps or proves it, 0 for what a person should know.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from governance.controls import known_controls, pending
from governance.coverage import known_columns, uncovered
from governance.policy import Policy
from governance.proofs import NEVER_RUN, OTHER_CODE, Proof, problem
from governance.published import claims, differences
from governance.rules import NOT_STATED
from governance.stated import other_names, other_periods
from governance.transfers import not_in_force, transfer_problems

FORBIDDEN, UNPROVEN, WARNING = 4, 6, 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a policy is checked against: the real tables, the code, the proofs, the day (UTC)."""

    tables: Mapping[str, Sequence[str]]
    exists: Callable[[str], bool]
    proofs: Mapping[str, Proof]
    build: str
    day: date


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, in words, and the exit code it leads to."""

    place: str
    says: str
    code: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, and how many clauses are kept in which way."""

    findings: Sequence[Finding]
    states: Mapping[str, int]

    @property
    def exit_code(self) -> int:
        """4 outweighs 6: a policy that may not be followed is worse than one that is not proven."""
        codes = {finding.code for finding in self.findings}
        return FORBIDDEN if FORBIDDEN in codes else max(codes, default=0)


def check(policy: Policy, around: Surroundings, text: str | None) -> Checked:
    """Check a policy; `text` is the published one, where it is at hand."""
    findings = [
        *(Finding(place, says, FORBIDDEN) for place, says in transfer_problems(policy, around.day)),
        *(Finding(*found, UNPROVEN) for found in uncovered(policy, known_columns(), around.tables)),
        *(Finding(*found, UNPROVEN) for found in _unkept(policy, around)),
        *(Finding(*found, UNPROVEN) for found in _misaligned(policy)),
        *(Finding(*found, UNPROVEN) for found in _beside(policy, text)),
        *(Finding(*found, WARNING) for found in _warnings(policy, around.day)),
    ]
    return Checked(findings, dict(Counter(state(policy, name) for name in policy.clauses)))


def _beside(policy: Policy, text: str | None) -> Iterator[tuple[str, str]]:
    if text is not None:
        yield from differences(policy, text)
        found = claims(policy, text)
        yield from other_periods(policy, found)
        yield from other_names(policy, found)


def state(policy: Policy, name: str) -> str:
    """How a clause is kept: enforced, pending, by hand, or out of scope."""
    clause = policy.clauses[name]
    if clause.out_of_scope:
        return "out of scope"
    if not clause.controls:
        return "by hand"
    return "pending" if pending(clause, known_controls()) else "enforced"


def _unkept(policy: Policy, around: Surroundings) -> Iterator[tuple[str, str]]:
    controls = known_controls()
    for name, clause in policy.clauses.items():
        for control in clause.controls:
            if control not in controls:
                near = ", ".join(get_close_matches(control, controls, cutoff=0.4)) or ", ".join(controls)
                yield name, f"names the control {control}, which does not exist; near it: {near}"
    named = sorted({c for clause in policy.clauses.values() for c in clause.controls} & set(controls))
    for name in named:
        for function in controls[name].by:
            if not around.exists(function):
                yield name, f"is said to be kept by {function}, which does not exist"
        for test in controls[name].tests:
            if (wrong := problem(test, around.proofs, around.build)) and wrong not in _WHOLE:
                yield name, f"{test} {wrong}: run `make test`"
    yield from _outdated({test for c in named for test in controls[c].tests}, around)


def _outdated(tests: Set[str], around: Surroundings) -> Iterator[tuple[str, str]]:
    """What a whole run of the tests would put right, told once."""
    wrong = Counter(problem(test, around.proofs, around.build) for test in tests)
    for what in _WHOLE:
        if wrong[what]:
            yield "proofs", f"{wrong[what]} of {len(tests)} tests: {what}; run `make test`"


#: Not a failure of the test itself.
_WHOLE = (NEVER_RUN, OTHER_CODE)


def _misaligned(policy: Policy) -> Iterator[tuple[str, str]]:
    for language, translation in policy.translations.items():
        for name in sorted(set(policy.clauses) - set(translation.quotes)):
            yield name, f"has no counterpart in the translation {language}"
        for name in sorted(set(translation.quotes) - set(policy.clauses)):
            yield name, f"stands in the translation {language} and not in the authoritative text"


def _warnings(policy: Policy, day: date) -> Iterator[tuple[str, str]]:
    yield from _unsettled(policy, day)
    for name, purpose in policy.purposes.items():
        if purpose.basis == "not stated":
            yield f"purposes.{name}", f"has no legal basis in the text ({purpose.clause})"
    if policy.text.language != policy.text.authoritative:
        yield "text", f"yields to the one in {policy.text.authoritative!r}, which is not at hand"
    for section, rules in (("stores", policy.stores), ("recipients", policy.recipients)):
        for name, rule in rules.items():
            if rule.region == NOT_STATED:
                yield f"{section}.{name}", f"the text does not say in which region it is ({rule.clause})"
    for name, agreement in policy.agreements.items():
        if problem_of := not_in_force(agreement, day):
            says = f"{problem_of} ({agreement.clause}): what needs it is refused; write document and signed"
            yield f"agreements.{name}", says


def _unsettled(policy: Policy, day: date) -> Iterator[tuple[str, str]]:
    proposed = [name for name, decision in policy.decisions.items() if decision.state == "proposed"]
    if proposed:
        count = f"{len(proposed)} readings are" if len(proposed) > 1 else "1 reading is"
        yield "decisions", f"{count} proposed and not confirmed: {', '.join(proposed)}"
    for name, decision in policy.decisions.items():
        if decision.review < day:
            yield f"decisions.{name}", f"was to be reviewed by {decision.review} ({decision.by})"
