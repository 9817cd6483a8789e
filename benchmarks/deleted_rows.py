"""Of how many deleted rows something stays in a SQLite file, as our databases are opened.

python benchmarks/deleted_rows.py [--rounds 12] [--rows 3000]

Keys of data keys are made and destroyed at random, with and without writing the file anew; the file is then
searched for the ids of those that are gone.
"""

import argparse
import random
import re
import secrets
import tempfile
from pathlib import Path

from sqlalchemy import delete, insert

from data.chunks import chunks
from data.stores.sql import KEYS, compact, open_database, sqlite_url
from pseudonymize.keys import DATA_KEYS


def left_over(rounds: int, rows: int, *, anew: bool) -> tuple[int, int]:
    """How many ids of deleted rows are in the file, and how many rows were deleted."""
    live, gone = set[str](), set[str]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.db"
        engine = open_database(sqlite_url(path), KEYS)
        for _ in range(rounds):
            new = [secrets.token_hex(16) for _ in range(rows)]
            same = {"controller": "c", "purpose": "person", "run_id": "r"}
            dead = random.sample(sorted(live | set(new)), (len(live) + rows) // 4)
            with engine.begin() as connection:
                connection.execute(
                    insert(DATA_KEYS), [{**same, "id": i, "wrapped": secrets.token_bytes(60)} for i in new]
                )
            with engine.begin() as connection:
                for some in chunks(dead, 500):
                    connection.execute(delete(DATA_KEYS).where(DATA_KEYS.c.id.in_(some)))
            live = (live | set(new)) - set(dead)
            gone |= set(dead)
        if anew:
            compact(engine)
        found = {word.decode() for word in re.findall(rb"(?=([0-9a-f]{32}))", path.read_bytes())}
    return len(gone & found), len(gone)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--rows", type=int, default=3000)
    asked = parser.parse_args()
    for anew in (False, True):
        left, gone = left_over(asked.rounds, asked.rows, anew=anew)
        print(f"{'written anew' if anew else 'as it is'}: something of {left} of {gone} deleted rows")


if __name__ == "__main__":
    main()
