"""The first look for one person misses nothing that the whole search would find."""

import pytest

from pseudonymize.leak_scan.identifiers import Wanted
from pseudonymize.leak_scan.needles import Needles
from tests.support.encodings import ENCODINGS

ÅSA = Wanted(
    ["asa.öberg@norrvik.example"],
    ["R-0012345"],
    ["c0ffee00-0000-0000-0000-000000012345"],
    ["Åsa Öberg-Lindström"],
)
WRITTEN = [
    "asa.öberg@norrvik.example",
    "ASA.ÖBERG@NORRVIK.EXAMPLE",
    "R-0012345",
    "c0ffee00-0000-0000-0000-000000012345",
    "Öberg-Lindström, Åsa",
    "åsa öberg-lindströms",
]


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize("before", ["", "x", "före "])
def test_a_block_that_holds_anything_of_a_person_is_read_whole(text, encode, before):
    assert Needles(ÅSA).may_be_in(encode(f"{before}{text} efter"))


@pytest.mark.parametrize("name", ["Анна Каренина", "Łęż Żół", "李小龍 王五", "Παύλος Νικολάου"])
def test_a_name_in_letters_that_windows_1252_lacks_is_looked_for_by_its_first_bytes(name):
    needles = Needles.of(Wanted(names=[name]))
    assert needles is not None
    assert not needles.may_be_in(b"Ring Bo Ek om R-0054321")
    for encoding in ("utf-8", "utf-16-le"):
        assert needles.may_be_in(f"Ring {name} i dag".encode(encoding))


@pytest.mark.parametrize("block", [b"", b"a", b"ab", b"Ring Bo Ek om R-0054321", bytes(range(256)) * 9])
def test_a_block_that_holds_nothing_of_a_person_needs_no_second_look(block):
    assert not Needles(ÅSA).may_be_in(block)
