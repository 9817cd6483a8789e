"""Who decides and on which ground: checked in one way, whatever is decided, since it stays on record."""

from data.errors import UsageError

_LONGEST_NAME, _LONGEST_GROUND = 100, 200


def check_staff(by: str) -> None:
    """Raise `UsageError` unless somebody is named who decides."""
    if not _fits(by, _LONGEST_NAME):
        raise UsageError(f"somebody decides, by a name of up to {_LONGEST_NAME} characters", hint="give --by")


def check_ground(what: str, ground: str, option: str) -> None:
    """Raise `UsageError` unless there is a ground for what is decided."""
    if not _fits(ground, _LONGEST_GROUND):
        raise UsageError(
            f"{what} has a ground of up to {_LONGEST_GROUND} characters", hint=f"give {option} TEXT"
        )


def check_role(role: str) -> None:
    """Raise `UsageError` unless who refuses says in which role."""
    if not _fits(role, _LONGEST_NAME):
        raise UsageError(
            f"who refuses has a role of up to {_LONGEST_NAME} characters",
            hint="give --role, for example DPO",
        )


def _fits(text: str, longest: int) -> bool:
    return 0 < len(text.strip()) <= longest
