"""Restrict the use of a person's data, or end a restriction (GDPR Art. 18): kept, and used for nothing."""

from data.errors import PolicyForbids, UsageError, VerificationFailed
from data.stores import cases
from data.stores.cases import Case, Letter
from flows.begin_case import Decision, begin, carried_out, check_certain, note
from flows.crm_store import clear_scores
from flows.open_case import things_of
from flows.sync_scores import not_allowed_now
from flows.tell_recipients import holding_by_hand, note_recipients
from flows.wiring import Home
from pseudonymize import Room, check_entered, enter, find_subject, lift, restrict_as_entered

_ANSWERS, _CRM = "responses", "crm"
_LIFTING: Letter = "lifting"


def restrict(home: Home, room: Room, case: Case, decision: Decision) -> None:
    """Enter the person into the register, keep readers from their answers, clear their scores in the CRM.

    Answers that come in later are kept in the same way. Their periods run on.
    """
    begun = case.state == "fulfilling"
    found = find_subject(room, case)
    if not begun:
        check_certain(case, found)
        things = things_of(home, case.controller, found)
        numbers = {store: len(things[store]) for store in (_ANSWERS, _CRM) if things.get(store)}
        begin(home, room, case, decision, numbers)
    carried_out(home, enter(room, case, found, "restricted"))
    restrict_as_entered(room, found.subject.response_keys)
    if used := found.subject.response_keys - home.responses.restricted(case.controller):
        raise VerificationFailed(f"{len(used)} answers of the person are still used")
    note(home, case, _ANSWERS, len(found.subject.response_keys), 0)
    if scores := not_allowed_now(home, room, found.subject):
        note(home, case, _CRM, len(scores), clear_scores(home, room, scores))
    by_hand = holding_by_hand(home, case.controller, found.subject)
    note_recipients(home, room.policy, case.id, "restricted", by_hand)


def end_restriction(home: Home, room: Room, case: Case, decision: Decision) -> None:
    """Take the person out of the register, and let their answers be read again.

    Their scores are written to the CRM by the next sync. Raises `PolicyForbids` where the person was not told
    before (GDPR Art. 18(3)).
    """
    found = find_subject(room, case)
    if case.state != "fulfilling":
        check_entered(room, case, "restricted")
        _check_told(home, case, decision)
        begin(home, room, case, decision, {_ANSWERS: len(found.subject.response_keys)})
    carried_out(home, lift(room, case, "restricted"))
    restrict_as_entered(room, {*found.subject.response_keys, *home.responses.restricted(case.controller)})
    by_hand = holding_by_hand(home, case.controller, found.subject)
    note_recipients(home, room.policy, case.id, "unrestricted", by_hand)


def _check_told(home: Home, case: Case, decision: Decision) -> None:
    with home.engine.connect() as connection:
        told = _LIFTING in cases.letters(connection, case.id)
    if decision.notified is None and told:
        return
    if decision.notified is None:
        raise PolicyForbids(
            "a restriction ends after the person was told of it (GDPR Art. 18(3))",
            hint=f"`tillit rights letter {case.id}` tells them; then say --notified YYYY-MM-DD",
        )
    first, last = (at.astimezone().date() for at in (case.opened_at, home.clock.now()))
    if not first <= decision.notified <= last:
        where = "ahead" if decision.notified > last else "before the case that ends the restriction"
        raise UsageError(f"the day on which the person was told lies {where}", hint="--notified YYYY-MM-DD")
    with home.engine.begin() as connection:
        cases.note_letter(connection, case.id, _LIFTING, decision.notified)
