"""How fast everything that is kept is searched for everybody in the vault, and how much memory that takes.

    python benchmarks/leakcheck.py                    100,000 people, a home of a gigabyte
    python benchmarks/leakcheck.py --share 0.1        a tenth of both

The home is made in a temporary folder: a vault with names, addresses and ids; redacted comments and
digests in Parquet; digests and sealed blobs in SQLite; a log and a report. The search runs in a process
of its own, so that its peak of memory is its own; that of its workers is added.
"""

import argparse
import json
import random
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_PEOPLE = 100_000
_MB_PARQUET, _MB_SQLITE, _MB_TEXT = 600, 350, 50
_BATCH = 1000
_TEXT = (
    "bilderna laddas snabbt när supporten hjälper till <PERSON_1> tycker att systemet är långsamt ibland "
    "the viewer is fast and <PHONE> helped us will the new release be better on <DATE> says our team in may"
)
_NAMES = "an na sven son berg lind kar in os eva bo sten ulf mar ia jo han er ik å ö sa"


def make(share: float, folder: Path) -> None:
    """A home with that share of people and bytes."""
    from data.clock import SystemClock
    from flows.start_keys import ensure_keys
    from flows.wiring import Home, Settings

    home = Home(Settings.read({}, folder), SystemClock())
    ensure_keys(home, "sectra")
    draw = random.Random(1)  # noqa: S311 - invented people
    _fill_vault(home, int(_PEOPLE * share), draw)
    comments = [" ".join(draw.choices(_TEXT.split(), k=draw.randint(8, 60))) for _ in range(5000)]
    for number in range(int(_MB_PARQUET * share / 60 + 1)):
        _write_parquet(folder / "responses" / f"{number}.parquet", comments, min(share * 10, 1.0))
    _write_sqlite(folder / "state" / "more.db", int(_MB_SQLITE * share * 1e6))
    _write_texts(folder, comments, int(_MB_TEXT * share * 1e6))


def _fill_vault(home: Any, people: int, draw: random.Random) -> None:
    from data.records import SurveyCycle
    from data.stores import runs
    from pseudonymize import Room
    from pseudonymize.identity import Identity
    from pseudonymize.vault import Visit

    room: Room = home.room("sectra")
    names = ["".join(draw.choices(_NAMES.split(), k=draw.randint(2, 3))).title() for _ in range(20_000)]
    run_id = runs.new_run_id()
    for first in range(0, people, _BATCH):
        visits = []
        for number in range(first, min(people, first + _BATCH)):
            key, person = secrets.token_hex(32), (secrets.token_hex(32), secrets.token_hex(32))
            said = {
                "when": "2026-01-01T00:00:00",
                "name": f"{draw.choice(names)} {draw.choice(names)}",
                "address": f"{draw.choice(names).lower()}{number}@example{number % 90}.com",
                "respondent_id": f"{7_000_000_000 + number}",
                "crm_reference": f"{draw.randrange(1 << 32):08x}-{number % 9999:04x}-4000-8000-{number:012}",
            }
            visits.append(
                Visit(
                    person,
                    Identity({key: said}),
                    key,
                    ("getfeedback", "csat", f"R-{number:08}"),
                    datetime(2026, 1, 1, tzinfo=UTC),
                    SurveyCycle("csat", "2026-Q1"),
                )
            )
        room.vault.stage(run_id, visits)
    with home.engine.begin() as connection:
        room.vault.publish(connection, run_id)


def _write_parquet(path: Path, comments: list[str], share: float) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = int(220_000 * share)  # 60 MB: digests can hardly be packed
    columns = {name: [secrets.token_hex(32) for _ in range(rows)] for name in ("response_key", "pseudonym")}
    columns["content_key"] = columns["pseudonym"][::-1]
    columns["comment"] = [comments[row * 7919 % len(comments)] for row in range(rows)]
    table = pa.table({**columns, "answered_at": [datetime(2026, 1, 1, tzinfo=UTC)] * rows})
    pq.write_table(table, path, compression="zstd", row_group_size=1 << 14)


def _write_sqlite(path: Path, size: int) -> None:
    def rows() -> Iterator[tuple[str, str, bytes]]:
        for _ in range(size // 440):
            yield secrets.token_hex(32), secrets.token_hex(32), secrets.token_bytes(300)

    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE sealed (response_key TEXT, pseudonym TEXT, sealed BLOB)")
        connection.executemany("INSERT INTO sealed VALUES (?, ?, ?)", rows())


def _write_texts(folder: Path, comments: list[str], size: int) -> None:
    line = '{"time": "2026-11-01T12:00:00+00:00", "level": "INFO", "run": "%s", "message": "%s"}\n'
    with (folder / "tillit.log").open("w", encoding="utf-8") as log:
        while log.tell() < size * 4 // 5:
            log.writelines(line % (secrets.token_hex(8), comment) for comment in comments)
    with (folder / "report.html").open("w", encoding="utf-8") as page:
        while page.tell() < size // 5:
            page.writelines(f"<tr><td>2026-Q3</td><td>{comment}</td></tr>\n" for comment in comments)


def measure(folder: Path) -> dict[str, Any]:
    """Search once; returns counts, seconds and the peak of memory of this process and of its workers."""
    import resource

    from data.clock import SystemClock
    from flows.check_leaks import check_leaks
    from flows.wiring import Home, Settings
    from pseudonymize import no_progress

    home = Home(Settings.read({"PREFECT_HOME": str(folder / "none")}, folder), SystemClock())
    started = time.perf_counter()
    report = check_leaks(home, "sectra", (), no_progress)
    seconds = time.perf_counter() - started
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = {"people": report.people, "identifiers": report.identifiers, "mb": report.bytes / 1e6}
    found = {"leaks": len(report.leaks), "unreadable": len(report.unreadable)}
    return {**counts, **found, "seconds": seconds, "peak_mb": own}


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--search", type=Path)
    asked = parser.parse_args()
    if asked.search:
        print(json.dumps(measure(asked.search)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "home"
        make(asked.share, folder)
        command = [sys.executable, __file__, "--search", str(folder)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        peak = _peak_of_all(process)
        found = json.loads(process.communicate()[0])
        for what, number in {**found, "peak_mb of all processes together": peak}.items():
            print(f"{what:34} {number:12,.0f}")


def _peak_of_all(process: "subprocess.Popen[str]") -> float:
    """The most memory, in MB, that a process and those below it held at once, looked at twice a second."""
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_resident(pid) for pid in _below(process.pid)))
        time.sleep(0.5)
    return peak


def _below(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in _read(children).split()]
    return found


def _resident(pid: int) -> float:
    """Proportional set size: pages that several processes share are counted once."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended meanwhile
        return ""


if __name__ == "__main__":
    _main()
