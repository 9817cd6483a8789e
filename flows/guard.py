"""What may be said of an exception: never its message, unless it is one of ours.

A message, a cause, an argument of somebody else's exception can hold a value from an answer, and
orchestrators and terminals keep what they are shown.
"""

import errno
import functools
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import OperationalError

from data.errors import HomeUnusable, OutsideSystemFailed, TillitError, Unforeseen

P = ParamSpec("P")
R = TypeVar("R")

_PROJECT = Path(__file__).parents[1]
_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}


def scrub(error: Exception) -> TillitError:
    """An error that is safe to show, log and keep: ours as it is, any other as type and place."""
    if not isinstance(error, TillitError):
        return _storage_error(error) or Unforeseen(
            f"{type(error).__name__} at {_place(error)} (reference {secrets.token_hex(4)})",
            hint="this is a defect: report the line above, which holds no personal data",
        )
    error.__cause__ = error.__context__ = None
    return error


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Let only scrubbed errors out of `function`; its signature stays.

    The error is raised outside the except block, so that no cause is chained to it.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # every message must be scrubbed
            safe = scrub(error)
        raise safe.with_traceback(None)

    return wrapper


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(_PROJECT) and ".venv" not in f.filename]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"


def _storage_error(error: Exception) -> TillitError | None:
    number = error.errno if isinstance(error, OSError) else None
    text = str(error.orig) if isinstance(error, OperationalError) else ""
    if number in _FULL or "full" in text or "disk I/O" in text:
        return HomeUnusable(
            "the disk is full; nothing half-written can be seen",
            hint="make room, then run the same command again",
        )
    if number in _UNWRITABLE or "readonly" in text or "unable to open" in text:
        return HomeUnusable("the home cannot be written to", hint="choose another with --home or TILLIT_HOME")
    if text:
        return OutsideSystemFailed(
            "the database did not answer", hint="see TILLIT_STATE_URL, TILLIT_KEYS_URL"
        )
    return None
