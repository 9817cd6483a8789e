"""However a long answer is made, it comes back or is withheld in seconds."""

import random
import time
import tracemalloc

import pytest
from threadpoolctl import threadpool_limits

from pseudonymize.redaction.names import Close
from pseudonymize.redaction.people import Answer, WindowNames
from tests.support.redacting import REDACTOR, outside

SHORT, LONG, LONGEST = 2_000, 20_000, 100_000
SECONDS = 20.0
TIMES = 15
TRIES = 3
#: What even a short text may take.
SLACK = 1.0
WINDOW = WindowNames(["Åsa Öberg", "Maria del Carmen Lopez", "Lars Wikström"])

PARTS = {
    "one letter": "a",
    "one capital": "A",
    "one digit": "7",
    "digits": "0123456789",
    "one space": " ",
    "line breaks": "\n",
    "letters apart": "a ",
    "capitals apart": "A A A ",
    "digits apart": "0 7 ",
    "signatures": "Mvh ",
    "signatures on lines": "Mvh\n",
    "greetings": "Hej Lasse, ",
    "addresses begun": "anna@",
    "addresses": "anna@x.se ",
    "faces": "😀",
    "tags begun": "<",
    "tags": "<b>",
    "entities begun": "&#",
    "entities": "&amp;",
    "dots apart": ". . .",
    "hyphens": "-",
    "placeholders": "<PERSON_1> ",
    "names": "Karin Lundgren ",
    "different names": None,
    "a host made of names": "www.mariannmariannmariannmariannmariannmariannqzqz.se/x ",
    "versions": "v 1.2.3 ",
    "towns": "Charlotte, ",
    "postal codes on lines": "12 A St\nLS1 3EX\n",
    "births": "born 1985-01-01 ",
    "logins": "jhenderson_adm ",
    "things": "server, Anna ",
    "codes": "images A 12 345 ",
    "postal codes": "12 A St, LS1 3EX, ",
    "accents": "a\u0301",
    "accents alone": "\u0301",
    "invisible": "\u200b",
    "Cyrillic": "\u0430nn\u0430 ",
    "random bytes": None,
    "random words": None,
}


def different_names(length: int) -> str:
    return "".join(f"Karin{chr(97 + i % 26)}{chr(97 + i // 26 % 26)} Lund, " for i in range(length))[:length]


def random_bytes(length: int) -> str:
    return random.Random(7).randbytes(2 * length).decode("latin-1")[:length]


def random_words(length: int) -> str:
    chance = random.Random(7)
    letters = "abcdeåö A1."
    return "".join(chance.choice(letters) for _ in range(length))


MADE = {"different names": different_names, "random bytes": random_bytes, "random words": random_words}


def text_of(name: str, length: int) -> str:
    part = PARTS[name]
    return MADE[name](length) if part is None else (part * length)[:length]


def seconds(text: str) -> float:
    start = time.process_time()
    answer = Answer(text, "sv", "Anna Svensson", ("anna.svensson@norrvik.se",), certain=True)
    with threadpool_limits(1):  # as in a worker; threads that wait for each other count as work
        (found,) = REDACTOR.redact([answer], WINDOW)
    assert len(outside(found.text)) <= len(text)
    return time.process_time() - start


def in_proportion(times: tuple[float, float]) -> bool:
    """Whether the long answer took no more than its length over the short one's explains."""
    short, long = times
    return long < SECONDS and long < TIMES * short + SLACK


@pytest.mark.parametrize("name", PARTS)
def test_a_hostile_answer_takes_time_in_proportion_to_its_length(name):
    seconds("Hej Lasse!")
    times = []
    while len(times) < TRIES and not any(map(in_proportion, times)):  # a busy machine only ever adds time
        times.append(tuple(seconds(text_of(name, length)) for length in (SHORT, LONG)))
    assert any(map(in_proportion, times)), times


@pytest.mark.parametrize(
    "name", ["letters apart", "capitals apart", "dots apart", "line breaks", "random bytes"]
)
def test_a_hostile_answer_of_a_hundred_thousand_characters_comes_back_in_time(name):
    assert seconds(text_of(name, LONGEST)) < SECONDS


def test_a_long_word_is_compared_with_names_in_little_memory():
    names, word = Close(["svensson", "lundgren"]), "0123456789" * 500
    tracemalloc.start()
    assert word not in names
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000
