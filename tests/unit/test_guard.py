"""Of an exception that is not ours only its type and place are told."""

import errno
import pickle
import sqlite3
import traceback

import pytest
from sqlalchemy.exc import DatabaseError, OperationalError

from data.errors import HomeUnusable, InputRefused, OutsideSystemFailed, TillitError, Unforeseen
from flows.guard import guarded, scrub

VALUE = "Åsa Öberg <asa.oberg@norrvik.se>"


def thrown(error: Exception) -> Exception:
    """The error as it is after it was raised somewhere, on top of another one."""
    try:
        try:
            raise KeyError(VALUE)
        except KeyError as cause:
            raise error from cause
    except Exception as raised:
        return raised


def told(error: BaseException) -> str:
    """All that a terminal, a log or an orchestrator could keep of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.args) + repr(vars(error))


FOREIGN = {
    "a value": ValueError(VALUE),
    "a key": KeyError(VALUE),
    "letters that cannot be read": UnicodeDecodeError("utf-8", VALUE.encode(), 0, 1, VALUE),
    "several at once": ExceptionGroup(VALUE, [ValueError(VALUE)]),
    "an assertion": AssertionError(VALUE),
    "a file": FileNotFoundError(errno.ENOENT, VALUE, VALUE),
    "a value that a note tells": ValueError("x"),
}
FOREIGN["a value that a note tells"].add_note(VALUE)


@pytest.mark.parametrize("error", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_error_is_told_by_type_and_place_alone(error):
    safe = scrub(thrown(error))
    assert type(safe) is Unforeseen
    assert str(safe).startswith(f"{type(error).__name__} at test_guard.py:")
    assert "in thrown" in str(safe)
    assert "defect" in safe.hint
    assert VALUE not in told(safe)
    assert "asa.oberg" not in told(safe)


def test_our_own_error_keeps_its_words_and_loses_its_causes():
    error = InputRefused("enkät.csv: row 4", hint="mend it")
    safe = scrub(thrown(error))
    assert safe is error
    assert (str(safe), safe.hint) == ("enkät.csv: row 4", "mend it")
    assert (safe.__cause__, safe.__context__) == (None, None)
    assert VALUE not in told(safe.with_traceback(None))


def test_our_own_error_loses_its_notes():
    error = InputRefused("enkät.csv: row 4")
    error.add_note(VALUE)
    assert VALUE not in told(scrub(error).with_traceback(None))


def test_an_error_that_was_never_raised_can_be_told_as_well():
    assert str(scrub(ValueError(VALUE))).startswith("ValueError")


def of_database(kind: type[DatabaseError], text: str) -> DatabaseError:
    return kind(f"INSERT {VALUE}", {"name": VALUE}, sqlite3.OperationalError(text))


STORAGE: dict[str, tuple[Exception, type[TillitError], str]] = {
    "no space": (OSError(errno.ENOSPC, VALUE), HomeUnusable, "the disk is full"),
    "a file too large": (OSError(errno.EFBIG, VALUE), HomeUnusable, "the disk is full"),
    "no quota": (OSError(errno.EDQUOT, VALUE), HomeUnusable, "the disk is full"),
    "no permission": (PermissionError(errno.EACCES, VALUE), HomeUnusable, "cannot be written to"),
    "read-only": (OSError(errno.EROFS, VALUE), HomeUnusable, "cannot be written to"),
    "a full database": (
        of_database(OperationalError, "database or disk is full"),
        HomeUnusable,
        "the disk is full",
    ),
    "a read-only database": (
        of_database(OperationalError, "attempt to write a readonly database"),
        HomeUnusable,
        "cannot be written to",
    ),
    "no database": (
        of_database(OperationalError, "unable to open database file"),
        HomeUnusable,
        "cannot be written to",
    ),
    "a busy database": (
        of_database(OperationalError, "database is locked"),
        OutsideSystemFailed,
        "the database did not answer",
    ),
    "a damaged database": (
        of_database(DatabaseError, "database disk image is malformed"),
        OutsideSystemFailed,
        "damaged",
    ),
    "no database at all": (
        of_database(DatabaseError, "file is not a database"),
        OutsideSystemFailed,
        "damaged",
    ),
}


@pytest.mark.parametrize(("error", "kind", "says"), STORAGE.values(), ids=STORAGE.keys())
def test_a_failing_disk_or_database_is_told_as_one(error, kind, says):
    safe = scrub(thrown(error))
    assert isinstance(safe, kind)
    assert safe.exit_code == 5
    assert says in str(safe)
    assert safe.hint
    assert VALUE not in told(safe)


def test_a_guarded_function_lets_only_safe_errors_out():
    @guarded
    def read(text: str) -> str:
        raise ValueError(f"cannot read {text}")

    with pytest.raises(Unforeseen) as refusal:
        read(VALUE)
    error = refusal.value
    assert (error.__cause__, error.__context__) == (None, None)
    assert VALUE not in str(error) + repr(error.args)
    assert VALUE not in pickle.dumps(error).decode("latin-1")


def test_a_guarded_function_keeps_its_result_its_name_and_its_words():
    @guarded
    def double(number: int) -> int:
        """Twice as much."""
        return 2 * number

    assert (double(4), double.__name__, double.__doc__) == (8, "double", "Twice as much.")
