"""Forgetting answers, and what the vault knows through them: all of it at once, or nothing."""

from collections.abc import Collection

from data.store import Why
from pseudonymize import commit
from pseudonymize.rewrite import new_run, or_refuse
from pseudonymize.room import Room


def forget_answers(room: Room, response_keys: Collection[str], why: Why) -> int:
    """Delete answers from the Parquet files and their index, in one run; returns how many there were.

    The run is listed under `why`. Needs the home's lock. What a killed run left is swept first.
    """
    room.sweep()
    known = room.responses.known(room.policy.controller, response_keys)
    if known:
        run = new_run(room, why, None)
        commit.begin(room, run)
        with or_refuse(room, run):
            switch = room.responses.prepare_without(run.id, room.policy.controller, known)
        commit.publish_changed(room, run, switch, {"forgotten": len(known)})
    return len(known)


def forget_identities(room: Room, response_keys: Collection[str]) -> int:
    """Delete what the vault knows through some answers; returns of how many answers it was.

    Of a person of whom nothing is left the key is destroyed.
    """
    with room.engine.begin() as connection:
        count = room.vault.forget(connection, response_keys)
    room.destroy_doomed_keys()
    return count
