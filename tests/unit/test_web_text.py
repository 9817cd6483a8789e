"""English as people type it in mails, posts, weblogs and reviews: who is named goes, what is named stays."""

import pytest

from tests.support.redacting import readable, redacted

# ⟦…⟧ marks what must go; everything else must stay.
PEOPLE = {
    "a whole name in quotes": 'From: "⟦Olga Petrovna Sidorenko⟧" by way of the list',
    "a name with an Arabic particle": "An aide of the cleric ⟦Muqtada al-Hakimi⟧ called for calm.",
    "small letters in brackets": "On Tuesday somebody (⟦bill nelson⟧) wrote that the car is too heavy.",
    "a Korean given name": "Thank you ⟦Hyun-joo⟧ for the recipe, my family loved it.",
    "what is a word in Swedish": "(⟦Fred⟧ and his staff are denying the rumor every chance they get.)",
    "who waits at table": "Our server ⟦Amanda⟧ brought the food in ten minutes and was attentive.",
    "a given name and a rare word": "Images of patient ⟦Emma Creek⟧ are lost.",
    "a venue as a surname": "The patient ⟦Oscar Diner⟧ was shown twice.",
    "behind an article": "The ⟦Ingrid Bergman⟧ problem: two patients with the same name.",
    "behind an operation": "During the operation ⟦Hassan⟧ could not see the images.",
    "a country": "Our technician ⟦Israel⟧ is great.",
    "a surname that is a rare word": "His lawyer said that ⟦Crouch⟧ was innocent.",
}

THINGS = {
    "a storm": "Thousands hid in shelters from Hurricane Ivan and its winds.",
    "a fort": "He was stationed at Fort Benning for two years.",
    "a street": "The hotel is at the corner of the rue Louis Blanc and the canal.",
    "a pet": "My hamster Wilbur has a lump near his cheek.",
    "peoples": "The Turks had better artillery and the Greeks knew it.",
    "a firm in one word with two capitals": "They take Delta Dental and MetLife.",
    "a place to eat": "The Barrio Cafe is purely magical within.",
}


@pytest.mark.parametrize("text", PEOPLE.values(), ids=PEOPLE.keys())
def test_somebody_named_on_the_web_is_taken_out(text):
    whole = text.replace("⟦", "").replace("⟧", "")
    names = [part.partition("⟧")[0] for part in text.split("⟦")[1:]]
    left = readable(redacted(whole, "en"))
    assert not [word for name in names for word in readable(name) if word in left]


@pytest.mark.parametrize("text", THINGS.values(), ids=THINGS.keys())
def test_what_is_named_like_somebody_stays(text):
    assert redacted(text, "en") == text
