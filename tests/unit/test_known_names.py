"""The writer and the others of a window are known beforehand, and found however they are written."""

import random

import pytest

from tests.support.redacting import redacted

ADDRESSES = ("anna.svensson@norrvik.se", "A.Svensson42@Norrvik.SE")


def by(name: str, text: str, language: str = "") -> str:
    return redacted(text, language, name)


OWN = {
    "as it is": ("Anna Svensson was not happy with it.", "<PERSON_1> was not happy with it."),
    "in small letters": ("anna svensson was not happy with it.", "<PERSON_1> was not happy with it."),
    "in capitals": ("ANNA SVENSSON was not happy with it.", "<PERSON_1> was not happy with it."),
    "in a text of capitals": (
        "ANNA SVENSSON WAS NOT HAPPY WITH THE VIEWER.",
        "<PERSON_1> WAS NOT HAPPY WITH THE VIEWER.",
    ),
    "in mixed case": ("aNNA sVENSSON was not happy with it.", "<PERSON_1> was not happy with it."),
    "the given name": ("I am anna from the clinic.", "I am <PERSON_1> from the clinic."),
    "the surname": ("It was svensson who asked for it.", "It was <PERSON_1> who asked for it."),
    "in the Swedish genitive": ("It was Anna Svenssons idea to wait.", "It was <PERSON_1> idea to wait."),
    "the given name in the Swedish genitive": (
        "It was annas idea to wait.",
        "It was <PERSON_1> idea to wait.",
    ),
    "in the English genitive": ("It was Anna’s idea to wait.", "It was <PERSON_1> idea to wait."),
    "without one letter": ("It was Svenson who asked for it.", "It was <PERSON_1> who asked for it."),
    "with one letter more": ("It was Svenssson who asked for it.", "It was <PERSON_1> who asked for it."),
    "with another letter": ("It was svemsson who asked for it.", "It was <PERSON_1> who asked for it."),
    "with two letters swapped": ("It was Svensosn who asked for it.", "It was <PERSON_1> who asked for it."),
    "the address": (
        "You can write to anna.svensson@norrvik.se about it.",
        "You can write to <EMAIL> about it.",
    ),
    "the address in capitals": (
        "You can write to ANNA.SVENSSON@NORRVIK.SE about it.",
        "You can write to <EMAIL> about it.",
    ),
    "the other address": (
        "You can write to a.svensson42@norrvik.se about it.",
        "You can write to <EMAIL> about it.",
    ),
    "the user name": ("I log on as a.svensson42 every day.", "I log on as <USERNAME> every day."),
    "the user name in capitals": ("I log on as A.SVENSSON42 every day.", "I log on as <USERNAME> every day."),
    "in Swedish": ("Visaren är bra, tycker anna om det.", "Visaren är bra, tycker <PERSON_1> om det."),
    "in Swedish in the genitive": (
        "Det här är annas och svenssons åsikt om visaren.",
        "Det här är <PERSON_1> och <PERSON_2> åsikt om visaren.",
    ),
}


@pytest.mark.parametrize(("text", "expected"), OWN.values(), ids=OWN.keys())
def test_the_writer_is_taken_out(text, expected):
    assert (
        redacted(text, "sv" if "åsikt" in text or "Visaren" in text else "en", "Anna Svensson", ADDRESSES)
        == expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to anna.svensson@norrvik.se please.", "Write to <EMAIL> please."),
        ("mail ANNA.SVENSSON@norrvik.se please", "mail <EMAIL> please"),
    ],
)
def test_a_few_words_around_the_writers_address_are_not_withheld(text, expected):
    assert redacted(text, "", "Anna Svensson", ADDRESSES) == expected


def test_the_writer_is_taken_out_by_address_where_no_name_is_known():
    text = "The viewer is fast, says svensson, and anna.svensson is not alone."
    found = redacted(text, "en", "", ADDRESSES)
    assert "svensson" not in found
    assert found.startswith("The viewer is fast, says <PERSON_1>, and <")


def test_a_name_that_nobody_bears_otherwise_is_taken_out_where_it_is_the_writers():
    text = "the viewer is fast, says quivoxi zarblat here, and quivoxis archive is too"
    assert "quivoxi" in redacted(text, "en")
    found = redacted(text, "en", "Quivoxi Zarblat")
    assert "quivoxi" not in found
    assert "zarblat" not in found


def test_words_that_only_begin_like_the_writers_name_stay():
    text = "The Annapurna release is stable, and the annals of the archive are too."
    assert redacted(text, "en", "Anna Karin") == text


def test_a_short_name_with_one_slip_is_another_word():
    text = "There is an area of the screen that is too dark."
    assert redacted(text, "en", "Anna Dahk") == text


def test_an_address_of_an_office_is_nobodys_name():
    text = "The support at radiology is good, and so is the office."
    assert redacted(text, "en", "", ("radiology@norrvik.se", "support.office@norrvik.se")) == text


NICK = {
    "Lasse": ("Lars Berg", "Det vill Lasse ha kvar i visaren.", "Det vill <PERSON_1> ha kvar i visaren."),
    "Lasse in small letters": ("Lars Berg", "Fråga lasse om visaren.", "Fråga <PERSON_1> om visaren."),
    "Lasse in the genitive": (
        "Lars Berg",
        "Vi gillar Lasses förslag om visaren.",
        "Vi gillar <PERSON_1> förslag om visaren.",
    ),
    "Maggan": ("Margareta Ek", "Fråga maggan om visaren.", "Fråga <PERSON_1> om visaren."),
    "Bob": ("Robert Smith", "You can call Bob about it.", "You can call <PERSON_1> about it."),
    "bobby": ("Robert Smith", "You can call bobby about it.", "You can call <PERSON_1> about it."),
    "Bill": ("William Jones", "It was Bill who asked for it.", "It was <PERSON_1> who asked for it."),
    "Bill and a bill": (
        "William Jones",
        "We paid the bill, says Bill of finance.",
        "We paid the bill, says <PERSON_1> of finance.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), NICK.values(), ids=NICK.keys())
def test_the_writer_is_taken_out_by_a_nick_form(name, text, expected):
    assert by(name, text, "sv" if "visaren" in text else "en") == expected


ORDINARY = {
    "Will": ("Will Smith", "I will wait for it, says Will.", "I will wait for it, says <PERSON_1>."),
    "will Smith": ("Will Smith", "And then will Smith be there?", "And then <PERSON_1> be there?"),
    "Will at the beginning": (
        "Will Smith",
        "Will the viewer be faster next year?",
        "Will the viewer be faster next year?",
    ),
    "Will, signed": ("Will Smith", "The viewer is ok.\nBest,\nWill", "The viewer is ok.\nBest,\n<PERSON_1>"),
    "Sten": (
        "Sten Berg",
        "Det är som en sten i skon, tycker Sten på kliniken.",
        "Det är som en sten i skon, tycker <PERSON_1> på kliniken.",
    ),
    "Dag": (
        "Dag Lind",
        "Varje dag är en bra dag, och Dag håller med.",
        "Varje dag är en bra dag, och <PERSON_1> håller med.",
    ),
    "My": (
        "My Lind",
        "My viewer is slow and my mouse is too, says My about it.",
        "My viewer is slow and my mouse is too, says <PERSON_1> about it.",
    ),
    "Per": (
        "Per Ek",
        "Tio bilder per patient, säger Per på röntgen.",
        "Tio bilder per patient, säger <PERSON_1> på röntgen.",
    ),
    "Per, signed": ("Per Ek", "Visaren är snabb.\nMvh\nPer", "Visaren är snabb.\nMvh\n<PERSON_1>"),
    "Per with the surname": ("Per Ek", "Det var per ek som ringde.", "Det var <PERSON_1> som ringde."),
    "Sten in a text of capitals": (
        "Sten Berg",
        "STEN BERG VAR HÄR I DAG OCH VAR GLAD.",
        "<PERSON_1> VAR HÄR I DAG OCH VAR GLAD.",
    ),
    "only the words": ("Per Sten", "Vi har en sten i skon per dag.", "Vi har en sten i skon per dag."),
}  # fmt: skip
INTRODUCED = pytest.param(
    "Per Ek",
    "Hej, jag heter per och jag gillar visaren.",
    "Hej, jag heter <PERSON_1> och jag gillar visaren.",
    id="Per, introduced in small letters",
)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [*(pytest.param(*case, id=name) for name, case in ORDINARY.items()), INTRODUCED],
)
def test_the_writers_name_is_taken_out_where_it_is_a_name_and_the_ordinary_word_stays(name, text, expected):
    assert by(name, text) == expected


WINDOW = [
    "Åsa Öberg", "Björn Ek", "Maria del Carmen Lopez", "Jean-Luc Picard", "Will Smith", "Dag",
    "Lars Wikström", "Katarina Lindqvist", "Quivoxi Zarblat",
]  # fmt: skip

OTHERS = {
    "a whole name": ("We talked to Åsa Öberg about it.", "We talked to <PERSON_1> about it."),
    "in small letters": ("We talked to åsa öberg about it.", "We talked to <PERSON_1> about it."),
    "in capitals": ("We talked to ÅSA ÖBERG about it.", "We talked to <PERSON_1> about it."),
    "in a text of capitals": ("WE TALKED TO ÅSA ÖBERG ABOUT IT.", "WE TALKED TO <PERSON_1> ABOUT IT."),
    "backwards": ("We talked to Öberg, Åsa about it.", "We talked to <PERSON_1> about it."),
    "in the Swedish genitive": ("It is Åsa Öbergs idea now.", "It is <PERSON_1> idea now."),
    "in the English genitive": ("It is Björn Ek's idea now.", "It is <PERSON_1> idea now."),
    "of four words": ("It was Maria del Carmen Lopez here.", "It was <PERSON_1> here."),
    "with a hyphen": ("The help by Jean-Luc Picard was good.", "The help by <PERSON_1> was good."),
    "with a hyphen in small letters": ("The help by jean-luc was good.", "The help by <PERSON_1> was good."),
    "that is ordinary words": ("And then will Smith be there?", "And then <PERSON_1> be there?"),
    "a given name": ("It was quivoxi who helped us.", "It was <PERSON_1> who helped us."),
    "a given name in the genitive": ("It was quivoxis idea to wait.", "It was <PERSON_1> idea to wait."),
    "a surname": ("It was zarblat who helped us.", "It was <PERSON_1> who helped us."),
    "a surname with a slip": ("It was zarbalt who helped us.", "It was <PERSON_1> who helped us."),
    "a surname in capitals": ("It was ZARBLAT who helped us.", "It was <PERSON_1> who helped us."),
    "a surname without its dots": ("We talked to wikstrom about it.", "We talked to <PERSON_1> about it."),
    "a nick form": ("We talked to lasse about it.", "We talked to <PERSON_1> about it."),
    "another nick form": ("We talked to Katta about it.", "We talked to <PERSON_1> about it."),
    "in Swedish": ("Vi bad quivoxi om hjälp med visaren.", "Vi bad <PERSON_1> om hjälp med visaren."),
    "a part of a long one": ("It was carmen who helped us.", "It was <PERSON_1> who helped us."),
}


@pytest.mark.parametrize(("text", "expected"), OTHERS.values(), ids=OTHERS.keys())
def test_another_of_the_window_is_taken_out(text, expected):
    assert redacted(text, "sv" if "visaren" in text else "en", window=WINDOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Will the viewer be faster next year?",
        "Det går bättre för varje dag, och en björn i skogen gillar ek.",
    ],
)
def test_ordinary_words_stay_though_somebody_in_the_window_is_called_so(text):
    assert redacted(text, window=WINDOW) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is Åsa Öbergs archive now.", "It is <PERSON_1> archive now."),
        ("It is Björn Ek's archive now.", "It is <PERSON_1> archive now."),
        ("We used Björn Ek's template for this.", "We used <PERSON_1> template for this."),
    ],
)
def test_a_known_person_is_taken_out_where_a_thing_is_theirs(text, expected):
    assert redacted(text, "en", window=WINDOW) == expected


TEXTS = [text for text, _ in OTHERS.values()]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_window_does_not_matter(seed):
    names = [*WINDOW, *WINDOW[:3]]
    random.Random(seed).shuffle(names)
    assert [redacted(text, "en", window=names) for text in TEXTS] == [
        redacted(text, "en", window=WINDOW) for text in TEXTS
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The viewer is fast and the support is good.",
        "Visaren är snabb, säger Karin Lundgren, och supporten är bra.",
        "Call 070-174 06 05 and ask for Tom Baker about it.",
    ],
)
def test_a_window_of_people_who_are_not_named_changes_nothing(text):
    assert redacted(text, window=WINDOW) == redacted(text)


@pytest.mark.parametrize("name", ["", " ", "-", "A", "1", "...", "\x00", "😀", "\ud800", "Ek " * 2000])
def test_a_name_that_is_none_changes_nothing(name):
    text = "The viewer is fast, and a 1 is the score - so be it."
    assert redacted(text, "en", name, (), [name]) == text
