"""When a request is answered, and what the person is told: Swedish or English, and nobody's name in it."""

import re
from datetime import timedelta

import pytest

from data.errors import UsageError
from data.records import CrmReference
from flows.deadlines import doubt, end_doubt, extend
from flows.open_case import open_request, read_case
from governance import evidence
from governance.letters import letter
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.policies import CONTROLLERS, decided

WHO = "person1@example.com"
SAYS = {
    "erase": ("Allt om dig är raderat", "Everything of you is deleted"),
    "object": ("hålls ute tills du tar tillbaka", "stays out until you take your objection back"),
    "withdraw": ("med ditt samtycke är raderat", "by your consent is deleted"),
    "restrict": ("finns allt om dig kvar men används inte", "kept and used for nothing"),
    "access": ("Det här har vi, till antalet", "This is what we hold, by number"),
    "portability": ("Det här har du lämnat till oss", "This is what you have given us"),
}


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(*[answer(n, text="") for n in range(5)])
    assert desk.run("scores", "sync").code == 0
    return desk


def read(desk: Desk, case: str, *more: object) -> str:
    said = desk.run("rights", "letter", case, *more)
    assert said.code == 0, said.everything
    return re.sub(r"\s+", " ", said.out)


@pytest.mark.parametrize("kind", SAYS)
def test_each_right_is_acknowledged_and_answered_in_both_languages(desk, kind):
    case = desk.open(kind, WHO)
    assert "Vi har fått din begäran" in read(desk, case, "--language", "sv")
    assert "We have received your request" in read(desk, case)
    assert desk.fulfil(case).code == 0
    for language, words in zip(("sv", "en"), SAYS[kind], strict=True):
        text = read(desk, case, "--language", language)
        assert words in text
        assert "Integritetsskyddsmyndigheten" in text
        assert "dpo@sectra.com" in text
        assert not [word for word in ("person1", "Förnamn1", "Efternamn1") if word in text]


def test_a_letter_says_what_remains_and_why_and_what_is_deleted_by_hand(desk):
    case = desk.open("withdraw", WHO)
    assert desk.fulfil(case).code == 0
    text = read(desk, case)
    assert "as long as it is needed to keep to your request (OWN-16)" in text
    assert "12 months after your request was answered (OWN-15)" in text
    assert re.search(r"deleted there by hand: - the answer as you gave it: 1, by \d{4}-\d\d-\d\d", text)


def test_to_withdraw_counts_as_an_objection_where_no_purpose_rests_on_consent(desk):
    assert desk.fulfil(desk.open("withdraw", WHO)).code == 0
    assert desk.answers == 4
    assert desk.take(answer(1, text=""), answer(8, text=""), name="again.csv")["suppressed"] == 1
    assert desk.fulfil(desk.open("lift-objection", WHO)).code == 0
    assert desk.take(answer(1, text=""), answer(8, text=""), name="third.csv")["new"] == 1


def test_of_whom_nothing_is_held_is_told_so(desk):
    case = desk.open("erase", "nobody@example.com")
    assert desk.fulfil(case).code == 0
    assert "Vi har inget om dig." in read(desk, case, "--language", "sv")


def test_a_refusal_names_ground_authority_and_court(desk):
    case = desk.open("restrict", WHO)
    assert desk.fulfil(case, "--override", "ingen grund i artikel 18", "--role", "DPO").code == 0
    text = read(desk, case)
    assert "ingen grund i artikel 18 (DPO)" in text
    assert "you can go to court" in text


def test_who_asks_has_an_answer_later_only_once_and_only_if_it_is_said_in_time(desk):
    case = open_request(desk.home, "sectra", "access", WHO, "")
    due = extend(desk.home, "sectra", case.id, "Eva Ek", "många svar att läsa").due_at
    assert (due.year, due.month, due.day) == (2027, 2, 1)  # one month from 1 November, and two more
    said = desk.run("rights", "extend", case.id, "--by", "Eva Ek", "--ground", "ännu fler")
    assert (said.code, "extended before" in said.err) == (2, True)
    told = desk.run("rights", "letter", case.id, "--output", desk.folder / "brev.txt", "--json").json
    assert (desk.folder / "brev.txt").read_text("utf-8") == told["text"]
    assert "Skälet är: många svar att läsa" in read(desk, case.id, "--language", "sv")
    other = open_request(desk.home, "sectra", "erase", WHO, "")
    with pytest.raises(UsageError, match="is over"):
        extend(desk.later(days=40), "sectra", other.id, "Eva Ek", "många svar att läsa")


def test_the_clock_stands_while_it_is_doubted_who_asks(desk):
    case = open_request(desk.home, "sectra", "erase", WHO, "")
    doubt(desk.later(days=5), "sectra", case.id, "Eva Ek", "en ny adress")
    assert "doubted" in desk.run("rights", "list").out
    assert "The time for our answer stands still" in read(desk, case.id)
    assert "en ny adress" in desk.run("rights", "show", case.id).out
    said = desk.fulfil(case.id)
    assert (said.code, "is doubted" in said.err, desk.answers) == (4, True, 5)
    assert end_doubt(desk.later(days=25), "sectra", case.id, "Eva Ek").due_at == case.due_at + timedelta(
        days=20
    )
    assert desk.fulfil(case.id).code == 0


def test_what_was_sent_is_on_record_and_a_sent_notice_lets_a_restriction_end(desk):
    assert desk.fulfil(desk.open("restrict", WHO)).code == 0
    case = desk.open("unrestrict", WHO)
    assert desk.fulfil(case).code == 4
    assert "vi berättar" not in read(desk, case)
    today = desk.run("rights", "list", "--json").json[0]["opened_at"][:10]
    assert desk.run("rights", "letter", case, "--sent", today).code == 0
    assert desk.run("rights", "show", case, "--json").json["letters"] == {"lifting": today}
    assert desk.fulfil(case).code == 0
    with desk.home.engine.connect() as connection:
        kinds = {entry.kind for entry in evidence.newest(connection, "sectra")}
    assert "letter sent" in kinds


WRONG = {
    "a letter that the case does not call for": (
        ("letter", "--letter", "refusal"),
        2,
        "it calls for: receipt",
    ),
    "a letter of another kind": (("letter", "--letter", "thanks"), 2, "receipt"),
    "a letter sent tomorrow": (("letter", "--sent", "2199-01-01"), 2, "lies ahead"),
    "a language that there is not": (("letter", "--language", "no"), 2, "not one of 'en', 'sv'"),
    "a longer time without a ground": (("extend", "--by", "Eva Ek", "--ground", " "), 2, "has a ground"),
    "a longer time by nobody": (("extend", "--by", "", "--ground", "mycket"), 2, "has a name"),
    "a ground with an address": (("extend", "--by", "Eva Ek", "--ground", "för a@b.se"), 2, "holds no @"),
    "a ground that names who asks": (
        ("extend", "--by", "Eva Ek", "--ground", "Förnamn1 Efternamn1 har många svar"),
        2,
        "names who asks",
    ),
    "a doubt without a ground": (("doubt", "--by", "Eva Ek"), 2, "has a ground"),
    "a doubt that is over and was not there": (("doubt", "--by", "Eva Ek", "--over"), 2, "nobody doubts"),
    "a doubt with a ground that is over": (
        ("doubt", "--by", "Eva Ek", "--over", "--ground", "x"),
        2,
        "none when it is over",
    ),
    "texts of a case that gives none": (("texts",), 2, "is to erase"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_about_time_and_letters_is_said(desk, wrong):
    (command, *more), code, says = WRONG[wrong]
    said = desk.run("rights", command, desk.open("erase", WHO), *more)
    assert (said.code, says in said.err) == (code, True), said.everything


@pytest.mark.parametrize("controller", CONTROLLERS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_controller_names_its_own_contact_and_authority(desk, controller, language):
    policy, home = decided(controller), desk.home
    case = read_case(home, "sectra", desk.open("erase", WHO))
    text = letter("receipt", language, policy, case, {}, home.clock.now().date())
    told = re.sub(r"\s+", " ", text)
    assert policy.contact in told
    assert policy.authority in told
    assert text.startswith(policy.name)
    assert max(map(len, text.splitlines())) <= 80
