"""Who else has something of a person, when they were told, when they have answered (GDPR Art. 19)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Column, Connection, Date, String, Table, delete, insert, select, update

from data.chunks import chunks
from data.stores.sql import STATE

#: What a recipient hears of.
What = Literal["erased", "restricted", "unrestricted", "corrected"]
#: Instead of a name: the recipient is a system of which was read what it has.
READ_BACK = "read back"

CASE_RECIPIENTS = Table(
    "case_recipients",
    STATE,
    Column("case_id", String(16), primary_key=True),
    Column("recipient", String(40), primary_key=True),
    Column("what", String(12), nullable=False),
    Column("told_on", Date),
    Column("told_by", String(100), nullable=False),
    Column("acknowledged_on", Date),
    Column("acknowledged_by", String(100), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who has something of the person of a case, by the name that the policy gives them.

    Both days are None until they were told, and have answered; who noted it is one of the staff.
    """

    case_id: str
    recipient: str
    what: What
    told_on: date | None = None
    told_by: str = ""
    acknowledged_on: date | None = None
    acknowledged_by: str = ""

    @property
    def state(self) -> str:
        """How far it is, in words."""
        if self.acknowledged_on is not None:
            return "answered"
        return "told, not answered" if self.told_on is not None else "to be told"


def add(connection: Connection, found: Recipient) -> bool:
    """Note a recipient of a case, once; returns false where they are noted already."""
    this = (CASE_RECIPIENTS.c.case_id == found.case_id) & (CASE_RECIPIENTS.c.recipient == found.recipient)
    if connection.execute(select(CASE_RECIPIENTS).where(this)).first() is not None:
        return False
    connection.execute(insert(CASE_RECIPIENTS), {c.name: getattr(found, c.name) for c in CASE_RECIPIENTS.c})
    return True


def change(connection: Connection, case_id: str, recipient: str, **values: object) -> None:
    """Note that a recipient was told, or has answered."""
    this = (CASE_RECIPIENTS.c.case_id == case_id) & (CASE_RECIPIENTS.c.recipient == recipient)
    connection.execute(update(CASE_RECIPIENTS).where(this).values(**values))


def done(connection: Connection, case_id: str, recipient: str, on: date, by: str) -> None:
    """Note that what a recipient was to do is seen to be done, by which they have answered."""
    for one in recipients(connection, [case_id]):
        if one.recipient == recipient and one.acknowledged_on is None:
            told = {} if one.told_on else {"told_on": on, "told_by": by}
            change(connection, case_id, recipient, acknowledged_on=on, acknowledged_by=by, **told)


def recipients(connection: Connection, case_ids: Collection[str]) -> list[Recipient]:
    """The recipients of some cases."""
    found = list[Recipient]()
    for some in chunks(case_ids, 500):
        mine = select(CASE_RECIPIENTS).where(CASE_RECIPIENTS.c.case_id.in_(some))
        rows = connection.execute(mine.order_by(CASE_RECIPIENTS.c.case_id, CASE_RECIPIENTS.c.recipient))
        found += [Recipient(**row._mapping) for row in rows]
    return found


def forget(connection: Connection, case_ids: Collection[str]) -> None:
    """Forget the recipients of some cases."""
    connection.execute(delete(CASE_RECIPIENTS).where(CASE_RECIPIENTS.c.case_id.in_(case_ids)))
