"""The register of people who were erased or object: keyed digests, in a database of their own.

It lies apart from the state database and is never put back to an older copy. Its generation counts
up with every change; the state remembers the generation that it has carried out, so that a state that
was restored from a backup is known to be behind.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from data.store import Event, Holding, Subject, Why
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

#: Tables of the register.
REGISTER = MetaData()

REGISTER_KEYS = Table(
    "register_keys",
    REGISTER,
    Column("controller", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

ENTRIES = Table(
    "register_entries",
    REGISTER,
    Column("controller", String(40), primary_key=True),
    Column("entry", String(16), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("made_version", Integer, nullable=False),
    Column("since", UtcTime, nullable=False),
)

GENERATION = Table(
    "register_generation",
    REGISTER,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("change", String(16), nullable=False),
)

#: What people have had corrected, sealed; `mark` orders corrections in time, `change` is the case.
CORRECTIONS = Table(
    "register_corrections",
    REGISTER,
    Column("controller", String(40), primary_key=True),
    Column("mark", String(20), primary_key=True),
    Column("change", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("since", UtcTime, nullable=False),
)

#: The generation that the state database has carried out.
CARRIED_OUT = Table(
    "register_carried_out",
    STATE,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("pending", String(16), nullable=False),
)

#: In the place of a change that a state is about to make: it was restored, and nobody has looked at it.
RESTORED = "restored"


def newest(connection: Connection) -> tuple[int, str]:
    """How many changes the register has seen, and which was the last: the id of a case, or a random one."""
    row = connection.execute(select(GENERATION)).one_or_none()
    return (row.generation, row.change) if row else (0, "")


def next_generation(connection: Connection, change: str) -> int:
    """Count one change, in the transaction that makes it."""
    new = newest(connection)[0] + 1
    connection.execute(delete(GENERATION))
    connection.execute(insert(GENERATION), {"generation": new, "change": change})
    return new


def carried_out(connection: Connection) -> tuple[int, str]:
    """The generation that a state has carried out, and the change that it is about to make next."""
    row = connection.execute(select(CARRIED_OUT)).one_or_none()
    return (row.generation, row.pending) if row else (0, "")


def carry_out(connection: Connection, number: int, *, pending: str = "") -> None:
    """Note that everything up to a generation is carried out in this state.

    `pending` is the change that this state is about to make: if it is killed right after that, it goes on,
    and is not taken for an older home that was put back. A number would not tell its change from another's.
    """
    connection.execute(delete(CARRIED_OUT))
    connection.execute(insert(CARRIED_OUT), {"generation": number, "pending": pending})


class RegisterStore:
    """The register as a store: it is kept for as long as anything could bring an erased person back."""

    name = "register"
    by_hand = False

    def __init__(self, engine: Engine, controller: str) -> None:
        self._engine = engine
        self._mine = ENTRIES.c.controller == controller

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        with self._engine.connect() as connection:
            since = func.min(ENTRIES.c.since, type_=ENTRIES.c.since.type).label("since")
            rows = connection.execute(
                select(ENTRIES.c.entry, since).where(self._mine).group_by(ENTRIES.c.entry)
            )
            for row in rows.all():
                if ids is None or row.entry in ids:
                    yield Holding(row.entry, {Event.COLLECTED: row.since}, survey=None)

    def of(self, subject: Subject) -> Collection[str]:
        return ()  # who is erased has to stay in it, so that nothing brings them back

    def forget(self, ids: Collection[str], why: Why) -> int:
        return 0  # no period of it ends

    def present(self, ids: Collection[str]) -> set[str]:
        return {holding.id for holding in self.holdings()} & set(ids)
