"""Who decides and on which ground: checked in one way, whatever is decided, since it stays on record."""

from data.errors import UsageError

_LONGEST_NAME, _LONGEST_GROUND = 100, 200


def check_staff(by: str) -> None:
    """Raise `UsageError` unless somebody is named who decides."""
    if not by.strip():
        raise UsageError("nobody is named who answers for it", hint="give --by NAME")
    if not _fits(by, _LONGEST_NAME):
        raise UsageError(f"who decides has a name of up to {_LONGEST_NAME} characters", hint="give --by NAME")


def check_ground(what: str, ground: str, option: str) -> None:
    """Raise `UsageError` unless there is a ground for what is decided, and it holds no address."""
    if not _fits(ground, _LONGEST_GROUND):
        raise UsageError(
            f"{what} has a ground of up to {_LONGEST_GROUND} characters", hint=f"give {option} TEXT"
        )
    if "@" in ground:
        raise UsageError(
            f"the ground of {option} holds an @: it stays on record, and may name nobody",
            hint="say what it is about; the case knows who",
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
