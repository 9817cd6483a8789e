"""Answers as counts of groups, each of enough people that nobody can be told from it. Pure.

An answer "ends as an aggregate" in the group of its cycle, and "is anonymised" in the finer group of
its cycle and categories. Pseudonymous answers are personal data; a count of enough people is not
(decision C14). A group that is too small is left out, and so is every answer in it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from typing import Any

from data.stores.aggregates import Group

#: What of an answer `groups` needs to know.
COLUMNS = [
    "survey",
    "cycle",
    "pseudonym",
    "score",
    "scale_minimum",
    "scale_maximum",
    "role",
    "workplace",
    "country",
]
_CATEGORIES = ("role", "workplace", "country")

_Key = tuple[str, str, str, str, str, int, int]


def groups(answers: Iterable[Mapping[str, Any]], smallest: int, *, fine: bool) -> list[Group]:
    """Counts of scores in every group with at least `smallest` people; `answers` have `COLUMNS`.

    Groups may be told to others together with the whole of their cycle, so that no group is left out
    where what is left out of its cycle would be the answers of fewer people than `smallest`.
    """
    scores: dict[_Key, Counter[int]] = {}
    people: dict[_Key, set[str]] = {}
    for answer in answers:
        if answer["score"] is None:
            continue
        key = _key(answer, fine=fine)
        scores.setdefault(key, Counter())[answer["score"]] += 1
        people.setdefault(key, set()).add(answer["pseudonym"])
    kept = _large_enough(people, smallest)
    return [Group(*key, dict(scores[key])) for key in sorted(scores) if key in kept]


def _key(answer: Mapping[str, Any], *, fine: bool) -> _Key:
    role, workplace, country = (str(answer[name] or "") if fine else "" for name in _CATEGORIES)
    scale = (answer["scale_minimum"], answer["scale_maximum"])
    return (answer["survey"], answer["cycle"], role, workplace, country, *scale)


def _large_enough(people: Mapping[_Key, Set[str]], smallest: int) -> set[_Key]:
    """Groups of enough people, less the smallest of a cycle as long as what is left out is of too few."""
    kept: set[_Key] = set()
    for cycle in {key[:2] for key in people}:
        of_cycle = sorted((len(people[key]), key) for key in people if key[:2] == cycle)
        out: set[str] = set()
        for size, key in of_cycle:
            if size < smallest or 0 < len(out) < smallest:
                out |= people[key]
            else:
                kept.add(key)
    return kept
