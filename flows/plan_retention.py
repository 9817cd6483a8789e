"""What falls due in every store, written down for a person to approve."""

from collections.abc import Callable, Collection, Container, Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection

from data.errors import UsageError
from data.store import Store
from data.stores import plans, policy_versions, relations, tasks
from data.stores.holds import Hold
from data.stores.plans import PlanState
from flows.by_hand import settle_inbox
from flows.decide import check_staff
from flows.hold import list_holds
from flows.plan_files import PlanStore
from flows.wiring import Home
from governance import evidence
from governance.deletion import Alarm, Plan, StorePlan, plan_store
from governance.dues import PoliciesOf
from governance.events import Happened
from governance.policy import Policy, parse_policy
from pseudonymize import Progress, Room, crm_reference_keys, shared_addresses, sweep

_HINT = (
    "the digest is what `tillit retention plan` prints as such; a newer plan takes the place of an older one"
)
_SHORTEST = 8


def make_plan(home: Home, controller: str, progress: Progress) -> tuple[PlanState | None, Plan]:
    """Write down what falls due now in every store, in the place of older plans that nobody has approved.

    Where nothing does, nothing is written for anybody to approve (None); that it was looked for is on
    record, and the plan tells of holds and alarms all the same.
    """
    with home.lock():
        plan = find_due(home, controller, progress)
        store = PlanStore(home.engine, home.register_engine, home.plans, controller)
        with home.engine.connect() as connection:
            older = [p.id for p in plans.all_plans(connection, controller) if p.approved_at is None]
        store.forget(older, "retention")
        return keep(home, plan), plan


def find_due(home: Home, controller: str, progress: Progress, only: Container[str] | None = None) -> Plan:
    """What falls due now, in every store or in some; nothing is written down. Needs the home's lock."""
    sweep(home.room(controller))
    settle_inbox(home, controller)
    with home.engine.connect() as connection:
        kept = [plan.id for plan in plans.all_plans(connection, controller) if plan.verified_at is None]
    home.plans.sweep(kept)
    now, found = home.clock.now(), {}
    chosen = [store for store in home.stores(controller) if only is None or store.name in only]
    steps = progress("looking at every store", len(chosen))
    look = looker(home, controller)
    for store in chosen:
        found[store.name] = look(store, None)
        steps(1)
    return _plan(
        home.policy(controller), found, now, overdue(home, controller, list_holds(home, controller), now)
    )


def keep(home: Home, plan: Plan, approved_by: str = "") -> PlanState | None:
    """Write a plan down, approved where the policy does that; None where nothing falls due."""
    now, state = home.clock.now(), None
    if plan.parts:
        approved_at = now if approved_by else None
        digest = home.plans.write(plan)
        state = PlanState(plan.id, plan.controller, digest, now, approved_by, approved_at)
    with home.engine.begin() as connection:
        if state:
            plans.make(connection, state)
        record(home, connection, "retention plan", plan, state, alarms=sum(a.count for a in plan.alarms))
        if state and approved_by:
            record(home, connection, "retention plan approved", plan, state)
    return state


def read(home: Home, beginning: str) -> tuple[PlanState, Plan]:
    """A plan by the beginning of its digest. Raises `UsageError` where it is not exactly one."""
    if len(beginning) < _SHORTEST:
        raise UsageError(f"a digest is told by its first {_SHORTEST} characters or more", hint=_HINT)
    with home.engine.connect() as connection:
        found = plans.find(connection, beginning)
    if len(found) != 1:
        raise UsageError("there is no plan, or more than one, with that digest", hint=_HINT)
    if found[0].verified_at:
        raise UsageError(
            f"plan {found[0].id} was carried out and verified on {found[0].verified_at:%Y-%m-%d}",
            hint=f"its certificate is certificates/{found[0].id}.json in the home",
        )
    return found[0], home.plans.read(found[0])


def approve(home: Home, beginning: str, by: str) -> PlanState:
    """Note who approves a plan."""
    state, plan = read(home, beginning)
    check_staff(by)
    if state.approved_at:
        raise UsageError(f"plan {state.id} was approved on {state.approved_at:%Y-%m-%d}")
    with home.lock(), home.engine.begin() as connection:
        plans.approve(connection, state.id, by.strip(), home.clock.now())
        record(home, connection, "retention plan approved", plan, state)
    return state


def looker(home: Home, controller: str) -> Callable[[Store, Collection[str] | None], StorePlan]:
    """What falls due in a store, or of some things in it, under all that is known now of events and holds."""
    room = home.room(controller)
    holds = list_holds(home, controller)
    happened, policies = joins(home, room), policies_of(home, room.policy)

    def look(store: Store, ids: Collection[str] | None) -> StorePlan:
        with home.engine.connect() as connection:
            under_way = tasks.open_items(connection, controller, store.name) if store.by_hand else set()
        holdings = happened.joined(store.holdings(ids))
        return plan_store(store, holdings, policies, holds, under_way, home.clock.now())

    return look


def joins(home: Home, room: Room) -> Happened:
    """All that is known now of customers and of compiled surveys, to be joined with what stores keep."""
    with home.engine.connect() as connection:
        known = relations.Relations.read(connection, room.policy.controller)
        compiled = relations.compiled(connection, room.policy.controller)
    if not known:
        return Happened(known, {}, compiled)
    shared = shared_addresses(room)  # whose event it is, of several people, the pseudonym does not tell
    references = {p: keys for p, keys in crm_reference_keys(room).items() if p not in shared}
    return Happened(known, references, compiled)


def policies_of(home: Home, now: Policy) -> PoliciesOf:
    """Under which policies a thing is: `now`, and the version that it was given under."""
    with home.engine.connect() as connection:
        texts = policy_versions.versions(connection, now.controller)

    @cache
    def policies(version: str) -> Sequence[Policy]:
        older = version != now.version and version in texts
        return (now, parse_policy(texts[version], f"policy {version}")) if older else (now,)

    return policies


def _plan(policy: Policy, found: dict[str, StorePlan], now: datetime, more: list[Alarm]) -> Plan:
    return Plan(
        id=tasks.new_id(),
        controller=policy.controller,
        policy=policy.version,
        made_at=now.isoformat(),
        totals={name: one.total for name, one in found.items()},
        parts=tuple(part for one in found.values() for part in one.parts),
        alarms=(*more, *(alarm for one in found.values() for alarm in one.alarms)),
        held=tuple(held for one in found.values() for held in one.held),
    )


def overdue(home: Home, controller: str, holds: Iterable[Hold], now: datetime) -> list[Alarm]:
    """Tasks that nobody has done in time, and those of some holds that nobody has reviewed."""
    with home.engine.connect() as connection:
        late = [t for t in tasks.tasks(connection, controller) if t.done_at is None and t.due_at < now]
    unreviewed = [h for h in holds if h.review < now.date()]
    found = [Alarm(t.store, f"task {t.id} was due on {t.due_at:%Y-%m-%d}", t.clause, t.count) for t in late]
    return found + [Alarm("", f"hold {h.id} was to be reviewed by {h.review}", "", 1) for h in unreviewed]


def record(
    home: Home, connection: Connection, kind: str, plan: Plan, state: PlanState | None, **more: int
) -> None:
    """Put a step of a plan on record; one in which nothing falls due has no id and no digest."""
    by_store: dict[str, int] = {}
    for part in plan.parts:
        by_store[part.store] = by_store.get(part.store, 0) + len(part.ids)
    whose = {"controller": plan.controller, "policy": plan.policy}
    which = {"plan": state.id, "digest": state.digest} if state else {}
    evidence.record(connection, home.clock.now(), kind, {**whose, **which, "counts": by_store, **more})
