"""Tell one of the staff who wrote one answer: for a purpose and a reason, approved, on record before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.errors import PolicyForbids, UsageError
from data.stores import reidentifications, tasks
from data.stores.reidentifications import Reidentification
from flows.decide import check_ground, check_staff
from flows.plan_retention import policies_of
from flows.wiring import Home
from governance import evidence, rights
from governance.policy import Policy
from pseudonymize import Writer, find_writer, is_same_name, note_told, reasons, sweep


@dataclass(frozen=True, slots=True)
class Question:
    """For which purpose of the policy, why, and by whom it is asked and approved: two of the staff."""

    purpose: str
    reason: str
    by: str
    approver: str


def reidentify(
    home: Home, controller: str, answer_id: str, question: Question
) -> tuple[Reidentification, Mapping[str, str]]:
    """Note that somebody is told who wrote an answer; returns the record, and then who it was.

    A stop leaves a record of somebody who was told nothing, never the other way round. Raises `PolicyForbids`
    where the policy gives no such purpose, or the writer may not be named, and `UsageError`.
    """
    policy = home.policy(controller)
    clause = rights.check_reidentification(policy, question.purpose)
    _check_two_people(question)
    check_ground("a re-identification", question.reason, "--reason")
    room = home.room(controller)
    with home.lock():
        sweep(room)
        writer = find_writer(room, answer_id)
        _check_then(home, policy, writer, question.purpose)
        record = Reidentification(
            id=tasks.new_id(),
            controller=controller,
            response_key=writer.response_key,
            purpose=question.purpose,
            clause=clause,
            by=question.by.strip(),
            approver=question.approver.strip(),
            at=home.clock.now(),
        )
        with home.engine.begin() as connection:
            note_told(room, connection, record, question.reason.strip())
            details = {"id": record.id, "controller": controller, "purpose": record.purpose, "clause": clause}
            evidence.record(connection, record.at, "writer named", details)
    return record, writer.told


def list_told(home: Home, controller: str) -> list[dict[str, Any]]:
    """Every time that somebody was told who wrote an answer, newest first: why, by whom. Not who it was."""
    room = home.room(controller)
    with home.engine.connect() as connection:
        found = reidentifications.reidentifications(connection, controller)
    why = reasons(room, found)
    return [
        {
            "id": one.id,
            "at": one.at,
            "response_key": one.response_key,
            "purpose": one.purpose,
            "clause": one.clause,
            "by": one.by,
            "approver": one.approver,
            "reason": why[one.id],
        }
        for one in found
    ]


def _check_two_people(question: Question) -> None:
    check_staff(question.by)
    check_staff(question.approver, "who approves has a name", "--approver NAME")
    if is_same_name(question.by, question.approver):
        raise PolicyForbids(
            "who asks who wrote an answer does not approve it", hint="give --approver, another of the staff"
        )


def _check_then(home: Home, policy: Policy, writer: Writer, purpose: str) -> None:
    """What people were promised when they answered holds as well."""
    for one in policies_of(home, policy)(writer.policy_version):
        try:
            rights.check_reidentification(one, purpose)
        except (PolicyForbids, UsageError):
            raise PolicyForbids(
                f"that answer was given under the policy of {one.published}, which gives no such purpose"
            ) from None
