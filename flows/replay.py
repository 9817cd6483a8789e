"""Erase again whom an older copy of the home has brought back."""

from collections import Counter

from sqlalchemy import select

from data.stores import register
from data.stores.register import ENTRIES
from flows.erase import erase
from flows.wiring import Home
from governance import evidence
from pseudonymize import returned, sweep, withhold_all


def replay(home: Home) -> dict[str, int]:
    """Bring the home up to the register, controller by controller; returns counts of things by store."""
    counts: Counter[str] = Counter(people=0)

    def noted(store: str, found: int, gone: int) -> None:
        counts[store] += gone

    with home.lock():
        with home.register_engine.connect() as connection:
            newest, _ = register.newest(connection)
            controllers = list(connection.scalars(select(ENTRIES.c.controller).distinct()))
        for controller in controllers:
            room = home.room(controller, even_behind=True)
            sweep(room)
            people, texts = returned(room)
            counts["texts"] += withhold_all(room, texts)
            for subject in people:
                counts["people"] += bool(subject.response_keys)
                erase(home, room.policy, subject, "replay", "replay", noted)
        with home.engine.begin() as connection:
            register.carry_out(connection, newest)
            details = {"generation": newest, "counts": dict(counts)}
            evidence.record(connection, home.clock.now(), "suppressions replayed", details)
    return dict(counts)
