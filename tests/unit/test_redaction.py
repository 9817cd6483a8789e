"""Free text leaves the raw room without what identifies people, or it does not leave."""

import logging
import unicodedata
from collections.abc import Iterable

import pytest
from presidio_analyzer import EntityRecognizer

from data.records import RedactedText
from pseudonymize.redact import Answer, KnownNames, Redactor

REDACTOR = Redactor()
WINDOW = KnownNames(
    ["Åsa Öberg", "Björn Ek", "Maria del Carmen Lopez", "Jean-Luc Picard", "Will Smith", "Dag"]
)
NUMBER = "My number is {} and the viewer is fast."
PHONE = "Please call me on {} about the viewer next week."
PAID = "You can pay it to {} if you like, thanks."
PAGE = "The page was at {} when I looked for the manual."
PLACE = "The office at {} is closed on Fridays in summer."


def redacted(text: str, language: str = "en", window: KnownNames = WINDOW) -> RedactedText:
    answer = Answer(text, language, "Anna Svensson", ("anna.svensson@norrvik.se", "Anna.Svensson@Norrvik.SE"))
    (found,) = REDACTOR.redact([answer], window)
    return found


NATIONAL_IDS = {
    "Swedish": "640823-3234",
    "Swedish with century": "19640823-3234",
    "Swedish without a dash": "6408233234",
    "Swedish with century, without a dash": "196408233234",
    "Swedish with a space": "640823 3234",
    "Swedish, over a hundred years": "640823+3234",
    "Swedish co-ordination number": "701063-2391",
    "Swedish co-ordination number with century": "19701063-2391",
    "Swedish co-ordination number with century, without a dash": "197010632391",
    "Norwegian": "15108695088",
    "Norwegian with a space": "151086 95088",
    "Danish": "211062-5629",
    "Danish without a dash": "2110625629",
    "Finnish": "131052-308T",
    "Finnish of this century": "131052A308T",
    "British": "943 476 5919",
    "British without spaces": "9434765919",
    "British with dashes": "943-476-5919",
}


@pytest.mark.parametrize("number", NATIONAL_IDS.values(), ids=NATIONAL_IDS.keys())
def test_a_national_number_is_taken_out(number):
    found = redacted(NUMBER.format(number))
    assert found.text == NUMBER.format("<NATIONAL_ID>")
    assert found.removed == {"NATIONAL_ID": 1}


@pytest.mark.parametrize(
    "number",
    [
        "640823-3235",
        "19640823-3235",
        "641323-3234",
        "15108695089",
        "321062-5629",
        "131052-308U",
        "943 476 5918",
    ],
)
def test_a_number_that_does_not_check_out_is_not_counted_as_a_national_one(number):
    assert "NATIONAL_ID" not in redacted(NUMBER.format(number)).removed


PHONES = {
    "Swedish mobile": "070-174 06 05",
    "Swedish mobile with country": "+46 70 174 06 05",
    "Swedish mobile with 00": "0046 70 174 06 05",
    "Swedish mobile in one piece": "+46701740605",
    "Swedish landline": "08-465 004 04",
    "Norwegian": "22 12 34 56",
    "Norwegian with country": "+47 22 12 34 56",
    "Danish": "32 12 34 56",
    "Danish with country": "+45 32 12 34 56",
    "Finnish": "040 123 4567",
    "Finnish with country": "+358 40 123 4567",
    "British": "020 7946 0958",
    "British mobile": "07700 900123",
    "British with country": "+44 20 7946 0958",
    "German": "030 901820",
    "German with country": "+49 30 901820",
    "Dutch": "020-1234567",
    "Dutch with country": "+31 20 123 4567",
    "American": "(415) 555-0132",
    "American with dashes": "415-555-0132",
    "American with country": "+1 415 555 0132",
}


@pytest.mark.parametrize("number", PHONES.values(), ids=PHONES.keys())
def test_a_telephone_number_is_taken_out(number):
    assert redacted(PHONE.format(number)).text == PHONE.format("<PHONE>")


def test_a_telephone_number_that_could_be_another_number_is_taken_out_as_well():
    assert "0701740605" not in redacted(PHONE.format("0701740605")).text


ACCOUNTS = {
    "Swedish IBAN": ("SE45 5000 0000 0583 9825 7466", "<IBAN>"),
    "Swedish IBAN in one piece": ("SE4550000000058398257466", "<IBAN>"),
    "Norwegian IBAN": ("NO93 8601 1117 947", "<IBAN>"),
    "British IBAN": ("GB82 WEST 1234 5698 7654 32", "<IBAN>"),
    "German IBAN": ("DE89370400440532013000", "<IBAN>"),
    "Visa": ("4111 1111 1111 1111", "<CREDIT_CARD>"),
    "Visa in one piece": ("4111111111111111", "<CREDIT_CARD>"),
    "Mastercard": ("5500 0000 0000 0004", "<CREDIT_CARD>"),
    "American Express": ("378282246310005", "<CREDIT_CARD>"),
}


@pytest.mark.parametrize(("number", "kind"), ACCOUNTS.values(), ids=ACCOUNTS.keys())
def test_an_account_or_card_number_is_taken_out(number, kind):
    assert redacted(PAID.format(number)).text == PAID.format(kind)


LINKS = {
    "an address": ("support@norrvik.se", "<EMAIL>"),
    "an address in capitals": ("Support.Desk@Norrvik.SE", "<EMAIL>"),
    "an address with å and ö": ("åsa.öberg@södra-älven.se", "<EMAIL>"),
    "an address with a tag": ("desk+pacs@norrvik.co.uk", "<EMAIL>"),
    "an address of an unknown ending": ("desk@norrvik.sjukhus", "<EMAIL>"),
    "an address before a comma": ("support@norrvik.se,", "<EMAIL>,"),
    "the writer's own address": ("ANNA.SVENSSON@norrvik.se", "<EMAIL>"),
    "the writer's own address before the @": ("anna.svensson", "<PERSON>"),
    "a link": ("https://norrvik.se/people?id=7&x=y", "<URL>"),
    "a link without scheme": ("www.norrvik.se/~anna", "<URL>"),
    "an IPv4 address": ("192.0.2.17", "<IP_ADDRESS>"),
    "an IPv6 address": ("2001:db8::1", "<IP_ADDRESS>"),
}


@pytest.mark.parametrize(("link", "kind"), LINKS.values(), ids=LINKS.keys())
def test_an_address_on_the_net_is_taken_out(link, kind):
    assert redacted(PAGE.format(link)).text == PAGE.format(kind)


STREETS = {
    "Swedish": "Storgatan 5",
    "Swedish with a letter": "Storgatan 12B",
    "Swedish with a letter apart": "Storgatan 12 B",
    "Swedish road": "Kungsvägen 3",
    "Swedish path": "Björkstigen 2",
    "Swedish ring": "Teknikringen 20",
    "Swedish of two words": "Gamla vägen 12",
    "Swedish square of two words": "Lilla Torget 4",
    "Danish": "Norregade 10",
    "Norwegian of three words": "Karl Johans gate 1",
    "German": "Hauptstraße 7",
    "English": "12 High Street",
    "English with a letter": "221B Baker Street",
    "English road": "12 Abbey Rd",
    "English lane": "5 Old Mill Lane",
    "American": "1600 Pennsylvania Avenue",
}


@pytest.mark.parametrize("street", STREETS.values(), ids=STREETS.keys())
def test_a_street_address_is_taken_out(street):
    assert redacted(PLACE.format(street)).text == PLACE.format("<ADDRESS>")


NAMES = {
    "own": ("Anna Svensson was not happy with it.", "<PERSON> was not happy with it."),
    "own in small letters": ("anna svensson was not happy with it.", "<PERSON> was not happy with it."),
    "own in capitals": ("ANNA SVENSSON was not happy with it.", "<PERSON> was not happy with it."),
    "own first name": ("I am anna from the clinic.", "I am <PERSON> from the clinic."),
    "own surname before a comma": (
        "Svensson, Anna asked for the new viewer.",
        "<PERSON>, <PERSON> asked for the new viewer.",
    ),
    "own in the Swedish genitive": ("It was Anna Svenssons idea to wait.", "It was <PERSON> idea to wait."),
    "own first name in the Swedish genitive": ("It was annas idea to wait.", "It was <PERSON> idea to wait."),
    "own in the English genitive": ("It was Anna’s idea to wait.", "It was <PERSON> idea to wait."),
    "own over two lines": ("It was fine. Anna\nSvensson", "It was fine. <PERSON>\n<PERSON>"),
    "another's": ("We talked to Åsa Öberg about it.", "We talked to <PERSON> about it."),
    "another's in small letters": ("We talked to åsa öberg about it.", "We talked to <PERSON> about it."),
    "another's backwards": ("We talked to Öberg, Åsa about it.", "We talked to <PERSON> about it."),
    "another's in the Swedish genitive": ("It is Åsa Öbergs archive now.", "It is <PERSON> archive now."),
    "another's in the English genitive": ("It is Björn Ek's archive now.", "It is <PERSON> archive now."),
    "another's of four words": ("It was Maria del Carmen Lopez here.", "It was <PERSON> here."),
    "another's with a hyphen": ("The help by Jean-Luc Picard was good.", "The help by <PERSON> was good."),
    "another's that is ordinary words": ("And then will Smith be there?", "And then <PERSON> be there?"),
}


@pytest.mark.parametrize(("text", "expected"), NAMES.values(), ids=NAMES.keys())
def test_a_known_name_is_taken_out(text, expected):
    assert redacted(text).text == expected


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am Åsa from the clinic.", "I am <PERSON> from the clinic."),
        ("We talked to björn ek about it.", "We talked to <PERSON> about it."),
        ("It was ÅSA LINDS idea to wait.", "It was <PERSON> idea to wait."),
    ],
)
def test_a_known_name_is_taken_out_however_its_accents_are_written(form, text, expected):
    answer = Answer(unicodedata.normalize(form, text), "en", "Åsa Lind", ())
    (found,) = REDACTOR.redact([answer], KnownNames(["Björn Ek", "Åsa Lind"]))
    assert found.text == expected


UNCHANGED = [
    "The viewer is fast and the support is good.",
    "The Annapurna release is stable and quick.",
    "IDS7 24.1 crashes when I open a study from the archive.",
    "We waited from Monday to Friday for an answer.",
    "I rate it 9 of 10, it was 7 in 2024.",
    "Will the viewer be faster next year?",
    "May is a bad month for upgrades.",
    "It is faster by day, says the manual of the dag release.",
    "Ticket 123456 is still open, and so is #4711.",
    "It has been open since 2026-09-01 and nobody answers.",
    "It has been open since 01.09.2026 and nobody answers.",
    "Our contract is for 2024-2026 and we like it.",
    "We use PACS version 25.1.2 on Windows 11, build 24.1.0.1234.",
    "The price of 1 250 000 SEK is too high for us.",
    "It took 45 seconds to load 1,200 images at 10:30.",
    "We have 24/7 support and that is good.",
    "The radiology department in Linköping likes it.",
    "Sectra is the best vendor that we have had.",
]


@pytest.mark.parametrize("text", UNCHANGED)
def test_a_text_about_nobody_stays_as_it_is(text):
    found = redacted(text)
    assert (found.text, found.removed) == (text, {})


def test_what_is_taken_out_is_counted_by_kind_and_never_kept():
    text = "Anna Svensson, +46 70 174 06 05, a@norrvik.se and b@norrvik.se, was not happy with the viewer."
    found = redacted(text)
    assert found.removed == {"PERSON": 1, "PHONE": 1, "EMAIL": 2}
    assert found.text == "<PERSON>, <PHONE>, <EMAIL> and <EMAIL>, was not happy with the viewer."
    assert (found.language, found.redactor) == ("en", REDACTOR.version)


@pytest.mark.parametrize(
    "text",
    [text for text, _ in NAMES.values()]
    + [
        NUMBER.format(NATIONAL_IDS["Swedish"]),
        PLACE.format(STREETS["Swedish"]),
        PAID.format(PHONES["Danish"]),
    ],
)
def test_what_has_been_redacted_is_not_changed_again(text):
    once = redacted(text).text
    assert redacted(once).text == once


OTHER_LANGUAGES = {
    "Swedish": ("Visaren är snabb och supporten är bra, hälsar Åsa.", "sv", "sv"),
    "Swedish on an English page": ("Visaren är snabb och supporten är bra, hälsar Åsa.", "en", "sv"),
    "Norwegian": ("Visningen er rask og supporten er god, hilser Kari Nordmann.", "no", "no"),
    "Danish": ("Visningen er hurtig, men jeg bliver nødt til at ringe til support.", "da", "da"),
    "German": ("Das System ist schnell, sagt Frau Schmidt.", "de", "de"),
    "Finnish": ("Katselin on nopea ja tuki on hyvä, sanoo Aino.", "fi", "fi"),
    "French": ("Très bon produit, rapide et fiable, dit Amélie.", "fr", "fr"),
    "a few words, declared Swedish": ("snabb och bra", "sv", "sv"),
    "a word, declared as nothing": ("ok", "", "und"),
    "a word, declared as what is no language": ("ok", "xx", "und"),
    "a number": ("9", "", "und"),
    "a face": ("👍", "", "und"),
}


@pytest.mark.parametrize(
    ("text", "declared", "language"), OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES.keys()
)
def test_an_answer_that_is_not_english_is_withheld(text, declared, language):
    found = redacted(text, declared)
    assert (found.text, found.removed) == ("<WITHHELD:language>", {"WITHHELD": 1})
    assert found.language == language


OTHER_SCRIPTS = {
    "Greek": "Η Μαρία Παπαδοπούλου είπε ότι είναι καλό.",
    "Russian": "Меня зовут Анна Иванова, всё хорошо.",
    "Arabic": "اسمي أحمد علي والنظام جيد",
    "Chinese": "我叫王小明，系统很好。",
    "Japanese": "田中さんによると、とても良いです。",
}


@pytest.mark.parametrize("text", OTHER_SCRIPTS.values(), ids=OTHER_SCRIPTS.keys())
@pytest.mark.parametrize("declared", ["en", "sv", ""])
def test_an_answer_in_another_script_is_withheld_whatever_the_export_declares(text, declared):
    assert redacted(text, declared).text == "<WITHHELD:language>"


@pytest.mark.parametrize("name", ["王小明", "田中", "Анна Иванова", "Μαρία", "أحمد علي", "דוד כהן", "김민준"])
def test_a_name_in_another_script_does_not_pass_in_an_english_answer(name):
    text = f"The viewer is fast and easy to use, and we were helped in a kind way by {name} of the support."
    assert name not in redacted(text).text


@pytest.mark.parametrize("declared", ["en", "EN", "en-GB", "", "sv"])
def test_clear_english_is_searched_whatever_the_export_declares(declared):
    found = redacted("The viewer is fast, says Anna Svensson, and the support is good.", declared)
    assert found.text == "The viewer is fast, says <PERSON>, and the support is good."


class Failing(EntityRecognizer):
    """A recogniser that breaks on every text, and says the text while it does."""

    def load(self) -> None:
        pass

    def analyze(self, text, entities, nlp_artifacts=None):
        raise RuntimeError(f"cannot search {text}")


class FailingWindow(KnownNames):
    """A window whose recogniser fails."""

    recognizer = Failing(supported_entities=["PERSON"], name="failing")


def test_an_answer_is_withheld_where_a_recogniser_fails(caplog):
    caplog.set_level(logging.DEBUG)
    text = "The viewer is fast, says Åsa Öberg, and the support is good."
    found = redacted(text, "en", FailingWindow([]))
    assert (found.text, found.removed) == ("<WITHHELD:error>", {"WITHHELD": 1})
    assert "a recogniser failed with RuntimeError" in caplog.text
    assert "Öberg" not in caplog.text


def test_answers_come_back_in_the_order_they_were_given():
    swedish = "Visaren är snabb och supporten är bra."
    texts = [
        "I am Anna from the clinic.",
        swedish,
        "Anna likes the new viewer.",
        swedish,
        "It is Annas viewer.",
    ]
    answers = [Answer(text, "en", "Anna Svensson", ()) for text in texts]
    expected = ["I am <PERSON> from the clinic.", "<WITHHELD:language>", "<PERSON> likes the new viewer."]
    expected += ["<WITHHELD:language>", "It is <PERSON> viewer."]
    assert [found.text for found in REDACTOR.redact(answers, KnownNames(names()))] == expected


def names() -> Iterable[str]:
    yield from ("Åsa Öberg", "Björn Ek")
