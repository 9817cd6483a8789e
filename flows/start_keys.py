"""Make the keys of a new home, and never others in their place."""

from flows.wiring import Home
from governance import evidence
from pseudonymize import check_nothing_sealed, create_key_file, create_keys


def ensure_keys(home: Home, controller: str) -> bool:
    """Make a controller's keys where there are none; returns whether any were made.

    Raises `KeyUnavailable` where the home was made with a key that is not here.
    """
    settings = home.settings
    if not settings.key and not settings.key_file.exists() and not home.has_keys():
        with home.engine.connect() as connection:
            check_nothing_sealed(connection, controller)
        create_key_file(settings.key_file)
    with home.lock():
        made = create_keys(home.room(controller))
        if made:
            with home.engine.begin() as connection:
                evidence.record(connection, home.clock.now(), "keys made", {"controller": controller})
    return made
