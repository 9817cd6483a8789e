"""The public half of the key that signs checkpoints, kept where it can be read without any key."""

from sqlalchemy import Column, Connection, String, Table, insert, select

from data.stores.sql import STATE

VERIFIER_KEY = Table("verifier_key", STATE, Column("key", String(120), primary_key=True))


def kept(connection: Connection) -> str | None:
    """The verifier key as text; None where nothing was ever signed here."""
    return connection.scalar(select(VERIFIER_KEY.c.key))


def keep(connection: Connection, key: str) -> None:
    """Keep the verifier key of a home's only signing key, in the caller's transaction."""
    connection.execute(insert(VERIFIER_KEY), {"key": key})
