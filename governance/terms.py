"""What a policy comes down to, in a few words: how long, to whom, on which proof. Pure."""

from datetime import date
from typing import get_args

from governance.clauses import Feature
from governance.features import reasons_against
from governance.policy import Policy


def terms(policy: Policy, day: date) -> dict[str, str]:
    """The terms in which controllers differ most, each with its clause."""
    kept = [name for name in policy.stores if name in {"vendor", "responses"}]
    found = {name: _period(policy, name) for name in kept}
    for feature in get_args(Feature):
        found[feature] = _allowed(policy, feature, day)
    rule = policy.regions
    found["regions"] = f"{', '.join(sorted(rule.regions))} ({rule.clause})" if rule else "not bound"
    found["proof of identity"] = f"{policy.identity.assurance} ({policy.identity.clause})"
    named = policy.reidentification
    told = f"told for {', '.join(sorted(named.purposes))} ({named.clause})" if named else "told nobody"
    found["who wrote an answer"] = told
    return found


def _period(policy: Policy, store: str) -> str:
    rule = policy.stores[store]
    return f"{rule.owner}, {rule.period} after {rule.clock.replace('_', ' ')} ({rule.clause})"


def _allowed(policy: Policy, feature: Feature, day: date) -> str:
    recipient = policy.recipients.get(feature)
    if recipient is not None and not recipient.fields:
        return f"{recipient.name}, told nothing ({recipient.clause})"
    reasons = list(reasons_against(policy, feature, day))
    if recipient is None:
        return f"off: {'; '.join(reasons)}"
    return f"{recipient.name} ({recipient.clause})" + (f", waits: {len(reasons)} reasons" if reasons else "")
