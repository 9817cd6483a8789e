"""A first policy out of a published text: what is found is proposed, and nothing is decided by itself."""

import pytest
import yaml

from data.errors import PolicyInvalid
from governance.draft import draft, proposals
from governance.policy import parse_policy
from tests.unit.test_published import TEXT

ENGLISH = """Privacy
Answers stay in GetFeedback for maximum 18 months. Scores go to Microsoft Dynamics for twelve months.
We use Anthropic Claude under a Data Processing Agreement and Standard Contractual Clauses.
You may object to the processing and file a complaint with the supervisory authority.
Data may be transferred under US Privacy Shield.
Write to privacy@norrvik.se.
"""


def found(text: str) -> dict[str, str]:
    return {proposal.clause: proposal.found for proposal in proposals(text, "norrvik")}


def test_what_an_english_text_promises_is_proposed():
    assert found(ENGLISH) == {
        "NOR-01": "18 months, GetFeedback",
        "NOR-02": "12 months, Microsoft Dynamics",
        "NOR-03": "Anthropic, DPA, SCC",
        "NOR-04": "objection, complaint",
        "NOR-05": "privacy shield",
        "NOR-06": "privacy@norrvik.se",
    }


def test_what_a_swedish_text_promises_is_proposed():
    assert found(TEXT) == {"NOR-01": "", "NOR-02": "18 months", "NOR-03": "access", "NOR-04": "erasure"}


def test_a_proposal_names_controls_that_could_keep_it():
    controls = {proposal.clause: proposal.controls for proposal in proposals(ENGLISH, "norrvik")}
    assert controls["NOR-01"] == ("retention",)
    assert controls["NOR-03"] == ("agreements", "llm-ledger", "llm-payload", "llm-permit")
    assert controls["NOR-04"] == ("suppression", "letters")
    assert controls["NOR-06"] == ("named-controller",)


@pytest.mark.parametrize("text", [TEXT, ENGLISH, "", 'A "quoted" text: with #, {braces} and \\.\n', "Ö"])
def test_a_draft_is_yaml_that_does_not_compile(text):
    written = draft(text, "norrvik", 'Norrvik "Nord" AB')
    assert yaml.safe_load(written)["name"] == 'Norrvik "Nord" AB'
    with pytest.raises(PolicyInvalid, match=r"leaves \d+ to decide") as refusal:
        parse_policy(written, "norrvik.yaml")
    assert "decisions.D1 is open" in str(refusal.value)
    assert "cap.period: the text does not say" in str(refusal.value)


def test_a_draft_holds_no_sentence_whole():
    long = (
        "Answers stay in GetFeedback for 18 months and then they go where all answers go, which is nowhere."
    )
    written = draft(long, "norrvik", "Norrvik AB")
    assert "GetFeedback for 18 months" in written
    assert "which is nowhere" not in written


def test_a_draft_whose_gaps_are_filled_compiles():
    written = draft(ENGLISH, "norrvik", "Norrvik AB")
    for name, value in (
        ("published", "2026-01-01"),
        ("review", "2027-01-01"),
        ("period", "1 year"),
        ("number", "2"),
        ("basis", "consent"),
        ("region", "EEA"),
        ("clause", "OWN-11"),
        ("controls", "[retention]"),
    ):
        written = written.replace(f"{name}: undecided", f"{name}: {value}")
    for share in ("share is refused whole.", "share of a store is asked for again."):
        written = written.replace(f"{share}, number: 2", f"{share}, number: 0.1")
    written = written.replace("undecided", "as decided").replace("state: open", "state: confirmed")
    policy = parse_policy(written, "norrvik.yaml")
    assert policy.recipients["llm"].name == "Anthropic"
    assert policy.recipients["llm"].agreements == {"DPA", "SCC"}
    assert (policy.stores["vendor"].owner, policy.contact) == ("GetFeedback", "privacy@norrvik.se")
