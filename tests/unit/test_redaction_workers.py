"""Several processes give what one gives; one that dies or hangs takes no answer with it."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pseudonymize.redaction.people import NO_WINDOW, Answer, WindowNames
from pseudonymize.redaction.workers import Pool, Result
from tests.support.redacting import REDACTOR

WINDOW = WindowNames(["Åsa Öberg", "Björn Ek", "Quivoxi Zarblat"])
TEXTS = [
    "Prata med Karin Lundgren på 070-174 06 05 om visaren.",
    "The viewer is fast, says zarblat of the clinic.",
    "Nej",
    "Das System ist schnell, und der Support ist sehr gut, sagt Frau Schmidt.",
    "I am Anna from the clinic, anna@norrvik.se.",
    "",
    "Tom Baker and Karin helped us, and Tom was great.",
]
ANSWERS = [Answer(f"{text} {n}" if n % 3 else text, "", "Anna Svensson") for n in range(6) for text in TEXTS]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(2)
    yield pool
    pool.close()


def outcomes(results: list[Result]) -> list[tuple[str, dict[str, int]]]:
    return [
        (f"<WITHHELD:{r.withheld}>", {"WITHHELD": 1}) if r.withheld else (r.text, dict(r.removed))
        for r in results
    ]


def alone(answers: list[Answer], window: WindowNames = WINDOW) -> list[tuple[str, dict[str, int]]]:
    return [(found.text, dict(found.removed)) for found in REDACTOR.redact(answers, window)]


def processes(pool: Pool) -> list[int]:
    return [worker._process.pid for worker in pool._workers]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_pool_gives_what_one_process_gives_in_the_same_order(pool):
    assert outcomes(pool.search(ANSWERS, WINDOW)) == alone(ANSWERS)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_fewer_answers_than_processes_are_no_trouble(pool, count):
    assert outcomes(pool.search(ANSWERS[:count], WINDOW)) == alone(ANSWERS[:count])


def test_the_names_of_another_window_are_those_of_the_next_search(pool):
    answers = [Answer("The viewer is fast, says quivoxi of the clinic.", "en")] * 2
    assert "quivoxi" not in str(outcomes(pool.search(answers, WINDOW)))
    assert outcomes(pool.search(answers, NO_WINDOW)) == alone(answers, NO_WINDOW)
    assert "quivoxi" not in str(outcomes(pool.search(answers, WINDOW)))


def test_a_worker_that_died_is_replaced_and_nothing_is_lost(pool):
    pool.search(ANSWERS[:2], WINDOW)
    dead, other = processes(pool)
    os.kill(dead, signal.SIGKILL)
    assert outcomes(pool.search(ANSWERS, WINDOW)) == alone(ANSWERS)
    assert processes(pool)[0] != dead
    assert processes(pool)[1] == other


def test_a_worker_that_dies_under_way_is_replaced_and_nothing_is_lost(pool):
    pool.search(ANSWERS[:2], WINDOW)
    answers = [Answer(f"{text} {n}", "sv", "Anna Svensson") for n in range(120) for text in TEXTS[:3]]
    expected = alone(answers)
    dead = processes(pool)[1]
    killer = threading.Timer(0.1, os.kill, (dead, signal.SIGKILL))
    killer.start()
    found = pool.search(answers, WINDOW)
    killer.join()
    assert outcomes(found) == expected
    assert outcomes(pool.search(ANSWERS, WINDOW)) == alone(ANSWERS)
    assert processes(pool)[1] != dead


@contextmanager
def patience(pool: Pool, seconds: float) -> Iterator[None]:
    """Workers that have been started are waited for so long."""
    pool.search(ANSWERS[:2], WINDOW)
    before = [worker._patience for worker in pool._workers]
    for worker in pool._workers:
        worker._patience = seconds
    yield
    for worker, longer in zip(pool._workers, before, strict=True):
        worker._patience = longer


def test_the_one_answer_at_which_a_worker_hangs_is_withheld_in_time(pool):
    with patience(pool, 1.0):
        stuck = processes(pool)[0]
        os.kill(stuck, signal.SIGSTOP)
        started = time.monotonic()
        found = pool.search(ANSWERS[:1], WINDOW)
        assert time.monotonic() - started < 20
    assert outcomes(found) == [("<WITHHELD:error>", {"WITHHELD": 1})]
    assert found[0].text == ""
    assert not is_alive(stuck)
    assert outcomes(pool.search(ANSWERS[:1], WINDOW)) == alone(ANSWERS[:1])


def test_a_worker_that_hangs_takes_no_other_answers_with_it(pool):
    with patience(pool, 15.0):  # enough for the others to start anew on a machine that is busy
        os.kill(processes(pool)[0], signal.SIGSTOP)
        assert outcomes(pool.search(ANSWERS[:8], WINDOW)) == alone(ANSWERS[:8])


def test_a_closed_pool_leaves_no_process_behind():
    pool = Pool(2)
    pool.search(ANSWERS[:2], WINDOW)
    before = processes(pool)
    pool.close()
    assert not [pid for pid in before if is_alive(pid)]
