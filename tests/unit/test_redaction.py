"""Free text leaves the raw room without what identifies people, or it does not leave."""

import logging
import sys
from functools import cache
from pathlib import Path

import pytest
from presidio_analyzer import EntityRecognizer

from data.errors import DetectorUnavailable
from data.records import RedactedText
from pseudonymize.redact import Redactor
from pseudonymize.redaction import name_models
from pseudonymize.redaction.engine import Engine
from pseudonymize.redaction.people import NO_WINDOW, Answer, WindowNames
from tests.support.redacting import REDACTOR, readable, redact

WINDOW = ["Åsa Öberg", "Björn Ek", "Maria del Carmen Lopez", "Jean-Luc Picard", "Will Smith", "Dag"]
NUMBER = "My number is {} and the viewer is fast."
PHONE = "Please call me on {} about the viewer next week."
PAID = "You can pay it to {} if you like, thanks."
PAGE = "The page was at {} when I looked for the manual."
PLACE = "The office at {} is closed on Fridays in summer."


def by_anna(text: str, language: str = "en") -> RedactedText:
    addresses = ("anna.svensson@norrvik.se", "Anna.Svensson@Norrvik.SE")
    return redact(text, language, "Anna Svensson", addresses, WINDOW)


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
    found = by_anna(NUMBER.format(number))
    assert found.text == NUMBER.format("<NATIONAL_ID>")
    assert found.removed == {"NATIONAL_ID": 1}


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
    assert by_anna(PHONE.format(number)).text == PHONE.format("<PHONE>")


def test_a_telephone_number_that_could_be_another_number_is_taken_out_as_well():
    assert "0701740605" not in by_anna(PHONE.format("0701740605")).text


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
    assert by_anna(PAID.format(number)).text == PAID.format(kind)


LINKS = {
    "an address": ("support@norrvik.se", "<EMAIL>"),
    "an address in capitals": ("Support.Desk@Norrvik.SE", "<EMAIL>"),
    "an address with å and ö": ("åsa.öberg@södra-älven.se", "<EMAIL>"),
    "an address with a tag": ("desk+pacs@norrvik.co.uk", "<EMAIL>"),
    "an address of an unknown ending": ("desk@norrvik.sjukhus", "<EMAIL>"),
    "an address before a comma": ("support@norrvik.se,", "<EMAIL>,"),
    "the writer's own address": ("ANNA.SVENSSON@norrvik.se", "<EMAIL>"),
    "a link": ("https://norrvik.se/people?id=7&x=y", "<URL>"),
    "a link without scheme": ("www.norrvik.se/~anna", "<URL>"),
    "an IPv4 address": ("192.0.2.17", "<IP_ADDRESS>"),
    "an IPv6 address": ("2001:db8::1", "<IP_ADDRESS>"),
}


@pytest.mark.parametrize(("link", "kind"), LINKS.values(), ids=LINKS.keys())
def test_an_address_on_the_net_is_taken_out(link, kind):
    assert by_anna(PAGE.format(link)).text == PAGE.format(kind)


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
    assert by_anna(PLACE.format(street)).text == PLACE.format("<ADDRESS>")


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
    "Visaren är snabb och supporten är bra.",
    "Det tog 45 sekunder att läsa in 1 200 bilder klockan 10:30.",
    "Vi väntade från måndag till fredag på svar från supporten.",
]


@pytest.mark.parametrize("text", UNCHANGED)
def test_a_text_about_nobody_stays_as_it_is(text):
    found = by_anna(text)
    assert (found.text, found.removed) == (text, {})


SHORT = ["Bra!", "ok", "OK", "Nej", "10", "9/10", "-", "N/A", "Support", "Se ovan", "Mycket bra", "?", "👍"]


@pytest.mark.parametrize("declared", ["", "sv", "en"])
@pytest.mark.parametrize("text", SHORT)
def test_a_short_answer_comes_through_unchanged(text, declared):
    found = by_anna(text, declared)
    assert (found.text, found.removed) == (text, {})


def test_what_is_taken_out_is_counted_by_kind_and_never_kept():
    text = "Anna Svensson, +46 70 174 06 05, a@norrvik.se and b@norrvik.se, was not happy with the viewer."
    found = by_anna(text)
    assert found.removed == {"PERSON": 1, "PHONE": 1, "EMAIL": 2}
    assert found.text == "<PERSON_1>, <PHONE>, <EMAIL> and <EMAIL>, was not happy with the viewer."
    assert (found.language, found.redactor) == ("en", REDACTOR.version)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Anna Svensson ringde oss. Då bad Anna om hjälp med Annas ärende.",
            "<PERSON_1> ringde oss. Då bad <PERSON_1> om hjälp med <PERSON_1> ärende.",
        ),
        (
            "Anna Svensson called us, and Björn Ek did too. Then Anna asked about it.",
            "<PERSON_1> called us, and <PERSON_2> did too. Then <PERSON_1> asked about it.",
        ),
        pytest.param(
            "We like Karin Lundgren and Tom Baker here, but Karin's help was the best.",
            "We like <PERSON_1> and <PERSON_2> here, but <PERSON_1> help was the best.",
        ),
    ],
)
def test_a_person_keeps_one_number_within_an_answer_and_two_have_two(text, expected):
    assert by_anna(text).text == expected


def test_people_are_numbered_anew_in_each_answer():
    texts = ["We talked to Karin Lundgren about it.", "We talked to Tom Baker about it."]
    found = REDACTOR.redact([Answer(text, "en") for text in texts])
    assert [one.text for one in found] == ["We talked to <PERSON_1> about it."] * 2


def test_equal_answers_become_equal_texts():
    text = "Prata med Karin Lundgren på 070-174 06 05 om visaren."
    found = REDACTOR.redact([Answer(text, "sv"), Answer("Nej", "sv"), Answer(text, "sv")])
    assert found[0] == found[2] == REDACTOR.redact([Answer(text, "sv")])[0]
    assert found[0].text == "Prata med <PERSON_1> på <PHONE> om visaren."


def test_answers_come_back_in_the_order_they_were_given():
    texts = {
        "I am Anna from the clinic.": "I am <PERSON_1> from the clinic.",
        "Visaren är snabb och supporten är bra.": "Visaren är snabb och supporten är bra.",
        "Das System ist schnell, und der Support ist gut.": "<WITHHELD:language>",
        "It is Annas viewer that we like.": "It is <PERSON_1> viewer that we like.",
    }
    answers = [Answer(text, "en", "Anna Svensson") for text in [*texts, *texts]]
    assert [found.text for found in REDACTOR.redact(answers)] == [*texts.values(), *texts.values()]


def test_no_answers_are_no_results():
    assert REDACTOR.redact([]) == []


@pytest.mark.parametrize("text", [template.format("") for template in (NUMBER, PHONE, PAID, PAGE, PLACE)])
def test_the_texts_around_the_cases_are_about_nobody(text):
    assert by_anna(text).removed == {}


class Failing(EntityRecognizer):
    """A recogniser that breaks on some texts, and says the text while it does."""

    def load(self) -> None:
        pass

    def analyze(self, text, entities, nlp_artifacts=None):
        if "Öberg" in text:
            raise RuntimeError(f"cannot search {text}")
        return []


class WithFailing(Redactor):
    """A redactor with that recogniser among the others."""

    @property
    def _engine(self) -> Engine:
        return _failing()


@cache
def _failing() -> Engine:
    return Engine([Failing(supported_entities=["PERSON"], name="failing")])


def test_only_the_answer_is_withheld_at_which_a_recogniser_fails(caplog):
    caplog.set_level(logging.DEBUG)
    texts = ["The viewer is fast.", "The viewer is fast, says Åsa Öberg here.", "I met Tom Baker today."]
    found = WithFailing().redact([Answer(text, "en") for text in texts], NO_WINDOW)
    assert [one.text for one in found] == [texts[0], "<WITHHELD:error>", "I met <PERSON_1> today."]
    assert found[1].removed == {"WITHHELD": 1}
    assert "failed with RuntimeError" in caplog.text
    assert "Öberg" not in caplog.text
    assert "viewer" not in caplog.text


def test_what_was_found_before_a_recogniser_failed_is_not_counted():
    text = "Mail desk@norrvik.se or +46 70 174 06 05, says Åsa Öberg here."
    (found,) = WithFailing().redact([Answer(text, "en")])
    assert (found.text, found.removed) == ("<WITHHELD:error>", {"WITHHELD": 1})


@pytest.fixture
def no_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder in the place of that of the models, none of which is loaded yet."""
    monkeypatch.setattr(name_models, "_FOLDER", tmp_path)
    monkeypatch.setattr(name_models, "_model", cache(name_models._model.__wrapped__))
    return tmp_path


def test_nothing_passes_where_a_model_is_missing(no_models):
    with pytest.raises(DetectorUnavailable, match="cannot be loaded") as refused:
        Redactor().redact([Answer("Hej", "sv")], WindowNames(WINDOW))
    assert refused.value.hint == "reinstall Tillit and its locked requirements"
    assert str(no_models) not in str(refused.value)


def test_nothing_passes_where_a_model_is_broken(no_models):
    for name in ("nordic", "english"):
        (no_models / name).mkdir()
        (no_models / name / "config.cfg").write_text("[nlp]\nlang = 7\n")
        (no_models / name / "meta.json").write_text("{}")
    with pytest.raises(DetectorUnavailable, match="cannot be loaded"):
        Redactor().redact([Answer("Hej", "sv")])


def test_nothing_passes_where_the_recognisers_cannot_be_imported(monkeypatch):
    monkeypatch.setitem(sys.modules, "pseudonymize.redaction.engine", None)
    with pytest.raises(DetectorUnavailable, match=r"cannot be loaded \(ModuleNotFoundError\)"):
        Redactor().redact([Answer("Hej", "sv")])


@pytest.mark.parametrize("text", ["", " ", "\n\n", "  \t ", "\u00a0\u2003", "\ufeff", "\u200b" * 50])
def test_a_text_of_nothing_but_space_stays_as_it_is(text):
    found = by_anna(text)
    assert (found.text, found.removed) == (text, {})


STRANGE = {
    "half a character": "The viewer is fast\ud800, says Karin Lundgren.",
    "half a character alone": "\udfff",
    "NUL": "The viewer is fast\x00, says Karin Lundgren.",
    "NUL alone": "\x00\x00",
    "control characters": "The viewer\x07 is\x1b[31m fast, says\x7f Karin Lundgren.",
    "faces around a name": "😀😀Karin Lundgren😀😀 helped us a lot 👩‍⚕️👩‍⚕️",
    "faces in a name": "We were helped by Karin😀Lundgren at the desk.",
    "a thousand faces": "😀" * 1000 + " Karin Lundgren",
    "flags": "🇸🇪🇳🇴" * 50 + " Karin Lundgren",
    "no character at all": "\uffff\ufffe Karin Lundgren",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_characters_neither_stop_the_redactor_nor_hide_a_name(text):
    found = by_anna(text)
    assert not {"Karin", "Lundgren"} & set(readable(found.text))
    assert found.text == text or found.removed
