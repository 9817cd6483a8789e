"""What may be said of an exception, a warning, a log message: never its words, unless they are ours.

A message, a cause, an argument of somebody else's exception can hold a value from an answer, and
orchestrators and terminals keep what they are shown.
"""

import errno
import functools
import logging
import secrets
import sqlite3
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

from data.errors import HomeUnusable, OutsideSystemFailed, TillitError, Unforeseen

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

_PROJECT = Path(__file__).parents[1]
_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}

#: Whose log messages are kept as they are: ours, and those of Prefect, which knows of no answer.
_TRUSTED = {"flows", "pseudonymize", "analysis", "governance", "data", "prefect"}


def scrub(error: Exception) -> TillitError:
    """An error that is safe to show, log and keep: ours as it is, any other as type and place."""
    if not isinstance(error, TillitError):
        return _storage_error(error) or Unforeseen(
            f"{type(error).__name__} at {_place(error)} (reference {secrets.token_hex(4)})",
            hint="this is a defect: report the line above, which holds no personal data",
        )
    error.__cause__ = error.__context__ = None
    vars(error).pop("__notes__", None)
    return error


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Let only scrubbed errors out of `function`, and hush libraries meanwhile; its signature stays.

    The error is raised outside the except blocks, so that no cause is chained to it.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with hushed():
                return function(*args, **kwargs)
        except Exception as error:  # every message must be scrubbed
            safe: BaseException = scrub(error)
        except BaseException as stop:  # an order to stop; what it broke into must not go along with it
            stop.__cause__ = stop.__context__ = None
            safe = stop
        raise safe.with_traceback(None)

    return wrapper


@contextmanager
def hushed() -> Iterator[None]:
    """Let libraries say where they have something to say, not what.

    Presidio logs an account number that it cannot check; openpyxl warns with the value of a cell.
    """
    record, show = logging.getLogRecordFactory(), warnings.showwarning
    logging.setLogRecordFactory(functools.partial(_hushed_record, record))
    warnings.showwarning = _hushed_warning
    try:
        yield
    finally:
        logging.setLogRecordFactory(record)
        warnings.showwarning = show


def _hushed_record(
    make: Callable[..., logging.LogRecord],
    name: str | None,
    level: int,
    path: str,
    line: int,
    message: object,
    args: object,
    exc_info: object,
    *more: Any,
    **named: Any,
) -> logging.LogRecord:
    if (name or "").partition(".")[0] not in _TRUSTED:
        message, args, exc_info = f"a message at {Path(path).name}:{line}, left out", (), None
    return make(name, level, path, line, message, args, exc_info, *more, **named)


def _hushed_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any
) -> None:
    log.warning("%s at %s:%d", category.__name__, Path(filename).name, lineno)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "a place that is not known"
    ours = [f for f in frames if Path(f.filename).is_relative_to(_PROJECT) and ".venv" not in f.filename]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"


def _storage_error(error: Exception) -> TillitError | None:
    number = error.errno if isinstance(error, OSError) else None
    text = _said_by_database(error)
    if number in _FULL or "full" in text or "disk I/O" in text:
        return HomeUnusable(
            "the disk is full; nothing half-written can be seen",
            hint="make room, then run the same command again",
        )
    if number in _UNWRITABLE or "readonly" in text or "unable to open" in text:
        return HomeUnusable("the home cannot be written to", hint="choose another with --home or TILLIT_HOME")
    if "malformed" in text or "not a database" in text:
        return OutsideSystemFailed(
            "a database of the home is damaged; it was not written over",
            hint="restore the home from a backup (docs/backups.md); of the register, take the newest copy",
        )
    if text:
        return OutsideSystemFailed(
            "the database did not answer", hint="see TILLIT_STATE_URL, TILLIT_KEYS_URL, TILLIT_REGISTER_URL"
        )
    return None


def _said_by_database(error: Exception) -> str:
    """What a database says of itself; of a row that it does not take, which would be a defect, nothing."""
    said = error.orig if isinstance(error, DBAPIError) else error
    broken = type(said) is sqlite3.DatabaseError or isinstance(said, sqlite3.OperationalError)
    return str(said) if broken or isinstance(error, OperationalError) else ""
