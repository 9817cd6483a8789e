"""Deletion plans: the digest of each, who approved it, and how far it has been carried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Integer, Row, String, Table, insert, select, update

from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

PLANS = Table(
    "plans",
    STATE,
    Column("id", String(16), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
    Column("approved_by", String(100), nullable=False),
    Column("approved_at", UtcTime),
    Column("verified_at", UtcTime),
)

STEPS = Table(
    "plan_steps",
    STATE,
    Column("plan_id", String(16), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("store", String(40), nullable=False),
    Column("planned", Integer, nullable=False),
    Column("here", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("left", Integer, nullable=False),
    Column("holds", JSON, nullable=False),
    Column("at", UtcTime),
)


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan as it is known here; its content lies in its file. Times are UTC."""

    id: str
    controller: str
    digest: str
    made_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a plan, carried out: so many were planned, were here, are gone, are left for a reason.

    `holds` says of how many that are left the reason is a legal hold, by its id.
    """

    part: int
    store: str
    planned: int
    here: int
    removed: int
    left: int
    holds: Mapping[str, int]
    at: datetime


def make(connection: Connection, plan: PlanState) -> None:
    """Note a new plan."""
    connection.execute(insert(PLANS), {c.name: getattr(plan, c.name) for c in PLANS.columns})


def approve(connection: Connection, plan_id: str, by: str, at: datetime) -> None:
    """Note who approved a plan."""
    connection.execute(update(PLANS).where(PLANS.c.id == plan_id).values(approved_by=by, approved_at=at))


def verified(connection: Connection, plan_id: str, at: datetime) -> None:
    """Note that a plan was carried out and read back."""
    connection.execute(update(PLANS).where(PLANS.c.id == plan_id).values(verified_at=at))


def find(connection: Connection, beginning: str) -> list[PlanState]:
    """Plans whose digest begins so."""
    wanted = PLANS.c.digest.startswith(beginning, autoescape=True)
    return [_plan(row) for row in connection.execute(select(PLANS).where(wanted).limit(2))]


def all_plans(connection: Connection, controller: str) -> list[PlanState]:
    """All plans of a controller, oldest first."""
    mine = select(PLANS).where(PLANS.c.controller == controller).order_by(PLANS.c.made_at, PLANS.c.id)
    return [_plan(row) for row in connection.execute(mine)]


def begun(connection: Connection, controller: str) -> set[str]:
    """Ids of the plans that somebody has begun to carry out."""
    mine = select(STEPS.c.plan_id).join(PLANS, PLANS.c.id == STEPS.c.plan_id)
    return set(connection.scalars(mine.where(PLANS.c.controller == controller).distinct()))


def begin_step(connection: Connection, plan_id: str, part: int, store: str, planned: int, here: int) -> None:
    """Note that a part is about to be carried out, and how many of it are here; the first time counts.

    What a stop leaves is then counted as this plan's, and what another one took before it is not.
    """
    this = (STEPS.c.plan_id == plan_id) & (STEPS.c.part == part)
    if connection.scalar(select(STEPS.c.here).where(this)) is None:
        row = {"plan_id": plan_id, "part": part, "store": store, "planned": planned, "here": here}
        connection.execute(insert(STEPS), {**row, "removed": 0, "left": here, "holds": {}, "at": None})


def here_at_first(connection: Connection, plan_id: str) -> dict[int, int]:
    """How many things of each part were here when it was begun, by number."""
    rows = connection.execute(select(STEPS.c.part, STEPS.c.here).where(STEPS.c.plan_id == plan_id))
    return {row.part: row.here for row in rows}


def step_done(connection: Connection, plan_id: str, step: Step) -> None:
    """Note that a part that was begun is carried out."""
    this = (STEPS.c.plan_id == plan_id) & (STEPS.c.part == step.part)
    values = {"removed": step.removed, "left": step.left, "holds": step.holds, "at": step.at}
    connection.execute(update(STEPS).where(this).values(values))


def steps(connection: Connection, plan_id: str) -> dict[int, Step]:
    """The parts of a plan that are carried out, by number."""
    mine = (STEPS.c.plan_id == plan_id) & STEPS.c.at.is_not(None)
    rows = connection.execute(select(STEPS).where(mine).order_by(STEPS.c.part))
    return {row.part: Step(*(getattr(row, name) for name in Step.__slots__)) for row in rows}


def _plan(row: Row[Any]) -> PlanState:
    return PlanState(**row._mapping)
