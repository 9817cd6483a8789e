"""Where data stands and goes: regions, safeguards outside the EEA (GDPR Ch. V), hosts of processors. Pure."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from governance.policy import Policy
from governance.rules import NOT_STATED, AgreementRule, RecipientRule, RegionRule, StoreRule
from governance.yaml_files import Closed, packaged

_TRANSFER = {"SCC", "BCR", "adequacy"}
_EEA = "EEA"


class Processor(Closed):
    """A processor's own hosts, and where it processes."""

    hosts: frozenset[str]
    region: str


class _Places(Closed):
    eea: frozenset[str]
    processors: dict[str, Processor]


@cache
def _places() -> _Places:
    return packaged("places.yaml", _Places)


def known_processors() -> dict[str, Processor]:
    """The processors of `governance/places.yaml`."""
    return _places().processors


def transfer_problems(policy: Policy, day: date) -> Iterator[tuple[str, str]]:
    """Place and words of what stands outside its region, or abroad without a safeguard, on a day (UTC)."""
    for name, store in policy.stores.items():
        yield from _outside(policy, f"stores.{name}", store.region)
        yield from _store_abroad(policy, f"stores.{name}", store)
    for name, recipient in policy.recipients.items():
        yield from _outside(policy, f"recipients.{name}", recipient.region)
        yield from _abroad(policy, f"recipients.{name}", recipient)
        yield from _processed(f"recipients.{name}", recipient)
    for name, agreement in policy.agreements.items():
        if agreement.expires is not None and agreement.expires < day:
            says = f"expired on {agreement.expires} ({agreement.clause}): record its successor"
            yield f"agreements.{name}", says


def not_in_force(agreement: AgreementRule, day: date) -> str:
    """Why an agreement does not count on a day; empty where it does."""
    if agreement.in_force(day):
        return ""
    if not agreement.document or agreement.signed is None:
        return "is not on file"
    return "has expired" if agreement.signed <= day else "is not in force yet"


def _outside(policy: Policy, place: str, region: str) -> Iterator[tuple[str, str]]:
    rule = policy.regions
    if rule and not _inside(region, rule) and place not in rule.exceptions:
        allowed = ", ".join(sorted(rule.regions))
        yield place, f"is in {region}, and {rule.clause} keeps data within {allowed}"


def _inside(region: str, rule: RegionRule) -> bool:
    return region in rule.regions or (_EEA in rule.regions and region in _places().eea)


def _is_third(region: str) -> bool:
    """Whether a region is a third country; one that the text does not say is warned of elsewhere."""
    return region not in {_EEA, NOT_STATED, *_places().eea}


def _abroad(policy: Policy, place: str, recipient: RecipientRule) -> Iterator[tuple[str, str]]:
    if _is_third(recipient.region) and not _safe(policy, recipient):
        yield (
            place,
            (
                f"is in {recipient.region} without a transfer mechanism ({recipient.clause}): "
                "name an agreement of the kind SCC, BCR or adequacy"
            ),
        )


def _store_abroad(policy: Policy, place: str, store: StoreRule) -> Iterator[tuple[str, str]]:
    owners = [rule for rule in policy.recipients.values() if rule.name == store.owner]
    if _is_third(store.region) and not any(_safe(policy, rule) for rule in owners):
        yield (
            place,
            (
                f"is in {store.region} ({store.clause}): name its owner among the recipients, "
                "with an agreement of the kind SCC, BCR or adequacy"
            ),
        )


def _safe(policy: Policy, recipient: RecipientRule) -> bool:
    return bool({policy.agreements[name].kind for name in recipient.agreements} & _TRANSFER)


def _processed(place: str, recipient: RecipientRule) -> Iterator[tuple[str, str]]:
    own = known_processors().get(recipient.name)
    if own is None:
        return
    if recipient.region != own.region:
        yield place, f"{recipient.name} processes in {own.region}, not in {recipient.region}"
    if others := sorted(recipient.hosts - own.hosts):
        hosts = ", ".join(sorted(own.hosts))
        yield place, f"{', '.join(others)} is no host of {recipient.name}; its own: {hosts}"
