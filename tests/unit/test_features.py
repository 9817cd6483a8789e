"""What a policy allows at all: the CRM and the LLM are refused with the clause, or allowed."""

from datetime import date
from typing import Any

import pytest

from data.errors import PolicyForbids
from governance.features import check_allowed, reasons_against
from governance.policy import load_policy
from governance.transfers import transfer_problems
from tests.support.policies import decided, edited

TODAY = date(2026, 11, 1)
ON_FILE = {"document": "contract 17", "signed": date(2026, 1, 1)}


def signed(**changes: Any):
    def edit(content: dict[str, Any]) -> None:
        for agreement in content["agreements"].values():
            agreement.update({**ON_FILE, **changes})

    return edited(edit)


def test_a_feature_without_a_recipient_is_refused():
    policy = edited(lambda content: content["recipients"].pop("crm"))
    with pytest.raises(PolicyForbids, match="does not allow the crm: no clause names a recipient for it"):
        check_allowed(policy, "crm", TODAY)


def test_a_feature_is_refused_while_a_control_that_its_clauses_need_does_not_exist():
    with pytest.raises(PolicyForbids, match="SEC-10 waits for llm-permit"):
        check_allowed(signed(), "llm", TODAY)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"document": ""}, "SEC-11: processing is not on file"),
        ({"signed": date(2027, 1, 1)}, "SEC-23: transfer is not in force yet"),
        ({"expires": date(2026, 10, 31)}, "SEC-23: transfer has expired"),
    ],
)
def test_an_agreement_that_is_not_in_force_refuses_the_feature(changes, says):
    assert says in list(reasons_against(signed(**changes), "llm", TODAY))


def test_an_agreement_is_in_force_from_its_first_day_to_its_last():
    policy = signed(signed=TODAY, expires=TODAY)
    assert not [
        reason
        for reason in reasons_against(policy, "llm", TODAY)
        if "processing" in reason or "transfer" in reason
    ]


def test_a_feature_that_no_clause_allows_is_refused():
    with pytest.raises(PolicyForbids, match="SEC-07 does not allow it"):
        check_allowed(edited(lambda content: content["clauses"]["SEC-07"].pop("allows")), "crm", TODAY)


@pytest.mark.parametrize("control", ["scores-only", "agreements", "llm-payload"])
def test_no_other_control_stands_in_for_the_ones_that_a_feature_needs(control):
    def edit(content: dict[str, Any]) -> None:
        for clause in content["clauses"].values():
            if "allows" in clause:
                clause["controls"] = ["closed-fields"]

    feature = "crm" if control == "scores-only" else "llm"
    assert f"no clause that allows it names the control {control}" in list(
        reasons_against(edited(edit), feature, TODAY)
    )


LLM_MISTAKES = {
    "nobody knows": (
        {"name": "Anthropic Claude"},
        "SEC-10 names no processor with its own hosts; known: Anthropic",
    ),
    "without a host": ({"hosts": []}, "SEC-10 names no processor with its own hosts; known: Anthropic"),
    "said to be elsewhere": ({"region": "EEA"}, "Anthropic processes in US, not in EEA"),
    "without an agreement": (
        {"agreements": ["transfer"]},
        "Anthropic has no processing agreement (DPA, GDPR Art. 28(3))",
    ),
    "told nothing": ({"fields": []}, "Anthropic is told nothing (SEC-10)"),
    "for no purpose": ({"purposes": []}, "Anthropic is told nothing (SEC-10)"),
    "by another clause": ({"clause": "SEC-19"}, "SEC-19 does not allow it"),
}


@pytest.mark.parametrize(("changes", "says"), LLM_MISTAKES.values(), ids=LLM_MISTAKES.keys())
def test_a_processor_is_refused(changes, says):
    policy = edited(lambda content: content["recipients"]["llm"].update(changes))
    assert says in list(reasons_against(policy, "llm", TODAY))


def test_a_country_of_the_eea_is_within_it():
    def edit(content: dict[str, Any]) -> None:
        content["regions"] = {
            "regions": ["EEA"],
            "exceptions": {"recipients.llm": "SEC-10"},
            "clause": "SEC-23",
        }
        for rule in (*content["stores"].values(), content["recipients"]["crm"]):
            rule["region"] = "SE"

    assert list(transfer_problems(edited(edit), TODAY)) == []


def test_a_store_abroad_needs_a_safeguard_with_its_owner():
    abroad = edited(lambda content: content["stores"]["vendor"].update(region="US"))
    assert [place for place, _ in transfer_problems(abroad, TODAY)] == ["stores.vendor"]
    safe = edited(lambda content: content["stores"]["vendor"].update(region="US", owner="Anthropic"))
    assert list(transfer_problems(safe, TODAY)) == []


def test_a_control_that_nobody_has_heard_of_refuses_what_its_clause_allows():
    with pytest.raises(PolicyForbids, match="SEC-07 waits for hope"):
        check_allowed(
            edited(lambda content: content["clauses"]["SEC-07"].update(controls=["hope"])), "crm", TODAY
        )


def test_a_recipient_in_the_wrong_place_is_told_nothing():
    abroad = edited(lambda content: content["recipients"]["crm"].update(region="US"))
    with pytest.raises(PolicyForbids, match="is in US without a transfer mechanism"):
        check_allowed(abroad, "crm", TODAY)


def test_the_crm_of_the_packaged_policy_is_allowed():
    assert check_allowed(load_policy("sectra"), "crm", TODAY) is None


def test_under_a_policy_that_keeps_data_within_the_eea_the_llm_is_off():
    with pytest.raises(PolicyForbids, match="XTR-01 keeps data within EEA, and Anthropic processes in US"):
        check_allowed(decided("xtractor"), "llm", TODAY)


def test_what_stands_outside_the_regions_is_found():
    policy = edited(
        lambda content: content.update(
            regions={"regions": ["EEA"], "exceptions": {"recipients.llm": "SEC-10"}, "clause": "SEC-23"}
        )
    )
    assert {place for place, _ in transfer_problems(policy, TODAY)} == {
        "stores.vendor",
        "stores.crm",
        "recipients.crm",
    }
