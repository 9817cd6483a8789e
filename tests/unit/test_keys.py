"""Each controller has random keys of its own; data keys open for their owner and are gone when destroyed."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from data.errors import KeyUnavailable
from data.stores import keys_in_force
from data.stores.keys_in_force import KEYS_IN_FORCE
from data.stores.sql import KEYS, open_database, sqlite_url
from flows.wiring import Home
from governance.policy import parse_policy
from pseudonymize import Redactor, Register, Room, create_keys, read_key_file
from pseudonymize.keys import DOMAIN_KEYS, DOMAINS, KeyRing
from pseudonymize.seal import new_key
from tests.support.exports import answer, write_export
from tests.support.homes import take

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEK = new_key()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """One database for the keys, and for what says which of them are in force."""
    keys = open_database(sqlite_url(tmp_path / "keys.db"), KEYS)
    KEYS_IN_FORCE.create(keys)
    return keys


def ring(engine: Engine, controller: str = "sectra", key: bytes = KEK) -> KeyRing:
    made = KeyRing(key, engine, controller, engine)
    made.create(NOW)
    return made


def test_keys_are_made_once_and_stay_the_same(engine):
    first = {name: ring(engine).domain(name).key for name in DOMAINS}
    again = KeyRing(KEK, engine, "sectra", engine)
    assert again.create(NOW) is False
    assert {name: again.domain(name).key for name in DOMAINS} == first
    assert len(set(first.values())) == len(DOMAINS)
    assert {name: key.version for name, key in again.in_force().items()} == dict.fromkeys(DOMAINS, 1)


def test_two_controllers_have_no_key_in_common(engine):
    keys = [ring(engine, name).domain(domain).key for name in ("sectra", "norrvik") for domain in DOMAINS]
    assert len(set(keys)) == len(keys)


def test_keys_do_not_open_with_another_key_encryption_key(engine):
    ring(engine)
    other = KeyRing(new_key(), engine, "sectra", engine)
    for act in (lambda: other.domain("respondent"), lambda: other.create(NOW)):
        with pytest.raises(KeyUnavailable, match="does not open"):
            act()


def test_where_there_are_no_keys_none_are_made_up(engine):
    with pytest.raises(KeyUnavailable, match="no keys for the controller sectra"):
        KeyRing(KEK, engine, "sectra", engine).domain("respondent")


def test_a_new_key_of_a_domain_is_not_used_before_the_data_says_so(engine):
    made = ring(engine)
    old, new = made.domain("respondent"), made.next_domain_key("respondent", NOW)
    assert made.next_domain_key("respondent", NOW) == new, "a second try made another key"
    assert (new.version, new.key != old.key) == (2, True)
    made.destroy_retired()
    assert KeyRing(KEK, engine, "sectra", engine).domain("respondent") == old
    with engine.begin() as connection:
        keys_in_force.note(connection, "sectra", "respondent", 2)
    again = KeyRing(KEK, engine, "sectra", engine)
    again.destroy_retired()
    assert again.domain("respondent") == new
    assert again.in_force()["respondent"].version == 2
    with engine.connect() as connection:
        versions = connection.scalars(
            select(DOMAIN_KEYS.c.version).where(DOMAIN_KEYS.c.domain == "respondent")
        )
        assert list(versions) == [2]


def test_data_of_a_key_that_is_gone_is_told_apart_from_a_home_without_keys(engine):
    ring(engine)
    with engine.begin() as connection:
        keys_in_force.note(connection, "sectra", "respondent", 7)
    with pytest.raises(KeyUnavailable, match="version 7 of the key respondent is gone"):
        KeyRing(KEK, engine, "sectra", engine).domain("respondent")


def test_the_database_holds_no_key_in_the_clear(engine, tmp_path):
    made = ring(engine)
    data_keys = made.new_data_keys("person", "run1", 3)
    engine.dispose()
    content = (tmp_path / "keys.db").read_bytes()
    for key in [KEK, *(made.domain(name).key for name in DOMAINS), *(key.key for key in data_keys)]:
        assert key not in content


@pytest.mark.parametrize("purpose", ["person", "quarantine"])
def test_a_data_key_opens_until_it_is_destroyed(engine, purpose):
    made = ring(engine)
    one, other = made.new_data_keys(purpose, "run1", 2)
    assert made.data_keys(purpose, [one.id, other.id]) == {one.id: one.key, other.id: other.key}
    made.destroy([one.id])
    assert made.data_keys(purpose, [other.id]) == {other.id: other.key}
    assert made.count_data_keys(purpose) == 1
    with pytest.raises(KeyUnavailable, match="1 data keys of sealed rows are missing"):
        made.data_keys(purpose, [one.id, other.id])


def test_a_data_key_does_not_open_for_another_purpose_or_controller(engine):
    (key,) = ring(engine).new_data_keys("person", "run1", 1)
    with pytest.raises(KeyUnavailable):
        ring(engine).data_keys("quarantine", [key.id])
    with pytest.raises(KeyUnavailable):
        ring(engine, "norrvik").data_keys("person", [key.id])


def test_the_data_keys_of_one_run_can_be_destroyed_and_no_others(engine):
    made = ring(engine)
    made.new_data_keys("person", "run1", 2)
    (other,) = made.new_data_keys("person", "run2", 1)
    made.destroy_run("run1")
    assert made.count_data_keys("person") == 1
    assert made.data_keys("person", [other.id]) == {other.id: other.key}


@pytest.mark.parametrize("destroy", ["keys", "run"])
def test_of_keys_that_were_destroyed_no_page_of_the_file_keeps_anything(engine, tmp_path, destroy):
    made = ring(engine)
    gone = made.new_data_keys("person", "run1", 1000)
    made.new_data_keys("person", "run2", 500)
    if destroy == "keys":
        made.destroy([key.id for key in gone])
    else:
        made.destroy_run("run1")
    content = (tmp_path / "keys.db").read_bytes()
    assert not any(key.id.encode() in content for key in gone)
    with engine.connect() as connection:  # every page is in use, and each was written anew
        assert connection.scalar(text("PRAGMA freelist_count")) == 0
    assert made.count_data_keys("person") == 500


def test_a_second_controller_gets_keys_in_a_home_that_holds_people(home: Home, tmp_path, mapping):
    take(home, write_export(tmp_path / "e.csv", [answer(1, text="")]), mapping)
    said = (files("governance") / "policies" / "sectra.yaml").read_text("utf-8")
    policy = parse_policy(said.replace("controller: sectra", "controller: norrvik"), "norrvik.yaml")
    keys = KeyRing(read_key_file(home.settings.key_file), home.keys_engine, "norrvik", home.engine)
    register = Register(read_key_file(home.settings.key_file), home.register_engine, "norrvik")
    room = Room.build(policy, home.engine, keys, home.responses, Redactor(), register, home.clock)
    assert create_keys(room) is True
    assert keys.domain("respondent").key != home.room("sectra").ring.domain("respondent").key
