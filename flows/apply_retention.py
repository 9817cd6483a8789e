"""Carry out an approved deletion plan, store by store, and go on where it stopped."""

from collections.abc import Iterable

from data.errors import PolicyForbids
from data.store import Store
from data.stores import plans
from data.stores.plans import Step
from flows.aggregate import aggregate
from flows.by_hand import make_task
from flows.hold import held_things
from flows.plan_retention import looker, read
from flows.prefect_store import PrefectStore
from flows.wiring import Home
from governance import evidence
from governance.deletion import Part, Plan
from governance.policy import Policy
from pseudonymize import Progress, seal_vendor_ids, sweep

_MAY_ALL_GO = {PrefectStore.name, "inbox", "backups", "backup_keys"}


def apply(home: Home, beginning: str, progress: Progress, *, even_so: bool = False) -> list[Step]:
    """Carry out an approved plan, store by store; begun again after a stop, it goes on where it was.

    Raises `PolicyForbids` where nobody approved it, or where it takes more of a store than the policy lets
    go without being said again (`even_so`); then nothing was deleted.
    """
    state, plan = read(home, beginning)
    if state.approved_at is None:
        raise PolicyForbids(
            "nobody has approved this plan", hint="`tillit retention approve DIGEST --by NAME`"
        )
    if not even_so:
        _check_share(home.policy(plan.controller), plan)
    with home.lock():
        sweep(home.room(plan.controller))
        with home.engine.connect() as connection:
            done = plans.steps(connection, plan.id)
        _begin(home, plan, [number for number in range(len(plan.parts)) if number not in done])
        steps = progress("deleting", len(plan.parts))
        look = looker(home, plan.controller)
        for store in home.stores(plan.controller):
            todo = {n: p for n, p in enumerate(plan.parts) if p.store == store.name and n not in done}
            ids = {i for part in todo.values() for i in part.ids}
            due = {i for still in look(store, ids).parts for i in still.ids} if ids else set()
            for number, part in todo.items():
                done[number] = _carry_out(home, plan, number, part, store, due)
                steps(1)
    return [done[number] for number in sorted(done)]


def _begin(home: Home, plan: Plan, todo: Iterable[int]) -> None:
    """Note how much of each part is here, before any goes: what leaves the CRM leaves its ledger with it."""
    stores = {store.name: store for store in home.stores(plan.controller)}
    for number in todo:
        part = plan.parts[number]
        here = len(stores[part.store].present(part.ids)) if part.store in stores else 0
        with home.engine.begin() as connection:
            plans.begin_step(connection, plan.id, number, part.store, len(part.ids), here)


def _carry_out(home: Home, plan: Plan, number: int, part: Part, store: Store, due: set[str]) -> Step:
    """One part: what is held or not due any more by now is left; what is gone already is gone."""
    wanted = [i for i in part.ids if i in due]
    with home.engine.connect() as connection:
        here = plans.here_at_first(connection, plan.id)[number]
    if part.by_hand:
        room = home.room(plan.controller)
        items = seal_vendor_ids(room, wanted)
        given = make_task(home, room.policy, part.store, items, plan.id, part.clause)
        left = store.present(part.ids) - set(wanted) - given
    else:
        if part.action != "delete":
            aggregate(home, plan.controller, f"{plan.id}-{number}", wanted, fine=part.action == "anonymise")
        store.forget(wanted, "retention")
        left = store.present(part.ids)
    holds = {hold.id: count for hold, _, count in held_things(home, plan.controller, {store.name: left})}
    planned = len(part.ids)
    step = Step(number, part.store, planned, here, here - len(left), len(left), holds, home.clock.now())
    with home.engine.begin() as connection:
        plans.step_done(connection, plan.id, step)
        details = {"plan": plan.id, "controller": plan.controller, "store": part.store, "clause": part.clause}
        numbers = {"planned": planned, "here": here, "removed": step.removed, "left": step.left}
        evidence.record(connection, step.at, "retention step", {**details, "counts": numbers, "holds": holds})
        if here and not step.removed and wanted:
            says = {**details, "says": "a deletion that was planned deleted nothing", "count": here}
            evidence.record(connection, step.at, "alarm", says)
    return step


def too_much(policy: Policy, plan: Plan) -> dict[str, int]:
    """How many things would go in each store that would lose more than the policy lets go unasked.

    The records of runs are nothing of anybody, and of the exports in an inbox and of backups all are to go
    within days: of those, everything may.
    """
    found = {}
    for store, total in plan.totals.items():
        if store in _MAY_ALL_GO:
            continue
        due = sum(len(part.ids) for part in plan.parts if part.store == store and not part.by_hand)
        if due > policy.limit("deletion_share") * total and due > 1:
            found[store] = due
    return found


def _check_share(policy: Policy, plan: Plan) -> None:
    share, clause = policy.limit("deletion_share"), policy.limits["deletion_share"]
    for store, due in too_much(policy, plan).items():
        total = plan.totals[store]
        raise PolicyForbids(
            f"{due} of {total} things in the store {store} would be deleted, "
            f"more than {share:.0%} ({clause})",
            hint="look at the plan; if it is right, say so with --even-so",
        )
