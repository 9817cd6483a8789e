"""What a policy allows to be done at all: the CRM and the LLM, each refused with the clause. Pure."""

from collections.abc import Iterator
from datetime import date

from data.errors import PolicyForbids
from governance.clauses import Clause, Feature
from governance.controls import known_controls, needed_for, pending
from governance.policy import Policy
from governance.rules import RecipientRule, RegionRule
from governance.transfers import known_processors, not_in_force, transfer_problems


def check_allowed(policy: Policy, feature: Feature, day: date) -> None:
    """Raise `PolicyForbids`, with every reason, unless the policy allows the feature on that day (UTC)."""
    if reasons := list(reasons_against(policy, feature, day)):
        raise PolicyForbids(
            f"the policy of {policy.name} does not allow the {feature}: " + "; ".join(reasons)
        )


def reasons_against(policy: Policy, feature: Feature, day: date) -> Iterator[str]:
    """Why a feature is refused on a day: nobody is told, a region, an agreement, a control not built."""
    recipient = policy.recipients.get(feature)
    if recipient is None:
        if feature == "llm" and policy.regions:
            yield from _processed_elsewhere(policy.regions)
        yield "no clause names a recipient for it"
        return
    if not recipient.fields or not recipient.purposes:
        yield f"{recipient.name} is told nothing ({recipient.clause})"
    if feature == "llm":
        yield from _unknown_processor(policy, recipient)
    for name in sorted(recipient.agreements):
        if problem := not_in_force(policy.agreements[name], day):
            yield f"{policy.agreements[name].clause}: {name} {problem}"
    for place, says in transfer_problems(policy, day):
        if place == f"recipients.{feature}":
            yield says
    yield from _not_kept(policy, feature, recipient)


def _not_kept(policy: Policy, feature: Feature, recipient: RecipientRule) -> Iterator[str]:
    allowing = {name: clause for name, clause in policy.clauses.items() if clause.allows == feature}
    if recipient.clause not in allowing:
        yield f"{recipient.clause} does not allow it"
    named = {control for clause in allowing.values() for control in clause.controls}
    for control in sorted(needed_for(feature) - named):
        yield f"no clause that allows it names the control {control}"
    for name, clause in allowing.items():
        yield from _waiting(name, clause)


def _waiting(name: str, clause: Clause) -> Iterator[str]:
    for control in pending(clause, known_controls()):
        yield f"{name} waits for {control}"


def _unknown_processor(policy: Policy, recipient: RecipientRule) -> Iterator[str]:
    if recipient.name not in known_processors() or not recipient.hosts:
        known = ", ".join(known_processors())
        yield f"{recipient.clause} names no processor with its own hosts; known: {known}"
    if "DPA" not in {policy.agreements[name].kind for name in recipient.agreements}:
        yield f"{recipient.name} has no processing agreement (DPA, GDPR Art. 28(3))"


def _processed_elsewhere(rule: RegionRule) -> Iterator[str]:
    for name, processor in known_processors().items():
        if processor.region not in rule.regions:
            allowed = ", ".join(sorted(rule.regions))
            yield f"{rule.clause} keeps data within {allowed}, and {name} processes in {processor.region}"
