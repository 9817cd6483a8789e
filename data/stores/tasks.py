"""What somebody has to delete by hand, where no program can: until when, and whether it is done."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from data.chunks import chunks
from data.stores import case_recipients
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

TASKS = Table(
    "tasks",
    STATE,
    Column("id", String(16), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("store", String(40), nullable=False),
    Column("origin", String(16), nullable=False, index=True),
    Column("clause", String(40), nullable=False),
    Column("count", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("done_by", String(100), nullable=False),
)

TASK_ITEMS = Table(
    "task_items",
    STATE,
    Column("task_id", String(16), primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)


#: Instead of who has done it: what a task still asked for came in again, and is kept.
KEPT = "kept after all"


@dataclass(frozen=True, slots=True)
class Task:
    """Things to delete by hand in one store; `origin` is the plan or the case that asked for it. UTC."""

    id: str
    controller: str
    store: str
    origin: str
    clause: str
    count: int
    made_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    done_by: str = ""


def new_id() -> str:
    """A random id for a task, a plan, a case, a hold."""
    return secrets.token_hex(6)


def make(connection: Connection, task: Task, items: Mapping[str, bytes]) -> None:
    """Note a task and what is to be deleted: our id of it, and, sealed by the raw room, the vendor's."""
    connection.execute(insert(TASKS), {c.name: getattr(task, c.name) for c in TASKS.columns})
    for some in chunks(sorted(items.items()), 500):
        rows = [{"task_id": task.id, "item": item, "sealed": sealed} for item, sealed in some]
        connection.execute(insert(TASK_ITEMS), rows)


def tasks(connection: Connection, controller: str, origin: str = "") -> list[Task]:
    """All tasks of a controller, or those of one plan or case, most urgent first."""
    mine = TASKS.c.controller == controller
    if origin:
        mine &= TASKS.c.origin == origin
    return [_task(row) for row in connection.execute(select(TASKS).where(mine).order_by(TASKS.c.due_at))]


def items(connection: Connection, task_id: str) -> set[str]:
    """Ids of what a task is about; none any more once it is done."""
    return set(connection.scalars(select(TASK_ITEMS.c.item).where(TASK_ITEMS.c.task_id == task_id)))


def sealed_items(connection: Connection, task_id: str) -> dict[str, bytes]:
    """What of a task is still to be deleted, by our id, with the vendor's id of it sealed."""
    rows = connection.execute(select(TASK_ITEMS).where(TASK_ITEMS.c.task_id == task_id))
    return {row.item: row.sealed for row in rows}


def open_items(connection: Connection, controller: str, store: str) -> set[str]:
    """Ids in a store that some open task is about already."""
    mine = (TASKS.c.controller == controller) & (TASKS.c.store == store) & TASKS.c.done_at.is_(None)
    joined = select(TASK_ITEMS.c.item).join(TASKS, TASKS.c.id == TASK_ITEMS.c.task_id)
    return set(connection.scalars(joined.where(mine)))


def items_done(
    connection: Connection, task_id: str, gone: Collection[str], at: datetime, by: str = ""
) -> bool:
    """Forget the ids of what is gone; closes the task, and returns true, where nothing is left to do."""
    for some in chunks(gone, 500):
        these = (TASK_ITEMS.c.task_id == task_id) & TASK_ITEMS.c.item.in_(some)
        connection.execute(delete(TASK_ITEMS).where(these))
    if items(connection, task_id):
        return False
    connection.execute(update(TASKS).where(TASKS.c.id == task_id).values(done_at=at, done_by=by))
    _answered(connection, task_id, at, by)
    return True


def _answered(connection: Connection, task_id: str, at: datetime, by: str) -> None:
    """Where it was the last task of a case at a store: whose store it is has answered by it."""
    this = connection.execute(select(TASKS).where(TASKS.c.id == task_id)).one()
    others = (TASKS.c.origin == this.origin) & (TASKS.c.store == this.store) & TASKS.c.done_at.is_(None)
    if connection.execute(select(TASKS.c.id).where(others)).first() is None:
        case_recipients.done(connection, this.origin, this.store, at.astimezone().date(), by)


def _task(row: Row[Any]) -> Task:
    return Task(**row._mapping)
