"""Requests of people about their data: until when they are answered, and what has to be shown. Pure."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from data.errors import PolicyForbids, UsageError
from data.stores.cases import Case, CaseKind
from governance.policy import Policy
from governance.rules import RightName

#: The right that each kind of request is about.
RIGHTS: dict[CaseKind, RightName] = {
    "access": "access",
    "portability": "portability",
    "erase": "erasure",
    "object": "objection",
    "withdraw": "withdrawal",
    "lift-objection": "objection",
    "restrict": "restriction",
    "unrestrict": "restriction",
    "no-invites": "no_invitations",
    "invites": "no_invitations",
    "rectify": "rectification",
}

#: Kinds that delete what is kept of a person, and those that give it to them.
DELETES: frozenset[CaseKind] = frozenset({"erase", "object", "withdraw"})
GIVES: frozenset[CaseKind] = frozenset({"access", "portability"})
#: Kinds by which nobody may be taken for somebody else on a guess.
CERTAIN: frozenset[CaseKind] = GIVES | {"rectify"}

#: By so many an answer may take longer: of the law, not of a policy.
_FURTHER_MONTHS = 2


def due(received: datetime) -> datetime:
    """The last moment for an answer: one month from receipt (GDPR Art. 12(3))."""
    return received + relativedelta(months=1)


def extended(due_at: datetime) -> datetime:
    """The last moment where an answer takes longer: by two further months (GDPR Art. 12(3))."""
    return due_at + relativedelta(months=_FURTHER_MONTHS)


def check_right(policy: Policy, kind: CaseKind) -> str:
    """The clause of the right that a request is about. Raises `PolicyForbids` where the policy has none."""
    right = RIGHTS[kind]
    if right not in policy.rights:
        raise PolicyForbids(f"the policy of {policy.name} says nothing of {right}")
    bases = {rule.basis for rule in policy.purposes.values()} - {"legal obligation"}
    if kind == "withdraw" and "consent" in bases and len(bases) > 1:
        raise PolicyForbids(
            "some purposes rest on consent and others do not, and their data is not kept apart",
            hint="with the person's word: --kind object, which ends all of them",
        )
    return policy.rights[right].clause


def check_assurance(policy: Policy, shown: str) -> None:
    """Raise `UsageError` unless the person's identity was shown as the policy asks for it."""
    asked = policy.identity.assurance
    if shown != asked:
        raise UsageError(
            f"{policy.identity.clause} asks that identity is shown by: {asked}",
            hint=f'confirm it, then say --identity "{asked}"; no copies of papers are kept',
        )


def check_given(case: Case) -> None:
    """Raise `UsageError` where a case is not one of those by which a person is given their data."""
    if case.kind not in GIVES:
        raise UsageError(f"case {case.id} is to {case.kind}; texts are read before they are given away")


def check_open(case: Case) -> None:
    """Raise `UsageError` where a case is closed already."""
    if case.state not in ("open", "fulfilling"):
        raise UsageError(
            f"case {case.id} is {case.state}, and that is not changed",
            hint=f"see `tillit rights show {case.id}`; who asks again has a new case",
        )


def check_not_doubted(case: Case) -> None:
    """Raise `PolicyForbids` while the identity of who asks is doubted."""
    if case.doubted_at is not None:
        raise PolicyForbids(
            f"the identity of who asks in case {case.id} is doubted",
            hint=f"when they have shown it: `tillit rights doubt {case.id} --over --by NAME`",
        )
