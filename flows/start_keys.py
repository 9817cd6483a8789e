"""Make the keys of a new home, and never others in their place."""

from flows.wiring import Home
from governance import evidence
from pseudonymize import check_nothing_sealed, create_keys, ensure_key_file


def ensure_keys(home: Home, controller: str) -> bool:
    """Make a controller's keys where there are none; returns whether any were made.

    Raises `KeyUnavailable` where the home was made with a key that is not here.
    """
    settings = home.settings
    with home.lock():
        if not settings.key and not home.has_keys():
            ensure_key_file(settings.key_file, lambda: _check_nothing_sealed(home, controller))
        made = create_keys(home.room(controller))
        if made:
            with home.engine.begin() as connection:
                evidence.record(connection, home.clock.now(), "keys made", {"controller": controller})
    return made


def _check_nothing_sealed(home: Home, controller: str) -> None:
    with home.engine.connect() as connection:
        check_nothing_sealed(connection, controller)
