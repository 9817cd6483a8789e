"""A new key for the register of people who were erased or object."""

from data.stores import register, tasks
from flows.wiring import Home
from governance import evidence


def rotate_register(home: Home, controller: str) -> int:
    """Hash the register again under a new key; returns the key's version."""
    room, change = home.room(controller), tasks.new_id()
    with home.lock():
        with home.engine.begin() as connection:
            register.carry_out(connection, room.register.generation(), pending=change)
        version = room.register.rotate(home.clock.now(), change)
        with home.engine.begin() as connection:
            register.carry_out(connection, room.register.generation())
            details = {"controller": controller, "version": version}
            evidence.record(connection, home.clock.now(), "register key rotated", details)
    return version
