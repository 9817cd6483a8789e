"""Open requests of people, kept where nothing is put back, so that none is lost with a state.

Who asks is sealed; when a request is answered, nothing of it stays here.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Column, Connection, LargeBinary, String, Table, Text, delete, insert, select

from data.stores.cases import CaseKind
from data.stores.register import REGISTER
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
    Column("sealed", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What is needed to answer a request in time: see `Case`. Times are UTC."""

    id: str
    kind: CaseKind
    opened_at: datetime
    due_at: datetime
    extended_for: str
    sealed: bytes = field(repr=False)


def put(connection: Connection, controller: str, request: OpenRequest) -> None:
    """Keep a request, in the place of what was kept of it."""
    forget(connection, [request.id])
    connection.execute(insert(OPEN_REQUESTS), {**asdict(request), "controller": controller})


def requests(connection: Connection, controller: str) -> list[OpenRequest]:
    """All that are kept, most urgent first."""
    mine = select(OPEN_REQUESTS).where(OPEN_REQUESTS.c.controller == controller)
    rows = connection.execute(mine.order_by(OPEN_REQUESTS.c.due_at, OPEN_REQUESTS.c.id))
    return [OpenRequest(r.id, r.kind, r.opened_at, r.due_at, r.extended_for, r.sealed) for r in rows]


def forget(connection: Connection, ids: Collection[str]) -> int:
    """Keep some no longer; returns how many there were."""
    return connection.execute(delete(OPEN_REQUESTS).where(OPEN_REQUESTS.c.id.in_(ids))).rowcount
