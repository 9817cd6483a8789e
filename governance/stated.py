"""Periods and names that a published text states, beside those of the rules that cite it. Pure."""

from collections.abc import Iterator, Sequence

from governance.periods import Period
from governance.policy import Policy
from governance.published import Claim
from governance.rules import PeriodRule
from governance.sentences import normal
from governance.words import known_words


def other_periods(policy: Policy, found: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """Sentences whose period no rule has, and rules whose clause says another; place and words."""
    said: dict[str, set[Period]] = {}
    rules = dict(_rules(policy))
    for claim in found:
        binding = [name for name in claim.clauses if not policy.clauses[name].out_of_scope]
        for period in _stated(claim.sentence.text) if binding else ():
            for name in binding:
                said.setdefault(name, set()).add(period)
            if not any(rule.clause in binding and rule.period == period for rule in rules.values()):
                clauses = ", ".join(binding)
                yield (
                    f"sentence {claim.sentence.number}",
                    f"says {period}, and no rule that cites {clauses} does",
                )
    for place, rule in rules.items():
        if rule.clause in said and rule.period not in said[rule.clause]:
            stated = ", ".join(sorted(map(str, said[rule.clause])))
            yield place, f"has {rule.period}, and {rule.clause} says {stated}"


def other_names(policy: Policy, found: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """Recipients whose name stands in no sentence that their clause claims; place and words."""
    told = [(claim.clauses, normal(claim.sentence.text)) for claim in found]
    for name, rule in policy.recipients.items():
        if not any(rule.clause in clauses and normal(rule.name) in sentence for clauses, sentence in told):
            yield f"recipients.{name}", f"{rule.name} stands in no sentence that {rule.clause} claims"


def _rules(policy: Policy) -> Iterator[tuple[str, PeriodRule]]:
    yield "cap", policy.cap
    for name, store in policy.stores.items():
        yield f"stores.{name}", store


def _stated(sentence: str) -> set[Period]:
    return {Period.parse(text) for text in known_words().periods(normal(sentence))}
