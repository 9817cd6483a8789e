"""The register of the erased and objecting: found by any identifier, after any number of rotations."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import KeyUnavailable
from data.stores.register import ENTRIES, REGISTER, newest
from data.stores.sql import open_database, sqlite_url
from pseudonymize.register import Register

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ÅSA = ("address", "åsa.öberg@example.com")
RESPONSE = ("response", "getfeedback", "csat", "R-1")
OTHER = ("address", "bo@example.com")


def register(key: bytes = b"k" * 32, path: Path | None = None) -> Register:
    return Register(key, open_database(sqlite_url(path) if path else "sqlite://", REGISTER), "sectra")


def test_a_person_is_found_by_each_identifier_and_nobody_else_is():
    own = register()
    own.add({"erased": [ÅSA, RESPONSE]}, NOW, "case")
    check = own.check()
    assert check([ÅSA])
    assert check([OTHER, RESPONSE])
    assert not check([OTHER])
    assert not check([("respondent", "getfeedback", "R-1")])


@given(st.lists(st.sampled_from(["rotate", "add"]), max_size=8))
def test_whoever_is_entered_is_found_after_any_rotations(steps: list[str]) -> None:
    own, entered = register(), []
    for number, step in enumerate(steps):
        if step == "rotate":
            own.rotate(NOW, "rotation")
        else:
            entered.append(("address", f"person{number}@example.com"))
            own.add({"erased": [entered[-1]]}, NOW, "case")
    check = own.check()
    assert all(check([one]) for one in entered)
    assert not check([OTHER])


def test_a_rotation_leaves_no_digest_as_it_was(tmp_path):
    own = register(path=tmp_path / "register.db")
    own.add({"erased": [ÅSA, RESPONSE]}, NOW, "case")
    before = set(own.check().entries)
    own.rotate(NOW, "rotation")
    own.rotate(NOW, "rotation")
    in_force = own.in_force()
    assert in_force is not None
    assert in_force.version == 3
    assert not before & set(own.check().entries)


def test_every_change_counts_the_generation_up():
    own = register()
    numbers = [
        own.generation(),
        own.add({"erased": [ÅSA]}, NOW, "case"),
        own.add({"objected": [OTHER]}, NOW, "case"),
    ]
    own.rotate(NOW, "rotation")
    numbers.append(own.generation())
    assert numbers == [0, 1, 2, 3]


def test_the_register_tells_whose_its_last_change_was(tmp_path):
    path = tmp_path / "register.db"
    own, engine = register(path=path), open_database(sqlite_url(path), REGISTER)
    seen = []
    for change in (
        lambda: own.add({"erased": [ÅSA], "objected": [OTHER]}, NOW, "a case"),
        lambda: own.rotate(NOW, "a rotation"),
        lambda: own.lift([], "another case"),
    ):
        change()
        with engine.connect() as connection:
            seen.append(newest(connection))
    assert seen == [(1, "a case"), (2, "a rotation"), (3, "another case")]


def test_an_objection_can_be_lifted_and_an_erasure_cannot():
    own = register()
    own.add({"erased": [ÅSA], "objected": [OTHER]}, NOW, "case")
    own.lift(own.check().entries_of([ÅSA, OTHER]), "lift")
    assert own.check()([ÅSA])
    assert not own.check()([OTHER])


def test_who_was_erased_and_objects_stays_erased_when_the_objection_is_lifted():
    own = register()
    own.add({"erased": [ÅSA]}, NOW, "case")
    own.add({"objected": [ÅSA]}, NOW, "case")
    assert sorted(own.check().entries_of([ÅSA]).values()) == ["erased", "objected"]
    own.lift(own.check().entries_of([ÅSA]), "lift")
    assert list(own.check().entries_of([ÅSA]).values()) == ["erased"]


def test_the_register_holds_no_value(tmp_path):
    path = tmp_path / "register.db"
    register(path=path).add({"erased": [ÅSA, ("person", "bo@example.com", "bo ek")]}, NOW, "case")
    content = path.read_bytes()
    assert not any(word in content for word in ("öberg".encode(), b"bo@", b"bo ek", b"example"))


def test_with_another_key_nothing_can_be_looked_up(tmp_path):
    path = tmp_path / "register.db"
    register(path=path).add({"erased": [ÅSA]}, NOW, "case")
    with pytest.raises(KeyUnavailable):
        register(b"x" * 32, path).check()


def test_two_controllers_do_not_see_each_other():
    engine = open_database("sqlite://", REGISTER)
    Register(b"k" * 32, engine, "sectra").add({"erased": [ÅSA]}, NOW, "case")
    other = Register(b"k" * 32, engine, "stratsys")
    assert not other.check()([ÅSA])
    assert set(ENTRIES.primary_key.columns.keys()) == {"controller", "entry", "digest"}
