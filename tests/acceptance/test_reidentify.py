"""Who wrote an answer is told for follow-up: one person, to one of the staff, on record before."""

import json
import re
import signal
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from data.stores.reidentifications import REIDENTIFICATIONS
from data.stores.responses import INDEX
from flows.apply_retention import apply
from flows.plan_retention import approve, make_plan
from governance.evidence_table import EVIDENCE
from pseudonymize import no_progress
from tests.acceptance.test_access import given, valid
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import Said, stored, tillit_process
from tests.support.policies import CONTROLLERS, policy_text

NAME, ADDRESS, REFERENCE = "Åsa Öberg", "åsa.öberg@example.com", answer(1)["crm_reference"]
ÅSA = {"first_name": "Åsa", "last_name": "Öberg", "email": "Åsa.Öberg@EXAMPLE.com"}
WHY = {
    "purpose": "follow_up",
    "reason": "Åsa Öberg vill bli uppringd",
    "by": "Eva Ek",
    "approver": "Björn Åström",
}


@pytest.fixture
def desk(tmp_path: Path, mapping: Path) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.take(answer(1, **ÅSA, text=""), *[answer(n, text="") for n in range(2, 5)])
    return desk


def key_of(desk: Desk, reference: str = REFERENCE) -> str:
    """The key of the answer of whoever has that reference in the CRM."""
    vault = desk.home.room(desk.controller).vault
    people = [i for some, _ in vault.everything() for i in some.values()]
    (key,) = (key for i in people for key, said in i.answers.items() if said["crm_reference"] == reference)
    return key


def ask(desk: Desk, beginning: str, *more: object, **other: str) -> Said:
    options = [part for name, value in (WHY | other).items() for part in (f"--{name}", value)]
    return desk.run("rights", "reidentify", beginning, *options, "--controller", desk.controller, *more)


def told(desk: Desk) -> int:
    with desk.home.engine.connect() as connection:
        return len(connection.execute(select(REIDENTIFICATIONS)).all())


def refused(desk: Desk, said: Said, code: int, because: str) -> bool:
    """Whether it was refused for that reason, with nothing shown and nothing noted."""
    shown = re.search("Åsa|Öberg|example|c0ffee", said.everything)
    return (said.code, because in said.err, bool(shown), told(desk)) == (code, True, False, 0)


def test_one_of_the_staff_is_told_who_wrote_one_answer_and_it_is_on_record(desk):
    said = ask(desk, key_of(desk)[:8])
    assert said.code == 0, said.everything
    assert all(word in said.out for word in (NAME, ADDRESS, REFERENCE, "SEC-13", "Björn Åström"))
    assert "person2" not in said.everything
    (record,) = desk.run("rights", "reidentified", "--json").json
    assert record["response_key"] == key_of(desk)
    assert {name: record[name] for name in WHY} == WHY
    assert ask(desk, key_of(desk)[:8], "--json").json["name"] == NAME
    assert told(desk) == 2


def test_the_evidence_has_that_it_happened_and_neither_who_nor_why(desk):
    ask(desk, key_of(desk))
    with desk.home.engine.connect() as connection:
        rows = connection.execute(select(EVIDENCE).where(EVIDENCE.c.kind == "writer named")).all()
    (details,) = (json.loads(row.details) for row in rows)
    assert details.keys() == {"id", "controller", "purpose", "clause"}
    assert (details["purpose"], details["clause"]) == ("follow_up", "SEC-13")


def test_a_reason_that_names_the_writer_is_in_no_byte_of_the_home(desk):
    ask(desk, key_of(desk))
    for path in (path for path in desk.home.settings.home.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert b"uppringd" not in content, path
        assert "Öberg".encode() not in content, path
    (desk.folder / "e.csv").unlink()
    said = desk.run("leakcheck")
    assert said.code == 0, said.everything


@pytest.mark.parametrize(
    ("other", "code", "because"),
    [
        ({"purpose": "trends"}, 4, "SEC-13 allows it for follow_up, and for no other purpose"),
        ({"purpose": "marketing"}, 2, "no purpose of the policy"),
        ({"reason": "  "}, 2, "has a ground, and none is given"),
        ({"reason": "hon på åsa@example.se"}, 2, "holds no @"),
        ({"approver": "EK,  eva"}, 4, "does not approve it"),
        ({"approver": ""}, 2, "who approves has a name"),
        ({"by": " "}, 2, "who decides has a name"),
    ],
)
def test_without_purpose_reason_and_two_people_nobody_is_told(desk, other, code, because):
    assert refused(desk, ask(desk, key_of(desk), **other), code, because)


@pytest.mark.parametrize(
    ("beginning", "because"),
    [
        ("0000000", "an answer's id has 8 to 64"),
        ("Åsa Öberg", "an answer's id has 8 to 64"),
        ("00000000", "no answer to a survey of sectra has that id"),
    ],
)
def test_what_is_not_the_key_of_one_answer_is_refused(desk, beginning, because):
    assert refused(desk, ask(desk, beginning), 2, because)


def test_of_several_answers_that_begin_so_none_is_told(desk):
    key = key_of(desk)
    twin = key[:10] + ("0" * 54 if key[10] != "0" else "1" * 54)
    with desk.home.engine.begin() as connection:
        row = dict(connection.execute(select(INDEX).where(INDEX.c.response_key == key)).one()._mapping)
        connection.execute(insert(INDEX), {**row, "response_key": twin})
    assert refused(desk, ask(desk, key[:8]), 2, "several answers have ids that begin so")


def test_who_has_restricted_their_data_is_not_named_until_it_ends(desk):
    assert desk.fulfil(desk.open("restrict", ADDRESS)).code == 0
    assert refused(desk, ask(desk, key_of(desk)), 4, "restricted: it is kept, and used for nothing")
    today = desk.run("rights", "list", "--json").json[0]["opened_at"][:10]
    assert desk.fulfil(desk.open("unrestrict", ADDRESS), "--notified", today).code == 0
    assert ask(desk, key_of(desk)).code == 0


@pytest.mark.parametrize("kind", ["erase", "object"])
def test_who_was_erased_or_objects_is_not_there_to_be_named(desk, kind):
    key = key_of(desk)
    assert desk.fulfil(desk.open(kind, ADDRESS)).code == 0
    assert refused(desk, ask(desk, key), 2, "no answer to a survey of sectra has that id")


def test_who_stands_in_the_register_is_not_named_even_while_an_answer_is_still_here(desk):
    room = desk.home.room("sectra")
    room.register.add({"objected": [("address", ADDRESS)]}, desk.home.clock.now(), "another change")
    with desk.home.engine.begin() as connection:
        connection.execute(text("update register_carried_out set generation = 1"))
        if not connection.execute(text("select * from register_carried_out")).all():
            connection.execute(text("insert into register_carried_out values (1, '')"))
    assert refused(desk, ask(desk, key_of(desk)), 4, "was erased, or objects")


@pytest.mark.parametrize(
    ("gone", "because"),
    [
        (("email", "respondent_id"), "nobody can tell who wrote it"),
        (("email", "first_name", "last_name", "crm_reference"), "neither name, address nor CRM reference"),
    ],
)
def test_an_answer_of_nobody_who_is_known_cannot_be_followed_up(desk, gone, because):
    before = {row["response_key"] for row in stored(desk.home)}
    desk.take(answer(9, **dict.fromkeys(gone, ""), text=""), name="n.csv")
    (key,) = {row["response_key"] for row in stored(desk.home)} - before
    assert refused(desk, ask(desk, key), 4, because)


def test_at_a_shared_address_only_the_one_who_wrote_the_answer_is_told(desk):
    shared = [answer(n, email="mottagning@example.com", text="") for n in (20, 21)]
    desk.take(*shared, name="s.csv")
    said = ask(desk, key_of(desk, answer(21)["crm_reference"]))
    assert said.code == 0
    assert ("Förnamn21 Efternamn21" in said.out, "Förnamn20" in said.everything) == (True, False)


def test_what_was_promised_when_the_answer_was_given_holds_as_well(desk):
    own = desk.home.settings.home / "policies"
    own.mkdir()
    strict = re.sub("(?m)^reidentification: .*\n", "", policy_text())
    (own / "sectra.yaml").write_text(strict, "utf-8")
    desk.later()
    desk.take(answer(8, text=""), name="strict.csv")
    key = key_of(desk, answer(8)["crm_reference"])
    assert refused(desk, ask(desk, key), 4, "gives no purpose for which somebody is told")
    (own / "sectra.yaml").unlink()
    assert refused(desk, ask(desk, key), 4, "that answer was given under the policy of 2026-06-04")
    assert ask(desk, key_of(desk)).code == 0


def test_a_record_goes_with_the_person_and_on_its_clock(desk):
    ask(desk, key_of(desk))
    ask(desk, key_of(desk, answer(2)["crm_reference"]))
    desk.fulfil(desk.open("erase", ADDRESS))
    assert told(desk) == 1
    for months, left in ((11, 1), (14, 0)):
        later = desk.later(days=30 * months)
        state, _ = make_plan(later, "sectra", no_progress)
        if state:
            approve(later, state.digest, "Eva Ek")
            apply(later, state.digest, no_progress, even_so=True)
        assert told(desk) == left
    assert desk.home.room("sectra").ring.data_key_ids("case") == set()


def test_a_person_is_told_that_somebody_was_told(desk):
    ask(desk, key_of(desk))
    parts = given(desk, "access", who=ADDRESS)
    (named,) = valid(parts, "your-data.json")["named"]
    assert (named["purpose"], named["clause"]) == ("internal follow-up such as action planning", "SEC-13")
    page = parts["your-data.html"]
    assert "internal follow-up such as action planning" in page
    assert "Eva Ek" not in page
    assert valid(given(desk, "access", who="person2@example.com"), "your-data.json")["named"] == []


@pytest.mark.parametrize("controller", sorted(set(CONTROLLERS) - {"sectra"}))
def test_no_other_controller_has_promised_follow_up_so_that_none_names_anybody(tmp_path, mapping, controller):
    desk = Desk.of(controller, tmp_path, mapping)
    desk.take(answer(1, text=""))
    said = ask(desk, key_of(desk))
    assert refused(desk, said, 4, "gives no purpose for which somebody is told who wrote an answer")


def test_a_stop_at_any_moment_leaves_a_record_rather_than_somebody_named_without_one(desk):
    folder, key = desk.home.settings.home, key_of(desk)
    options = [part for name, value in WHY.items() for part in (f"--{name}", value)]
    command = ("rights", "reidentify", key, *options, "--home", folder)

    def killed(at: int) -> Said:
        watch = f"from tests.support.killed import Moments\nmoments = Moments({str(folder)!r}, {at})"
        count = "import atexit\natexit.register(lambda: print('moments', moments.passed))"
        return tillit_process(desk.folder, *command, before=f"{watch}\nmoments.watch()\n{count}")

    whole = killed(0)
    moments = int(whole.out.split()[-1])
    assert (whole.code, NAME in whole.out, told(desk)) == (0, True, 1), whole.everything
    before = told(desk)
    for at in (moments // 2, moments - 1, moments):
        said = killed(at)
        assert said.code == -signal.SIGKILL
        noted = told(desk) - before
        assert noted == 1 or NAME not in said.out
        before += noted
    desk.home.room("sectra").sweep()
    assert len(desk.home.room("sectra").ring.data_key_ids("case")) == before
