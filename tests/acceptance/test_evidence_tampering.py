"""Whatever somebody with access to the files does to the evidence log, one of the checks finds it.

The log of these tests has six entries, then a checkpoint of them that was kept elsewhere, then its own entry
and one more.
"""

import hashlib
import re
from pathlib import Path

import pytest

from data.stores.verifier_key import VERIFIER_KEY
from flows.wiring import Home
from governance.signed_note import VerifierKey, read_verifier_key, signed_note
from pseudonymize.signing import SIGNING_KEYS
from tests.support.forged import FORGED, add, by_hand, edit, hashed, put, rows_of, save, verify
from tests.support.homes import new_home

COVERED, ALL = 6, 8


@pytest.fixture
def home(home: Home) -> Home:
    for number in range(2, COVERED + 1):
        add(home, number)
    return home


@pytest.fixture
def kept(home: Home, tmp_path: Path) -> Path:
    """The checkpoint that was kept elsewhere."""
    return save(home, tmp_path / "monday.checkpoint")


@pytest.fixture
def key(kept: Path, home: Home) -> str:
    """The verifier key that was kept elsewhere."""
    add(home, ALL)
    return verify(home, "--against", kept, "--json").json["key"]


EDITS = {
    "its number is another": {"number": 99},
    "its time is another": {"at": "2026-11-01T12:00:00.000001+00:00"},
    "its time is told in another zone": {"at": "2026-11-01T13:00:00.000000+01:00"},
    "its time is no time": {"at": "noon"},
    "its time lies before all time": {"at": "0001-01-01T00:00:00.000000+14:00"},
    "its kind is another": {"kind": "erasure"},
    "its details are others": {"details": FORGED["details"]},
    "its details are bytes": {"details": b"{}"},
    "what it says of the entry before is another": {"previous": "f" * 64},
    "its hash is another": {"hash": "f" * 64},
    "it is empty and its hash that of nothing": {"at": "", "hash": hashlib.sha256().hexdigest()},
}


@pytest.mark.parametrize("number", [1, 3, ALL])
@pytest.mark.parametrize("changes", EDITS.values(), ids=EDITS.keys())
def test_the_log_alone_shows_of_an_entry_that(changes, number, home, kept, key):
    with by_hand(home) as connection:
        edit(connection, number, **changes)
    said = verify(home)
    assert said.code == 6
    assert f"broken at entry {number}" in said.err


MOVES = {
    "the first entry is gone": (lambda rows: rows[1:], 1),
    "an entry in the middle is gone": (lambda rows: [*rows[:3], *rows[4:]], 4),
    "an entry in the middle is gone and the others have moved up": (
        lambda rows: numbered([*rows[:3], *rows[4:]]),
        4,
    ),
    "two entries have changed places": (lambda rows: numbered([*rows[:2], rows[3], rows[2], *rows[4:]]), 3),
    "an entry stands there twice": (lambda rows: numbered([*rows[:3], *rows[2:]]), 4),
    "an entry was put in before the first": (lambda rows: [{**rows[0], "number": 0}, *rows], 1),
    "an entry was put in, and hashed, and nothing after it": (
        lambda rows: numbered([*hashed([*rows[:3], FORGED]), *rows[3:]]),
        5,
    ),
    "an entry was put at the end that follows from none": (
        lambda rows: [*rows, {**rows[2], "number": ALL + 1}],
        ALL + 1,
    ),
}


def numbered(rows):
    return [{**row, "number": number} for number, row in enumerate(rows, start=1)]


@pytest.mark.parametrize(("change", "number"), MOVES.values(), ids=MOVES.keys())
def test_the_log_alone_shows_that(change, number, home, kept, key):
    with by_hand(home) as connection:
        put(connection, change(rows_of(connection)))
    said = verify(home)
    assert said.code == 6
    assert f"broken at entry {number}" in said.err


def test_the_log_alone_shows_that_an_entry_holds_bytes_that_are_no_text(home, kept, key):
    with by_hand(home) as connection:
        connection.execute("UPDATE evidence SET details = CAST(X'ff' AS TEXT) WHERE number = 3")
    said = verify(home)
    assert said.code == 6
    assert "evidence log is broken after entry" in said.err


def test_the_log_alone_shows_that_its_table_is_gone(home, kept, key):
    with by_hand(home) as connection:
        connection.execute("DROP TABLE evidence")
    said = verify(home)
    assert said.code == 6
    assert "no evidence log" in said.err


REHASHED = {
    "the newest entries are gone": (lambda rows: rows[: COVERED - 1], "newest entries"),
    "all entries are gone": (lambda rows: [], "ends at entry 0"),
    "the whole log was written and hashed anew": (lambda rows: [FORGED] * ALL, "first 6 entries"),
    "an entry was changed and the rest hashed anew": (
        lambda rows: [*rows[:3], FORGED, *rows[4:]],
        "first 6 entries",
    ),
    "the first entry was removed and the rest hashed anew": (lambda rows: rows[1:], "first 6 entries"),
    "the newest entry that it covers was removed and the rest hashed anew": (
        lambda rows: [*rows[: COVERED - 1], *rows[COVERED:]],
        "first 6 entries",
    ),
    "an entry was put in and the rest hashed anew": (
        lambda rows: [*rows[:3], FORGED, *rows[3:]],
        "first 6 entries",
    ),
    "two entries changed places and the rest was hashed anew": (
        lambda rows: [rows[0], rows[2], rows[1], *rows[3:]],
        "first 6 entries",
    ),
}


@pytest.mark.parametrize(("change", "words"), REHASHED.values(), ids=REHASHED.keys())
def test_only_a_checkpoint_shows_that(change, words, home, kept, key):
    with by_hand(home) as connection:
        put(connection, hashed(change(rows_of(connection))))
    alone = verify(home)
    assert alone.code == 0
    assert "No checkpoint was given" in alone.out
    said = verify(home, "--against", kept, "--key", key)
    assert said.code == 6
    assert words in said.err
    assert kept.name in said.err


def test_a_log_that_was_hashed_anew_and_is_the_same_is_no_forgery(home, kept, key):
    with by_hand(home) as connection:
        put(connection, hashed(rows_of(connection)))
    assert verify(home, "--against", kept, "--key", key).code == 0


_ROOT = f"\n{'A' * 43}=\n"
CHECKPOINT_EDITS = {
    "its size is another": (lambda note: note.replace("\n6\n", "\n5\n"), "changed after it was signed"),
    "its root is another": (lambda note: re.sub(r"\n.{43}=\n", _ROOT, note), "changed after it was signed"),
    "its origin is another": (lambda note: note.replace("tillit/", "Tillit/"), "not signed by this key"),
    "it has another line": (lambda note: note.replace("\n\n", "\nmore\n\n"), "changed after it was signed"),
    "its signature is gone": (lambda note: note.replace("\n\n", "\n"), "no signed note"),
    "its line breaks are others": (lambda note: note.replace("\n", "\r\n"), "no signed note"),
}


@pytest.mark.parametrize(("change", "words"), CHECKPOINT_EDITS.values(), ids=CHECKPOINT_EDITS.keys())
def test_a_checkpoint_does_not_hold_where(change, words, home, kept, key):
    kept.write_bytes(change(kept.read_bytes().decode()).encode())
    said = verify(home, "--against", kept, "--key", key)
    assert said.code == 6
    assert f"{kept} does not hold: it" in said.err
    assert words in said.err


def test_a_checkpoint_does_not_hold_where_it_is_no_text(home, kept, key):
    kept.write_bytes(b"\xff\xfe")
    said = verify(home, "--against", kept, "--key", key)
    assert said.code == 6
    assert "does not hold: it is not UTF-8" in said.err


def test_a_checkpoint_does_not_hold_where_another_home_has_signed_it(home, kept, key, tmp_path):
    foreign = save(new_home(tmp_path / "another"), tmp_path / "foreign")
    said = verify(home, "--against", foreign, "--key", key)
    assert said.code == 6
    assert "foreign does not hold: it is not signed by this key" in said.err


@pytest.mark.parametrize("takes_the_id_as_well", [False, True])
def test_a_checkpoint_does_not_hold_where_another_key_has_taken_the_name(
    takes_the_id_as_well, home, kept, key
):
    ours = read_verifier_key(key)
    theirs = ours if takes_the_id_as_well else VerifierKey(ours.name, b"\x05" * 32)
    text = kept.read_text("utf-8").partition("\n\n")[0] + "\n"
    kept.write_text(signed_note(text, theirs, lambda _: b"\x05" * 64), "utf-8")
    assert verify(home, "--against", kept, "--key", key).code == 6


def test_a_copy_of_the_verifier_key_that_was_changed_is_found(home, kept, key):
    with by_hand(home) as connection:
        connection.execute("UPDATE verifier_key SET key = replace(key, '+', '-')")
    said = verify(home, "--against", kept)
    assert said.code == 6
    assert "the verifier key that the home keeps was changed" in said.err
    assert verify(home, "--against", kept, "--key", key).code == 0


def test_a_key_that_was_kept_elsewhere_shows_a_forgery_that_the_copy_in_the_home_does_not(home, kept, key):
    with by_hand(home) as connection:
        put(connection, hashed([FORGED] * COVERED))
    with home.engine.begin() as state, home.keys_engine.begin() as keys:
        state.execute(VERIFIER_KEY.delete())
        keys.execute(SIGNING_KEYS.delete())
    kept.unlink()
    save(home, kept)
    fooled = verify(home, "--against", kept)
    assert fooled.code == 0
    assert "proves less" in fooled.out
    said = verify(home, "--against", kept, "--key", key)
    assert said.code == 6
    assert "not signed by this key" in said.err
