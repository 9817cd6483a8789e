"""What a person is given of their data: all of it and nobody else's, in one file that only they can open."""

import csv
import io
import json
import re
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import pyzipper
import yaml
from jsonschema import Draft202012Validator

import flows.answer_case
from data.records import CrmReference
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from flows.retain import retain_unattended
from governance.information import information
from pseudonymize import no_progress
from pseudonymize.validate import Reason
from tests.acceptance.test_after_a_stop import stopped_at
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.homes import Said
from tests.support.policies import CONTROLLERS, decided

WHO = "Person1@EXAMPLE.com"
ÅSA = {"first_name": "Åsa", "last_name": "Öberg"}
MINE = [
    answer(1, **ÅSA, text="Supporten är snabb, särskilt Anna Svensson. Men priset är högt."),
    answer(1, **ÅSA, response_id="S-1", cycle="2026-Q2", score="7", text="Good product, slow release."),
    answer(1, **ÅSA, response_id="B-1", score="11", text="Ring Åsa Öberg om det nya avtalet så fort ni kan"),
]


@pytest.fixture
def desk(tmp_path, mapping) -> Desk:
    desk = Desk(tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(*MINE, *[answer(n, text="") for n in range(2, 6)])
    assert desk.run("scores", "sync").code == 0
    return desk


def opened(desk: Desk, case: str, said: Said) -> dict[str, str]:
    """The parts of a package, by the passphrase that was shown."""
    assert said.code == 0, said.everything
    passphrase = re.search(r"Passphrase.*: (\S+)", said.out)
    assert passphrase is not None
    with pyzipper.AESZipFile(desk.home.packages / f"{case}.zip") as file:
        file.setpassword(passphrase[1].encode())
        return {name: file.read(name).decode() for name in file.namelist()}


def given(desk: Desk, kind: str, *more: object, who: str = WHO, name: str = "") -> dict[str, str]:
    case = desk.open(kind, who, name)
    assert desk.run("rights", "texts", case).code == 0
    return opened(desk, case, desk.fulfil(case, *(more or ("--texts", "leave"))))


def valid(parts: dict[str, str], name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(parts[name])
    Draft202012Validator(json.loads(parts["schema.json"])).validate(content)
    return content


def test_a_person_is_given_everything_that_is_kept_of_them(desk):
    feed = desk.folder / "events.csv"
    reference = answer(1)["crm_reference"]
    feed.write_text(
        f"event,contact,on\ncustomer,{reference},2026-01-01\ncustomer_ended,{reference},2026-10-01\n", "utf-8"
    )
    assert desk.run("events", "import", "--file", feed).code == 0
    content = valid(given(desk, "access"), "your-data.json")
    assert content["person"] == {
        "names": ["Åsa Öberg"],
        "addresses": ["person1@example.com"],
        "respondent_ids": ["P-00001"],
        "crm_references": [reference],
    }
    assert {(one["response_id"], one["cycle"], one["score"]) for one in content["answers"]} == {
        ("R-00001", "2026-Q3", 9),
        ("S-1", "2026-Q2", 7),
    }
    assert {(one["cycle"], one["score"]) for one in content["scores"]} == {("2026-Q3", 9), ("2026-Q2", 7)}
    assert [one["event"] for one in content["events"]] == ["customer", "customer_ended"]
    (row,) = content["set_aside"]
    assert {"column": "Score", "value": "11"} in row["cells"]
    assert content["information"]["authority"].startswith("Integritetsskyddsmyndigheten")
    assert content["disclosures"] == []


def test_nothing_of_anybody_else_is_in_a_package(desk):
    parts = given(desk, "access")
    others = [answer(n)[field] for n in range(2, 6) for field in ("email", "respondent_id", "crm_reference")]
    assert not [word for word in [*others, "Anna", "Svensson"] if word in "".join(parts.values())]


def test_texts_wait_for_somebody_who_reads_them_and_what_names_others_can_be_covered(desk):
    case = desk.open("access", WHO)
    assert "texts that may name others: 3" in desk.run("rights", "plan", case).err
    said = desk.fulfil(case)
    assert (said.code, "nobody has read them" in said.err) == (4, True), said.everything
    read = desk.run("rights", "texts", case, "--json").json
    (number,) = (one["number"] for one in read if "priset" in one["text"])
    said = desk.fulfil(case, "--texts", "leave", "--cover", "9")
    assert (said.code, "there is no text 9; the person has 3" in said.err) == (2, True)
    content = valid(
        opened(desk, case, desk.fulfil(case, "--texts", "leave", "--cover", number)), "your-data.json"
    )
    assert {one["cycle"]: one["text"] for one in content["answers"]} == {
        "2026-Q3": "<COVERED>",
        "2026-Q2": "Good product, slow release.",
    }


def test_with_texts_withheld_no_text_is_given(desk):
    parts = given(desk, "access", "--texts", "withhold")
    assert not [word for word in ("Supporten", "release", "avtalet") if word in "".join(parts.values())]


def test_answers_are_taken_along_as_json_and_as_a_table_of_one_schema(desk):
    parts = given(desk, "portability")
    content = valid(parts, "answers.json")
    assert content.keys() == {"format", "made_at", "controller", "person", "answers"}
    rows = list(csv.DictReader(io.StringIO(parts["answers.csv"])))
    assert [{k: str(v) for k, v in one.items()} for one in content["answers"]] == [
        {k: {"true": "True"}.get(v, v) for k, v in row.items()} for row in rows
    ]
    schema = json.loads(parts["schema.json"])["$defs"]["answer"]["properties"]
    assert set(rows[0]) == set(schema)


@pytest.mark.parametrize(
    ("language", "says"), [("sv", "Det här har vi om dig"), ("en", "What we keep of you")]
)
def test_the_page_is_in_the_language_that_was_asked_for(desk, language, says):
    html = given(desk, "access", "--texts", "leave", "--language", language)["your-data.html"]
    assert f'<html lang="{language}">' in html
    assert says in html
    assert "<script" not in html
    assert "http" not in html


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_whatever_a_policy_says_has_its_words_in_both_languages(controller):
    told = information(decided(controller))
    keys = {
        *(f"field {field}" for field in told["fields"]),
        *(f"field {field}" for one in told["recipients"] for field in one["fields"]),
        *(kind for one in told["recipients"] for kind in one["safeguards"]),
        *(one["basis"] for one in told["purposes"]),
        *(one["store"] for one in told["periods"]),
        *(f"{one['clock']}_clock" for one in [*told["periods"], told["cap"]]),
        *(one["right"] for one in told["rights"]),
        *(reason.value for reason in Reason),
    }
    words = yaml.safe_load((files("governance") / "spoken.yaml").read_text("utf-8"))["phrases"]
    assert not sorted(keys - words.keys())
    assert all(says.keys() == {"en", "sv"} and all(says.values()) for says in words.values())


def test_a_package_is_encrypted_and_its_passphrase_kept_nowhere(desk):
    case = desk.open("access", WHO)
    desk.run("rights", "texts", case)
    said = desk.fulfil(case, "--texts", "leave")
    passphrase = said.out.partition("nowhere: ")[2].split()[0]
    assert re.fullmatch(r"([a-z2-9]{5}-){5}[a-z2-9]{5}", passphrase)
    path = desk.home.packages / f"{case}.zip"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with zipfile.ZipFile(path) as file:
        assert {(part.compress_type, part.flag_bits & 1) for part in file.infolist()} == {(99, 1)}
    with pyzipper.AESZipFile(path) as file:
        file.setpassword(b"another")
        with pytest.raises(RuntimeError):
            file.read("your-data.json")
    every = [
        file for at in ("home", "home.register") for file in (desk.folder / at).rglob("*") if file.is_file()
    ]
    content = b"".join(file.read_bytes() for file in every)
    assert not [word for word in (passphrase, "Åsa Öberg", "Öberg") if word.encode() in content]
    assert "passphrase was shown" in desk.fulfil(case).out


def test_a_leak_check_does_not_stumble_over_packages_and_sees_what_else_lies_there(desk):
    given(desk, "access")
    (desk.folder / "e.csv").unlink()
    assert desk.run("leakcheck").code == 0
    (desk.home.packages / "note.zip").write_text("person1@example.com", "utf-8")
    with zipfile.ZipFile(desk.home.packages / "plain.zip", "w") as file:
        file.writestr("note.txt", "person2@example.com")
    said = desk.run("leakcheck", "--json").json
    assert {leak["place"] for leak in said["leaks"]} == {
        "home/packages/note.zip",
        "home/packages/plain.zip: part 0",
    }


def test_our_copy_goes_on_its_clock_and_with_an_erasure(desk):
    given(desk, "access")
    given(desk, "access", who="person2@example.com")
    assert len(list(desk.home.packages.glob("*.zip"))) == 2
    assert desk.fulfil(desk.open("erase", WHO)).code == 0
    (left,) = desk.home.packages.glob("*.zip")
    retain_unattended(desk.later(days=60), "sectra", no_progress)
    assert not left.exists()


def test_of_somebody_of_whom_nothing_is_held_there_is_no_package(desk):
    said = desk.fulfil(desk.open("access", "nobody@example.com"))
    assert (said.code, "Nothing was held of this person" in said.out) == (0, True), said.everything
    assert not desk.home.packages.exists()


def test_requests_of_a_year_are_counted_and_never_refused(desk):
    counts = [valid(given(desk, "access"), "your-data.json")["asked_this_year"] for _ in range(3)]
    assert counts == [1, 2, 3]
    assert valid(given(desk, "access", who="person2@example.com"), "your-data.json")["asked_this_year"] == 1
    assert desk.fulfil(desk.open("erase", WHO)).code == 0
    with desk.home.engine.connect() as connection:
        askers = {case.asker for case in flows.answer_case.cases.cases(connection, "sectra")}
    assert len(askers - {""}) == 1


def test_of_two_people_at_one_address_each_is_given_their_own(desk):
    shared = [answer(n, email="desk@n.se", text="") for n in (20, 21)]
    desk.take(*shared, name="s.csv")
    said = desk.fulfil(desk.open("access", "desk@n.se"), "--texts", "leave")
    assert (said.code, "2 people are known at this address" in said.err) == (4, True)
    content = valid(given(desk, "access", who="desk@n.se", name="Förnamn20 Efternamn20"), "your-data.json")
    assert content["person"]["names"] == ["Förnamn20 Efternamn20"]
    assert len(content["answers"]) == 1


def test_who_is_restricted_is_given_their_answers_all_the_same(desk):
    assert desk.fulfil(desk.open("restrict", WHO)).code == 0
    parts = given(desk, "access")
    assert [one["in_use"] for one in valid(parts, "your-data.json")["answers"]] == [False, False]
    assert "it is kept, and used for nothing" in parts["your-data.html"]


@pytest.mark.parametrize("moment", ["write_package", "note"])
def test_a_package_that_was_stopped_is_made_by_the_same_command_as_was_decided_first(desk, moment):
    case = desk.open("access", WHO)
    desk.run("rights", "texts", case)
    decision = Decision("Eva Ek", "address on file", texts="leave", cover=(1, 2))
    with stopped_at(flows.answer_case, moment):
        fulfil(desk.home, "sectra", case, decision)
    parts = opened(desk, case, desk.fulfil(case, "--texts", "leave"))
    texts = [one["text"] for one in valid(parts, "your-data.json")["answers"]]
    assert texts == ["<COVERED>", "<COVERED>"]


def test_what_was_decided_of_other_texts_is_decided_anew_once_they_are_read(desk):
    case = desk.open("access", WHO)
    desk.run("rights", "texts", case)
    with stopped_at(flows.answer_case, "write_package"):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file", texts="leave", cover=(1,)))
    earlier = answer(
        1, **ÅSA, response_id="T-1", cycle="2026-Q1", answered_at="2026-01-05 10:00:00", text="Bra."
    )
    desk.take(earlier, answer(8, text=""), name="more.csv")
    assert desk.fulfil(case).code == 4
    read = desk.run("rights", "texts", case, "--json").json
    (number,) = (one["number"] for one in read if "priset" in one["text"])
    assert desk.fulfil(case).code == 4
    parts = opened(desk, case, desk.fulfil(case, "--texts", "leave", "--cover", number))
    assert "priset" not in parts["your-data.json"]
    assert "slow release" in parts["your-data.json"]


def test_what_a_stop_has_left_of_a_package_is_swept_away(desk):
    case = desk.open("access", WHO)
    desk.run("rights", "texts", case)
    with stopped_at(Path, "replace"):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file", texts="leave"))
    assert list(desk.home.packages.glob("*.new"))
    assert desk.fulfil(desk.open("erase", "person3@example.com")).code == 0
    assert not list(desk.home.packages.glob("*.new"))


def test_of_a_package_that_was_stopped_and_whose_person_was_erased_nothing_is_told(desk):
    case = desk.open("access", WHO)
    with stopped_at(flows.answer_case, "note"):
        fulfil(desk.home, "sectra", case, Decision("Eva Ek", "address on file", texts="withhold"))
    assert desk.fulfil(desk.open("erase", WHO)).code == 0
    assert not list(desk.home.packages.glob("*.zip"))
    said = desk.fulfil(case, "--texts", "withhold")
    assert (said.code, "Nothing was held" in said.out, "passphrase" in said.out) == (0, True, False)


def test_texts_that_nobody_has_read_are_not_given_with_those_that_were(desk):
    case = desk.open("access", WHO)
    said = desk.fulfil(case, "--texts", "leave")
    assert (said.code, "nobody has read them" in said.err) == (4, True)
    desk.run("rights", "texts", case)
    earlier = answer(1, **ÅSA, response_id="T-1", cycle="2026-Q1", text="Fråga Bo Ek om det.")
    desk.take(earlier, answer(8, text=""), name="more.csv")
    said = desk.fulfil(case, "--texts", "leave", "--cover", "1")
    assert (said.code, "others than those that were read" in said.err) == (4, True)
    desk.run("rights", "texts", case)
    assert desk.fulfil(case, "--texts", "leave", "--cover", "1").code == 0


def test_a_short_text_is_redacted_and_read_like_a_long_one(desk):
    desk.take(answer(3, response_id="B-3", score="11", text="Ring Anna 0701234567"), *people(), name="b.csv")
    case = desk.open("access", "person3@example.com")
    assert desk.fulfil(case).code == 4
    desk.run("rights", "texts", case)
    parts = opened(desk, case, desk.fulfil(case, "--texts", "leave"))
    assert "0701234567" not in "".join(parts.values())


def people() -> list[dict[str, str]]:
    return [answer(n, response_id=f"M-{n}", text="") for n in range(60, 70)]


NEIGHBOURS = {
    "a bad row of another from the address": [
        answer(20, email="desk@n.se", text=""),
        answer(21, email="desk@n.se", response_id="B-21", score="11", text=""),
    ],
    "bad rows of two from the address": [
        answer(20, email="desk@n.se", response_id="B-20", score="11", text=""),
        answer(21, email="desk@n.se", response_id="B-21", score="11", text=""),
    ],
    "a bad row with the person's address in another cell": [
        answer(20, email="desk@n.se", text=""),
        answer(21, email="", organisation="desk@n.se", response_id="B-21", score="11", text=""),
    ],
    "a bad row with the number of the person": [
        answer(20, email="desk@n.se", text=""),
        answer(21, respondent_id="P-00020", response_id="B-21", score="11", text=""),
    ],
}


@pytest.mark.parametrize("case", NEIGHBOURS)
def test_a_row_that_may_be_somebody_elses_is_given_to_nobody(desk, case):
    desk.take(*NEIGHBOURS[case], *people(), name="n.csv")
    parts = given(desk, "access", who="desk@n.se", name="Förnamn20 Efternamn20")
    content = valid(parts, "your-data.json")
    assert not [word for word in ("Förnamn21", "Efternamn21", "B-21") if word in "".join(parts.values())]
    assert len(content["set_aside"]) == (1 if "two" in case else 0)


def test_who_has_no_name_is_not_given_what_is_somebody_elses_by_a_number_they_share(desk):
    kiosk = {"respondent_id": "KIOSK-1", "text": ""}
    nameless = answer(30, first_name="", last_name="", **kiosk)
    desk.take(nameless, answer(31, **kiosk), *people(), name="k.csv")
    for who, other in ((30, 31), (31, 30)):
        parts = given(desk, "access", who=f"person{who}@example.com")
        assert f"person{other}@example.com" not in "".join(parts.values())


def test_nothing_is_given_to_a_whole_address(desk):
    said = desk.fulfil(desk.open("access", WHO), "--whole-address", "--texts", "withhold")
    assert (said.code, "--whole-address says nothing" in said.err) == (2, True), said.everything


def test_of_two_people_at_one_address_neither_hears_how_often_the_other_has_asked(desk):
    desk.take(*[answer(n, email="desk@n.se", text="") for n in (20, 21)], *people(), name="s.csv")
    counts = [
        valid(given(desk, "access", who="desk@n.se", name=f"Förnamn{n} Efternamn{n}"), "your-data.json")
        for n in (20, 20, 21)
    ]
    assert [content["asked_this_year"] for content in counts] == [1, 2, 1]


def test_an_erasure_finds_the_package_of_somebody_known_by_bad_rows_only(desk):
    desk.take(answer(40, response_id="B-40", score="11", text=""), *people(), name="b.csv")
    given(desk, "access", who="person40@example.com")
    assert desk.fulfil(desk.open("erase", "person40@example.com")).code == 0
    assert not list(desk.home.packages.glob("*.zip"))


def test_an_erasure_finds_the_package_though_the_answers_are_gone_by_then(desk):
    run = desk.run("runs", "list", "--json").json[0]["id"]
    given(desk, "access")
    assert desk.run("runs", "undo", run).code == 0
    assert desk.fulfil(desk.open("erase", WHO)).code == 0
    assert not list(desk.home.packages.glob("*.zip"))


def test_a_text_that_looks_withheld_is_read_like_any_other(desk):
    desk.take(answer(41, text="<WITHHELD:x> is what the page said, strange"), *people(), name="w.csv")
    case = desk.open("access", "person41@example.com")
    assert len(desk.run("rights", "texts", case, "--json").json) == 1


def test_what_was_corrected_stands_apart_from_what_is_right_and_in_the_persons_language(desk):
    right = desk.folder / "right.txt"
    right.write_text("name: Åsa Öhman\nemail: åsa@exempel.se\n", "utf-8")
    assert desk.fulfil(desk.open("rectify", WHO, "", "--right-values", right)).code == 0
    parts = given(desk, "access", "--texts", "leave", "--language", "sv", who="åsa@exempel.se")
    person = valid(parts, "your-data.json")["person"]
    assert (person["names"], person["addresses"]) == (["Åsa Öhman"], ["åsa@exempel.se"])
    assert person["corrected"] == {"names": ["Åsa Öberg"], "addresses": ["person1@example.com"]}
    page = parts["your-data.html"]
    assert page.index("Åsa Öhman") < page.index("Rättat i efterhand") < page.index("Åsa Öberg")
    assert "att samla in svaren; rättslig grund: berättigat intresse" in page
    assert "collecting" not in page
