"""A new key for the register of people who were erased or object."""

from flows.change_register import change_register
from flows.wiring import Home
from governance import evidence


def rotate_register(home: Home, controller: str) -> int:
    """Hash the register again under a new key; returns the key's version."""
    room, now = home.room(controller), home.clock.now()
    with home.lock():
        version = change_register(home, room, lambda change: room.register.rotate(now, change))
        with home.engine.begin() as connection:
            details = {"controller": controller, "version": version}
            evidence.record(connection, now, "register key rotated", details)
    return version
