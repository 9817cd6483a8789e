"""Take in what the CRM tells of customers and of compiled surveys: it starts periods, and ends them."""

from pathlib import Path

from data.stores import crm_ledger, relations
from flows.wiring import Home
from governance import evidence
from pseudonymize import crm_reference_keys, read_feed, sweep


def import_events(home: Home, controller: str, path: Path) -> dict[str, int]:
    """Take a whole file of events in, or nothing of it; returns counts.

    Of contacts of whom we hold nothing nothing is kept. Raises `InputRefused`.
    """
    room = home.room(controller)
    with home.lock():
        sweep(room)
        with home.engine.connect() as connection:
            told = {place[0] for place in crm_ledger.read(connection, controller)}
            before = relations.known(connection, controller)
        known = told.union(before, *crm_reference_keys(room).values())
        feed = read_feed(room, path, known)
        with home.engine.begin() as connection:
            relations.note(connection, controller, feed.relations)
            for survey, cycle, at in feed.compiled:
                relations.note_compiled(connection, controller, survey, cycle, at)
            counts = {
                "rows": feed.rows,
                "contacts and organisations": len(feed.relations),
                "compiled cycles": len(feed.compiled),
                "not known to us": feed.unknown,
            }
            details = {"controller": controller, "counts": counts}
            evidence.record(connection, home.clock.now(), "events imported", details)
    return counts
