"""Every column that is kept, and every field that leaves, is covered by a rule of every policy."""

import pytest

from flows.inventory import real_tables
from governance.coverage import known_columns, uncovered
from governance.policy import load_policy
from pseudonymize.mapping import FIELD_NAMES
from tests.support.policies import CONTROLLERS, decided


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_column_of_every_store_is_covered(controller):
    assert list(uncovered(decided(controller), known_columns(), real_tables())) == []


def test_a_column_without_a_rule_is_found():
    tables = {**real_tables(), "responses.parquet": [*real_tables()["responses.parquet"], "shoe_size"]}
    found = list(uncovered(load_policy("sectra"), known_columns(), tables))
    assert found == [("responses.parquet.shoe_size", "is not in governance/columns.yaml: no rule covers it")]


def test_a_table_without_a_rule_is_found():
    found = list(uncovered(load_policy("sectra"), known_columns(), {**real_tables(), "shoes": ["size"]}))
    assert found == [("shoes", "is not in governance/columns.yaml: say what stands in it")]


def test_a_rule_for_a_table_or_column_that_is_no_more_is_found():
    tables = {name: columns[1:] for name, columns in real_tables().items() if name != "runs"}
    found = dict(uncovered(load_policy("sectra"), known_columns(), tables))
    assert found["runs"] == "is not in the stores: say what stands in it"
    assert found["scores.reference"] == "is not in the store: no rule covers it"


def test_a_field_that_nobody_explains_is_found():
    columns = known_columns()
    table = columns.tables["contacts"]
    strange = table.model_copy(update={"columns": {"reference": frozenset(["shoe_size"])}})
    changed = columns.model_copy(update={"tables": {**columns.tables, "contacts": strange}})
    found = dict(uncovered(load_policy("sectra"), changed, real_tables()))
    assert found["contacts"] == "holds shoe_size, which is no field of governance/columns.yaml"


def test_every_field_that_a_mapping_may_take_is_explained():
    assert set(FIELD_NAMES) <= known_columns().fields
