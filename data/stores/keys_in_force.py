"""Which version of a domain's key the state was made with; a domain that is not listed has its first.

It stands with the data, so that data and key change in one transaction, and a state that was restored from
a backup still says which key it belongs to.
"""

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, select

from data.stores.sql import STATE

KEYS_IN_FORCE = Table(
    "keys_in_force",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("domain", String(20), primary_key=True),
    Column("version", Integer, nullable=False),
)

_FIRST = 1


def version(connection: Connection, controller: str, domain: str) -> int:
    """The version of a domain's key that is in force."""
    this = (KEYS_IN_FORCE.c.controller == controller) & (KEYS_IN_FORCE.c.domain == domain)
    return connection.scalar(select(KEYS_IN_FORCE.c.version).where(this)) or _FIRST


def note(connection: Connection, controller: str, domain: str, new: int) -> None:
    """Put another version in force, in the transaction that changes the data."""
    this = (KEYS_IN_FORCE.c.controller == controller) & (KEYS_IN_FORCE.c.domain == domain)
    connection.execute(delete(KEYS_IN_FORCE).where(this))
    row = {"controller": controller, "domain": domain, "version": new}
    connection.execute(insert(KEYS_IN_FORCE), row)
