"""`tillit policy`: what a data protection officer asks of it at a terminal."""

import csv
import html
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from governance.controls import known_controls
from governance.proofs import TOP, write_proofs
from tests.support.policies import CONTROLLERS, decided_text, policy_text

AT = datetime(2026, 11, 1, 3, 15, tzinfo=UTC)
TEXT = "Norrvik AB is the controller. Answers stay for 18 months in GetFeedback.\n"


@pytest.fixture
def proven(monkeypatch, tmp_path):
    """A build on which every test that a control names has passed."""
    manifest = tmp_path / "proofs.json"
    named = {test for control in known_controls().values() for test in control.tests}
    write_proofs(dict.fromkeys(named, True), named, AT, manifest, TOP)
    monkeypatch.setattr("governance.proofs.MANIFEST", manifest)
    return manifest


def own(tmp_path: Path, controller: str, text: str) -> None:
    folder = tmp_path / ".tillit" / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{controller}.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_packaged_policy_is_kept_once_its_controller_has_decided(tillit, tmp_path, proven, controller):
    own(tmp_path, controller, decided_text(controller))
    code, printed = tillit("policy", "check", "--controller", controller)
    assert (code, "The policy is kept" in printed) == (0, True), printed


def test_the_policies_without_numbers_do_not_compile_as_they_are(tillit):
    for controller, clause in (("sentera", "SEN-04"), ("micromedic", "MIC-05"), ("xtractor", "XTR-12")):
        code, printed = tillit("policy", "check", "--controller", controller)
        assert (code, f"cap.period: {clause} does not say" in printed) == (4, True), printed
    code, printed = tillit("policy", "check", "--controller", "stratsys")
    assert (code, "own_rules.OWN-10.number" in printed) == (4, True), printed


def test_a_test_that_failed_takes_the_promise_with_it(tillit, proven):
    content = json.loads(proven.read_text())
    test = known_controls()["scores-only"].tests[0]
    content[test]["passed"] = False
    proven.write_text(json.dumps(content))
    code, printed = tillit("policy", "check", "--json")
    found = json.loads(printed)
    assert (code, found["exit"]) == (6, 6)
    wrong = [f for f in found["findings"] if f["code"]]
    assert [(f["place"], f["says"]) for f in wrong] == [
        ("scores-only", f"{test} failed, or was skipped: run `make test`")
    ]


def test_without_any_proof_nothing_is_proven(tillit, proven):
    proven.unlink()
    code, printed = tillit("policy", "check")
    assert (code, "has never been run; run `make test`" in " ".join(printed.split())) == (6, True)


def test_a_text_with_an_unclaimed_sentence_is_listed_by_number_and_hash(tillit, tmp_path, proven):
    (tmp_path / "published.txt").write_text("Sectra AB sells your answers.\n", "utf-8")
    code, printed = tillit("policy", "check", "--text", "published.txt", "--json")
    found = {f["place"]: f["says"] for f in json.loads(printed)["findings"]}
    assert code == 6
    assert found["sentence 1"].endswith("is claimed by no clause: “Sectra AB sells your answers. …”")
    assert "has changed: look at it again" in found["text"]


def test_a_clause_is_explained_from_its_rule_to_its_tests(tillit, proven):
    code, printed = tillit("policy", "explain", "SEC-07")
    assert code == 0
    for part in (
        "Microsoft Dynamics",
        "recipients.crm",
        "fields.crm_reference",
        "data.records:ScoreRecord",
        "passed",
    ):
        assert part in printed, printed


def test_a_period_and_a_reading_are_told_with_the_clause(tillit, proven):
    code, printed = tillit("policy", "explain", "SEC-06", "--json")
    (found,) = json.loads(printed)
    assert code == 0
    assert "stores.vendor (18 months after answered)" in found["rules"]
    assert "C3: Both start when the answer was given, never when it was last touched." in found["rules"]


def test_the_last_evidence_of_a_home_is_shown(tillit, tmp_path, proven):
    assert tillit("demo", "--respondents", "60", "--json")[0] == 0
    code, printed = tillit("policy", "explain", "SEC-07", "--json")
    (found,) = json.loads(printed)
    assert code == 0
    assert [entry["kind"] for entry in found["evidence"]] == ["score sync"]


def test_the_page_shows_each_sentence_beside_what_keeps_it(tillit, tmp_path, proven):
    (tmp_path / "published.txt").write_text(TEXT + "We <b>may</b> sell them.\n", "utf-8")
    code, _ = tillit("policy", "explain", "--text", "published.txt", "--output", "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert code == 0
    assert html.escape("We <b>may</b> sell them.") in page
    assert page.count("no clause claims this") == 3
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def test_the_page_without_a_text_shows_every_clause(tillit, tmp_path, proven):
    assert tillit("policy", "explain", "--output", "page.html")[0] == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert all(f"SEC-{number:02d}" in page for number in range(1, 39))
    assert "Nothing enforces this yet" in page


def test_one_clause_has_a_page_with_its_sentences_alone(tillit, tmp_path, proven):
    (tmp_path / "published.txt").write_text("Sectra AB sells your answers.\n", "utf-8")
    words = ("SEC-08", "--text", "published.txt", "--output", "page.html")
    assert tillit("policy", "explain", *words)[0] == 0
    assert "sells your answers" not in (tmp_path / "page.html").read_text("utf-8")


def test_the_evidence_of_one_controller_is_none_of_anothers(tillit, tmp_path, proven):
    own(tmp_path, "stratsys", decided_text("stratsys"))
    assert tillit("demo", "--respondents", "60", "--json")[0] == 0
    found = json.loads(tillit("policy", "explain", "--controller", "stratsys", "--json")[1])
    assert [entry for one in found for entry in one["evidence"]] == []


def test_looking_makes_no_home(tillit, tmp_path, proven):
    for command in (("check",), ("explain",), ("ropa",), ("diff", "sectra", "sectra")):
        assert tillit("policy", *command)[0] == 0
    assert not (tmp_path / ".tillit").exists()


def test_two_policies_are_compared_by_name_or_by_file(tillit, tmp_path):
    (tmp_path / "new.yaml").write_text(
        policy_text().replace("period: 18 months", "period: 24 months"), "utf-8"
    )
    code, printed = tillit("policy", "diff", "sectra", "new.yaml", "--json")
    assert code == 0
    assert json.loads(printed)["changes"] == [
        {
            "place": "stores.vendor.period",
            "was": "18 months",
            "becomes": "24 months",
            "kind": "longer period",
            "adverse": True,
            "holds_for": "answers from then on",
        }
    ]


def test_the_record_is_written_in_three_forms(tillit, tmp_path):
    code, printed = tillit("policy", "ropa")
    titles, *rows = csv.reader(io.StringIO(printed))
    assert (code, titles[0], len(rows)) == (0, "Controller (a)", 17)
    assert len(json.loads(tillit("policy", "ropa", "--format", "json")[1])) == 17
    assert tillit("policy", "ropa", "--format", "html", "--output", "ropa.html")[0] == 0
    assert "Record of processing activities" in (tmp_path / "ropa.html").read_text("utf-8")


def test_a_packaged_policy_is_copied_to_be_filled_in(tillit, tmp_path):
    code, printed = tillit("policy", "init", "--controller", "xtractor")
    copy = tmp_path / ".tillit" / "policies" / "xtractor.yaml"
    assert (code, copy.read_text("utf-8")) == (0, policy_text("xtractor")), printed
    assert tillit("policy", "check", "--controller", "xtractor")[0] == 4
    copy.write_text(decided_text("xtractor"), "utf-8")
    assert tillit("policy", "explain", "--controller", "xtractor")[0] == 0


def test_a_policy_is_begun_out_of_a_text_and_says_what_is_left(tillit, tmp_path):
    (tmp_path / "published.txt").write_text(TEXT, "utf-8")
    code, printed = tillit("policy", "init", "--text", "published.txt", "--controller", "norrvik")
    assert (code, "18 months, GetFeedback" in printed) == (0, True), printed
    code, printed = tillit("policy", "check", "--controller", "norrvik")
    assert (code, "decisions.D1 is open" in printed) == (4, True), printed
    code, printed = tillit("policy", "init", "--text", "published.txt", "--controller", "norrvik")
    assert (code, "is there already" in printed) == (2, True), printed


INIT = ("init", "--controller", "norrvik")
REFUSED = {
    "a controller that nobody knows": (
        ("check", "--controller", "nobody"),
        2,
        "known: micromedic, sectra, sentera",
    ),
    "a text that is not there": (("check", "--text", "no.txt"), 2, "no.txt cannot be read"),
    "a clause that is not there": (("explain", "SEC-99"), 2, "the policy has no such clause"),
    "a policy file that is not there": (("diff", "sectra", "no.yaml"), 2, "no.yaml cannot be read"),
    "a page that cannot be written": (
        ("explain", "--output", "one.txt/page.html"),
        5,
        "one.txt/page.html cannot be written",
    ),
    "a controller that is a path": (
        ("init", "--text", "x", "--controller", "../x"),
        2,
        "small letters, digits",
    ),
    "a text without a page": (("explain", "--text", "x"), 2, "--text goes with --output"),
    "a text that is empty": (
        (*INIT, "--text", "empty.txt"),
        2,
        "holds no sentence",
    ),
    "a text that is a page": ((*INIT, "--text", "page.html"), 2, "is HTML"),
    "a controller that is packaged": (
        ("init", "--text", "one.txt", "--controller", "sectra"),
        2,
        "there is a policy for sectra",
    ),
    "a controller that is not packaged": (
        ("init", "--controller", "nobody"),
        2,
        "no policy of that name is packaged",
    ),
    "a folder that is a file": (
        (*INIT, "--text", "one.txt", "--output", "one.txt/x"),
        5,
        "cannot be written",
    ),
    "a name of two lines": (
        (*INIT, "--text", "one.txt", "--name", "A\nB"),
        2,
        "a name of one line",
    ),
    "a policy of another kind": (("diff", "sectra", "one.txt"), 4, "one.txt: expected a YAML mapping"),
    "a format that there is not": (("ropa", "--format", "pdf"), 2, "'csv', 'json', 'html'"),
}


@pytest.mark.parametrize(("words", "code", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_done_is_refused_in_words(tillit, tmp_path, words, code, says):
    for name, content in (("empty.txt", ""), ("page.html", "<!DOCTYPE html><p>Hej."), ("one.txt", "Hej då.")):
        (tmp_path / name).write_text(content, "utf-8")
    found, printed = tillit("policy", *words)
    assert (found, says in printed, "hint:" in printed) == (code, True, True), printed


@pytest.mark.parametrize(
    "command", [("check",), ("explain", "--output", "page.html"), ("init", "--controller", "norrvik")]
)
def test_an_export_is_never_taken_for_a_published_text(tillit, tmp_path, command):
    (tmp_path / "export.csv").write_text("Karin Lundgren;Visaren är bra.\n", "utf-8")
    code, printed = tillit("policy", *command, "--text", "export.csv")
    assert (code, "export.csv is data" in printed, "Karin" in printed) == (2, True, False), printed
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


TERMS = {
    "sectra": {
        "llm": "Anthropic (SEC-10)",
        "crm": "Microsoft Dynamics (SEC-07)",
        "vendor": "GetFeedback, 18 months",
    },
    "stratsys": {
        "crm": "HubSpot, told nothing (STR-15)",
        "responses": "Stratsys AB, 12 months",
        "regions": "EEA",
    },
    "sentera": {"llm": "off", "crm": "off"},
    "micromedic": {"proof of identity": "signed request (MIC-02)", "llm": "off"},
    "xtractor": {
        "llm": "off: XTR-01 keeps data within EEA, and Anthropic processes in US",
        "regions": "EEA (XTR-01)",
    },
}


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_the_same_demo_runs_under_each_policy_and_differs_as_it_says(tillit, tmp_path, controller):
    own(tmp_path, controller, decided_text(controller))
    code, printed = tillit("demo", "--controller", controller, "--respondents", "60", "--json")
    found = json.loads(printed)
    assert code == 0
    for term, says in TERMS[controller].items():
        assert found["policy"][term].startswith(says)
    assert found["import"]["new"] > 50
    assert bool(found["crm"]) == (controller == "sectra")
    assert ("Job Title" in found["dropped"]) == (controller != "sectra")
