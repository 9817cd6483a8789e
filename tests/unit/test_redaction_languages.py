"""An answer in a language that is not searched does not pass; the others are searched in their own."""

import unicodedata

import pytest

from pseudonymize import languages
from pseudonymize.redaction.name_models import covered
from pseudonymize.redaction.people import Answer
from tests.support.redacting import REDACTOR, readable, redact, redacted

SEARCHED = {
    "English": ("The viewer is fast, says Karin Lundgren, and the support is good.", "en"),
    "Swedish": ("Visaren är snabb och supporten är bra, hälsar Karin Lundgren.", "sv"),
    "Norwegian": ("Visningen er rask og supporten er god, hilser Kari Nordmann.", "no"),
    "Danish": ("Visningen er hurtig, men jeg bliver nødt til at ringe til Kari Nordmann.", "da"),
}
NAMES = {"Karin", "Lundgren", "Kari", "Nordmann"}


@pytest.mark.parametrize("declared", ["en", "EN", "en-GB", "", "sv", "xx"])
@pytest.mark.parametrize(("text", "language"), SEARCHED.values(), ids=SEARCHED.keys())
def test_a_clear_language_is_searched_whatever_the_export_declares(text, language, declared):
    found = redact(text, declared)
    assert found.language == language
    assert found.removed == {"PERSON": 1}
    assert not NAMES & set(readable(found.text))


UNCOVERED = {
    "German": "Das System ist schnell und der Support ist gut, sagt Frau Schmidt aus der Klinik.",
    "Finnish": "Katselin on nopea ja tuki on hyvä, sanoo Aino Virtanen meille joka päivä.",
    "Polish": "System jest szybki i wsparcie jest bardzo dobre, mówi Anna Kowalska.",
    "French": "Très bon produit, rapide et fiable, dit Amélie Dupont de la clinique.",
    "Spanish": "El sistema es rápido y el soporte es muy bueno, dice María González.",
    "Greek": "Η Μαρία Παπαδοπούλου είπε ότι είναι καλό.",
    "Russian": "Меня зовут Анна Иванова, всё хорошо.",
    "Arabic": "اسمي أحمد علي والنظام جيد",
    "Chinese": "我叫王小明，系统很好。",
    "Japanese": "田中さんによると、とても良いです。",
}


@pytest.mark.parametrize("declared", ["", "en", "sv"])
@pytest.mark.parametrize("text", UNCOVERED.values(), ids=UNCOVERED.keys())
def test_an_answer_in_a_language_that_is_not_searched_is_withheld(text, declared):
    found = redact(text, declared)
    assert (found.text, found.removed) == ("<WITHHELD:language>", {"WITHHELD": 1})


@pytest.mark.parametrize("declared", ["de", "fi", "pl", "el", "ru", "ar"])
def test_it_is_withheld_where_the_export_declares_its_language(declared):
    text = {"de": "German", "fi": "Finnish", "pl": "Polish", "el": "Greek", "ru": "Russian", "ar": "Arabic"}
    assert redacted(UNCOVERED[text[declared]], declared) == "<WITHHELD:language>"


MIXED = {
    "Swedish and German": "Supporten är bra och snabb tycker vi på avdelningen. " + UNCOVERED["German"],
    "English and German": "The viewer is fast and everybody likes it here. " + UNCOVERED["German"],
    "German and Swedish": UNCOVERED["German"] + " Supporten är bra och snabb tycker vi på avdelningen.",
    "English and Greek": "The viewer is fast and everybody likes it here. " + UNCOVERED["Greek"],
    "Swedish and Russian": "Supporten är bra och snabb tycker vi här. " + UNCOVERED["Russian"],
    "over two lines": "The viewer is fast and everybody likes it here.\n" + UNCOVERED["German"],
    "English and Finnish": "The viewer is fast and everybody likes it here. " + UNCOVERED["Finnish"],
    "Swedish and French": "Supporten är bra och snabb tycker vi på avdelningen. " + UNCOVERED["French"],
}


@pytest.mark.parametrize("text", MIXED.values(), ids=MIXED.keys())
def test_a_mixed_answer_is_withheld_where_a_whole_sentence_is_in_another_language(text):
    assert redacted(text) == "<WITHHELD:language>"


@pytest.mark.parametrize(
    "text",
    [
        "Visaren är snabb och vi gillar den. The support is good too, says Karin Lundgren of the team.",
        "The viewer is fast and we like it a lot. Supporten är också bra, tycker Karin Lundgren på kliniken.",
    ],
)
def test_an_answer_in_two_searched_languages_is_searched_in_both(text):
    assert redacted(text) == text.replace("Karin Lundgren", "<PERSON_1>")


@pytest.mark.parametrize("name", ["王小明", "田中", "Анна Иванова", "Μαρία", "أحمد علي", "דוד כהן", "김민준"])
def test_a_name_in_another_script_does_not_pass_in_an_english_answer(name):
    text = f"The viewer is fast and easy to use, and we were helped in a kind way by {name} of the support."
    assert name not in redacted(text, "en")


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am Åsa from the clinic.", "I am <PERSON_1> from the clinic."),
        ("We talked to björn ek about it.", "We talked to <PERSON_1> about it."),
        ("It was ÅSA LINDS idea to wait.", "It was <PERSON_1> idea to wait."),
    ],
)
def test_a_known_name_is_taken_out_however_its_accents_are_written(form, text, expected):
    text = unicodedata.normalize(form, text)
    assert redacted(text, "en", "Åsa Lind", window=["Björn Ek", "Åsa Lind"]) == expected


NOT_CLEAR = {
    "a short answer with an address": "mail ANNA.SVENSSON@norrvik.se please",
    "six English words": "The Hodgkin lymphoma template is missing.",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in NOT_CLEAR.items()])
def test_a_short_answer_in_words_of_ours_is_not_withheld(text):
    assert redacted(text, "en") != "<WITHHELD:language>"


@pytest.mark.parametrize("text", ["Анна Иванова мне помогла", "Η Μαρία είναι καλή", "آنا ساعدتني"])
def test_an_answer_in_other_letters_is_withheld_whatever_language_it_is_said_to_be_in(text):
    (found,) = REDACTOR.redact([Answer(text, "en", certain=True)])
    assert found.text == "<WITHHELD:language>"


def test_the_languages_of_the_command_line_are_those_that_a_model_reads():
    assert set(languages()) == covered()
