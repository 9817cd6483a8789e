"""Every version of a policy under which answers were taken in, whole, so that they can stay under it."""

from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, Text, insert, select

from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

POLICY_VERSIONS = Table(
    "policy_versions",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("version", String(80), primary_key=True),
    Column("text", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
)


def note(connection: Connection, controller: str, version: str, text: str, at: datetime) -> bool:
    """Keep a version; returns false where it is kept already."""
    mine = (POLICY_VERSIONS.c.controller == controller) & (POLICY_VERSIONS.c.version == version)
    if connection.execute(select(POLICY_VERSIONS.c.version).where(mine)).first():
        return False
    row = {"controller": controller, "version": version, "text": text, "since": at}
    connection.execute(insert(POLICY_VERSIONS), row)
    return True


def versions(connection: Connection, controller: str) -> dict[str, str]:
    """The text of each version."""
    rows = connection.execute(select(POLICY_VERSIONS).where(POLICY_VERSIONS.c.controller == controller))
    return {row.version: row.text for row in rows}
