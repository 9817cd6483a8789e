"""Correct what is wrong of a person (GDPR Art. 16): in every store, in the CRM, and at every later import."""

from data.errors import PolicyForbids
from data.store import Subject
from data.stores.cases import Case
from flows.begin_case import Decision, begin, carried_out, check_certain, note
from flows.open_case import things_of
from flows.sync_scores import bring_up_to_date, clear_wrong
from flows.tell_recipients import holding_by_hand, note_recipients
from flows.wiring import Home
from governance.crm_scores import may_have_scores
from governance.features import reasons_against
from pseudonymize import (
    Room,
    against,
    correct_as_entered,
    enter_corrections,
    find_corrected,
    find_subject,
    learn,
    no_progress,
    restrict_as_entered,
    search_for_right_names,
)

_ANSWERS = "responses"
_COUNTED = (_ANSWERS, "crm")


def rectify(home: Home, room: Room, case: Case, decision: Decision) -> None:
    """Enter the corrections, bring everything that is kept to them, and write the scores anew.

    Called again after a stop it goes on. Raises `PolicyForbids` where something cannot be corrected as it was
    asked for.
    """
    found, begun = find_subject(room, case, certain=True), case.state == "fulfilling"
    if not begun:
        check_certain(case, found)
        if reasons := against(room, case, found.person):
            raise PolicyForbids(
                "; ".join(reasons), hint="close the case, and open one with what can be corrected"
            )
        things = things_of(home, case.controller, found)
        begin(
            home, room, case, decision, {store: len(things[store]) for store in _COUNTED if things.get(store)}
        )
    carried_out(home, enter_corrections(room, case, found.person))
    correct_as_entered(room, None if begun else found.subject.response_keys)
    theirs = find_corrected(room, case)
    search_for_right_names(room, theirs)
    restrict_as_entered(room, theirs)
    learn(room)  # who is restricted is so under the right address too
    against_it = reasons_against(room.policy, "crm", home.clock.now().date())
    if may_have_scores(room.policy) and not any(against_it):
        bring_up_to_date(home, room, no_progress)
    else:  # what was wrong does not stay there until it may be written again
        clear_wrong(home, room)
    note(home, case, _ANSWERS, len(theirs), 0)
    if theirs:
        by_hand = holding_by_hand(home, case.controller, Subject(response_keys=theirs))
        note_recipients(home, room.policy, case.id, "corrected", by_hand)
