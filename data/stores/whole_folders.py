"""A folder that is there whole or not at all, and safe on the disk when it is."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NEW = ".new"


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Fill the folder that is given; it takes the name `folder` once all is in it, or is gone.

    What a stop has left of an earlier try is removed first. `folder` may be there, empty. Raises OSError.
    """
    new = folder.with_name(folder.name + _NEW)
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700, parents=True)
    descriptor = os.open(new, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield new
        _bring_all_to_disk(new)
        new.rename(folder)
        _bring_to_disk(folder.parent)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    finally:
        os.close(descriptor)


def remove_left(parent: Path, names: str) -> int:
    """Remove what stops have left of folders of such names; one that a process is filling stays."""
    return sum(_remove_left(new) for new in parent.glob(names + _NEW))


def _remove_left(new: Path) -> bool:
    descriptor = os.open(new, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(new)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _bring_all_to_disk(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _bring_to_disk(path)


def _bring_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
