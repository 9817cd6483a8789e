"""A deliberate mistake in a policy is found, each by its own clear message, with what to do about it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from data.errors import PolicyInvalid
from flows.inventory import exists, real_tables
from governance.controls import known_controls
from governance.policy import parse_policy
from governance.policy_check import FORBIDDEN, UNPROVEN, Surroundings, check
from governance.proofs import Proof
from governance.sentences import sentences, text_digest
from tests.support.policies import edited

Edit = Callable[[dict[str, Any]], object]
PROOFS = {test: Proof(True, "", "b", "") for control in known_controls().values() for test in control.tests}
TODAY = date(2026, 11, 1)


def change(place: str, value: Any) -> Edit:
    """Put a value where `place`, words with dots, says; None takes away what stands there."""

    def edit(content: dict[str, Any]) -> None:
        *path, last = place.split("/")
        for word in path:
            content = content[word]
        if value is None:
            del content[last]
        else:
            content[last] = value

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits, one after the other."""
    return lambda content: [edit(content) for edit in edits]


NOT_COMPILED: dict[str, tuple[Edit, str]] = {
    "an unknown word": (
        change("stores/vendor/ägare", "x"),
        "stores.vendor.ägare: unknown word; valid words here",
    ),
    "a missing clock": (change("stores/vendor/clock", None), "stores.vendor.clock: missing"),
    "an unknown clock": (change("cap/clock", "touched"), "cap.clock"),
    "a missing number": (
        change("cap/period", "undecided"),
        "cap.period: SEC-26 does not say; write for example",
    ),
    "a period in words": (
        change("cap/period", "a reasonable time"),
        "cap.period: a period is a number and a unit",
    ),
    "an open conflict": (
        change("decisions/C2/state", "open"),
        "decisions.C2 is open (SEC-06, SEC-08, SEC-26)",
    ),
    "Privacy Shield as a mechanism": (
        change("agreements/transfer/kind", "Privacy Shield"),
        "agreements.transfer.kind: Privacy Shield is no transfer mechanism since 16 July 2020",
    ),
    "an unknown mechanism": (change("agreements/transfer/kind", "promise"), "agreements.transfer.kind"),
    "an agreement that nobody made": (
        change("recipients/llm/agreements", ["handshake"]),
        "recipients.llm.agreements: there is no agreement handshake; known: processing, transfer",
    ),
    "a purpose that nobody declared": (
        change("stores/vault/purpose", "sales"),
        "stores.vault.purpose: there is no purpose sales; known: trends",
    ),
    "a field without a rule": (
        change("recipients/crm/fields", ["score", "phone"]),
        "recipients.crm.fields: there is no field phone; known: response_id",
    ),
    "a clause that does not exist": (change("cap/clause", "SEC-99"), "cap cites SEC-99, which is neither"),
    "a clause that nothing keeps": (
        change("clauses/SEC-07/controls", []),
        "clauses.SEC-07: name controls, or say what is done by_hand, or why it is out_of_scope",
    ),
    "a clause both kept and out of scope": (
        change("clauses/SEC-07/out_of_scope", "not ours"),
        "clauses.SEC-07: name controls",
    ),
    "a feature that nothing keeps in bounds": (
        both(change("clauses/SEC-07/controls", []), change("clauses/SEC-07/by_hand", "we look")),
        "clauses.SEC-07: it allows the crm: name the controls without which it is refused",
    ),
    "a quote that is too long": (
        change("clauses/SEC-07/quote", "word " * 13),
        "clauses.SEC-07: a quote has at most 12 words",
    ),
    "an unknown right": (
        change("rights/oblivion", {"condition": "x", "clause": "SEC-32"}),
        "rights.oblivion",
    ),
    "a threshold without a number": (
        change("own_rules/OWN-05", "Few are not shown."),
        "limits.group_size must name",
    ),
    "runs of Prefect that end as groups": (
        change("stores/prefect/end", "aggregate"),
        "stores.prefect: only answers can end as groups; write end: delete",
    ),
    "another schema": (change("schema", 1), "schema: unknown word; valid words here: 2"),
}


@pytest.mark.parametrize(("edit", "says"), NOT_COMPILED.values(), ids=NOT_COMPILED.keys())
def test_a_mistake_gets_its_own_clear_message(edit, says):
    with pytest.raises(PolicyInvalid) as refusal:
        edited(edit)
    assert says in str(refusal.value)
    assert refusal.value.exit_code == 4
    assert refusal.value.hint


def test_two_maxima_for_one_store_are_refused():
    text = "cap: {period: 7 years, period: 8 years, clock: answered, clause: SEC-26}"
    with pytest.raises(PolicyInvalid, match="'period' stands twice near line 1"):
        parse_policy(text, "twice.yaml")


@pytest.mark.parametrize("deep", ["[" * 200_000, "{a: " * 200_000, "- " * 200_000])
def test_lists_in_lists_without_end_are_refused_and_no_crash(deep):
    with pytest.raises(PolicyInvalid, match="too deep in one another"):
        parse_policy(deep, "deep.yaml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x {b: *x}", "stands in itself near line 1"),
        ("a: 1\nb: &x [*x]", "stands in itself near line 2"),
        ("a: !!timestamp x", "tags .* near line 1"),
        ("a: !!python/object:os.system {}", "tags .* near line 1"),
        ("a: [1, !x 2]", "tags .* near line 1"),
    ],
)
def test_what_no_policy_needs_of_yaml_is_refused(text, says):
    with pytest.raises(PolicyInvalid, match=says):
        parse_policy(text, "odd.yaml")


US = {"regions": ["EEA"], "clause": "SEC-23"}
EXPIRED = {
    "kind": "SCC",
    "clause": "SEC-23",
    "document": "d-1",
    "signed": date(2020, 1, 1),
    "expires": date(2026, 1, 1),
}
FOUND: dict[str, tuple[Edit, int, str, str]] = {
    "an SCC that has expired": (
        change("agreements/transfer", EXPIRED),
        FORBIDDEN,
        "agreements.transfer",
        "expired on 2026-01-01 (SEC-23)",
    ),
    "a recipient abroad without a mechanism": (
        change("recipients/llm/agreements", ["processing"]),
        FORBIDDEN,
        "recipients.llm",
        "is in US without a transfer mechanism (SEC-10): name an agreement of the kind SCC, BCR or adequacy",
    ),
    "a host that is somebody else's": (
        change("recipients/llm/hosts", ["bedrock-runtime.eu-north-1.amazonaws.com"]),
        FORBIDDEN,
        "recipients.llm",
        "is no host of Anthropic; its own: api.anthropic.com",
    ),
    "a recipient outside the regions": (
        both(
            change("regions", US), change("stores/vendor/region", "EEA"), change("stores/crm/region", "EEA")
        ),
        FORBIDDEN,
        "recipients.llm",
        "is in US, and SEC-23 keeps data within EEA",
    ),
    "a store without a rule": (
        change("stores/register", None),
        UNPROVEN,
        "register_entries",
        "the policy has no store 'register'",
    ),
    "a column without a rule": (
        change("stores/responses/fields", ["pseudonym"]),
        UNPROVEN,
        "responses.parquet.comment",
        "holds text, which stores.responses does not allow",
    ),
    "an outgoing field without a rule": (
        change("recipients/crm/fields", ["crm_reference", "cycle", "answered_at"]),
        UNPROVEN,
        "recipients.crm",
        "score tells score, which no rule allows",
    ),
    "a clause with a control that does not exist": (
        change("clauses/SEC-07/controls", ["hope"]),
        UNPROVEN,
        "SEC-07",
        "names the control hope",
    ),
    "a translation that lost a clause": (
        change("translations", {"sv": {"sha256": "0" * 64, "quotes": {"SEC-01": "Sectra AB är"}}}),
        UNPROVEN,
        "SEC-07",
        "has no counterpart in the translation sv",
    ),
}


@pytest.mark.parametrize(("edit", "code", "place", "says"), FOUND.values(), ids=FOUND.keys())
def test_a_mistake_that_compiles_is_found(edit, code, place, says):
    checked = check(edited(edit), Surroundings(real_tables(), exists, PROOFS, "b", TODAY), None)
    assert checked.exit_code == code
    assert [f for f in checked.findings if f.place == place and says in f.says and f.code == code], (
        checked.findings
    )


def test_a_quote_that_the_text_has_not_is_found():
    text = "Sectra AB keeps your answers for ever."
    (sentence,) = sentences(text)

    def edit(content: dict[str, Any]) -> None:
        content["text"] |= {"sha256": text_digest(text), "no_rule": [], "no_rule_from": {}}
        for clause in content["clauses"].values():
            clause["sentences"] = [sentence.hash]

    checked = check(edited(edit), Surroundings(real_tables(), exists, PROOFS, "b", TODAY), text)
    found = [f.place for f in checked.findings if "its quote stands in none" in f.says]
    assert len(found) == 38
    assert checked.exit_code == UNPROVEN
