"""From which backup a database of wrapped keys was filled, until its home is open again."""

from sqlalchemy import Column, Connection, String, Table, delete, insert, select

from data.stores.sql import KEYS

KEYS_OF_BACKUP = Table("keys_of_backup", KEYS, Column("backup_id", String(16), primary_key=True))


def note(connection: Connection, backup_id: str) -> None:
    """Note it, in the transaction that fills the database."""
    connection.execute(insert(KEYS_OF_BACKUP), {"backup_id": backup_id})


def read(connection: Connection) -> str:
    """The backup's id; empty where the keys are a home's own."""
    return connection.scalar(select(KEYS_OF_BACKUP.c.backup_id)) or ""


def forget(connection: Connection) -> None:
    """The keys are a home's own from now on."""
    connection.execute(delete(KEYS_OF_BACKUP))
