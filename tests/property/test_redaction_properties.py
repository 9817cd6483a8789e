"""What holds for every text that goes through the redactor, whatever it is made of."""

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pseudonymize.redaction.people import Answer, WindowNames
from tests.support.redacting import PLACEHOLDER, REDACTOR, outside, redact

NAMES = [
    "Karin", "karin", "KARIN", "Karin Lundgren", "Karins", "Lasse", "lasse", "Tom Baker", "Tom Baker's",
    "Anna-Karin Svensson-Lindh", "A. Berg", "J. K. Petersson", "Åsa Öberg", "åsa öbergs", "Björn Ek", "Will",
    "Sten", "Per", "My", "Dag", "Dr. Patel", "Patrick O'Brien", "Maria de la Cruz", "Mohammed", "k a r i n",
    "Kar\u200bin", "K\u0430rin", "Xanthippe", "Wikström", "Wikstrom",
]  # fmt: skip
NUMBERS = [
    "070-174 06 05", "+46 70 174 06 05", "640823-3234", "19640823-3234", "4111 1111 1111 1111",
    "08-465 004 04", "SE45 5000 0000 0583 9825 7466", "192.0.2.17", "2001:db8::1", "24.1.0.1234", "10",
    "9/10", "2026-09-01",
    "10:30", "123456", "0 7 0 1 7 4 0 6 0 5", "1 250 000 SEK", "1985-04-12", "12",
]  # fmt: skip
PLACES = [
    "anna@norrvik.se", "anna.svensson@norrvik.se", "anna (a) x.se", "www.norrvik.se/~anna", "Storgatan 5",
    "https://norrvik.se/people?id=7", "221B Baker Street", "12 High Street", "anna&#64;norrvik.se",
    "anna_s42", "@karin", "Lund", "Linköping", "Astrid Lindgrens barnsjukhus", "S:t Göran",
    "Wilson's disease",
]  # fmt: skip
WORDS = [
    "visaren är snabb", "supporten är bra", "the viewer is fast", "and the support is good", "tack", "hej",
    "Hej", "Mvh", "mvh", "Best regards", "Thanks to", "Tack till", "jag heter", "My name is", "och", "and",
    "Dr", "Sectra IDS7", "på röntgen", "IT WAS SLOW", "patient", "användare", "user", "ring", "call me on",
    "the", "det", "<b>", "</b>", "<br>", "&amp;", "<PERSON_1>", "<EMAIL>", "<PERSON_7>", "<3", "😀", "§",
]  # fmt: skip
BETWEEN = [
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "\n",
    "\n\n",
    "/",
    "-",
    " - ",
    ": ",
    "",
    "'",
    "! ",
    "? ",
    " (",
    ") ",
    "\t",
]
SNIPPET = st.sampled_from(NAMES) | st.sampled_from(NUMBERS) | st.sampled_from(PLACES) | st.sampled_from(WORDS)
TEXT = st.lists(st.tuples(SNIPPET, st.sampled_from(BETWEEN)), max_size=9).map(
    lambda pairs: "".join(snippet + between for snippet, between in pairs)
)
LANGUAGE = st.sampled_from(["", "sv", "en"])
WRITER = st.sampled_from(["", "Anna Svensson", "Per Ek", "Karin Lundgren"])
WINDOW = WindowNames(["Åsa Öberg", "Björn Ek", "Lars Wikström", "Will Smith"])


def answer(text: str, language: str, name: str) -> Answer:
    return Answer(text, language, name, ("anna.svensson@norrvik.se",) if "Anna" in name else ())


ANSWER = st.builds(answer, TEXT, LANGUAGE, WRITER)


def kinds(text: str) -> Counter[str]:
    """How many placeholders of each kind stand in a text."""
    found = (label[1:-1].partition(":")[0] for label in PLACEHOLDER.findall(text))
    return Counter("PERSON" if kind.startswith("PERSON_") else kind for kind in found)


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)


@given(ANSWER)
@settings(max_examples=120)
def test_redacting_twice_is_redacting_once(given_answer):
    (once,) = REDACTOR.redact([given_answer], WINDOW)
    again = Answer(once.text, once.language, given_answer.name, given_answer.addresses)
    (twice,) = REDACTOR.redact([again], WINDOW)
    assert twice.text in (once.text, "<WITHHELD:language>")


@given(ANSWER)
@settings(max_examples=120)
def test_what_can_be_read_stood_in_the_answer_and_in_that_order(given_answer):
    (found,) = REDACTOR.redact([given_answer], WINDOW)
    assert is_subsequence(outside(found.text), given_answer.text)


@given(ANSWER)
@settings(max_examples=120)
def test_the_counts_are_those_of_the_placeholders_put_in(given_answer):
    (found,) = REDACTOR.redact([given_answer], WINDOW)
    before = Counter() if "WITHHELD" in found.removed else kinds(given_answer.text)
    assert kinds(found.text) == before + Counter(found.removed)


@given(st.lists(ANSWER, min_size=1, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_a_result_depends_on_no_other_answer_of_the_batch_nor_on_their_order(answers, chance):
    alone = [REDACTOR.redact([one], WINDOW)[0] for one in answers]
    assert REDACTOR.redact(answers, WINDOW) == alone
    order = list(range(len(answers)))
    chance.shuffle(order)
    shuffled = REDACTOR.redact([answers[at] for at in order], WINDOW)
    assert shuffled == [alone[at] for at in order]


@given(st.text(max_size=60))
@example("\ud800")
@example("<PERSON_1")
@example("&#1114112;")
@example("İİİ Karin")
@settings(max_examples=150)
def test_any_text_comes_back_as_a_part_of_itself_or_is_withheld(text):
    found = redact(text, "en")
    if found.removed != {"WITHHELD": 1}:
        assert is_subsequence(outside(found.text), text)
        assert found.text == text or found.removed
