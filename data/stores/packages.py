"""The packages that answer requests for access and portability: which case each is of, and whose it is."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Connection, Index, String, Table, delete, insert, select

from data.chunks import chunks
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

PACKAGES = Table(
    "packages",
    STATE,
    Column("case_id", String(16), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

PACKAGE_ITEMS = Table(
    "package_items",
    STATE,
    Column("case_id", String(16), primary_key=True),
    Column("item", String(64), primary_key=True),
    Index("package_items_by_item", "item"),
)


def note(connection: Connection, controller: str, case_id: str, at: datetime, items: Collection[str]) -> None:
    """Note a package; `items` are keyed ids of the person in it."""
    forget(connection, [case_id])
    connection.execute(insert(PACKAGES), {"case_id": case_id, "controller": controller, "made_at": at})
    if items:
        rows = [{"case_id": case_id, "item": item} for item in sorted(items)]
        connection.execute(insert(PACKAGE_ITEMS), rows)


def made(connection: Connection, controller: str) -> dict[str, datetime]:
    """When each package was made (UTC), by its case."""
    rows = connection.execute(select(PACKAGES).where(PACKAGES.c.controller == controller))
    return {row.case_id: row.made_at for row in rows}


def of(connection: Connection, controller: str, items: Collection[str]) -> set[str]:
    """Cases in whose packages any of some keyed ids stand."""
    mine = (PACKAGES.c.controller == controller) & (PACKAGES.c.case_id == PACKAGE_ITEMS.c.case_id)
    found = set[str]()
    for some in chunks(items, 500):
        wanted = select(PACKAGES.c.case_id).where(mine, PACKAGE_ITEMS.c.item.in_(some))
        found |= set(connection.scalars(wanted))
    return found


def forget(connection: Connection, case_ids: Collection[str]) -> int:
    """Forget some packages; returns how many."""
    connection.execute(delete(PACKAGE_ITEMS).where(PACKAGE_ITEMS.c.case_id.in_(case_ids)))
    return connection.execute(delete(PACKAGES).where(PACKAGES.c.case_id.in_(case_ids))).rowcount
