"""The labelled answers: how much a redactor may leave readable, and how much it may take for nothing.

The answers that are held out are scored and never shown: who tunes the redactor must not have read them.
"""

import re
from dataclasses import dataclass
from functools import cache

import pytest

from pseudonymize.redaction.people import Answer
from tests.support.labelled import FOLDER, Score, read, score
from tests.support.redacting import REDACTOR

ADDRESSES = ("ADDRESS",)
USERS = ("USERNAME",)
TRAINING = FOLDER.parents[1] / "training" / "texts"
MARK = re.compile(r"\{[A-Z]+:([^{}]+)\}")
#: "Thanks!" is nobody's.
LONG = 25


@dataclass(frozen=True)
class Floor:
    """What a file must reach: most of leaks and of what goes for nothing, least of what is found."""

    leak: float
    person: float
    structured: float
    address: float
    username: float
    over: float
    characters: float


FLOORS = {
    "sv": Floor(0.025, 0.96, 1.00, 1.00, 1.00, 0.01, 0.001),
    "en": Floor(0.040, 0.95, 1.00, 0.92, 0.80, 0.01, 0.001),
    "sv_held_out": Floor(0.035, 0.95, 0.98, 0.92, 0.85, 0.02, 0.002),
    "en_held_out": Floor(0.065, 0.92, 0.96, 0.90, 0.85, 0.06, 0.007),
}


@cache
def scored(name: str) -> Score:
    __tracebackhide__ = True  # its values hold the answers
    answers = read(name)
    redacted = REDACTOR.redact([Answer(answer.text, name[:2]) for answer in answers])
    return score(answers, [one.text for one in redacted])


def structured(of: Score) -> list[str]:
    """The kinds that are personal by their form, but for street addresses and user names."""
    return [kind for kind in of.spans if kind not in ("PERSON", *ADDRESSES, *USERS)]


def figures(name: str) -> dict[str, float]:
    of = scored(name)
    return {
        "leak": of.leak,
        "person": of.recall("PERSON"),
        "structured": of.recall(*structured(of)),
        "address": of.recall(*ADDRESSES),
        "username": of.recall(*USERS),
        "over": of.over_redacted,
        "characters": of.characters_removed,
    }


def sizes(name: str) -> tuple[int, int, int, int, int]:
    """How many people, answers about nobody, addresses, user names and other spans a file has."""
    of = scored(name)
    by_form = sum(of.spans[kind] for kind in structured(of))
    return of.spans["PERSON"], of.impersonal, of.spans["ADDRESS"], of.spans["USERNAME"], by_form


def shared(one: str, other: str) -> int:
    """How many answers two files have in common."""
    return len({answer.text for answer in read(one)} & {answer.text for answer in read(other)})


MOST = ("leak", "over", "characters")
LEAST = ("person", "structured", "address", "username")


@pytest.mark.parametrize("figure", MOST)
@pytest.mark.parametrize("name", FLOORS)
def test_no_more_is_left_readable_or_taken_for_nothing_than_promised(name, figure):
    measured, promised = figures(name)[figure], getattr(FLOORS[name], figure)
    assert measured <= promised, f"{name}: {figure} is {measured:.4f}, promised is {promised}"


@pytest.mark.parametrize("figure", LEAST)
@pytest.mark.parametrize("name", FLOORS)
def test_as_much_is_found_as_promised(name, figure):
    measured, promised = figures(name)[figure], getattr(FLOORS[name], figure)
    assert measured >= promised, f"{name}: {figure} is {measured:.4f}, promised is {promised}"


@pytest.mark.parametrize("name", FLOORS)
def test_each_file_has_enough_of_everything_to_be_scored(name):
    people, impersonal, addresses, users, by_form = sizes(name)
    assert people >= 100
    assert impersonal >= 80
    assert addresses >= 5
    assert users >= 5
    assert by_form >= 50


@pytest.mark.parametrize(
    "name", sorted(file.stem for file in FOLDER.glob("??*.txt") if "held_out" not in file.stem)
)
def test_no_answer_is_both_labelled_and_held_out(name):
    in_both = shared(name, f"{name[:2]}_held_out")
    assert in_both == 0


def test_english_of_mails_posts_and_news_keeps_few_people():
    of = figures("en_web_held_out")
    assert of["person"] >= 0.92
    assert of["over"] <= 0.29


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*held_out.txt")))
def test_no_model_has_learnt_from_an_answer_that_is_held_out(name):
    lines = [line for file in TRAINING.glob("*.txt") for line in file.read_text("utf-8").splitlines()]
    learnt = {MARK.sub(r"\1", line) for line in lines}
    held_out = [answer.text.replace("\n", "\\n") for answer in read(name)]
    both = sum(len(text) > LONG and text in learnt for text in held_out)
    assert both == 0
