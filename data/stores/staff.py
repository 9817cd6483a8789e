"""Who of the staff has decided something, by the name that stands on record."""

from sqlalchemy import Connection, select

from data.stores.case_recipients import CASE_RECIPIENTS
from data.stores.cases import CASES
from data.stores.holds import HOLDS
from data.stores.plans import PLANS
from data.stores.reidentifications import REIDENTIFICATIONS
from data.stores.tasks import TASKS

_DECIDED = (
    CASES.c.decided_by,
    CASE_RECIPIENTS.c.told_by,
    CASE_RECIPIENTS.c.acknowledged_by,
    PLANS.c.approved_by,
    HOLDS.c.by,
    HOLDS.c.lifted_by,
    TASKS.c.done_by,
    REIDENTIFICATIONS.c.by,
    REIDENTIFICATIONS.c.approver,
)


def staff_names(connection: Connection) -> set[str]:
    """Names of everybody who has approved, decided, held, lifted or confirmed anything."""
    found = {name for column in _DECIDED for name in connection.scalars(select(column).distinct())}
    return found - {"", None}
