"""A restore of a backup: never a way back for anybody who was erased, and nothing else lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select

import flows.close_case
import flows.deadlines
from data.clock import SystemClock
from data.errors import KeyUnavailable, PolicyForbids, TillitError, UsageError
from data.stores import cases, open_requests, tasks
from data.stores.cases import CASES, Case
from data.stores.open_requests import OpenRequest
from flows.backup_store import known_backups
from flows.close_case import drop
from flows.deadlines import doubt, extend
from flows.fulfil_case import fulfil
from flows.hold import list_holds
from flows.ingest import discard_quarantine
from flows.open_case import open_request, read_case
from flows.replay import replay
from flows.restore_backup import restore_backup
from flows.retain import retain_unattended
from flows.rotate_keys import rotate_keys
from flows.sync_scores import sync_scores
from flows.wiring import Home, Settings
from governance import evidence
from pseudonymize import no_progress
from pseudonymize.derive import address_pseudonym
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.backups import (
    DECISION,
    WROTE,
    Made,
    back_up,
    close,
    content,
    erase,
    filled_desk,
    killed,
    move_away,
    put_back,
    restore,
    telling,
)
from tests.support.desk import Desk
from tests.support.exports import answer, write_export
from tests.support.homes import stored, tillit
from tests.support.killed import check_nothing_left_over, kept
from tests.support.links import links
from tests.support.policies import decided_text


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    return filled_desk(tmp_path, mapping)


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


def test_a_backup_whose_period_is_over_is_not_put_back_although_no_night_has_deleted_it(desk):
    made = back_up(desk.home)
    lost = move_away(desk.home)
    with pytest.raises(PolicyForbids, match="was over on 2026-11-15"):
        put_back(desk.home, made, lost, days=14)
    assert not desk.home.settings.home.exists()
    put_back(desk.home, made, lost, days=13)


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
    assert (replayed["quarantine"], replayed["tasks at vendor"]) == (1, 2)
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


def key_no_base64(desk: Desk, made: Made) -> None:
    file = made["keys"] / "manifest.json"
    before, mark, _ = file.read_text("utf-8").rpartition('"key": "')
    file.write_text(f'{before}{mark}ingen nyckel"\n}}\n', "utf-8")


def nothing_that_is_needed(desk: Desk, made: Made) -> None:
    no_register(desk, made)
    desk.home.settings.key_file.unlink()


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
    no_register: (6, "not where the restored home looks for it: the register"),
    another_register: (6, "the register does not know the backup"),
    key_no_base64: (2, "is no folder of a backup's keys"),
    nothing_that_is_needed: (6, "TILLIT_KEY_FILE) and the register"),
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


def test_errors_of_a_restore_are_ours(desk):
    with pytest.raises(TillitError):
        restore_backup(desk.home.settings, desk.home.clock, desk.folder, desk.folder, no_progress)


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


def test_no_home_is_made_among_backups_or_on_a_mount_point(desk):
    made = back_up(desk.home)
    for home, says in ((made["keys"].parent / "home", "in a folder of backups"), ("/proc", "a mount point")):
        said = restore(desk, made["data"], made["keys"], str(home))
        assert (said.code, says in said.err, "hint:" in said.err) == (2, True, True), said.everything
    assert not (made["keys"].parent / "home").exists()


@pytest.mark.parametrize("name", ["TILLIT_STATE_URL", "TILLIT_KEYS_URL", "TILLIT_REGISTER_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "oracle://h/x",
        "mysql://h/x",
        "postgresql://h:port/x",
        "sqlite://",
        "sqlite+aiosqlite:///x",
    ],
)
def test_a_variable_that_names_no_database_is_said(tmp_path, name, url):
    said = tillit("status", "--home", tmp_path / "home", environ={name: url})
    assert (said.code, f"{name} is no URL of a SQLite or PostgreSQL database" in said.err) == (2, True)
    assert "hint:" in said.err
    assert not (tmp_path / "home").exists()


def test_requests_made_since_a_backup_are_open_again_with_their_days(desk):
    before = open_request(desk.home, "sectra", "access", "person2@example.com", "")
    made = back_up(desk.home)
    fulfil_now = open_request(desk.home, "sectra", "object", "person4@example.com", "")
    right = {"name": "Åsa Ek"}
    wrong_name = open_request(desk.home, "sectra", "rectify", "person3@example.com", "", corrections=right)
    late = open_request(desk.home, "sectra", "erase", "person1@example.com", "")
    extend(desk.home, "sectra", late.id, "Eva Ek", "många svar att gå igenom")
    fulfil(desk.home, "sectra", fulfil_now.id, DECISION)
    asked = {case.id: case for case in open_cases(desk.home)}
    back = put_back(desk.home, made, move_away(desk.home))
    assert replay(back)["requests opened again"] == 2
    again = {case.id: case for case in open_cases(back)}
    assert again.keys() == asked.keys() == {before.id, wrong_name.id, late.id}
    for one in again.values():
        was = asked[one.id]
        assert (one.kind, one.opened_at, one.due_at) == (was.kind, was.opened_at, was.due_at)
        assert one.extended_for == was.extended_for
    assert fulfil(back, "sectra", late.id, DECISION)["outcome"] == "closed"
    assert not [word for word in telling(back, 1)[:3] if word in content(back.settings.home)]
    fulfil(back, "sectra", wrong_name.id, DECISION)
    assert "Åsa Ek" in {one.current("name") for one in back.room("sectra").vault.everybody()}


def test_days_and_doubts_of_since_a_backup_stand_in_requests_that_it_has(desk):
    longer = open_request(desk.home, "sectra", "access", "person2@example.com", "")
    doubted = open_request(desk.home, "sectra", "erase", "person3@example.com", "")
    made = back_up(desk.home)
    since = open_request(desk.home, "sectra", "erase", "person4@example.com", "")
    extend(desk.home, "sectra", longer.id, "Eva Ek", "många svar att gå igenom")
    for case in (doubted, since):
        doubt(desk.home, "sectra", case.id, "Eva Ek", "skriver från en annan adress")
    asked = open_cases(desk.home)
    back = put_back(desk.home, made, move_away(desk.home))
    assert replay(back)["requests opened again"] == 1
    assert [times(case) for case in open_cases(back)] == [times(case) for case in asked]
    with pytest.raises(PolicyForbids, match="doubt"):
        fulfil(back, "sectra", since.id, DECISION)


@pytest.mark.parametrize("act", [doubt, extend])
def test_a_doubt_that_was_stopped_on_its_way_is_there_after_a_replay_rather_than_not(desk, act):
    case = open_request(desk.home, "sectra", "access", "person2@example.com", "")
    with stopped_at(flows.deadlines.cases, "change"):
        act(desk.home, "sectra", case.id, "Eva Ek", "skriver från en annan adress")
    back = put_back(desk.home, back_up(desk.home), move_away(desk.home))
    replay(back)
    (one,) = open_cases(back)
    assert (one.doubted_for or one.extended_for) == "skriver från en annan adress"
    retain_unattended(back, "sectra", no_progress)
    assert {times(one)} == {times(kept) for kept in kept_requests(back)}


def test_a_request_that_a_newer_backup_has_as_answered_is_kept_no_more(desk):
    case = open_request(desk.home, "sectra", "access", "person2@example.com", "")
    older = back_up(desk.home, "a")
    drop(desk.home, "sectra", case.id, "Eva Ek", "tog den tillbaka")
    newer = back_up(desk.home, "b")
    back = put_back(desk.home, older, move_away(desk.home))
    replay(back)
    assert [one.id for one in open_cases(back)] == [case.id]
    shutil.rmtree(desk.folder / "lost")
    again = put_back(back, newer, move_away(back))
    replay(again)
    assert not open_cases(again)
    assert not kept_requests(again)


def times(case: Case | OpenRequest) -> tuple[object, ...]:
    return case.id, case.due_at, case.extended_for, case.doubted_at, case.doubted_for


def test_a_request_to_a_controller_that_has_no_keys_yet_is_not_lost_either(desk):
    made = back_up(desk.home)
    (desk.folder / "home" / "policies").mkdir()
    (desk.folder / "home" / "policies" / "stratsys.yaml").write_text(decided_text("stratsys"), "utf-8")
    case = open_request(desk.home, "stratsys", "erase", "ny@exempel.se", "")
    policies = desk.folder / "home" / "policies"
    lost = move_away(desk.home)
    back = put_back(desk.home, made, lost)
    shutil.copytree(lost / "policies", policies)
    assert replay(back)["requests opened again"] == 1
    assert case.id in {one.id for one in open_cases(back, "stratsys")}


def open_cases(home: Home, controller: str = "sectra") -> list[Case]:
    with home.engine.connect() as connection:
        return [case for case in cases.cases(connection, controller) if case.closed_at is None]


def test_nothing_of_who_asked_is_kept_beside_the_register_once_they_are_answered(desk):
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "")
    (kept_request,) = kept_requests(desk.home)
    fulfil(desk.home, "sectra", case.id, DECISION)
    assert not kept_requests(desk.home)
    assert kept_request.sealed not in content(desk.folder / "home.register")


@pytest.mark.parametrize("stop", ["forget_request", "close_case", "sweep"])
def test_a_stop_when_a_request_is_answered_leaves_nothing_that_a_restore_brings_back(desk, stop):
    made = back_up(desk.home)
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "")
    with stopped_at(flows.close_case, stop, lambda *_: stop != "sweep" or closed(desk.home)):
        fulfil(desk.home, "sectra", case.id, DECISION)
    retain_unattended(desk.home, "sectra", no_progress)
    fulfil(desk.home, "sectra", case.id, DECISION)
    assert not kept_requests(desk.home)
    back = put_back(desk.home, made, move_away(desk.home))
    assert "requests opened again" not in replay(back)
    assert not open_cases(back)


def closed(home: Home) -> bool:
    with home.engine.connect() as connection:
        return all(case.closed_at for case in cases.cases(connection, "sectra"))


@pytest.mark.parametrize("at", ["compact", "delete"])
def test_a_request_that_was_being_forgotten_at_a_stop_is_not_brought_back_but_kept_if_it_goes_on(desk, at):
    open_request(desk.home, "sectra", "erase", "person1@example.com", "")
    made = back_up(desk.home)
    case = open_request(desk.home, "sectra", "erase", "person2@example.com", "")
    with stopped_at(open_requests, at):
        fulfil(desk.home, "sectra", case.id, DECISION)
    copy = shutil.copytree(desk.folder / "home.register", desk.folder / "copy")
    retain_unattended(desk.home, "sectra", no_progress)
    assert all(one.sealed for one in kept_requests(desk.home))
    assert len(kept_requests(desk.home)) == 2
    lost = move_away(desk.home)
    shutil.rmtree(desk.folder / "home.register")
    copy.rename(desk.folder / "home.register")
    back = put_back(desk.home, made, lost)
    assert "requests opened again" not in replay(back)
    assert len(kept_requests(back)) == 1


def test_requests_that_cannot_be_kept_are_an_alarm_and_hold_no_night_up(desk):
    case = open_request(desk.home, "sectra", "erase", "person1@example.com", "")
    alarms = retain_unattended(desk.home, "sectra", no_progress)["alarms"]
    with desk.home.register_engine.begin() as connection:
        connection.execute(delete(open_requests.OPEN_REQUESTS))
    desk.home.room("sectra").ring.destroy([read_case(desk.home, "sectra", case.id).key_id])
    assert retain_unattended(desk.home, "sectra", no_progress)["alarms"] == alarms + 1


def kept_requests(home: Home) -> list[OpenRequest]:
    with home.register_engine.connect() as connection:
        return list(open_requests.requests(connection, "sectra").values())


def test_a_legal_hold_made_since_a_backup_stands(desk):
    made, ended = back_up(desk.home), desk.hold("--survey", "csat")
    assert desk.run("retention", "lift", ended, "--by", "Bo Ek").code == 0
    hold = desk.hold()
    back = put_back(desk.home, made, move_away(desk.home))
    replay(back)
    assert [one.id for one in list_holds(back, "sectra")] == [hold]
    assert retain_unattended(Home(back.settings, desk.later(days=4000).clock), "sectra", no_progress)["held"]
    assert len(stored(back)) == 7


def test_no_home_that_has_seen_a_hold_opens_without_the_register_that_has_it(desk):
    desk.hold()
    close(desk.home)
    shutil.rmtree(f"{desk.home.settings.home}.register")
    said = desk.run("retention", "plan")
    assert (said.code, "older than this home, or missing" in said.err) == (6, True), said.everything
    assert "older than this home, or missing" in desk.run("status").everything
