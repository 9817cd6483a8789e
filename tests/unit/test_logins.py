"""Names of users that are made of people's names go; words that only look so stay."""

import pytest

from tests.support.redacting import redact, redacted

MADE = {
    "an initial and a surname": "the audit trail says that ⟦jhenderson⟧ deleted the series",
    "a surname and an initial": "the log shows ⟦hendersonj⟧ at three in the morning",
    "a Nordic surname of no list": "my account ⟦ktorkelsdottir⟧ is locked again",
    "an initial, a surname and a word for accounts": "⟦kpetrov_adm⟧ deleted the folder",
    "a service": "the import runs as ⟦svc-mhughes⟧ every night",
    "a dot": "please give ⟦a.dunleavy⟧ the rights again",
    "two names with a dot": "since then ⟦lindqvist.karin⟧ has half of the list",
    "a name with a number, of whom speaks": "I'm ⟦wik047⟧ and cannot sign",
    "a Windows domain with a dot": "Please reset the account of ⟦NORRVIK.LOCAL\\d.achterberg⟧ for me",
    "who is here": "⟦vtran⟧ here, still no access to the worklist",
    "a surname with a prefix": "the audit trail says ⟦jfitzwilliam⟧ deleted the series",
    "capitals": "User acct ⟦LVANHOUT⟧ has rights to everything.",
    "a nickname": "My chat nickname is ⟦kattmamma_82⟧ by the way.",
    "what ends a sentence": "Användarid: ⟦mbe22⟧. Ring gärna.",
    "the same again": "My username is ⟦mbe22⟧, but mbe22 is locked.",
}


@pytest.mark.parametrize("text", MADE.values(), ids=MADE.keys())
def test_a_login_made_of_a_name_is_taken_out(text):
    whole, gone = "".join(text.replace("⟧", "⟦").split("⟦")), text.split("⟦")[1].partition("⟧")[0]
    found = redact(whole, "en")
    assert gone not in found.text
    assert found.removed.get("USERNAME", 0) >= 1


def test_a_login_is_known_by_the_name_beside_it():
    text = redacted("Behörig ska vara Katarina Lundgren (katlun), inte Örjan Lövkvist (orjanl).", "sv")
    assert text == "Behörig ska vara <PERSON_1> (<USERNAME>), inte <PERSON_2> (<USERNAME>)."


def test_a_login_is_known_by_the_name_of_its_writer():
    text = redacted("inget händer när lmattss loggar in", "sv", name="Lena Mattsson")
    assert text == "inget händer när <USERNAME> loggar in"


STAYS = [
    "we need a report with patient_id and study_date in it",
    "the users are forgotten when the log is full",
    "user provisioning is missing in the api",
    "set unrealistic goals and put pressure on the users",
    "kontot är sperret",
    "superanvändarna loggas ut",
    "the well-known left-hand and read-only views are fine",
]


@pytest.mark.parametrize("text", STAYS)
def test_a_word_that_is_no_login_stays(text):
    assert redact(text, "en" if text.isascii() else "sv").removed.get("USERNAME", 0) == 0
