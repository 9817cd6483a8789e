"""Open requests of people, kept where nothing is put back, so that none is lost with a state.

Who asks is sealed; before a request is closed, nothing of it is left here.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from data.stores.cases import CaseKind
from data.stores.register import REGISTER
from data.stores.sql import compact
from data.stores.sql_types import UtcTime

OPEN_REQUESTS = Table(
    "register_requests",
    REGISTER,
    Column("id", String(16), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("extended_for", Text, nullable=False),
    Column("doubted_at", UtcTime),
    Column("doubted_for", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What is needed to answer a request in time: see `Case`. Times are UTC.

    `sealed` is who asks; one that has none is being forgotten.
    """

    id: str
    kind: CaseKind
    opened_at: datetime
    due_at: datetime
    extended_for: str
    doubted_at: datetime | None
    doubted_for: str
    sealed: bytes = field(repr=False)


def put(connection: Connection, controller: str, request: OpenRequest) -> None:
    """Keep a request, in the place of what was kept of it."""
    connection.execute(delete(OPEN_REQUESTS).where(OPEN_REQUESTS.c.id == request.id))
    connection.execute(insert(OPEN_REQUESTS), {**asdict(request), "controller": controller})


def requests(connection: Connection, controller: str) -> dict[str, OpenRequest]:
    """All that are kept of a controller, by their ids."""
    rows = connection.execute(select(OPEN_REQUESTS).where(OPEN_REQUESTS.c.controller == controller))
    told = (row._mapping for row in rows)
    return {row["id"]: OpenRequest(**{k: v for k, v in row.items() if k != "controller"}) for row in told}


def forget(engine: Engine, ids: Collection[str]) -> None:
    """Forget some, so that not even a free page has anything of who asked; after a stop, call it again."""
    these = OPEN_REQUESTS.c.id.in_(list(ids))
    with engine.begin() as connection:
        found = connection.execute(update(OPEN_REQUESTS).where(these).values(sealed=b"")).rowcount
    if found:
        compact(engine)
        with engine.begin() as connection:
            connection.execute(delete(OPEN_REQUESTS).where(these))
