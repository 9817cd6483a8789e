"""How fast an export is taken in, how much of that is redaction, and how much memory it needs.

    python benchmarks/intake.py                     invented people with texts, then 200,000 rows without
    python benchmarks/intake.py --people 400 --plain-rows 1000                       the same, but smaller
    python benchmarks/intake.py import --home DIR --file F --mapping M     one import, figures as JSON

Each export is written and each import runs in a process of its own, so that its peak of memory is its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

_ANSWERS_OF_A_PERSON = 2.45
_SEED, _AS_OF = 20261101, date(2026, 11, 1)


def write(people: int, texts: bool, folder: Path) -> None:
    """An export of invented people and its mapping."""
    from data.samples.columns import HEADER, TEXT
    from data.samples.files import write_csv
    from data.samples.generator import generate

    sample = generate(people, _SEED, _AS_OF)
    if not texts:
        place = HEADER.index(TEXT)
        sample = replace(sample, rows=[(*row[:place], "", *row[place + 1 :]) for row in sample.rows])
    write_csv(sample, folder / "export.csv")
    mapping = Path(__file__).parents[1] / "data" / "samples" / "csat.mapping.yaml"
    (folder / "mapping.yaml").write_text(mapping.read_text("utf-8"), "utf-8")


def measure(home_folder: Path, file: Path, mapping: Path) -> dict[str, Any]:
    """Import once; returns counts, seconds and the peak of memory of this process."""
    import resource

    from data.clock import SystemClock
    from flows.ingest import exports, ingest
    from flows.start_keys import ensure_keys
    from flows.wiring import Home, Settings
    from pseudonymize import no_progress

    spent = {"redaction": 0.0}
    home = Home(Settings.read({}, home_folder), SystemClock())
    ensure_keys(home, "sectra")
    _time_redaction(spent)
    (export,) = exports(home, "benchmark", file, mapping)
    started, cpu = time.perf_counter(), time.process_time()
    report = ingest(home, export, "benchmark", None, None, False, no_progress)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**report.counts, "seconds": seconds, "cpu": cpu, **spent, "peak_mb": peak}


def _time_redaction(spent: dict[str, float]) -> None:
    """Add up the time in the redactor, with the seconds that its models take to load."""
    from pseudonymize import redact

    redact.Redactor.redact = _timed(redact.Redactor.redact, spent, "redaction")


def _timed(function: Callable[..., Any], spent: dict[str, float], name: str) -> Callable[..., Any]:
    def wrapper(*args: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args)
        finally:
            spent[name] += time.perf_counter() - started

    return wrapper


def _in_a_process(*arguments: object) -> str:
    command = [sys.executable, __file__, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _tell(title: str, figures: dict[str, Any]) -> None:
    work, redaction = figures["seconds"], figures["redaction"]
    print(f"{title}: {figures['rows']:,} rows, {figures['to import']:,} imported")
    print(f"  {work:8.1f} s, {figures['rows'] / work:,.0f} rows/s")
    print(f"  {figures['cpu']:8.1f} s of processor time in the process that is not the redactor's")
    print(f"  {redaction:8.1f} s in redaction ({redaction / work:.0%}), {work - redaction:.1f} s in the rest")
    print(f"  {figures['peak_mb']:8.0f} MB at most")


def _both(people: int, plain_rows: int) -> None:
    sizes = {
        "With texts": (people, "--texts"),
        "Without texts": (int(plain_rows / _ANSWERS_OF_A_PERSON), "--no-texts"),
    }
    for title, (count, texts) in sizes.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _in_a_process("write", "--people", count, texts, "--folder", folder)
            where = ("--file", folder / "export.csv", "--mapping", folder / "mapping.yaml")
            for turn in ("first import", "same again"):
                output = _in_a_process("import", "--home", folder / "home", *where)
                _tell(f"{title}, {turn}", json.loads(output))


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--plain-rows", type=int, default=200_000)
    parts = parser.add_subparsers(dest="part")
    writing = parts.add_parser("write")
    writing.add_argument("--people", type=int, required=True)
    writing.add_argument("--texts", action=argparse.BooleanOptionalAction, default=True)
    writing.add_argument("--folder", type=Path, required=True)
    importing = parts.add_parser("import")
    for name in ("--home", "--file", "--mapping"):
        importing.add_argument(name, type=Path, required=True)
    asked = parser.parse_args()
    match asked.part:
        case "write":
            write(asked.people, asked.texts, asked.folder)
        case "import":
            print(json.dumps(measure(asked.home, asked.file, asked.mapping)))
        case _:
            _both(asked.people, asked.plain_rows)


if __name__ == "__main__":
    _main()
