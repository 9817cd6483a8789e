"""State in PostgreSQL instead of SQLite: the same result, step by step, and the same promises."""

import os
import random
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from data.clock import FixedClock
from data.errors import UsageError, VerificationFailed
from data.stores.sql import sqlite_url
from flows.apply_retention import apply
from flows.begin_case import Decision
from flows.checkpoint_evidence import checkpoint_evidence
from flows.create_backup import create_backup
from flows.fulfil_case import fulfil
from flows.hold import begin_hold, list_holds
from flows.ingest import exports
from flows.open_case import open_request
from flows.plan_retention import approve, make_plan
from flows.replay import replay
from flows.restore_backup import restore_backup
from flows.rotate_keys import rotate_keys
from flows.verify_evidence import verify_evidence
from flows.verify_retention import confirm_by_export
from flows.wiring import Home
from pseudonymize import no_progress
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import NOW, new_home, take
from tests.support.killed import (
    check_nothing_left_over,
    contacts,
    do,
    first_export,
    imports_that_brought_something,
    kept,
    kill,
    moments_of,
    second_export,
    start,
)
from tests.support.links import links, pseudonyms

if TYPE_CHECKING:  # pytest wants to load its plugins itself
    from tests.support.postgresql import PostgreSql

pytest_plugins = ["tests.support.postgresql"]
pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("postgresql")]

SEED = int(os.environ.get("KILL_SEED") or secrets.randbits(32))


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home on sqlite")


@pytest.fixture
def on_postgresql(on_sqlite: Home, postgresql: "PostgreSql") -> Home:
    """A home with the same keys as the one on SQLite."""
    return postgresql.home_like(on_sqlite)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return first_export(tmp_path / "first.csv", 60)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return second_export(tmp_path / "second.csv")


def test_each_step_keeps_the_same_as_on_sqlite(
    on_sqlite: Home, on_postgresql: Home, tmp_path: Path, first: Path, second: Path, mapping: Path
) -> None:
    changes = [("  email: Email\n", ""), ("drop: [IP Address]", "drop: [IP Address, Email]")]
    without_address = write_mapping(tmp_path / "without address.yaml", *changes)
    steps = [
        ("import", first, mapping),
        ("sync",),
        ("import", second, mapping),
        ("import", second, mapping),
        ("sync",),
        ("retry", without_address),
        ("discard",),
    ]
    for home in (on_sqlite, on_postgresql):
        home.crm.add_contacts(contacts(60))
    for step in steps:
        for home in (on_sqlite, on_postgresql):
            do(step[0], home, *step[1:])
            check_nothing_left_over(home)
        assert kept(on_postgresql) == kept(on_sqlite), f"after {step[0]}"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE evidence SET kind = 'other'", "DELETE FROM evidence", "TRUNCATE evidence"],
)
def test_evidence_can_be_added_to_and_nothing_else(
    on_postgresql: Home, first: Path, mapping: Path, statement: str
) -> None:
    do("import", on_postgresql, first, mapping)
    with pytest.raises(DBAPIError, match="append-only"), on_postgresql.engine.begin() as connection:
        connection.execute(text(statement))


def test_evidence_is_verified_against_a_checkpoint_and_without_the_key(
    on_postgresql: Home, first: Path, mapping: Path, tmp_path: Path
) -> None:
    do("import", on_postgresql, first, mapping)
    made = checkpoint_evidence(on_postgresql, tmp_path / "checkpoint")
    do("import", on_postgresql, first, mapping)
    settings = replace(on_postgresql.settings, home=tmp_path / "nowhere", key="", keys_url="")
    found = verify_evidence(settings, [tmp_path / "checkpoint"], str(made.key))
    assert list(found.checkpoints.values()) == [made.checkpoint]
    assert found.size > made.checkpoint.size
    with on_postgresql.engine.begin() as connection:
        connection.execute(text("ALTER TABLE evidence DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE evidence SET kind = 'other' WHERE number = 2"))
    with pytest.raises(VerificationFailed, match="broken at entry 2"):
        verify_evidence(settings, [], "")


def test_killed_at_any_moment_a_second_run_ends_like_a_clean_one(
    on_postgresql: Home, postgresql: "PostgreSql", first: Path, second: Path, mapping: Path
) -> None:
    chance = random.Random(SEED)
    on_postgresql.crm.add_contacts(contacts(60))
    home = on_postgresql
    for step in (("import", first, mapping), ("sync",), ("import", second, mapping), ("sync",)):
        clean = postgresql.copy_of(home)
        moments = moments_of(clean.settings, *step)
        for stretch in range(2):
            moment = chance.randrange(1 + moments * stretch // 2, 1 + moments * (stretch + 1) // 2)
            print(f"KILL_SEED={SEED}: {step[0]} killed at moment {moment} of {moments}")  # noqa: T201
            killed = postgresql.copy_of(home)
            kill(killed.settings, *step, at=moment)
            do(step[0], killed, *step[1:])
            assert kept(killed) == kept(clean)
            check_nothing_left_over(killed)
            assert imports_that_brought_something(killed) == imports_that_brought_something(clean)
        home = clean


@pytest.mark.parametrize(
    ("database", "event"),
    [
        ("state", "UPDATE ON runs"),
        ("state", "INSERT ON vault_people_waiting"),
        ("state", "INSERT ON quarantine_waiting"),
        ("keys", "INSERT ON data_keys"),
    ],
)
def test_a_commit_still_on_its_way_when_the_killed_run_is_repeated_does_no_harm(
    on_postgresql: Home, postgresql: "PostgreSql", first: Path, mapping: Path, database: str, event: str
) -> None:
    clean = postgresql.copy_of(on_postgresql)
    do("import", clean, first, mapping)
    engine = on_postgresql.engine if database == "state" else on_postgresql.keys_engine
    with _commits_wait(engine, event) as waiting:
        killed = start(on_postgresql.settings, "import", first, mapping)
        _until(lambda: waiting() == 1)
        killed.kill()  # the server works on: its client has asked for the commit already
        killed.communicate()
        repeated = start(on_postgresql.settings, "import", first, mapping)
        _until(lambda: waiting() == 2)
    repeated.communicate()
    assert repeated.returncode == 0
    assert kept(on_postgresql) == kept(clean)
    do("import", on_postgresql, first, mapping)  # has nothing to bring, and sweeps
    check_nothing_left_over(on_postgresql)


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
def test_a_backup_of_postgresql_is_restored_into_any_database(
    on_postgresql: Home, postgresql: "PostgreSql", tmp_path: Path, first: Path, mapping: Path, to: str
) -> None:
    home = on_postgresql
    home.crm.add_contacts(contacts(60))
    do("import", home, first, mapping)
    do("sync", home)
    before = kept(home)
    made = create_backup(home, tmp_path / "backups", tmp_path / "keys", no_progress)
    new = tmp_path / "restored"
    urls = {f"{kind}_url": sqlite_url(new / kind / f"{kind}.db") for kind in ("state", "keys")}
    if to == "postgresql":
        names = {f"{kind}_url": f"{kind}_{secrets.token_hex(4)}" for kind in ("state", "keys")}
        for name in names.values():
            postgresql.run(f"CREATE DATABASE {name}")
        urls = {kind: postgresql.url(name) for kind, name in names.items()}
    settings = replace(home.settings, home=new, **urls)
    for _ in range(
        2 if to == "postgresql" else 1
    ):  # as after a stop: the tables are there, the folder is not
        shutil.rmtree(new, ignore_errors=True)
        restore_backup(settings, home.clock, made["data"], made["keys"], no_progress)
    shutil.copytree(home.settings.home / "crm", new / "crm", dirs_exist_ok=True)
    back = Home(settings, home.clock)
    replay(back)
    do("sync", back)
    assert kept(back) == before
    check_nothing_left_over(back)
    if to == "postgresql":
        shutil.rmtree(new)
        with pytest.raises(UsageError, match="the state database is not empty"):
            restore_backup(settings, home.clock, made["data"], made["keys"], no_progress)
    back.engine.dispose()
    back.keys_engine.dispose()


def test_a_home_of_before_a_rotation_is_rotated_by_the_replay_and_lacks_no_request(
    on_postgresql: Home, postgresql: "PostgreSql", tmp_path: Path, mapping: Path
) -> None:
    names = {kind: f"{kind}_{secrets.token_hex(4)}" for kind in ("register", "state")}
    for name in names.values():
        postgresql.run(f"CREATE DATABASE {name}")
    register = postgresql.url(names["register"])
    home = Home(replace(on_postgresql.settings, register_url=register), on_postgresql.clock)
    rows = [answer(n, response_id=f"{cycle}-{n}", cycle=cycle, text="") for n in range(5) for cycle in CYCLES]
    take(home, write_export(tmp_path / "e.csv", rows), mapping)
    made = create_backup(home, tmp_path / "backups", tmp_path / "keys", no_progress)
    erased = open_request(home, "sectra", "erase", "person2@example.com", "")
    fulfil(home, "sectra", erased.id, Decision("Eva Ek", "address on file"))
    asked = open_request(home, "sectra", "access", "person3@example.com", "")
    hold = begin_hold(home, "sectra", "tvist", "Eva Ek", date(2099, 1, 1), "", "")
    rotate_keys(home, "sectra", no_progress)
    linked = links(home)
    there = replace(home.settings, home=tmp_path / "restored", state_url=postgresql.url(names["state"]))
    restore_backup(there, home.clock, made["data"], made["keys"], no_progress)
    back = Home(there, home.clock)
    replayed = replay(back)
    assert (replayed["people of the vault"], replayed["pseudonyms"]) == (1, 4)
    assert replayed["requests opened again"] == 1
    assert links(back) == linked
    assert fulfil(back, "sectra", asked.id, Decision("Eva Ek", "address on file"))["held"]
    assert list_holds(back, "sectra") == [hold]
    for one in (home, back):
        for engine in (one.engine, one.keys_engine, one.register_engine):
            engine.dispose()


def test_a_backup_on_postgresql_neither_waits_for_an_import_nor_disturbs_it(
    on_postgresql: Home, tmp_path: Path, mapping: Path
) -> None:
    export = write_export(tmp_path / "many.csv", [answer(n, text="Good. Regards, Anna") for n in range(300)])
    run, made = start(on_postgresql.settings, "import", export, mapping), 0
    assert run.stdout is not None
    run.stdout.readline()
    while run.poll() is None:
        create_backup(on_postgresql, tmp_path / "backups", tmp_path / "keys", no_progress)
        made += 1
    assert (run.returncode, made > 1) == (0, True)
    check_nothing_left_over(on_postgresql)


@contextmanager
def _commits_wait(engine: Engine, event: str) -> Iterator[Callable[[], int]]:
    """Hold up every commit of a transaction with this event, and tell how many sessions are held up."""
    with engine.begin() as connection:
        connection.execute(text(_WAIT_AT_COMMIT.format(event=event)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(1)"))
        try:
            yield lambda: connection.scalar(text(_HELD_UP)) or 0
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(1)"))


_WAIT_AT_COMMIT = """
CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER wait_at_commit AFTER {event} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION wait_at_commit()
"""
CYCLES = ("2026-Q2", "2026-Q3")
_HELD_UP = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_what_is_deleted_by_hand_is_confirmed_and_what_is_due_is_deleted(
    on_postgresql: Home, tmp_path: Path
) -> None:
    mapping = write_mapping(tmp_path / "m.yaml")
    rows = [answer(number, text="") for number in range(5)]
    bad = answer(1, response_id="B-1", score="11", text="")
    take(on_postgresql, write_export(tmp_path / "e.csv", [*rows, bad]), mapping)
    case = open_request(on_postgresql, "sectra", "erase", "person1@example.com", "")
    told = fulfil(on_postgresql, "sectra", case.id, Decision("Eva Ek", "address on file"))
    assert {"store": "vendor", "found": 2, "gone": 0} in told["stores"]
    rest = [row for number, row in enumerate(rows) if number != 1]
    (export,) = exports(on_postgresql, "verify", write_export(tmp_path / "rest.csv", rest), mapping)
    assert confirm_by_export(on_postgresql, export, "Eva Ek", no_progress)["tasks done"] == 1
    later = Home(on_postgresql.settings, FixedClock(NOW + timedelta(days=7 * 366)))
    state, plan = make_plan(later, "sectra", no_progress)
    assert state is not None
    assert {part.store: len(part.ids) for part in plan.parts if part.store != "inbox"} == {
        "vendor": 4,
        "responses": 4,
        "vault": 4,
        "plans": 1,
        "cases": 1,
    }
    approve(later, state.digest, "Eva Ek")
    apply(later, state.digest, no_progress, even_so=True)
    assert not later.responses.read("sectra", ["response_key"]).num_rows


def test_pseudonyms_change_and_what_is_wrong_is_corrected(on_postgresql: Home, tmp_path: Path) -> None:
    mapping = write_mapping(tmp_path / "m.yaml")
    rows = [answer(n, response_id=f"{cycle}-{n}", cycle=cycle, text="") for n in range(5) for cycle in CYCLES]
    take(on_postgresql, write_export(tmp_path / "e.csv", rows), mapping)
    before, linked = pseudonyms(on_postgresql), links(on_postgresql)
    counts = rotate_keys(on_postgresql, "sectra", no_progress)
    assert counts == {"key version": 2, "pseudonyms": 5, "answers": 10}
    assert pseudonyms(on_postgresql).isdisjoint(before)
    assert links(on_postgresql) == linked
    right = {"email": "åsa@exempel.se", "score csat/2026-Q2": "2"}
    case = open_request(on_postgresql, "sectra", "rectify", "person1@example.com", "", corrections=right)
    fulfil(on_postgresql, "sectra", case.id, Decision("Eva Ek", "address on file"))
    assert take(on_postgresql, write_export(tmp_path / "again.csv", rows), mapping).counts["to import"] == 0
    assert links(on_postgresql) == linked
    again = open_request(on_postgresql, "sectra", "erase", "åsa@exempel.se", "")
    fulfil(on_postgresql, "sectra", again.id, Decision("Eva Ek", "address on file"))
    assert len(pseudonyms(on_postgresql)) == 4
