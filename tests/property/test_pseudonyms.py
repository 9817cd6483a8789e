"""Same person, same pseudonym; another person or another home, another one."""

import string
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pseudonymize.derive import Derivation
from pseudonymize.keys import DomainKey
from pseudonymize.raw import RawResponse
from tests.support.exports import answer, raw_row, validator, write_export, write_mapping
from tests.support.homes import new_home, stored, take

KEYS = st.binary(min_size=32, max_size=32)
KEY = b"one key of thirty-two bytes, yes"
WORDS = st.text(string.ascii_letters + string.digits + '|,"[]', min_size=1, max_size=12)
VALIDATE = validator()


def derivation(key: bytes = KEY, vendor: str = "getfeedback", survey: str = "csat") -> Derivation:
    return Derivation(DomainKey(1, key), DomainKey(1, key[::-1]), vendor, survey)


def raw(**changes: str) -> RawResponse:
    found = VALIDATE(raw_row(1, **changes))
    assert isinstance(found, RawResponse)
    return found


def pseudonym(key: bytes = KEY, **changes: str) -> str:
    return derivation(key).pseudonym(raw(**changes))[0].value


SAME = {
    "case": "Åsa.Öberg@Norrvik.SE",
    "spaces around it": "  åsa.öberg@norrvik.se\t",
    "full-width letters": "åsa.öberg＠ｎｏｒｒｖｉｋ．ｓｅ",
    "separate accents": "a\u030asa.o\u0308berg@norrvik.se",
}
OTHERS = {
    "no dot": "åsaöberg@norrvik.se",
    "a tag": "åsa.öberg+enkät@norrvik.se",
    "no rings and dots": "asa.oberg@norrvik.se",
    "a domain below": "åsa.öberg@kir.norrvik.se",
}
IN_UNICODE_AND_PUNYCODE = {
    "Swedish": ("anna@åkeriet.se", "anna@xn--keriet-hua.se"),
    "German": ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    "German with a sharp s": ("anna@straße.example", "anna@xn--strae-oqa.example"),
    "Greek with a final sigma": ("anna@βόλος.example", "anna@xn--nxasmm1c.example"),
}


@pytest.mark.parametrize("address", SAME.values(), ids=SAME.keys())
def test_the_same_address_in_another_spelling_is_the_same_person(address):
    assert pseudonym(email=address) == pseudonym(email="åsa.öberg@norrvik.se")


@pytest.mark.parametrize("address", OTHERS.values(), ids=OTHERS.keys())
def test_another_address_is_another_person(address):
    assert pseudonym(email=address) != pseudonym(email="åsa.öberg@norrvik.se")


@pytest.mark.parametrize(
    ("unicode", "punycode"), IN_UNICODE_AND_PUNYCODE.values(), ids=IN_UNICODE_AND_PUNYCODE.keys()
)
def test_a_domain_in_punycode_is_the_same_person(unicode, punycode):
    assert pseudonym(email=unicode) == pseudonym(email=punycode)


def test_a_domain_with_the_dot_of_the_root_is_the_same_person():
    assert pseudonym(email="anna@norrvik.se.") == pseudonym(email="anna@norrvik.se")


@given(KEYS, KEYS)
def test_two_keys_never_give_the_same_pseudonym(one, other):
    assume(one != other)
    assert pseudonym(one) != pseudonym(other)


def test_two_homes_never_share_a_pseudonym(tmp_path: Path):
    file = write_export(tmp_path / "e.csv", [answer(n, text="") for n in range(20)])
    mapping = write_mapping(tmp_path / "mapping.yaml")
    found = []
    for name in ("one", "other"):
        home = new_home(tmp_path / name)
        take(home, file, mapping)
        found.append(
            {row[key] for row in stored(home) for key in ("pseudonym", "response_key", "content_key")}
        )
    assert [len(keys) for keys in found] == [60, 60]
    assert not found[0] & found[1]


@given(WORDS, WORDS, WORDS, WORDS)
def test_where_one_part_ends_and_the_next_begins_makes_a_difference(vendor, survey, response_id, other):
    keys = {
        derivation(vendor=v, survey=s).response_key(raw(response_id=r))
        for v, s, r in [
            (vendor, survey, response_id + other),
            (vendor, survey + response_id, other),
            (vendor + survey, response_id, other),
        ]
    }
    assert len(keys) == 3


def test_an_address_a_respondent_id_and_a_response_id_never_meet():
    same = "anna@norrvik.se"
    found = {
        pseudonym(email=same),
        pseudonym(email="", respondent_id=same),
        pseudonym(email="", respondent_id="", response_id=same),
        derivation().response_key(raw(response_id=same)),
        derivation().name_key(same),
        derivation(KEY).row_key({same: same}),
    }
    assert len(found) == 6


@pytest.mark.parametrize(
    ("changes", "linkable"),
    [({}, True), ({"email": ""}, True), ({"email": "", "respondent_id": ""}, False)],
    ids=["by address", "by the vendor's respondent id", "by nothing but this answer"],
)
def test_a_pseudonym_says_whether_it_links_answers(changes, linkable):
    assert derivation().pseudonym(raw(**changes))[1] is linkable


def test_without_address_and_respondent_id_each_answer_stands_alone():
    alone = {"email": "", "respondent_id": ""}
    assert pseudonym(**alone, response_id="R-1") != pseudonym(**alone, response_id="R-2")


EDITED = {
    "score": "8",
    "text": "Slower than last year.",
    "cycle": "2026-Q4",
    "answered_at": "2026-09-01 10:00:01",
    "first_name": "Anna",
    "email": "anna@norrvik.se",
    "crm_reference": "c0ffee",
    "respondent_id": "P-1",
    "job_title": "Nurse",
    "country": "Norway",
}


@pytest.mark.parametrize(("name", "value"), EDITED.items())
def test_an_edit_of_any_field_shows_in_the_digest_of_the_content(name, value):
    assert derivation().content_key(raw(**{name: value})) != derivation().content_key(raw())


def test_a_new_time_of_change_alone_is_no_edit():
    later = raw(modified_at="2026-10-01 10:00:00")
    assert derivation().content_key(later) == derivation().content_key(raw())
