"""Who decides and on which ground: checked in one way, whatever is decided, since it stays on record."""

from data.errors import UsageError

_LONGEST_NAME, _LONGEST_GROUND = 100, 200


def check_staff(by: str, what: str = "who decides has a name", option: str = "--by NAME") -> None:
    """Raise `UsageError` unless somebody is named who decides."""
    _check(what, by, _LONGEST_NAME, option)


def check_ground(what: str, ground: str, option: str) -> None:
    """Raise `UsageError` unless there is a ground for what is decided."""
    _check(f"{what} has a ground", ground, _LONGEST_GROUND, f"{option} TEXT")


def check_role(role: str) -> None:
    """Raise `UsageError` unless who refuses says in which role."""
    _check("who refuses has a role", role, _LONGEST_NAME, "--role TEXT, for example DPO")


def _check(what: str, text: str, longest: int, option: str) -> None:
    if not text.strip():
        raise UsageError(f"{what}, and none is given", hint=f"give {option}")
    if len(text.strip()) > longest:
        raise UsageError(f"{what} of up to {longest} characters", hint=f"give {option}")
    if "@" in text:
        raise UsageError(
            f"{what} that holds no @: it stays on record, and no address may",
            hint="say it without one; a case knows who asks",
        )
