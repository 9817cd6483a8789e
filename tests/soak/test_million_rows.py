"""A million answers go in, in bounded memory; the same export again changes nothing."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.exports import COLUMNS, answer
from tests.support.killed import ROOT, open_again

pytestmark = pytest.mark.soak

ROWS, PEOPLE = 1_000_000, 400_000
MEGABYTES = 1_500


def test_a_million_rows_are_taken_in_and_the_same_export_again_changes_nothing(
    tmp_path: Path, mapping: Path
) -> None:
    export = _write(tmp_path / "export.csv")
    first = _import(tmp_path / "home", export, mapping)
    assert (first["new"], first["quarantined"]) == (ROWS, 0)
    again = _import(tmp_path / "home", export, mapping)
    assert (again["already imported"], again["new"], again["replaced"]) == (ROWS, 0, 0)
    assert open_again(tmp_path / "home").responses.read("sectra", ["response_key"]).num_rows == ROWS
    assert max(first["peak_mb"], again["peak_mb"]) < MEGABYTES


def _write(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.values())
        for number in range(ROWS):
            row = _answer(number)
            writer.writerow([row[name] for name in COLUMNS])
    return path


def _answer(number: int) -> dict[str, str]:
    """Everybody answers every third quarter or so. Texts would take hours, and are tested elsewhere."""
    year, quarter = divmod(number * 8 // ROWS, 4)
    cycle = {"cycle": f"{2025 + year}-Q{quarter + 1}", "text": ""}
    return answer(number % PEOPLE, response_id=f"R-{number:07}", **cycle)


def _import(home: Path, export: Path, mapping: Path) -> dict[str, Any]:
    """One import in a process of its own, so that its peak of memory is its own; prints its figures."""
    files = ("--home", home, "--file", export, "--mapping", mapping)
    command = [sys.executable, "benchmarks/intake.py", "import", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    print(done.stdout)  # noqa: T201
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures
