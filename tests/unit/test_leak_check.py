"""The last look: nothing that identifies the writer leaves in any text of a response."""

from datetime import UTC, datetime
from typing import Any

import pytest

from data.records import Pseudonym, RedactedText, Response, Scale, SurveyCycle
from pseudonymize.leak_check import leaks
from tests.support.exports import raw_response

WHEN = datetime(2026, 9, 1, tzinfo=UTC)
WRITER = {
    "first_name": "Åsa",
    "last_name": "Öberg Lind",
    "email": "Asa.Oberg@Norrvik.SE",
    "response_id": "R-00001-AB",
    "respondent_id": "P 7000 123",
    "crm_reference": "c0ffee00-aaaa-bbbb",
}


def response(comment: str | None, **changes: Any) -> Response:
    text = None if comment is None else RedactedText(comment, "en", "test", {})
    fields: dict[str, Any] = {
        "controller": "sectra",
        "cycle": SurveyCycle("csat", "2026-Q3"),
        "response_key": "a" * 64,
        "content_key": "b" * 64,
        "pseudonym": Pseudonym("c" * 64, 1),
        "linkable": True,
        "answered_at": WHEN,
        "modified_at": None,
        "collected_at": WHEN,
        "score": 9,
        "scale": Scale(1, 10),
        "comment": text,
        "role": "physician",
        "workplace": "hospital",
        "country": "SE",
        "policy_version": "test",
    }
    return Response(**{**fields, **changes})


LEAKS = {
    "the address": "Write to asa.oberg@norrvik.se please",
    "the address in capitals": "Write to ASA.OBERG@NORRVIK.SE please",
    "the address in full-width letters": "Write to asa.oberg＠ｎｏｒｒｖｉｋ.se please",
    "the name": "Yours, Åsa Öberg Lind",
    "the name in small letters": "yours, åsa öberg lind",
    "the name with a genitive": "This is Åsa Öberg Linds idea",
    "the name over two lines": "Yours,\nÅsa\n  Öberg Lind",
    "the name backwards": "Lind Öberg Åsa",
    "the surname before a comma": "Öberg Lind, Åsa",
    "the name with separate accents": "Yours, A\u030asa O\u0308berg Lind",
    "the name with invisible characters": "Yours, Å\u200bsa Öb\u00aderg Lind",
    "the response id": "My answer is R-00001-AB",
    "the response id without dashes": "My answer is r00001ab",
    "the respondent id with dashes": "I am P-7000-123",
    "the CRM reference without dashes": "Contact C0FFEE00AAAABBBB",
}
KEPT = {
    "nothing of the writer": "The viewer is fast and the support is good.",
    "a part of the name": "Lind is also a tree, and Åsa a ridge.",
    "another address": "Write to support@norrvik.se please",
    "another name": "Yours, Åsa Lindberg",
    "placeholders": "Yours, <PERSON>, <EMAIL>",
    "no comment": None,
}


@pytest.mark.parametrize("comment", LEAKS.values(), ids=LEAKS.keys())
def test_an_identifier_of_the_writer_fails_the_response(comment):
    assert leaks(response(comment), raw_response(1, **WRITER))


@pytest.mark.parametrize("comment", KEPT.values(), ids=KEPT.keys())
def test_a_response_without_them_passes(comment):
    assert not leaks(response(comment), raw_response(1, **WRITER))


@pytest.mark.parametrize(
    "changes",
    [
        {"cycle": SurveyCycle("csat", "R-00001-AB")},
        {"role": "Åsa Öberg Lind"},
        {"workplace": "asa.oberg@norrvik.se"},
        {"country": "P7000123"},
    ],
    ids=["cycle", "role", "workplace", "country"],
)
def test_every_text_of_a_response_is_looked_at(changes):
    assert leaks(response(None, **changes), raw_response(1, **WRITER))


def test_an_address_in_unicode_is_found_although_its_domain_is_kept_in_punycode():
    raw = raw_response(1, email="anna@åkeriet.se")
    assert leaks(response("Write to Anna@Åkeriet.se please"), raw)
    assert leaks(response("Write to anna@xn--keriet-hua.se please"), raw)


@pytest.mark.parametrize("comment", ["9 of 10, 12 of 14", "It took 10 or 12 minutes"])
def test_a_short_id_is_not_looked_for_in_every_number(comment):
    raw = raw_response(1, **{**WRITER, "response_id": "1012", "respondent_id": "1"})
    assert not leaks(response(comment), raw)


def test_a_short_name_is_not_looked_for_inside_other_words():
    raw = raw_response(1, **{**WRITER, "first_name": "Bo", "last_name": "Ek"})
    assert not leaks(response("Jumbo ekonomi är för dyrt"), raw)
    assert leaks(response("Hälsningar, Bo Ek"), raw)
