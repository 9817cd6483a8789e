"""What a new version of a policy changes, and what of it is worse for people."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from governance.policy import load_policy
from governance.policy_diff import Change, changes
from tests.support.policies import edited

OLD = load_policy("sectra")
LLM = {"name": "Other AI", "region": "EEA", "purposes": ["trends"], "fields": ["text"], "clause": "SEC-10"}
WORSE: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "a longer period": (
        lambda c: c["stores"]["vendor"].update(period="2 years"),
        "stores.vendor.period",
        "longer period",
    ),
    "a longer cap": (lambda c: c["cap"].update(period="10 years"), "cap.period", "longer period"),
    "another clock": (
        lambda c: c["cap"].update(clock="customer_ended"),
        "cap.clock",
        "other start of a period",
    ),
    "a new recipient": (
        lambda c: c["recipients"].update(other=LLM),
        "recipients.other",
        "new recipient, or more for one",
    ),
    "more for a recipient": (
        lambda c: c["recipients"]["crm"]["fields"].append("text"),
        "recipients.crm.fields.text",
        "new recipient, or more for one",
    ),
    "another host": (
        lambda c: c["recipients"]["llm"]["hosts"].append("x.se"),
        "recipients.llm.hosts.x.se",
        "new recipient, or more for one",
    ),
    "another region": (
        lambda c: c["recipients"]["crm"].update(region="US"),
        "recipients.crm.region",
        "other region",
    ),
    "an agreement less": (
        lambda c: c["recipients"]["llm"]["agreements"].remove("transfer"),
        "recipients.llm.agreements.transfer",
        "an agreement less",
    ),
    "more data": (
        lambda c: c["fields"].update(phone={"category": "user.contact", "kept": "vault", "clause": "SEC-17"}),
        "fields.phone",
        "more data",
    ),
    "a laxer form": (
        lambda c: c["fields"]["text"].update(kept="responses"),
        "fields.text.kept",
        "laxer form",
    ),
    "a new purpose": (
        lambda c: c["purposes"].update(
            sales={"says": "selling", "swedish": "att sälja", "basis": "consent", "clause": "SEC-18"}
        ),
        "purposes.sales",
        "new purpose",
    ),
    "another basis": (
        lambda c: c["purposes"]["trends"].update(basis="contract"),
        "purposes.trends.basis",
        "other purpose or basis",
    ),
    "fewer rights": (lambda c: c["rights"].pop("erasure"), "rights.erasure", "fewer rights"),
    "a condition": (
        lambda c: c["rights"]["erasure"].update(condition="if we like"),
        "rights.erasure.condition",
        "other condition",
    ),
    "a harder proof": (
        lambda c: c["identity"].update(assurance="signed request"),
        "identity.assurance",
        "harder to ask",
    ),
    "fewer promises": (lambda c: c["clauses"].pop("SEC-21"), "clauses.SEC-21", "fewer promises"),
    "smaller groups": (
        lambda c: c["own_rules"]["OWN-05"].update(number=3),
        "own_rules.OWN-05.number",
        "company's own number",
    ),
    "kept what was withheld": (
        lambda c: c["special_categories"].update(health="keep"),
        "special_categories.health",
        "kept from now on",
    ),
}


def only(found: list[Change], place: str) -> Change:
    (change,) = [change for change in found if change.place == place]
    return change


@pytest.mark.parametrize(("edit", "place", "kind"), WORSE.values(), ids=WORSE.keys())
def test_what_is_worse_for_people_is_adverse(edit, place, kind):
    def without_dangling(content: dict[str, Any]) -> None:
        edit(content)
        for decision in content["decisions"].values():
            decision["clauses"] = [name for name in decision["clauses"] if name in content["clauses"]]

    change = only(changes(OLD, edited(without_dangling)), place)
    assert (change.kind, change.adverse, change.holds_for) == (kind, True, "answers from then on")


BETTER: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "a shorter period": (
        lambda c: c["cap"].update(period="2 years"),
        "cap.period",
        "stricter: shorter period",
    ),
    "days for months": (
        lambda c: c["stores"]["vendor"].update(period="90 days"),
        "stores.vendor.period",
        "stricter: shorter period",
    ),
    "a recipient less": (
        lambda c: c["recipients"].pop("llm"),
        "recipients.llm",
        "stricter: less for a recipient",
    ),
    "less for a recipient": (
        lambda c: c["recipients"]["llm"]["fields"].remove("score"),
        "recipients.llm.fields.score",
        "stricter: less for a recipient",
    ),
    "bound to regions": (
        lambda c: c.update(regions={"regions": ["EEA"], "clause": "SEC-23"}),
        "regions",
        "stricter: bound to regions",
    ),
    "withheld what was kept": (None, "special_categories.union", "stricter: withheld from now on"),
}


@pytest.mark.parametrize(("edit", "place", "kind"), BETTER.values(), ids=BETTER.keys())
def test_what_is_stricter_holds_for_all_answers(edit, place, kind):
    laxer = edited(lambda content: content["special_categories"].update(union="keep"))
    found = changes(OLD, edited(edit)) if edit else changes(laxer, OLD)
    change = only(found, place)
    assert (change.kind, change.adverse, change.holds_for) == (kind, False, "all answers")


def test_the_same_policy_has_no_changes():
    assert changes(OLD, load_policy("sectra")) == []


def test_every_change_is_told_and_the_adverse_ones_first():
    def edit(content: dict[str, Any]) -> None:
        content["published"] = date(2026, 7, 1)
        content["stores"]["vendor"]["owner"] = "SurveyMonkey"
        content["cap"]["period"] = "8 years"
        content["contact"] = "dso@norrvik.se"

    found = changes(OLD, edited(edit))
    assert [(c.place, c.was, c.becomes) for c in found] == [
        ("cap.period", "7 years", "8 years"),
        ("stores.vendor.owner", "GetFeedback", "SurveyMonkey"),
        ("contact", "dpo@sectra.com", "dso@norrvik.se"),
        ("published", "2026-06-04", "2026-07-01"),
    ]


def bound(*regions: str, **exceptions: str) -> Callable[[dict[str, Any]], object]:
    places = {f"recipients.{name}": clause for name, clause in exceptions.items()}
    return lambda c: c.update(regions={"regions": list(regions), "clause": "SEC-23", "exceptions": places})


def test_a_region_or_an_exception_more_is_adverse_and_one_less_is_stricter():
    narrow, wide, excused = (
        edited(bound("EEA")),
        edited(bound("EEA", "US")),
        edited(bound("EEA", llm="SEC-10")),
    )
    assert only(changes(narrow, wide), "regions.regions.US").adverse
    assert only(changes(narrow, excused), "regions.exceptions.recipients.llm").adverse
    assert only(changes(wide, narrow), "regions.regions.US").holds_for == "all answers"
    assert (
        only(changes(excused, narrow), "regions.exceptions.recipients.llm").kind == "stricter: fewer regions"
    )
    assert only(changes(narrow, OLD), "regions").adverse


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("59 days", "2 months", "longer period"),
        ("1 month", "30 days", "longer period"),
        ("12 months", "1 year", None),
        ("62 days", "2 months", "stricter: shorter period"),
        ("365 days", "1 year", "longer period"),
    ],
)
def test_periods_are_compared_from_every_day_of_the_calendar(old, new, kind):
    one = edited(lambda content: content["cap"].update(period=old))
    other = edited(lambda content: content["cap"].update(period=new))
    assert [c.kind for c in changes(one, other) if c.place == "cap.period"] == ([kind] if kind else [])


LOOK_AGAIN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "the recipient's name": (lambda c: c["recipients"]["crm"].update(name="HubSpot"), "recipients.crm.name"),
    "what comes at the end": (
        lambda c: (
            c["stores"].update(aggregates={**c["stores"]["plans"], "fields": ["score"]}),
            c["stores"]["responses"].update(end="anonymise"),
        ),
        "stores.responses.end",
    ),
    "what a purpose says": (lambda c: c["purposes"]["trends"].update(says="selling"), "purposes.trends.says"),
    "the purpose of a store": (
        lambda c: c["stores"]["vault"].update(purpose="relations"),
        "stores.vault.purpose",
    ),
    "what an own rule says": (
        lambda c: c["own_rules"].update({"OWN-07": "All is kept."}),
        "own_rules.OWN-07.says",
    ),
    "which rule is a limit": (lambda c: c["limits"].update(group_size="OWN-06"), "limits.group_size"),
    "the kind of an agreement": (
        lambda c: c["agreements"]["transfer"].update(kind="BCR"),
        "agreements.transfer.kind",
    ),
    "what a clause allows": (lambda c: c["clauses"]["SEC-19"].update(allows="llm"), "clauses.SEC-19.allows"),
    "the reading of a conflict": (
        lambda c: c["decisions"]["C6"].update(reading="Names are sent."),
        "decisions.C6.reading",
    ),
    "a decision less": (lambda c: c["decisions"].pop("C6"), "decisions.C6"),
    "the wording of a promise": (
        lambda c: c["clauses"]["SEC-20"].update(quote="Automated decisions will be made about you"),
        "clauses.SEC-20.quote",
    ),
    "the scale": (lambda c: c["scale"].update(minimum=0), "scale.minimum"),
    "the controller": (lambda c: c.update(name="Other AB"), "name"),
    "a field by the name of a rule": (
        lambda c: c["fields"].update(period={"category": "user", "kept": "vault", "clause": "SEC-17"}),
        "fields.period",
    ),
}


@pytest.mark.parametrize(("edit", "place"), LOOK_AGAIN.values(), ids=LOOK_AGAIN.keys())
def test_what_may_be_worse_for_people_is_adverse_until_somebody_has_looked(edit, place):
    assert only(changes(OLD, edited(edit)), place).adverse
