"""A file of people that is written whole or not at all, beside the one that it is made from."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from data.errors import OutsideSystemFailed, UsageError


@contextmanager
def whole_file(source: Path, target: Path, encoding: str) -> Iterator[TextIO]:
    """Write `target`, which appears once all of it is written, lines as they are given.

    Raises `UsageError` where it is `source`, `OutsideSystemFailed` where it cannot be written.
    """
    if not target.name or target.resolve() == source.resolve():
        raise UsageError("--output must name a file other than --input")
    partial = target.with_name(f".{target.name}.partial")
    try:
        with partial.open("w", encoding=encoding, newline="") as out:
            yield out
        partial.replace(target)
    except OSError as error:
        problem = error.strerror
    else:
        return
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    raise OutsideSystemFailed(f"{target} cannot be written: {problem}", hint="choose another --output")
