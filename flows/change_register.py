"""One change of the register of the erased and objecting, made so that a stop on the way does no harm."""

from collections.abc import Callable
from typing import TypeVar

from data.stores import register, tasks
from flows.wiring import Home
from pseudonymize import Room

Made = TypeVar("Made")


def change_register(home: Home, room: Room, do: Callable[[str], Made]) -> Made:
    """Let `do` change the register, by the id that it is given; returns what it does. Needs the home's lock.

    The state notes whose change is on its way, so that a stop right after it does not make this home look
    like an older one that was put back.
    """
    change = tasks.new_id()
    with home.engine.begin() as connection:
        register.carry_out(connection, room.register.generation(), pending=change)
    made = do(change)
    with home.engine.begin() as connection:
        register.carry_out(connection, room.register.generation())
    return made
