"""Take in what the CRM tells of customers and of compiled surveys: it starts periods, and ends them."""

from pathlib import Path

from data.stores import crm_ledger, relations
from flows.wiring import Home
from governance import evidence
from pseudonymize import at_shared_alone, crm_reference_keys, read_feed, shared_addresses, sweep

UNKNOWN_CYCLES = "compiled cycles of which no answers are kept"
#: Nobody can say whose event it is there, so that it starts and ends no period.
AT_SHARED = "left out: at an address that several people share"


def import_events(home: Home, controller: str, path: Path) -> dict[str, int]:
    """Take a whole file of events in, or nothing of it; returns counts.

    Of contacts of whom we never held anything nothing is kept; of those of whom we hold nothing any more
    what is told again counts from when it was told first, so that it ends. Raises `InputRefused`.
    """
    room, now = home.room(controller), home.clock.now()
    with home.lock():
        sweep(room)
        with home.engine.connect() as connection:
            told = {place[0] for place in crm_ledger.read(connection, controller)}
            before = relations.known(connection, controller)
        references = crm_reference_keys(room)
        shared = at_shared_alone(references, shared_addresses(room))
        kept = {file.partition[1:] for file in home.responses.files(controller)}
        held = told.union(*references.values())
        feed = read_feed(room, path, held | before, shared)
        with home.engine.begin() as connection:
            relations.note(connection, controller, feed.relations, now, held | feed.organisations)
            for survey, cycle, at in feed.compiled:
                relations.note_compiled(connection, controller, survey, cycle, at)
            counts = {
                "rows": feed.rows,
                "contacts and organisations": len(feed.relations) - feed.shared,
                "compiled cycles": len(feed.compiled),
                UNKNOWN_CYCLES: len({(survey, cycle) for survey, cycle, _ in feed.compiled} - kept),
                "not known to us": feed.unknown,
                AT_SHARED: feed.shared,
            }
            details = {"controller": controller, "counts": counts}
            evidence.record(connection, now, "events imported", details)
            if feed.shared:
                alarm = {"controller": controller, "says": f"events {AT_SHARED}", "count": feed.shared}
                evidence.record(connection, now, "alarm", alarm)
    return counts
