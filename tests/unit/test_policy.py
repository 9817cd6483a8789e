"""A policy that is written wrongly is refused with the place and the valid words."""

from typing import Any

import pytest

from data.errors import PolicyForbids, PolicyInvalid, UsageError
from governance.policy import Policy, load_policy, parse_policy
from governance.yaml_files import read_yaml
from pseudonymize.mapping import Mapping, check_against_policy
from tests.support.exports import mapping_text
from tests.support.policies import edited, policy_text

TEXT = policy_text()


def policy(*changes: tuple[str, str]) -> Policy:
    text = TEXT
    for old, new in changes:
        assert old in text, f"the policy has no {old!r}"
        text = text.replace(old, new, 1)
    return parse_policy(text, "norrvik.yaml")


MISTAKES = {
    "an unknown word": ("contact:", "kontakt:", ("kontakt: unknown word", "contact: missing")),
    "an unknown word in a store": ("owner: GetFeedback", "ägare: GetFeedback", ("stores.vendor", "owner")),
    "an unknown clock": ("clock: customer_ended", "clock: slut", ("stores.crm.clock", "customer_ended")),
    "a period without a unit": ("period: 18 months", "period: 18", ("stores.vendor.period", '"18 months"')),
    "a period in Swedish": ("period: 18 months", "period: 18 månader", ("stores.vendor.period", "18 months")),
    "a form that we do not know": ("kept: redacted", "kept: anonymised", ("fields.text.kept", "'redacted'")),
    "a clause that is not there": (
        "clause: SEC-06}",
        "clause: SEC-99}",
        ("cites SEC-99", "fields.response_id"),
    ),
    "a cap that cites nothing": (
        "cap: {period: 7 years, clock: answered, clause: SEC-26}",
        "cap: {period: 7 years, clock: answered, clause: OWN-99}",
        ("cap cites OWN-99",),
    ),
    "a limit without a number": (
        "bad_share: OWN-03",
        "bad_share: OWN-01",
        ("limits.bad_share", "has a number"),
    ),
    "a limit that is not there": (", group_size: OWN-05", "", ("limits.group_size",)),
    "an unknown limit": ("group_size: OWN-05", "group_size: OWN-05, tak: OWN-05", ("limits.tak",)),
    "an unknown special category": (
        "{health: withhold",
        "{gender: withhold, health: withhold",
        ("special_categories.gender: unknown word", "belief, clause, health, origin, patient, politics"),
    ),
    "a special category left out": ("{health: withhold, ", "{", ("special_categories.health: missing",)),
    "another handling of a special category": (
        "{health: withhold",
        "{health: mask",
        ("special_categories.health", "'withhold' or 'keep'"),
    ),
    "special categories that cite nothing": (
        "clause: OWN-07}",
        "clause: OWN-99}",
        ("special_categories cites OWN-99",),
    ),
    "a number below nought": ("number: 0.05", "number: -1", ("own_rules.OWN-03.number",)),
    "a controller that is a path": ("controller: sectra", "controller: ../sectra", ("controller",)),
    "another schema": ("schema: 2", "schema: 1", ("schema",)),
    "a word that stands twice": ("name: Sectra AB", "contact: a@norrvik.se", ("stands twice",)),
    "a bracket that stays open": ("[crm_reference, score", "[[crm_reference, score", ("not valid YAML",)),
    "a day that does not exist": ("published: 2026-06-04", "published: 2026-06-31", ("date",)),
    "a day in words": ("published: 2026-06-04", "published: i juni", ("published",)),
    "a scale beyond ten": ("maximum: 10", "maximum: 100", ("scale",)),
    "a scale upside down": ("{minimum: 1, maximum: 10", "{minimum: 10, maximum: 1", ("scale",)),
    "a period of more years than there are": ("period: 7 years", "period: 9999 years", ("cap.period",)),
}


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_a_policy_is_refused_with_its_place(old, new, says):
    with pytest.raises(PolicyInvalid) as refusal:
        policy((old, new))
    assert str(refusal.value).startswith("norrvik.yaml: ")
    assert [part for part in says if part not in str(refusal.value)] == [], refusal.value


@pytest.mark.parametrize("text", ["", "- a\n- b", "Sectra AB", "42", "\ufeff", "{}"])
def test_a_file_that_is_no_policy_is_refused(text):
    with pytest.raises(PolicyInvalid, match=r"norrvik\.yaml"):
        parse_policy(text, "norrvik.yaml")


def test_every_mistake_is_told_at_once():
    with pytest.raises(PolicyInvalid) as refusal:
        policy(("contact:", "kontakt:"), ("period: 18 months", "period: 18"), ("schema: 2", "schema: 1"))
    assert str(refusal.value).count(";") >= 3


@pytest.mark.parametrize("controller", ["norrvik", "", "../sectra", "sectra.yaml", "SECTRA", "sectra\n"])
def test_a_controller_without_a_policy_is_refused_with_the_known_ones(controller):
    with pytest.raises(UsageError, match="known: micromedic, sectra, sentera"):
        load_policy(controller)


def test_the_version_of_a_policy_is_its_date_and_changes_with_any_letter_of_it():
    one, other = policy(), policy(("trends in satisfaction", "trends over time"))
    assert one.version.startswith("2026-06-04+")
    assert one.version != other.version
    assert one.version == load_policy("sectra").version == policy().version


def test_a_policy_cannot_be_changed_after_it_was_read():
    with pytest.raises(ValueError, match="frozen"):
        policy().controller = "norrvik"


def test_the_limits_of_the_company_are_numbers():
    assert [policy().limit(name) for name in ("bad_share", "bad_rows", "text_length", "group_size")] == [
        0.05,
        5,
        20_000,
        10,
    ]


def test_the_special_categories_that_are_withheld_are_those_that_the_policy_says():
    kept = policy(("{health: withhold", "{health: keep"), ("union: withhold", "union: keep"))
    assert kept.special_categories.withheld == {"belief", "politics", "origin", "sexuality", "patient"}
    assert kept.own_rules[kept.special_categories.clause].says


def mapping(*changes: tuple[str, str]) -> Mapping:
    return read_yaml(mapping_text(*changes), "mapping.yaml", Mapping)


def without_field(name: str) -> Policy:
    def edit(content: dict[str, Any]) -> None:
        del content["fields"][name]
        for rule in (*content["stores"].values(), *content["recipients"].values()):
            rule["fields"] = [field for field in rule["fields"] if field != name]

    return edited(edit)


@pytest.mark.parametrize("name", ["country", "email", "text", "cycle"])
def test_a_field_that_the_policy_does_not_name_cannot_be_taken(name):
    with pytest.raises(PolicyForbids, match=f"does not allow the field {name}") as refusal:
        check_against_policy(mapping(), without_field(name))
    assert "drop" in refusal.value.hint


def test_a_field_that_the_mapping_does_not_take_need_not_be_named():
    dropped = (("  country: Country\n", ""), ("[IP Address]", "[IP Address, Country]"))
    assert check_against_policy(mapping(*dropped), without_field("country")) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  country:       {category: user.contact.address.country, kept: category", "kept: responses"),
        ("  text:          {category: user.content.survey_answer, kept: redacted", "kept: responses"),
        ("  email:         {category: user.contact.email, kept: vault", "kept: responses"),
    ],
)
def test_a_field_is_kept_in_the_form_that_the_policy_says_or_not_at_all(old, new):
    changed = policy((old, old.rsplit("kept:", 1)[0] + new))
    with pytest.raises(PolicyForbids, match="wants"):
        check_against_policy(mapping(), changed)


@pytest.mark.parametrize("scale", ["{minimum: 0, maximum: 10}", "{minimum: 1, maximum: 5}"])
def test_another_scale_than_the_policys_is_forbidden(scale):
    with pytest.raises(PolicyForbids, match="1-10"):
        check_against_policy(mapping(("{minimum: 1, maximum: 10}", scale)), policy())
