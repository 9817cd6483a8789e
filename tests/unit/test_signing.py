"""The key that signs checkpoints is made once, opens with the key-encryption key only, and shows nowhere."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from data.errors import KeyUnavailable
from data.stores.sql import KEYS, open_database, sqlite_url
from pseudonymize import any_keys, is_signed, open_signer
from pseudonymize.seal import new_key
from pseudonymize.signing import SIGNING_KEYS

KEK = new_key()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(sqlite_url(tmp_path / "keys.db"), KEYS)


def test_the_key_is_made_once_and_stays_the_same(engine):
    made = open_signer(KEK, engine, may_make=True)
    again = open_signer(KEK, engine, may_make=True)
    assert (again.name, again.public) == (made.name, made.public)
    assert is_signed(made.public, again.sign(b"text"), b"text")
    assert not is_signed(made.public, again.sign(b"text"), b"another text")


def test_two_homes_have_neither_key_nor_name_in_common(engine, tmp_path):
    other = open_database(sqlite_url(tmp_path / "other.db"), KEYS)
    one, two = (open_signer(KEK, database, may_make=True) for database in (engine, other))
    assert one.name != two.name
    assert one.public != two.public
    assert not is_signed(one.public, two.sign(b"text"), b"text")


def test_the_key_does_not_open_with_another_key_encryption_key(engine):
    open_signer(KEK, engine, may_make=True)
    with pytest.raises(KeyUnavailable, match="does not open"):
        open_signer(new_key(), engine, may_make=True)


def test_a_key_that_is_gone_is_not_made_anew(engine):
    open_signer(KEK, engine, may_make=True)
    with engine.begin() as connection:
        connection.execute(delete(SIGNING_KEYS))
    with pytest.raises(KeyUnavailable, match="is missing") as refused:
        open_signer(KEK, engine, may_make=False)
    assert "restore" in refused.value.hint


def test_a_home_that_has_signed_something_counts_as_one_with_keys(engine):
    with engine.connect() as connection:
        assert not any_keys(connection)
    open_signer(KEK, engine, may_make=True)
    with engine.connect() as connection:
        assert any_keys(connection)


def test_neither_the_database_nor_a_printed_signer_holds_the_key_in_the_clear(engine, tmp_path):
    made = open_signer(KEK, engine, may_make=True)
    private = made._private.private_bytes_raw()
    engine.dispose()
    assert private not in (tmp_path / "keys.db").read_bytes()
    assert "private" not in repr(made).lower()
