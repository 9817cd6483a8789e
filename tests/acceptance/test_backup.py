"""Backups: sealed, forgotten in time, and never a way back for anybody who was erased."""

import os
import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.clock import FixedClock, SystemClock
from data.errors import KeyUnavailable, OutsideSystemFailed, PolicyForbids, TillitError, UsageError
from data.records import CrmReference
from data.stores import tasks
from data.stores.cases import CASES
from flows.backup_store import known_backups
from flows.begin_case import Decision
from flows.create_backup import create_backup
from flows.fulfil_case import fulfil
from flows.ingest import discard_quarantine
from flows.open_case import open_request
from flows.replay import replay
from flows.restore_backup import restore_backup
from flows.retain import retain_unattended
from flows.rotate_keys import rotate_keys
from flows.sync_scores import sync_scores
from flows.wiring import Home, Settings
from governance import evidence
from pseudonymize import no_progress
from pseudonymize.derive import address_pseudonym
from tests.support.desk import Desk
from tests.support.exports import answer, write_export
from tests.support.homes import NOW, Said, stored, tillit, tillit_process
from tests.support.killed import Moments, check_nothing_left_over, kept, start
from tests.support.links import links

DECISION = Decision("Eva Ek", "address on file")
WROTE = "Supporten i Sjöbo är snabb och vänlig, tack för hjälpen"
Made = dict[str, Any]


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    """Six people, one of them in two cycles, two bad rows, and scores in the CRM."""
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(6))
    bad = [answer(n, response_id=f"B-{n}", score="11", text="") for n in (2, 3)]
    desk.take(*[answer(n, text=WROTE if n == 1 else "") for n in range(6)], *bad)
    desk.take(answer(1, response_id="S-1", cycle="2026-Q2", text=""), name="second.csv")
    sync_scores(desk.home, "sectra", no_progress)
    return desk


def back_up(home: Home, name: str = "") -> Made:
    folder = home.settings.home.parent
    return create_backup(home, folder / f"backups{name}", folder / f"keys{name}", no_progress)


def move_away(home: Home) -> Path:
    """Lose the home, its CRM excepted, which goes on somewhere else."""
    folder = home.settings.home
    lost = folder.with_name("lost")
    close(home)
    folder.rename(lost)
    return lost


def close(home: Home) -> None:
    for name in ("engine", "keys_engine", "register_engine"):
        if name in vars(home):
            getattr(home, name).dispose()


def put_back(home: Home, made: Made, lost: Path | None = None, days: int = 0, **urls: str) -> Home:
    """The home as it was when the backup was made, before anything is replayed."""
    settings, clock = home.settings, FixedClock(home.clock.now() + timedelta(days=days))
    restore_backup(settings, clock, made["data"], made["keys"], no_progress)
    if lost:
        shutil.copytree(lost / "crm", settings.home / "crm", dirs_exist_ok=True)
    return Home(settings, clock)


def erase(home: Home, person: int) -> dict[str, Any]:
    case = open_request(home, "sectra", "erase", f"person{person}@example.com", "", named_in_text=False)
    return fulfil(home, "sectra", case.id, DECISION)


def content(*folders: Path) -> bytes:
    """Every byte of some folders, but those of the CRM, which knows its contacts."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files if path.parent.name != "crm")


def telling(home: Home, person: int) -> list[bytes]:
    """What would tell of a person: address, name, reference, pseudonym, and what they wrote."""
    row = answer(person)
    pseudonym = address_pseudonym(home.room("sectra").ring, row["email"])
    return [
        word.encode() for word in (row["email"], row["last_name"], row["crm_reference"], pseudonym, WROTE)
    ]


def elsewhere(home: Home, folder: Path) -> Settings:
    """A second place for the same home, with the register that it has."""
    urls = {"TILLIT_REGISTER_URL": home.settings.register_url, "TILLIT_KEY_FILE": str(home.settings.key_file)}
    return Settings.read(urls, folder)


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


def test_keys_out_of_reach_that_outlive_a_deadline_are_an_alarm(desk):
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "", named_in_text=False)
    made = back_up(desk.later(days=20))
    made["keys"].parent.rename(desk.folder / "unplugged")
    certificate = fulfil(desk.later(days=21), "sectra", case.id, DECISION)
    assert certificate["readable_in_backups_until"] > certificate["due_at"]
    assert "alarm" in kinds(desk.home)


def kinds(home: Home) -> set[str]:
    with home.engine.connect() as connection:
        return {entry.kind for entry in evidence.newest(connection, "sectra")}


def test_what_is_told_of_an_erasure_says_until_when_backups_can_be_opened(desk):
    back_up(desk.home)
    case = desk.open("erase", "person1@example.com")
    said = desk.fulfil(case)
    assert "can be opened until 2026-" in said.out, said.everything
    shown = desk.run("rights", "show", case)
    assert "can be opened until 2026-" in shown.out
    letter = desk.run("rights", "letter", case, "--language", "sv")
    assert "- säkerhetskopior, förseglade: till 2026-" in letter.out, letter.everything


def test_a_restored_backup_is_not_read_before_the_erasures_since_are_replayed(desk):
    made = desk.run("backup", "create", "--output", desk.folder / "b", "--keys", desk.folder / "k", "--json")
    assert made.code == 0, made.everything
    desk.fulfil(desk.open("erase", "person1@example.com"))
    lost = move_away(desk.home)
    said = restore(desk, made.json["data"], made.json["keys"])
    assert said.code == 0, said.everything
    shutil.copytree(lost / "crm", desk.folder / "home" / "crm", dirs_exist_ok=True)
    shutil.rmtree(lost)
    read = (
        ("report",),
        ("scores", "sync"),
        ("rights", "list"),
        ("quarantine", "list"),
        ("retention", "plan"),
    )
    making = ("backup", "create", "--output", desk.folder / "b", "--keys", desk.folder / "k")
    for command in (*read, making):
        said = desk.run(*command)
        assert (said.code, "older than the register" in said.err) == (4, True), said.everything
    replayed = desk.run("rights", "replay", "--json").json
    assert (replayed["people of the vault"], replayed["responses"], replayed["crm"]) == (1, 2, 2)
    desk.home = Home(Settings.read({}, desk.folder / "home"), desk.home.clock)
    assert desk.take(answer(1, text=WROTE), name="again.csv")["suppressed"] == 1
    assert desk.answers == 5
    everything = content(desk.folder / "home", desk.folder / "b", desk.folder / "k")
    assert not [word for word in telling(desk.home, 1) if word in everything]


def restore(desk: Desk, source: object, keys: object, home: str = "home", **environ: str) -> Said:
    command = ("backup", "restore", "--from", source, "--keys", keys, "--home", desk.folder / home)
    return tillit(*command, environ=environ)


def test_a_restored_home_links_a_person_across_cycles_as_before(desk):
    before, again = kept(desk.home), write_export(desk.folder / "e3.csv", [answer(1, text=WROTE), answer(7)])
    made = back_up(desk.home)
    back = put_back(desk.home, made, move_away(desk.home))
    with pytest.raises(PolicyForbids, match="older than the register"):  # also where nobody was erased since
        back.room("sectra")
    replay(back)
    sync_scores(back, "sectra", no_progress)
    assert kept(back) == before
    check_nothing_left_over(back)
    desk.home = back
    counts = desk.take(answer(1, text=WROTE), answer(7, text=""), name=again.name)
    assert (counts["already imported"], counts["new"]) == (1, 1)
    pseudonyms = {row["pseudonym"] for row in stored(back) if row["response_key"] in keys_of(back, 1)}
    assert len(pseudonyms) == 1


def keys_of(home: Home, person: int) -> set[str]:
    pseudonym = address_pseudonym(home.room("sectra").ring, answer(person)["email"])
    found = {row["response_key"] for row in stored(home) if row["pseudonym"] == pseudonym}
    assert len(found) == 2
    return found


def test_a_restored_home_has_its_files_and_its_evidence_and_says_that_it_was_restored(desk):
    erase(desk.home, 5)
    own = desk.folder / "home" / "policies"
    own.mkdir()
    (own / "note.yaml").write_text("# vår egen\n", "utf-8")
    made = back_up(desk.home)
    back = put_back(desk.home, made, move_away(desk.home))
    replay(back)
    with back.engine.connect() as connection:
        evidence.verify(connection)
        rows = connection.exec_driver_sql("SELECT kind FROM evidence ORDER BY number").scalars().all()
    assert rows[-2:] == ["home restored", "suppressions replayed"]
    assert (own / "note.yaml").read_text("utf-8") == "# vår egen\n"
    assert len(list((desk.folder / "home" / "certificates").iterdir())) == 1
    modes = {path.stat().st_mode & 0o077 for path in (desk.folder / "home").rglob("*.yaml")}
    assert modes == {0}


def test_a_backup_while_an_import_runs_is_the_state_before_it_or_after_it(desk):
    rows = [answer(n, text="Good support. Regards, Anna") for n in range(100, 400)]
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
    assert set(found) <= {before, before + 300}
    assert (found[0], found[-1]) == (before, before + 300)


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


def test_a_backup_whose_period_is_over_is_not_put_back_although_no_night_has_deleted_it(desk):
    made = back_up(desk.home)
    lost = move_away(desk.home)
    with pytest.raises(PolicyForbids, match="was over on 2026-11-15"):
        put_back(desk.home, made, lost, days=14)
    assert not desk.home.settings.home.exists()
    put_back(desk.home, made, lost, days=13)


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


def test_a_backup_made_after_the_one_that_was_restored_keeps_its_clock(desk):
    older = back_up(desk.home)
    newer = back_up(desk.home)
    back = put_back(desk.home, older, move_away(desk.home))
    replay(back)
    assert {one["backup"] for one in known_backups(back)} == {older["backup"], newer["backup"]}
    desk.home = back
    retain_unattended(desk.later(days=15), "sectra", no_progress)
    assert not newer["data"].exists()
    assert not newer["keys"].exists()


@pytest.fixture
def apart(desk: Desk) -> Desk:
    """The same home with its wrapped keys in a database elsewhere, which outlives the home."""
    (desk.folder / "apart").mkdir()
    close(desk.home)
    shutil.copy2(desk.folder / "home/keys/keys.db", desk.folder / "apart/keys.db")
    environ = {"TILLIT_KEYS_URL": f"sqlite:///{desk.folder / 'apart/keys.db'}"}
    desk.home = Home(Settings.read(environ, desk.folder / "home"), desk.home.clock)
    return desk


def test_where_the_keys_lived_on_whoever_was_deleted_since_goes_whole(apart):
    home = apart.home
    open_request(home, "sectra", "access", "person4@example.com", "", named_in_text=False)
    made = back_up(home)
    erase(home, 1)
    discard_quarantine(home, "sectra", [home.room("sectra").quarantine.rows()[0].id])
    lost = move_away(home)
    back = put_back(home, made, lost)
    replayed = replay(back)
    assert (replayed["people of the vault"], replayed["responses"], replayed["crm"]) == (1, 2, 2)
    assert (replayed["quarantine"], replayed["vendor"]) == (1, 2)
    with back.engine.connect() as connection:
        (task,) = tasks.tasks(connection, "sectra")
    assert (task.store, task.count, task.done_at) == ("vendor", 2, None)
    room = back.room("sectra")
    room.check_data_keys()
    assert (len(stored(back)), room.vault.count(), len(room.quarantine.rows())) == (5, 5, 1)
    assert not [word for word in telling(back, 1)[:3] if word in content(back.settings.home)]
    with back.engine.connect() as connection:
        assert len(connection.execute(select(CASES)).all()) == 1
    sync_scores(back, "sectra", no_progress)
    check_nothing_left_over(back)


def test_a_home_of_before_a_rotation_is_rotated_by_the_replay_and_keeps_its_links(apart):
    home = apart.home
    made = back_up(home)
    erase(home, 2)
    right = {"email": "åsa@exempel.se"}
    case = open_request(home, "sectra", "rectify", "person3@example.com", "", corrections=right)
    fulfil(home, "sectra", case.id, DECISION)
    rotate_keys(home, "sectra", no_progress)
    linked = links(home)
    back = put_back(home, made, move_away(home))
    assert replay(back)["pseudonyms"] == 5
    sync_scores(back, "sectra", no_progress)
    assert links(back) == linked
    assert not [word for word in telling(back, 2)[:3] if word in content(back.settings.home)]
    addresses = {one.current("address") for one in back.room("sectra").vault.everybody()}
    assert "åsa@exempel.se" in addresses
    check_nothing_left_over(back)


def test_keys_of_another_home_are_never_taken_for_those_of_people_who_were_erased(apart):
    made = back_up(apart.home)
    move_away(apart.home)
    other = apart.folder / "other"
    Desk(other, apart.mapping).home.crm  # noqa: B018 - a home with keys of its own
    close(apart.home)
    shutil.copy2(other / "home/keys/keys.db", apart.folder / "apart/keys.db")
    with pytest.raises(KeyUnavailable, match="belongs to another home"):
        put_back(apart.home, made)
    assert not apart.home.settings.home.exists()


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


@pytest.mark.parametrize("at", [3, 60, 120])
def test_a_restore_that_is_killed_is_no_home_and_is_begun_again(desk, at):
    made, before = back_up(desk.home), kept(desk.home)
    lost = move_away(desk.home)
    assert killed(desk.folder, at, lambda: put_back(desk.home, made))
    assert not desk.home.settings.home.exists()
    back = put_back(desk.home, made, lost)
    assert not list(desk.folder.glob("*.new"))
    replay(back)
    sync_scores(back, "sectra", no_progress)
    assert kept(back) == before


def killed(folder: Path, at: int, act: Callable[[], object]) -> bool:
    child = os.fork()
    if child == 0:
        try:
            Moments(str(folder), at).watch()
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


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


def data_changed(desk: Desk, made: Made) -> None:
    file = made["data"] / "state" / "vault_people.sealed"
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def data_gone(desk: Desk, made: Made) -> None:
    (made["data"] / "state" / "vault_people.sealed").unlink()


def manifest_changed(desk: Desk, made: Made) -> None:
    file = made["data"] / "manifest.json"
    file.write_text(file.read_text().replace('"vault_people"', '"vault_nobody"'))


def name_outside(desk: Desk, made: Made) -> None:
    file = made["data"] / "manifest.json"
    file.write_text(file.read_text().replace('"state/vault_people"', '"home/../../vault_people"'))


def not_a_backup(desk: Desk, made: Made) -> None:
    (made["data"] / "manifest.json").write_text('{"format": 1}')


def no_folder(desk: Desk, made: Made) -> None:
    shutil.rmtree(made["data"])


def keys_missing(desk: Desk, made: Made) -> None:
    shutil.rmtree(made["keys"])


def keys_of_another(desk: Desk, made: Made) -> None:
    made["keys"] = back_up(desk.home)["keys"]


def the_wrong_way_round(desk: Desk, made: Made) -> None:
    made["data"], made["keys"] = made["keys"], made["data"]


def another_key(desk: Desk, made: Made) -> None:
    desk.home.settings.key_file.write_text(f"{'A' * 43}=\n")


def no_register(desk: Desk, made: Made) -> None:
    close(desk.home)
    shutil.rmtree(f"{desk.home.settings.home}.register")


def another_register(desk: Desk, made: Made) -> None:
    close(desk.home)
    shutil.rmtree(f"{desk.home.settings.home}.register")
    shutil.copytree(desk.folder / "older register", f"{desk.home.settings.home}.register")


def not_empty(desk: Desk, made: Made) -> None:
    (desk.folder / "home").mkdir()
    (desk.folder / "home" / "thesis.txt").write_text("mine")


WRONG: dict[Callable[[Desk, Made], None], tuple[int, str]] = {
    data_changed: (6, "state/vault_people.sealed of the backup"),
    data_gone: (6, "missing or unreadable"),
    manifest_changed: (6, "manifest.json is not as it was made"),
    name_outside: (2, "is no folder of a backup"),
    not_a_backup: (2, "is no folder of a backup"),
    no_folder: (2, "is no folder of a backup"),
    keys_missing: (2, "is no folder of a backup's keys"),
    keys_of_another: (2, "the keys are those of the backup"),
    the_wrong_way_round: (2, "is no folder of a backup"),
    another_key: (4, "does not open with this key"),
    no_register: (6, "is not where the restored home looks for it"),
    another_register: (6, "the register does not know the backup"),
    not_empty: (2, "is not empty, and nothing is written over"),
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_what_is_wrong_with_a_restore_is_said_and_nothing_is_left(desk, wrong):
    close(desk.home)
    desk.home = Home(desk.home.settings, SystemClock())  # as the commands have it, which look at the period
    erase(desk.home, 5)
    shutil.copytree(desk.folder / "home.register", desk.folder / "older register")
    made = back_up(desk.home)
    if wrong is keys_of_another:
        wrong(desk, made)
        move_away(desk.home)
    else:
        move_away(desk.home)
        wrong(desk, made)
    before = sorted(desk.folder.iterdir())
    said = restore(desk, made["data"], made["keys"])
    code, says = WRONG[wrong]
    assert (said.code, says in said.err, "hint:" in said.err) == (code, True, True), said.everything
    assert sorted(desk.folder.iterdir()) == before


@pytest.mark.parametrize(
    ("output", "keys"),
    [("b", "b"), ("b", "b/keys"), ("k/data", "k"), ("home/b", "k"), ("b", "home/k"), ("home", "k")],
)
def test_data_keys_and_home_lie_apart(desk, output, keys):
    command = ("backup", "create", "--output", desk.folder / output, "--keys", desk.folder / keys)
    said = desk.run(*command)
    assert (said.code, "lie apart" in said.err) == (2, True), said.everything
    assert not (desk.folder / "b").exists()
    assert not (desk.folder / "k").exists()


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


def test_errors_of_a_restore_are_ours(desk):
    with pytest.raises(TillitError):
        restore_backup(desk.home.settings, desk.home.clock, desk.folder, desk.folder, no_progress)


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


@pytest.mark.parametrize("refused", [True, False])
def test_keys_of_an_older_backup_whose_restore_did_not_end_are_never_taken_for_newer_ones(desk, refused):
    older = back_up(desk.home, "a")
    desk.take(*[answer(n, response_id=f"N-{n}") for n in range(20, 23)], name="more.csv")
    newer, people = back_up(desk.home, "b"), desk.home.room("sectra").vault.count()
    lost, apart = move_away(desk.home), desk.folder / "apart"
    apart.mkdir()
    other = Desk(apart, desk.mapping)
    close(other.home)
    taken, free = (f"sqlite:///{apart / name}" for name in ("home/state/state.db", "state.db"))
    urls = {
        "TILLIT_KEYS_URL": f"sqlite:///{apart / 'keys.db'}",
        "TILLIT_STATE_URL": taken if refused else free,
    }
    wrong = Settings.read(urls, desk.home.settings.home)
    if refused:
        with pytest.raises(UsageError, match="not empty"):
            restore_backup(wrong, desk.home.clock, older["data"], older["keys"], no_progress)
    else:
        restore_backup(wrong, desk.home.clock, older["data"], older["keys"], no_progress)
        shutil.rmtree(desk.home.settings.home)
        (apart / "state.db").unlink()
    right = Settings.read({**urls, "TILLIT_STATE_URL": free}, desk.home.settings.home)
    if not refused:
        with pytest.raises(UsageError, match="of a restore that did not end"):
            restore_backup(right, desk.home.clock, newer["data"], newer["keys"], no_progress)
        return
    restore_backup(right, desk.home.clock, newer["data"], newer["keys"], no_progress)
    shutil.copytree(lost / "crm", desk.home.settings.home / "crm", dirs_exist_ok=True)
    back = Home(right, desk.home.clock)
    replay(back)
    assert back.room("sectra").vault.count() == people
