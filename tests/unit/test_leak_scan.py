"""Identities are found however they were written down, and nothing else is taken for one."""

import base64
import hashlib
import io
import random
import secrets
from urllib.parse import quote

import pytest

from pseudonymize.leak_scan.blocks import BLOCK, blocks, pieces, together
from pseudonymize.leak_scan.candidates import Searcher
from pseudonymize.leak_scan.digests import Digests, Gathering
from pseudonymize.leak_scan.identifiers import Kind, Wanted
from tests.support.encodings import ENCODINGS

PEOPLE = Wanted(
    addresses=["asa.oberg@norrvik.se", "xav.wråk+enkät@wråkhjelm.example", "bo@ab.se"],
    ids=["R-00001-AB", "7000123456", "kontakt@norrvik.se"],
    references=["c0ffee00-aaaa-4bbb-8ccc-000000000001"],
    names=["Åsa Öberg", "Anna Maria Svensson-Lind", "Anna Svensson", "Bo Ekman", "Иван Петров", "Madonna"],
)


def gathered(*wanted: Wanted) -> Digests:
    gathering = Gathering()
    for some in wanted:
        gathering.add(some, people=1)
    return gathering.done()


SEARCHER = Searcher(gathered(PEOPLE))


def kinds_in(data: bytes | str) -> set[Kind]:
    hits = SEARCHER.hits(data.encode() if isinstance(data, str) else data)
    return {kind for kind, found in hits.items() if found}


WRITTEN = {
    "an address": (Kind.ADDRESS, "asa.oberg@norrvik.se"),
    "an address with åäö": (Kind.ADDRESS, "xav.wråk+enkät@wråkhjelm.example"),
    "an address that is an id": (Kind.ADDRESS, "kontakt@norrvik.se"),
    "a short address": (Kind.ADDRESS, "bo@ab.se"),
    "an id": (Kind.ID, "R-00001-AB"),
    "a number": (Kind.ID, "7000123456"),
    "a reference": (Kind.REFERENCE, "c0ffee00-aaaa-4bbb-8ccc-000000000001"),
    "a name": (Kind.NAME, "Åsa Öberg"),
    "a name backwards": (Kind.NAME, "Öberg, Åsa"),
    "a name in the genitive": (Kind.NAME, "Åsa Öbergs"),
    "a name of four words": (Kind.NAME, "Svensson-Lind, Anna Maria"),
    "a short name": (Kind.NAME, "Bo Ekman"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("what", WRITTEN)
def test_an_identifier_is_found_in_every_encoding(what: str, encoding: str) -> None:
    kind, text = WRITTEN[what]
    for before, after in ((b"", b""), (b"\x00 before ", b" after \xff"), (b'{"x":"', b'","y":1}')):
        assert kind in kinds_in(before + ENCODINGS[encoding](text) + after)


@pytest.mark.parametrize(
    "text",
    [
        "anna.svensson",
        "anna_svensson",
        "ANNA SVENSSON",
        "svensson.anna@annan.example",
        "Anna Svenssons svar",
        "Anna Svensson's answer",
        "Anna Svensson’s answer",
        "”Anna Svensson”",
        "–Anna Svensson…",
        "Anna\u00a0Svensson",
        "Anna\n  Svensson",
        '"Anna","Svensson"',
        "Anna | Svensson",
        "name=Anna+Svensson&score=9",
        "<td>Anna</td><td>Svensson</td>",
        "<tr>\n        <td><b>Anna</b></td>\n        <td class='x'>Svensson</td>\n</tr>",
        "/srv/exports/Anna Svensson.csv",
        "x\\nAnna Svensson\\n",
    ],
)
def test_a_name_is_found_however_its_words_are_joined(text: str) -> None:
    assert Kind.NAME in kinds_in(text)


def test_a_name_in_other_letters_is_found() -> None:
    assert kinds_in("Тут был ИВАН ПЕТРОВ.") == {Kind.NAME}


@pytest.mark.parametrize(
    "text",
    [
        "mailto:asa.oberg@norrvik.se?subject=x",
        "email=asa.oberg@norrvik.se&score=9",
        "<asa.oberg@norrvik.se>",
        "“asa.oberg@norrvik.se”",
        "write to asa.oberg@norrvik.se.",
        "Write to asa.oberg@norrvik.se.Then wait.",
        "asa.oberg@norrvik.seNext column",
        "'asa.oberg@norrvik.se'",
        "ASA.OBERG@NORRVIK.SE",
        "xav.wråk+enkät@xn--wrkhjelm-9za.example",
    ],
)
def test_an_address_is_found_whatever_stands_around_it(text: str) -> None:
    text = text.replace("xn--wrkhjelm-9za.example", "wråkhjelm.example".encode("idna").decode())
    assert Kind.ADDRESS in kinds_in(text)


@pytest.mark.parametrize(
    "text",
    ["R-00001-AB", "r-00001-ab", "R_00001_AB", "response_R-00001-AB.json", "{R-00001-AB}", "id=R-00001-AB;"],
)
def test_an_id_is_found_whatever_stands_around_it(text: str) -> None:
    assert kinds_in(text) == {Kind.ID}


@pytest.mark.parametrize(
    "text",
    [
        "Anna was here, and Maria, and Lind. Svensson too.",
        "Anna",
        "Madonna",
        "Anna      \n\n\n\n Svensson",
        "Johanna Svensson; and Anna Svenssonberg",
        "hasa.oberg@norrvik.se, asa.oberg@norrvik.seg, asa.oberg@norrvik.se.example",
        "70001234567, 0.7000123456, 7000123456.25",
        "R-00001-ABC, XR-00001-AB, R-00001",
        "c0ffee00-aaaa-4bbb-8ccc-000000000002",
        "@@@@ a@b @norrvik.se asa.oberg@",
        "",
    ],
)
def test_what_is_nobodys_is_not_found(text: str) -> None:
    assert kinds_in(text) == set()


def test_digests_and_ciphertext_are_nobodys() -> None:
    hashes = "\n".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(5000))
    assert kinds_in(hashes) == set()
    assert kinds_in(random.Random(1).randbytes(1 << 19)) == set()


def test_a_name_of_four_letters_is_found_in_a_text_and_not_in_ciphertext() -> None:
    searcher = Searcher(gathered(Wanted(names=["Bo Ek", "Åö Öå"])))
    for text in (
        "Bo Ek",
        "hälsar Bo Ek, Malmö",
        '{"by": "EK, BO"}',
        "x\n\n\n\n\n\nBo Ek\n\n\n\n\n\n",
        "åö öå",
    ):
        assert searcher.hits(text.encode())[Kind.NAME]
        assert searcher.hits(text.encode("cp1252"))[Kind.NAME]
    junk = b"\x91\xf3K\x02\xc8\x9e\xfe\x17\x85"
    for name in (b"bO\x93eK", b"\xe5\xf6 \xd6\xe5"):
        around = junk + name + junk[::-1]
        for written in (around, around.hex().encode(), base64.b64encode(around)):
            assert not searcher.hits(written)[Kind.NAME]


def test_values_of_two_rows_are_no_name() -> None:
    (block,) = together([b"Anna", b"Svensson"])
    assert kinds_in(block) == set()


def test_each_identifier_takes_eight_bytes_whatever_its_length() -> None:
    count = 2000
    digests = gathered(
        Wanted(
            addresses=[f"{'long' * 10}{n}@norrvik.se" for n in range(count)],
            names=[f"Åsa Öberg{n}" for n in range(count)],
            ids=[f"R-{n:09}" for n in range(count)],
        )
    )
    assert sum(array.nbytes for array in digests.known.values()) == 8 * digests.count() == 8 * 3 * count


def test_no_identifier_can_be_read_back_from_what_is_kept_in_memory() -> None:
    kept = repr(gathered(PEOPLE))
    assert "berg" not in kept.lower()
    assert not [array for array in gathered(PEOPLE).known.values() if array.dtype != "uint64"]


def test_every_search_has_digests_of_its_own() -> None:
    one, other = gathered(PEOPLE), gathered(PEOPLE)
    assert set(one.known[Kind.NAME].tolist()).isdisjoint(other.known[Kind.NAME].tolist())


def test_what_is_too_short_to_look_for_is_counted() -> None:
    digests = gathered(
        Wanted(names=["Madonna", "Åsa Ek"], ids=["R-1", "123456", "abcdefgh"], addresses=["x"])
    )
    assert digests.not_searched == {"name": 1, "id": 3, "address": 1}
    assert digests.count() == 1


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_address_is_found_across_the_border_of_two_blocks(encoding: str) -> None:
    written = ENCODINGS[encoding]("xav.wråk+enkät@wråkhjelm.example")
    for shift in range(0, len(written) + 2, 5):
        data = b"lorem ipsum " * (BLOCK // 12 + 1)
        data = data[: BLOCK - shift] + b" " + written + b" " + data
        assert any(SEARCHER.hits(block)[Kind.ADDRESS] for block in blocks(io.BytesIO(data)))
        assert any(SEARCHER.hits(block)[Kind.ADDRESS] for block in pieces(data + data))


def test_base64_is_read_at_every_alignment_and_between_other_bytes() -> None:
    for before in range(4):
        for after in range(3):
            data = secrets.token_bytes(before + 30) + b" asa.oberg@norrvik.se " + secrets.token_bytes(after)
            assert Kind.ADDRESS in kinds_in(base64.b64encode(data)[before:])


def test_encodings_within_encodings_are_read() -> None:
    text = quote(base64.b64encode("”Åsa Öberg”".encode("utf-16")).decode(), safe="")
    assert kinds_in(text) == {Kind.NAME}
    assert kinds_in(quote(quote("Åsa Öberg"))) == {Kind.NAME}
