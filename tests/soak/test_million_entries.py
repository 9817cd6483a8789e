"""A log of a million entries is verified, and its root computed, within a minute."""

import time
from pathlib import Path

import pytest
from sqlalchemy import insert

from data.chunks import chunks
from data.stores.sql import STATE, open_database, sqlite_url
from governance.checkpoints import roots
from governance.evidence import EVIDENCE, leaves
from tests.support.forged import FORGED, hashed
from tests.support.homes import NOW

pytestmark = pytest.mark.soak

ENTRIES, SECONDS = 1_000_000, 60


def test_a_million_entries_are_verified_within_a_minute(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "state.db"), STATE)
    with engine.begin() as connection:
        for some in chunks(hashed([FORGED] * ENTRIES), 10_000):
            connection.execute(insert(EVIDENCE), [{**row, "at": NOW} for row in some])
    begun = time.monotonic()
    with engine.connect() as connection:
        found = roots(leaves(connection), {ENTRIES // 2})
    assert max(found) == ENTRIES
    assert time.monotonic() - begun < SECONDS
