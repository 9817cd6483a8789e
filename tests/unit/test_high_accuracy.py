"""With the extra `high-accuracy`, German, Dutch and French are searched, and English has a second opinion."""

import pytest

from pseudonymize.redaction import extra
from tests.support.labelled import read, score
from tests.support.redacting import REDACTOR, redact, redacted

pytestmark = pytest.mark.high_accuracy

FOREIGN = {
    "German": ("Der Viewer ist langsam, bitte ⟦Katharina Weiß⟧ anrufen, sie kennt das Problem.", "de"),
    "German with a number": (
        "Bitte ⟦Anna Schmidt⟧ unter ⟦0171 1234567⟧ anrufen, der Viewer steht still.",
        "de",
    ),
    "Dutch": ("De helpdesk was goed, maar ⟦Sanne de Vries⟧ heeft ons niet teruggebeld.", "nl"),
    "French": ("Le logiciel est rapide et ⟦Amélie Lefèvre⟧ nous a tout expliqué hier matin.", "fr"),
}
NOBODY = {
    "German": "Die Schulung war gut, aber die Rechnung kam zu spät und der Server ist langsam.",
    "Dutch": "De software is traag en de rekening klopt niet, verder zijn wij tevreden.",
    "French": "Le service est bon mais la facture est arrivée trop tard et le serveur tombe en panne.",
}


@pytest.mark.parametrize(("text", "language"), FOREIGN.values(), ids=FOREIGN.keys())
def test_people_are_taken_out_of_answers_in_other_languages(text, language):
    pieces = text.replace("⟧", "⟦").split("⟦")
    found = redact("".join(pieces))
    assert found.language == language
    assert not any(part in found.text for part in pieces[1::2])
    assert found.removed.get("PERSON") == 1


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY.keys())
def test_an_answer_about_nobody_stays_in_other_languages(text):
    assert redacted(text) == text


def test_what_no_model_reads_is_still_withheld():
    assert redacted("El visor es rápido y estamos muy contentos con el servicio de soporte.") == (
        "<WITHHELD:language>"
    )


def test_a_long_answer_is_searched_to_its_end():
    long = "Der Viewer ist langsam und die Schulung war gut. " * 80 + "Bitte Katharina Weiß anrufen."
    assert "Katharina" not in redacted(long, "de")


def test_the_version_names_the_model():
    assert "rampart" in REDACTOR.version


def test_a_second_opinion_leaves_less_of_english_people():
    answers = read("en_held_out")
    found = score(answers, [redacted(answer.text, "en") for answer in answers])
    assert found.recall("PERSON") >= 0.93
    assert found.over_redacted <= 0.08


def test_without_the_extra_nothing_of_it_is_looked_for(monkeypatch):
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    assert not extra.is_installed()
