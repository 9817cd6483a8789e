"""Who of the staff has decided something, by the name that stands on record."""

from sqlalchemy import Connection, select

from data.stores.case_recipients import CASE_RECIPIENTS
from data.stores.cases import CASES
from data.stores.holds import HOLDS
from data.stores.plans import PLANS
from data.stores.reidentifications import REIDENTIFICATIONS
from data.stores.tasks import TASKS

_IN_STATE = (
    CASES.c.decided_by,
    CASE_RECIPIENTS.c.told_by,
    CASE_RECIPIENTS.c.acknowledged_by,
    PLANS.c.approved_by,
    TASKS.c.done_by,
    REIDENTIFICATIONS.c.by,
    REIDENTIFICATIONS.c.approver,
)
_IN_REGISTER = (HOLDS.c.by, HOLDS.c.lifted_by)


def staff_names(state: Connection, register: Connection) -> set[str]:
    """Names of everybody who has approved, decided, held, lifted or confirmed anything."""
    places = [(state, column) for column in _IN_STATE] + [(register, column) for column in _IN_REGISTER]
    found = {name for place, column in places for name in place.scalars(select(column).distinct())}
    return found - {"", None}
