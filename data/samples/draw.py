"""Random draws made of `random()` alone: the only sequence Python promises to keep between versions."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def chance(rng: random.Random, probability: float) -> bool:
    """True with this probability."""
    return rng.random() < probability


def between(rng: random.Random, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(rng.random() * (high - low + 1))


def pick(rng: random.Random, items: Sequence[T]) -> T:
    """One of the items, each as likely as the next."""
    return items[int(rng.random() * len(items))]


def weighted(rng: random.Random, weights: Mapping[T, float]) -> T:
    """One of the keys, each as likely as its weight."""
    left = rng.random() * sum(weights.values())
    for item, weight in weights.items():
        left -= weight
        if left < 0:
            return item
    return list(weights)[-1]  # rounding may leave a crumb


def shuffled(rng: random.Random, items: Sequence[T]) -> list[T]:
    """The items in a random order."""
    return [item for _, _, item in sorted((rng.random(), place, item) for place, item in enumerate(items))]
