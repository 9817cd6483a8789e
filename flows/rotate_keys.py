"""New pseudonyms for everybody, under a new key."""

from flows.wiring import Home
from pseudonymize import Progress, rotate_pseudonyms


def rotate_keys(home: Home, controller: str, progress: Progress) -> dict[str, int]:
    """Rotate the key of a controller's pseudonyms; returns its version, and counts.

    Raises `KeyUnavailable` where a person's own key is missing.
    """
    room = home.room(controller)
    with home.lock():
        return rotate_pseudonyms(room, progress)
