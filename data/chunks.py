"""Cutting long sequences into pieces that a database or a memory budget can take."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size` items, in order (itertools.batched comes with Python 3.12)."""
    iterator = iter(items)
    while piece := list(islice(iterator, size)):
        yield piece
