"""A stream of a million answers is redacted in bounded memory, all processes together."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.labelled import read

pytestmark = pytest.mark.soak

TEXTS = 1_000_000
MEGABYTES = 1_500


def test_a_million_answers_are_redacted_in_bounded_memory(tmp_path: Path) -> None:
    answers, redacted = tmp_path / "answers.jsonl", tmp_path / "redacted.jsonl"
    _write(answers)
    tillit = Path(sys.executable).with_name("tillit")
    command = [tillit, "redact", "--input", answers, "--output", redacted, "--json"]
    started = time.monotonic()
    with subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL) as running:
        peak = max(_megabytes(running.pid) for _ in _while_running(running))
    print(f"{TEXTS / (time.monotonic() - started):,.0f} texts a second, peak {peak:,.0f} MB")  # noqa: T201
    assert running.returncode == 0
    with redacted.open(encoding="utf-8") as lines:
        assert sum(1 for _ in lines) == TEXTS
    assert peak < MEGABYTES


def _write(path: Path) -> None:
    """Answers that are all different, with words that no other has, as in a real stream of years."""
    rng = random.Random(7)
    pool = [(name[:2], a.text) for name in ("sv", "en", "sv_second", "en_second") for a in read(name)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(TEXTS):
            language, text = rng.choice(pool)
            word = "".join(rng.choices("abdefghijklmnoprstuvy", k=7))
            file.write(json.dumps({"id": number, "text": f"{text} {word}", "language": language}) + "\n")


def _while_running(process: subprocess.Popen[bytes]) -> Iterator[None]:
    while process.poll() is None:
        yield
        time.sleep(1)


def _megabytes(pid: int) -> float:
    """The memory of a process and of all it started, shared pages counted once (proportional set size)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        own = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except (OSError, StopIteration):
        return 0.0  # it ended meanwhile
    return own + sum(_megabytes(int(child)) for child in children)
