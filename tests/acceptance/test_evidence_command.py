"""`tillit evidence`: what it tells, what it leaves behind, and what it needs."""

import json
from pathlib import Path

import pytest

from data.errors import VerificationFailed
from data.stores.verifier_key import VERIFIER_KEY
from flows.checkpoint_evidence import checkpoint_evidence
from flows.wiring import Home
from pseudonymize.signing import SIGNING_KEYS
from tests.support.forged import FORGED, add, by_hand, edit, rows_of, save, verify
from tests.support.homes import new_home, tillit

COVERED, ALL = 3, 5


@pytest.fixture
def home(home: Home) -> Home:
    for number in range(2, COVERED + 1):
        add(home, number)
    return home


@pytest.fixture
def kept(home: Home, tmp_path: Path) -> Path:
    """A checkpoint that was kept elsewhere."""
    return save(home, tmp_path / "monday.checkpoint")


@pytest.fixture
def key(kept: Path, home: Home) -> str:
    """The verifier key that was kept elsewhere; the log has grown since."""
    add(home, ALL)
    return verify(home, "--against", kept, "--json").json["key"]


def test_a_whole_log_agrees_with_every_checkpoint_of_it(home, kept, key, tmp_path):
    newer = save(home, tmp_path / "tuesday.checkpoint")
    add(home, 7)
    said = verify(home, "--against", newer, "--against", kept, "--key", key)
    assert said.code == 0
    assert "The evidence log is whole. Entries: 7." in said.out
    assert said.out.index("monday.checkpoint") < said.out.index("tuesday.checkpoint")
    assert key in said.out
    assert "proves less" not in said.out


def test_verification_tells_machines_what_it_tells_people(home, kept, key):
    found = verify(home, "--against", kept, "--key", key, "--json").json
    assert found.pop("root") != ""
    assert found == {
        "entries": ALL,
        "checkpoints": [{"file": str(kept), "entries": COVERED}],
        "key": key,
        "key_from": "given",
    }


def test_a_copy_of_the_state_database_that_cannot_be_written_to_is_all_that_is_needed(
    home, kept, key, tmp_path
):
    copy = tmp_path / "copy" / "state" / "state.db"
    copy.parent.mkdir(parents=True)
    copy.write_bytes((home.settings.home / "state" / "state.db").read_bytes())
    copy.chmod(0o400)
    copy.parent.chmod(0o500)
    try:
        said = tillit("evidence", "verify", "--home", tmp_path / "copy", "--against", kept, "--key", key)
    finally:
        copy.parent.chmod(0o700)
    assert said.code == 0
    assert sorted((tmp_path / "copy").rglob("*")) == [copy.parent, copy]


def test_no_home_is_made_by_looking_for_one(tmp_path):
    said = tillit("evidence", "verify", "--home", tmp_path / "nowhere")
    assert said.code == 2
    assert "no state database" in said.err
    assert not (tmp_path / "nowhere").exists()


def test_a_checkpoint_is_printed_as_it_is_and_the_rest_told_beside_it(home, tmp_path):
    said = tillit("evidence", "checkpoint", "--home", home.settings.home)
    assert said.code == 0
    printed = tmp_path / "printed"
    printed.write_text(said.out, "utf-8")
    key = said.err.split("\n")[1].strip()
    assert verify(home, "--against", printed, "--key", key).code == 0
    assert "Keep both" in said.err


def test_a_checkpoint_is_followed_by_an_entry_about_it(home, kept):
    with by_hand(home) as connection:
        newest = rows_of(connection)[-1]
    origin, size, root, *_ = kept.read_text("utf-8").split("\n")
    assert newest["kind"] == "checkpoint"
    assert json.loads(newest["details"]) == {"size": COVERED, "root": root}
    assert int(size) == COVERED
    assert origin.startswith("tillit/")


def test_checkpoints_of_a_home_have_one_origin_and_one_key(home, kept, key):
    made = tillit("evidence", "checkpoint", "--home", home.settings.home, "--json").json
    assert made["key"] == key
    assert made["note"].split("\n")[0] == kept.read_text("utf-8").split("\n")[0]
    assert made["entries"] == ALL


def test_no_checkpoint_is_written_over_and_none_recorded_that_was_not_written(home, kept):
    before = kept.read_bytes()
    for output in (kept, kept / "below a file"):
        said = tillit("evidence", "checkpoint", "--home", home.settings.home, "--output", output)
        assert said.code in (2, 5)
    assert kept.read_bytes() == before
    assert verify(home, "--json").json["entries"] == COVERED + 1


def test_a_broken_log_is_not_signed(home, kept, key, tmp_path):
    with by_hand(home) as connection:
        edit(connection, 3, details=FORGED["details"])
    output = tmp_path / "new"
    said = tillit("evidence", "checkpoint", "--home", home.settings.home, "--output", output)
    assert said.code == 6
    assert not output.exists()


def test_nothing_is_signed_where_the_home_keeps_a_verifier_key_that_is_not_its_own(home, kept, tmp_path):
    another = new_home(tmp_path / "another")
    foreign = verify(another, "--against", save(another, tmp_path / "foreign"), "--json").json["key"]
    with home.engine.begin() as connection:
        connection.execute(VERIFIER_KEY.update().values(key=foreign))
    with pytest.raises(VerificationFailed, match="not that of its signing key"):
        checkpoint_evidence(home, None)


def test_a_signing_key_that_is_gone_is_not_replaced(home, kept):
    with home.keys_engine.begin() as connection:
        connection.execute(SIGNING_KEYS.delete())
    said = tillit("evidence", "checkpoint", "--home", home.settings.home)
    assert said.code == 4
    assert "restore the database of wrapped keys" in said.err


MISTAKES = {
    "a key without a checkpoint": (["--key", "a+b+c"], "--key goes with --against"),
    "a key that is none": (["--against", "KEPT", "--key", "Åsa Öberg"], "verifier key is written wrongly"),
    "a checkpoint that is not there": (["--against", "nowhere"], "nowhere cannot be read"),
}


@pytest.mark.parametrize(("options", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_command_is_written_wrongly_with(options, words, home, kept):
    said = verify(home, *(kept if option == "KEPT" else option for option in options))
    assert said.code == 2
    assert words in said.err
    assert "Åsa" not in said.everything


def test_a_home_that_has_never_signed_anything_has_no_key_to_verify_with(home, tmp_path):
    foreign = save(new_home(tmp_path / "another"), tmp_path / "foreign")
    said = verify(home, "--against", foreign)
    assert said.code == 2
    assert "keeps no verifier key" in said.err
