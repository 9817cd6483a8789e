"""A new key for the register of people who were erased or object."""

from data.stores import register
from flows.wiring import Home
from governance import evidence


def rotate_register(home: Home, controller: str) -> int:
    """Hash the register again under a new key; returns the key's version."""
    room = home.room(controller)
    with home.lock():
        with home.engine.begin() as connection:
            generation = room.register.generation()
            register.carry_out(connection, generation, pending=generation + 1)
        version = room.register.rotate(home.clock.now())
        with home.engine.begin() as connection:
            register.carry_out(connection, room.register.generation())
            details = {"controller": controller, "version": version}
            evidence.record(connection, home.clock.now(), "register key rotated", details)
    return version
