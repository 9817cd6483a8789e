"""Take back what a wrong import brought in: its scores in the CRM, its answers, its people, its bad rows."""

from data.errors import UsageError
from data.stores import runs
from data.stores.runs import Run
from flows.crm_store import clear_scores
from flows.hold import check_not_held
from flows.sync_scores import without
from flows.wiring import Home
from governance import evidence
from pseudonymize import quarantined, sweep

_CAN_BE_UNDONE = ("import", "retry")


def undo(home: Home, run_id: str) -> dict[str, int]:
    """Remove what a run was the first to bring in; returns counts. Again after a stop, it does the rest.

    A newer version that it put in the place of an older one stays: the older one is no more. Raises
    `UsageError` for what is no import, or was undone already.
    """
    with home.engine.connect() as connection:
        run = runs.find(connection, run_id)
    if run is None or run.kind not in _CAN_BE_UNDONE or run.state != "published":
        raise UsageError(
            "there is no published import with that id", hint="see `tillit runs list`; kind import or retry"
        )
    room = home.room(run.controller)
    with home.lock():
        sweep(room)
        keys = home.responses.first_brought(run.controller, run_id)
        stores = {store.name: store for store in home.stores(run.controller)}
        rows = [row.id for row in quarantined(room) if row.run_id == run_id]
        check_not_held(home, room.policy, {"quarantine": rows, "responses": keys})
        # The answers go last: it is they that say which ones the run was the first to bring.
        counts = {"scores": clear_scores(home, room, without(home, room, keys))}
        for name, ids in (("quarantine", rows), ("vault", keys), ("responses", keys)):
            counts[name] = stores[name].forget(ids, "undo")
        counts["newer versions that stay"] = run.counts.get("replaced", 0)
        _note(home, run, counts)
    return counts


def _note(home: Home, run: Run, counts: dict[str, int]) -> None:
    now = home.clock.now()
    with home.engine.begin() as connection:
        runs.finish(connection, run.id, "undone", now, run.counts)
        details = {"run": run.id, "controller": run.controller, "counts": counts}
        evidence.record(connection, now, "run undone", details)
