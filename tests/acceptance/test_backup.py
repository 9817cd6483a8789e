"""Backups: sealed, and forgotten in time."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from data.errors import KeyUnavailable, OutsideSystemFailed, PolicyForbids, UsageError
from flows.backup_store import known_backups, mark
from flows.create_backup import create_backup
from flows.fulfil_case import fulfil
from flows.open_case import open_request
from flows.replay import replay
from flows.restore_backup import restore_backup
from flows.retain import retain_unattended
from flows.sync_scores import sync_scores
from flows.wiring import Home
from governance import evidence
from pseudonymize import no_progress
from tests.support.backups import (
    DECISION,
    WROTE,
    Made,
    back_up,
    close,
    content,
    elsewhere,
    erase,
    filled_desk,
    killed,
    kinds,
    move_away,
    put_back,
    telling,
)
from tests.support.desk import Desk
from tests.support.exports import answer, write_export
from tests.support.homes import NOW, stored, tillit, tillit_process
from tests.support.killed import check_nothing_left_over, kept, start


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    return filled_desk(tmp_path, mapping)


def test_a_backup_tells_nothing_to_whoever_lacks_its_key(desk):
    made = back_up(desk.home)
    words = telling(desk.home, 1)
    assert any(word in content(desk.home.settings.home) for word in words)
    assert not [word for word in words if word in content(made["data"], made["keys"])]
    (desk.home.settings.key_file).write_text(f"{'A' * 43}=\n")
    with pytest.raises(KeyUnavailable):
        restore_backup(
            elsewhere(desk.home, desk.folder / "x"), desk.home.clock, made["data"], made["keys"], no_progress
        )
    assert not (desk.folder / "x").exists()


def test_nothing_erased_is_readable_from_any_backup_after_the_deadline(desk):
    made = back_up(desk.home)
    shutil.copytree(made["data"], desk.folder / "tape")  # of which nobody told us
    certificate = erase(desk.home, 1)
    assert certificate["readable_in_backups_until"][:10] == "2026-11-16"  # with the night of 14 days
    wrapped = (made["keys"] / "manifest.json").read_text("utf-8").rpartition('"key": "')[2].partition('"')[0]
    # So far it can be read; else what follows would show nothing.
    there = elsewhere(desk.home, desk.folder / "there")
    restore_backup(there, desk.home.clock, made["data"], made["keys"], no_progress)
    assert WROTE in {row["comment"] for row in stored(Home(there, desk.home.clock))}
    shutil.rmtree(there.home)
    retain_unattended(desk.later(days=13), "sectra", no_progress)
    assert made["keys"].exists()
    retain_unattended(desk.later(days=15), "sectra", no_progress)
    assert not made["data"].exists()
    assert not made["keys"].exists()
    with pytest.raises(UsageError, match="no folder of a backup's keys"):
        restore_backup(there, desk.home.clock, desk.folder / "tape", made["keys"], no_progress)
    everything = content(*(p for p in desk.folder.iterdir() if p.is_dir()), desk.folder / "home.register")
    assert wrapped.encode() not in everything
    assert not [word for word in telling(desk.home, 1) if word in everything]


def test_keys_that_would_outlive_the_deadline_of_an_erasure_go_with_it(desk):
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "", named_in_text=False)
    early, late = back_up(desk.later(days=10), "1"), back_up(desk.later(days=20), "2")
    certificate = fulfil(desk.later(days=21), "sectra", case.id, DECISION)
    assert (early["keys"].exists(), late["keys"].exists()) == (True, False)
    assert certificate["readable_in_backups_until"] < certificate["due_at"]
    assert "backup keys ended" in kinds(desk.home)
    later = back_up(desk.home, "2")
    assert later["keys"].exists()


def test_keys_that_go_in_the_night_of_the_deadline_stay_and_a_second_later_they_go_at_once(desk):
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "", named_in_text=False)
    assert case.due_at == NOW + timedelta(days=30)
    in_time = back_up(desk.later(days=15), "1")  # 14 days, and the night after
    too_late = back_up(desk.later(days=15, seconds=1), "2")
    certificate = fulfil(desk.later(days=16), "sectra", case.id, DECISION)
    assert (in_time["keys"].exists(), too_late["keys"].exists()) == (True, False)
    assert certificate["readable_in_backups_until"] == certificate["due_at"]


def test_keys_out_of_reach_that_outlive_a_deadline_are_an_alarm(desk):
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "", named_in_text=False)
    made = back_up(desk.later(days=20))
    made["keys"].parent.rename(desk.folder / "unplugged")
    certificate = fulfil(desk.later(days=21), "sectra", case.id, DECISION)
    assert certificate["readable_in_backups_until"] > certificate["due_at"]
    assert "alarm" in kinds(desk.home)


def test_what_is_told_of_an_erasure_says_until_when_backups_can_be_opened(desk):
    back_up(desk.home)
    case = desk.open("erase", "person1@example.com")
    said = desk.fulfil(case)
    assert "can be opened until 2026-" in said.out, said.everything
    shown = desk.run("rights", "show", case)
    assert "can be opened until 2026-" in shown.out
    letter = desk.run("rights", "letter", case, "--language", "sv")
    assert "- säkerhetskopior, förseglade: till 2026-" in letter.out, letter.everything


def test_a_backup_while_an_import_runs_is_the_state_before_it_or_after_it(desk):
    rows = [answer(n, text="Good support. Regards, Anna") for n in range(100, 250)]
    export = write_export(desk.folder / "many.csv", rows)
    before, made = len(stored(desk.home)), list[Made]()
    run = start(desk.home.settings, "import", export, desk.mapping)
    run.stdout.readline()
    while run.poll() is None:
        made.append(back_up(desk.home))
    assert run.returncode == 0, "the import did not go on"
    assert len(made) > 1, "no backup was made while the import ran"
    made.append(back_up(desk.home))
    lost, found = move_away(desk.home), []
    for one in (*made[:2], *made[-2:]):
        back = put_back(desk.home, one, lost)
        replay(back)
        check_nothing_left_over_but_scores(back)
        found.append(len(stored(back)))
        assert back.room("sectra").vault.count() == found[-1] - 1
        close(back)
        shutil.rmtree(back.settings.home)
    assert set(found) <= {before, before + 150}
    assert (found[0], found[-1]) == (before, before + 150)


def check_nothing_left_over_but_scores(home: Home) -> None:
    sync_scores(home, "sectra", no_progress)
    check_nothing_left_over(home)


def test_a_backup_does_not_wait_for_the_run_that_holds_the_home(desk):
    with desk.home.lock():
        assert back_up(desk.home)["data"].exists()
    assert "backup made" not in kinds(desk.home)
    retain_unattended(desk.home, "sectra", no_progress)
    assert "backup made" in kinds(desk.home)


def test_every_night_backups_at_the_end_of_their_period_go_unasked(desk):
    first = back_up(desk.home)
    second = back_up(desk.later(days=10))
    retain_unattended(desk.later(days=15), "sectra", no_progress)
    there = [path.exists() for one in (first, second) for path in (one["data"], one["keys"])]
    assert there == [False, False, True, True]
    assert {one["backup"] for one in known_backups(desk.home)} == {second["backup"]}


def test_a_backup_whose_disk_is_away_is_never_said_to_be_gone(desk):
    made = back_up(desk.home)
    away = made["keys"].parent
    away.rename(desk.folder / "unplugged")
    away.mkdir()  # where it is mounted
    retain_unattended(desk.later(days=15), "sectra", no_progress)
    assert [(one["part"], one["within_reach"]) for one in known_backups(desk.home)] == [("keys", False)]
    assert "alarm" in kinds(desk.home)
    away.rmdir()
    (desk.folder / "unplugged").rename(away)
    retain_unattended(desk.later(days=16), "sectra", no_progress)
    assert not known_backups(desk.home)
    assert not made["keys"].exists()


def unplugged(desk: Desk, made: Made) -> Path:
    """The folder of the keys, empty now, as one is where a disk is mounted; the disk is in `unplugged`."""
    away: Path = made["keys"].parent
    away.rename(desk.folder / "unplugged")
    away.mkdir()
    return away


def plug_in(desk: Desk, away: Path) -> None:
    away.rmdir()
    (desk.folder / "unplugged").rename(away)


def test_no_backup_is_made_where_a_disk_with_older_ones_is_away(desk):
    made = back_up(desk.home)
    away = unplugged(desk, made)
    with pytest.raises(OutsideSystemFailed, match="the disk seems to be away"):
        back_up(desk.later(days=1))
    assert not list(away.iterdir())
    plug_in(desk, away)
    retain_unattended(desk.later(days=16), "sectra", no_progress)
    assert not made["keys"].exists()
    assert not known_backups(desk.home)


def test_keys_that_were_away_at_a_late_erasure_go_on_the_night_that_they_are_back(desk):
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "", named_in_text=False)
    made = back_up(desk.later(days=20))
    away = unplugged(desk, made)
    fulfil(desk.later(days=21), "sectra", case.id, DECISION)
    retain_unattended(desk.later(days=22), "sectra", no_progress)
    assert "a deletion that was planned deleted nothing" in newest_alarm(desk.home)
    assert [one["part"] for one in known_backups(desk.home) if one["until"] > desk.home.clock.now()] == [
        "data"
    ]
    plug_in(desk, away)
    with pytest.raises(PolicyForbids, match="period of the backup"):
        put_back(desk.home, made, move_away(desk.home))
    (desk.folder / "lost").rename(desk.folder / "home")
    retain_unattended(desk.later(days=23), "sectra", no_progress)
    assert not made["keys"].exists()
    assert made["data"].exists()


def newest_alarm(home: Home) -> str:
    with home.engine.connect() as connection:
        return next(one.details for one in evidence.newest(connection, "sectra") if one.kind == "alarm")


def test_a_manifest_that_cannot_be_read_is_an_alarm_and_holds_up_nothing(desk):
    broken, whole = back_up(desk.home), back_up(desk.home, "2")
    (broken["data"] / "manifest.json").write_text("{")
    retain_unattended(desk.later(days=1), "sectra", no_progress)
    assert "backup made" in kinds(desk.home)
    assert broken["backup"] in newest_alarm(desk.home)
    retain_unattended(desk.later(days=15), "sectra", no_progress)
    assert not [path for made in (broken, whole) for path in (made["data"], made["keys"]) if path.exists()]


def test_a_disk_that_fails_is_out_of_reach(desk):
    made = back_up(desk.home)
    away = made["keys"].parent
    away.rename(desk.folder / "unplugged")
    away.symlink_to("x" * 300)  # no path of the system: it fails, and not as one that is missing
    retain_unattended(desk.later(days=15), "sectra", no_progress)
    assert [(one["part"], one["within_reach"]) for one in known_backups(desk.home)] == [("keys", False)]
    assert "alarm" in kinds(desk.home)


def test_a_part_that_went_out_of_reach_while_it_was_made_keeps_its_clock(desk):
    parent = desk.folder / "keys"

    def unplug(what: str, total: int | None) -> Callable[[int], None]:
        parent.rename(desk.folder / "unplugged")
        return lambda done: None

    with pytest.raises(OutsideSystemFailed, match="the disk seems to be away"):
        create_backup(desk.home, desk.folder / "backups", parent, unplug)
    assert [one["part"] for one in known_backups(desk.home)] == ["keys"]
    assert list((desk.folder / "unplugged").glob("tillit-*"))
    plug_in(desk, parent)
    retain_unattended(desk.later(days=15), "sectra", no_progress)
    assert not known_backups(desk.home)
    assert not list(parent.glob("tillit-*"))


@pytest.mark.parametrize("at", [3, 70, 130])
def test_a_backup_that_is_killed_leaves_nothing_that_the_next_does_not_remove(desk, at):
    died = killed(desk.folder, at, lambda: back_up(desk.home))
    made = back_up(Home(desk.home.settings, desk.home.clock))
    assert died
    folders = [path.name for name in ("backups", "keys") for path in (desk.folder / name).glob("tillit-*")]
    assert not [name for name in folders if name.endswith(".new")]
    assert made["data"].name in folders
    retain_unattended(desk.later(days=15), "sectra", no_progress)
    assert not [path for name in ("backups", "keys") for path in (desk.folder / name).glob("tillit-*")]


def test_a_full_disk_leaves_nothing_of_a_backup(desk):
    big = desk.folder / "home" / "certificates" / "big.json"
    big.parent.mkdir()
    big.write_bytes(os.urandom(5_000_000))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))"
    close(desk.home)
    command = ("backup", "create", "--output", desk.folder / "b", "--keys", desk.folder / "k")
    said = tillit_process(desk.folder, *command, "--home", desk.folder / "home", before=limit)
    assert (said.code, "cannot be written" in said.err, "room" in said.err) == (5, True, True), (
        said.everything
    )
    assert not [path for name in "bk" for path in (desk.folder / name).glob("tillit-*")]
    assert not known_backups(desk.home)


@pytest.mark.parametrize(
    ("output", "keys"),
    [
        *[("b", "b"), ("b", "b/keys"), ("k/data", "k"), ("home/b", "k"), ("b", "home/k"), ("home", "k")],
        *[(".", "k"), ("home.register/b", "k"), ("b", "home.register"), ("older/b", "k"), ("b", "older/k/l")],
    ],
)
def test_data_keys_and_home_lie_apart(desk, output, keys):
    mark(desk.folder / "older")
    command = ("backup", "create", "--output", desk.folder / output, "--keys", desk.folder / keys)
    said = desk.run(*command)
    assert (said.code, "lie apart" in said.err) == (2, True), said.everything
    assert not (desk.folder / "b").exists()
    assert not (desk.folder / "k").exists()


@pytest.mark.parametrize("empty", ["--output", "--keys", "--home"])
def test_an_unset_variable_in_quotes_is_no_folder(desk, empty):
    folders = {"--output": desk.folder / "b", "--keys": desk.folder / "k", "--home": desk.folder / "home"}
    options = [word for option, value in (folders | {empty: ""}).items() for word in (option, value)]
    said = desk.run("backup", "create", *options)
    assert (said.code, "is empty: name a folder" in said.err) == (2, True), said.everything


def test_a_folder_that_cannot_be_written_to_is_said(desk):
    (desk.folder / "file").write_text("")
    said = desk.run("backup", "create", "--output", desk.folder / "file/b", "--keys", desk.folder / "k")
    assert (said.code, "cannot be written" in said.err) == (5, True), said.everything
    assert not known_backups(desk.home)


def test_a_home_without_keys_has_nothing_to_back_up(tmp_path):
    said = tillit(
        "backup", "create", "--home", tmp_path / "h", "--output", tmp_path / "b", "--keys", tmp_path / "k"
    )
    assert (said.code, "nothing in this home yet" in said.err) == (2, True), said.everything


def test_backups_are_listed_with_what_is_out_of_reach(desk):
    assert desk.run("backup", "list").out == "There is no backup.\n"
    made = back_up(desk.home)
    shutil.move(made["keys"].parent, desk.folder / "unplugged")
    said = desk.run("backup", "list")
    assert (said.out.count(made["backup"]), said.out.count("away")) == (2, 1)
    told = desk.run("backup", "list", "--json").json
    assert [(one["part"], one["within_reach"]) for one in told] == [("data", True), ("keys", False)]
    assert NOW.isoformat() in told[0]["made_at"]


def test_a_late_erasure_ends_also_the_backup_that_is_being_made(desk):
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "", named_in_text=False)
    home = desk.later(days=20)
    steps = 0

    def erase_meanwhile(what: str, total: int | None) -> Callable[[int], None]:
        nonlocal steps
        steps += 1
        if what == "copying" and steps == 1:
            fulfil(Home(home.settings, home.clock), "sectra", case.id, DECISION)
        return lambda done: None

    with pytest.raises(OutsideSystemFailed, match="somebody was erased meanwhile"):
        create_backup(home, desk.folder / "backups", desk.folder / "keys", erase_meanwhile)
    assert not [path for name in ("backups", "keys") for path in (desk.folder / name).glob("tillit-*")]
    assert not known_backups(home)


def test_answers_that_are_replaced_while_they_are_copied_are_copied_as_they_are_then(desk):
    copying = []

    def erase_meanwhile(what: str, total: int | None) -> Callable[[int], None]:
        copying.append(what)
        if len(copying) == 1:
            erase(Home(desk.home.settings, desk.home.clock), 1)
        return lambda done: None

    made = create_backup(desk.home, desk.folder / "backups", desk.folder / "keys", erase_meanwhile)
    assert copying == ["copying", "copying"]
    before = kept(desk.home)
    back = put_back(desk.home, made, move_away(desk.home))
    assert not replay(back)["people of the vault"]
    sync_scores(back, "sectra", no_progress)
    assert kept(back) == before
