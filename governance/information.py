"""What a person is told of the use of their data beside the data (GDPR Art. 15(1) and (2)). Pure."""

from collections.abc import Iterator
from typing import Any

from governance.policy import Policy
from governance.rules import NOT_STATED, RecipientRule

#: Stores that hold nothing of people but ids, counts and keys, or only what another one says of them.
_NOT_TOLD = frozenset({"prefect", "plans", "backup_keys"})


def information(policy: Policy) -> dict[str, Any]:
    """Purposes, categories, recipients, periods, rights, source: each with its clause, in the policy's words.

    Whom a policy names as a recipient and tells no field is told nothing, and left out.
    """
    return {
        "controller": policy.name,
        "contact": policy.contact,
        "authority": policy.authority,
        "policy": policy.version,
        "purposes": [
            {"says": rule.says, "swedish": rule.swedish, "basis": rule.basis, "clause": rule.clause}
            for rule in policy.purposes.values()
        ],
        "fields": [name for name, rule in policy.fields.items() if rule.kept != "vendor"],
        "recipients": [
            *(_recipient(policy, rule) for rule in policy.recipients.values() if rule.fields),
            *_keepers(policy),
        ],
        "periods": [
            {
                "store": name,
                "owner": rule.owner,
                "period": str(rule.period),
                "clock": rule.clock.value,
                "clause": rule.clause,
            }
            for name, rule in policy.stores.items()
            if name not in _NOT_TOLD
        ],
        "cap": {
            "period": str(policy.cap.period),
            "clock": policy.cap.clock.value,
            "clause": policy.cap.clause,
        },
        "rights": [{"right": name, "clause": rule.clause} for name, rule in policy.rights.items()],
    }


def _keepers(policy: Policy) -> Iterator[dict[str, Any]]:
    """Who keeps data for the controller, and is told nothing besides."""
    told = {policy.name, *(rule.name for rule in policy.recipients.values() if rule.fields)}
    for rule in policy.stores.values():
        if rule.owner not in told:
            told.add(rule.owner)
            region = "" if rule.region == NOT_STATED else rule.region
            more = {"fields": sorted(rule.fields), "safeguards": [], "clause": rule.clause}
            yield {"name": rule.owner, "region": region, **more}


def _recipient(policy: Policy, rule: RecipientRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "region": "" if rule.region == NOT_STATED else rule.region,
        "fields": sorted(rule.fields),
        "safeguards": [policy.agreements[name].kind for name in sorted(rule.agreements)],
        "clause": rule.clause,
    }
