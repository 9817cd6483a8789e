"""No text, however made, takes the search for structured parts more than time in proportion to its length."""

import time

import pytest

from pseudonymize.redaction.reading import Reading
from pseudonymize.redaction.structured import structured

LAYERS = structured()
SHORT, LONG = 10_000, 100_000
SECONDS = 3.0
TIMES = 20
#: What even a short text may take, so that a busy machine is not measured.
SMALL = 0.05

PARTS = [
    "1", "12 ", "1 ", "1-", "1.", "1:", "0", "00", "07", "0 7 ", "+4", "+46 ", "(0)", "19", "4111 ", "SE",
    "SE45 ", "a.", "a", "A", "@", "a@", "a@a.", "a.a@", '"a@', " ", "\n", "\t", "(((", ")", "a a a",
    "A A A ", "Aa ", "1-1-1-", "%20", "^", "a^", "Ab^Cd ", "www.", "https://", "a.se/", "x.se/~a/", "/",
    "\\", "a\\b", "snabel-a ", "a snabel-a b punkt c ", "(at)", " at ", "a dot b ", "f ", "f. ", "född ",
    "born on ", "user ", "användare: ", "login as ", "konto ", "hsa-id ", "@a1", "c/o ", "Box ", "box 12 ",
    "gatan ", "storgatan 5 ", "Stora gatan ", "von der ", "12 High ", "12 Mill Lane ", "1 St ",
    "adress: Ab ", "Flat 3, ", "patient ", "mrn 1", "mrn 12345, ", "acc-1", "remiss a", "1.2.840.",
    "2.25.1", "ip ", "10.", "10.0.0.1 ", "::", "a:", "1:2:", "noll ", "noll ett två ", "tel ", "ring på ",
    "ext. ", "ank 123 ", "order ", "order 1 ", "ärende nr ", "v1.2.3 ", "1 000 ", "kr ", "€", "640823-",
    "640823-3234 ", "070-1234567 ", "<", ">", "<A>", "<PERSON_1>", "&amp;", "é", "ﬁ", "İ", "\u200b", "😀",
    "april ", "1 april ", "jan 1 ", "pnr ", "pnr: 1", "iban ", "bankgiro ", "clearing 1", "kort ", "3 tr ",
    "lgh 1101 ",
]  # fmt: skip


def seconds(text: str) -> float:
    start = time.process_time()
    reading = Reading(text)
    for layer in LAYERS:
        layer.analyze(text, [], reading)
    return time.process_time() - start


@pytest.mark.parametrize("part", PARTS, ids=[ascii(part) for part in PARTS])
def test_a_hostile_text_takes_time_in_proportion_to_its_length(part):
    short, long = (seconds((part * length)[:length]) for length in (SHORT, LONG))
    assert long < SECONDS
    assert long < TIMES * max(short, SMALL)


def test_a_text_of_every_hostile_part_takes_no_longer():
    assert seconds(("".join(PARTS) * 1000)[:LONG]) < SECONDS
