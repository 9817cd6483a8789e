"""The record of processing activities says what the policy and the real stores say, and nothing else."""

import csv
import io

import pytest

from flows.inventory import real_tables
from governance.coverage import known_columns
from governance.policy import Policy
from governance.ropa import COLUMNS, as_csv, record_of_processing
from tests.support.policies import CONTROLLERS, decided, edited


def record(policy: Policy) -> list[dict[str, str]]:
    return record_of_processing(policy, known_columns(), real_tables())


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_the_record_holds_every_store_and_recipient_of_the_policy_and_nothing_else(controller):
    policy = decided(controller)
    stores = [row["store"].partition(" ")[0] for row in record(policy)]
    told = [name for name in policy.recipients if name not in policy.stores]
    assert stores == [*policy.stores, *["none" for _ in told]]


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_row_names_the_controller_and_its_contact(controller):
    policy = decided(controller)
    assert {(row["controller"], row["contact"]) for row in record(policy)} == {(policy.name, policy.contact)}


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_row_has_a_purpose_and_its_legal_basis(controller):
    says = {rule.says: rule.basis for rule in decided(controller).purposes.values()}
    for row in record(decided(controller)):
        assert {says[purpose] for purpose in row["purpose"].split("; ")} == set(row["basis"].split("; "))


def test_the_record_names_what_stands_in_the_real_tables():
    rows = {row["store"].partition(" ")[0]: row for row in record(decided("sectra"))}
    assert (
        rows["responses"]["store"]
        == "responses (responses.parquet, response_index, new_pseudonyms, response_files)"
    )
    assert "user.contact.email" in rows["vault"]["data"]
    assert "user.contact.email" not in rows["responses"]["data"]
    assert "ip_address" in rows["vendor"]["data"]
    assert "user.name" in rows["inbox"]["data"]
    assert (
        rows["crm"]["data"] == "system.operations, user.behavior, user.content.survey_score, user.unique_id"
    )


def test_a_change_of_the_policy_is_a_change_of_the_record():
    longer = edited(lambda content: content["stores"]["crm"].update(period="24 months", owner="HubSpot"))
    (row,) = [row for row in record(longer) if row["store"].startswith("crm (")]
    assert (row["owner"], row["erased"]) == (
        "HubSpot (not stated)",
        "delete 24 months after customer ended, 7 years after answered at most",
    )


def test_a_recipient_is_named_where_it_is_told_something_that_stands_there():
    rows = {row["store"].partition(" ")[0]: row["recipients"] for row in record(decided("sectra"))}
    assert [rows[name] for name in ("vault", "responses", "crm")] == [
        "none",
        "Anthropic",
        "Microsoft Dynamics",
    ]


def test_a_transfer_is_told_with_its_safeguard():
    llm = record(decided("sectra"))[-1]
    assert (llm["recipients"], llm["transfers"]) == ("Anthropic", "Anthropic (US) under DPA and SCC")


def test_the_record_as_csv_has_the_columns_of_article_30():
    rows = record(decided("sectra"))
    titles, *read = csv.reader(io.StringIO(as_csv(rows)))
    assert titles == list(COLUMNS.values())
    assert read == [[row[name] for name in COLUMNS] for row in rows]
