"""A policy beside the published text: every sentence is claimed, or it is listed."""

from typing import Any

import pytest

from governance.policy import Policy
from governance.policy_check import Surroundings, check
from governance.published import claims, differences
from governance.sentences import sentences, short_digest, text_digest
from governance.stated import other_names, other_periods
from tests.support.policies import edited
from tests.unit.test_policy_mistakes import PROOFS, TODAY

TEXT = """Så behandlar vi dina svar
Norrvik AB är personuppgiftsansvarig. Svaren sparas i högst 18 månader, t.ex. i enkätverktyget.
Dina rättigheter
- få tillgång till dina uppgifter
- begära radering
Kontakt
Norrvik AB, Storgatan 1
"""


def policy(text: str = TEXT, **marks: Any) -> Policy:
    """A policy whose clauses SEC-01, SEC-06 and SEC-30 claim sentences 2, 3 and 5 of the text."""
    by_number = {s.number: s for s in sentences(text)}
    quotes = {
        "SEC-01": (2, "Norrvik AB är personuppgiftsansvarig"),
        "SEC-06": (3, "i högst"),
        "SEC-30": (5, "få tillgång"),
    }

    def edit(content: dict[str, Any]) -> None:
        content["text"] |= {"sha256": text_digest(text), "no_rule": [], "no_rule_from": {}, **marks}
        for name, clause in content["clauses"].items():
            number, clause["quote"] = quotes.get(name, quotes["SEC-01"])
            clause["sentences"] = [by_number[number].hash]

    return edited(edit)


def places(found: Policy, text: str = TEXT) -> list[str]:
    return [place for place, _ in differences(found, text)]


HASHES = {s.number: s.hash for s in sentences(TEXT)}


def test_sentences_list_items_and_headings_are_counted():
    found = [(s.text, s.is_heading) for s in sentences(TEXT)]
    assert found[0] == ("Så behandlar vi dina svar", True)
    assert found[2][0] == "Svaren sparas i högst 18 månader, t.ex. i enkätverktyget."
    assert found[4] == ("få tillgång till dina uppgifter", False)
    assert len(found) == 8


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("Svaren", "SVAREN"),
        TEXT.replace(" ", "  "),
        TEXT.replace("\n", "\r\n\r\n"),
        TEXT.replace("- ", "• "),
    ],
)
def test_another_spelling_is_the_same_text(other):
    assert [s.hash for s in sentences(other)] == list(HASHES.values())
    assert text_digest(other) == text_digest(TEXT)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We use tools, e.g. Google. We sell nothing.", 2),
        ("Vi använder verktyg, t.ex. Google. Vi säljer inget.", 2),
        ("Kept for max. 12 months. 30 days later it is gone.", 2),
        ("We keep it. ”We” means Norrvik. Łódź is a town! (See below.) Yes.", 5),
        ("We follow Art. 6 and no. 7.", 1),
    ],
)
def test_a_text_is_cut_where_a_sentence_ends(text, count):
    assert len(sentences(text)) == count, [s.text for s in sentences(text)]


def test_a_number_at_the_beginning_of_a_line_is_part_of_the_text():
    assert text_digest("Kept, in months:\n18. Then deleted.") != text_digest(
        "Kept, in months:\n84. Then deleted."
    )


def test_a_sentence_that_no_clause_claims_is_listed():
    assert places(policy()) == [f"sentence {number}" for number in (1, 4, 6, 7, 8)]


def stretch(first: int, last: int, to: str) -> dict[str, Any]:
    texts = [s.text for s in sentences(TEXT) if first <= s.number <= last]
    return {HASHES[first]: {"to": to, "digest": short_digest(*texts)}}


def test_a_sentence_is_marked_as_no_rule_alone_or_in_a_stretch():
    marked = {"no_rule": [HASHES[1], HASHES[4], HASHES[6]], "no_rule_from": stretch(7, 8, "end")}
    assert places(policy(**marked)) == []
    marked = {"no_rule": [HASHES[1]], "no_rule_from": stretch(4, 6, HASHES[7])}
    assert places(policy(**marked)) == ["sentence 7", "sentence 8"]


def test_a_stretch_that_begins_or_ends_nowhere_silences_nothing():
    found = places(policy(no_rule_from=stretch(4, 6, "s00000000000")))
    assert found == ["text", *[f"sentence {number}" for number in (1, 4, 6, 7, 8)]]


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("Storgatan 1\n", "Storgatan 1\nVi säljer dina svar.\n"),
        TEXT.replace("Kontakt\n", "Kontakt\nVi säljer dina svar.\n"),
        "Kontakt\nVi säljer dina svar.\n" + TEXT,
    ],
    ids=["after it", "within it", "its heading at the top"],
)
def test_a_stretch_in_which_anything_changed_silences_nothing(changed):
    marked = policy(no_rule=[HASHES[1], HASHES[4], HASHES[6]], no_rule_from=stretch(7, 8, "end"))
    holes = [c.sentence.text for c in claims(marked, changed) if c.is_hole]
    assert "Vi säljer dina svar." in holes
    assert any("has changed: look at it again" in says for _, says in differences(marked, changed))


def test_a_change_of_one_word_of_a_sentence_is_found_where_its_quote_still_stands():
    changed = TEXT.replace("t.ex. i enkätverktyget", "om inte annat sägs")
    found = dict(differences(policy(), changed))
    assert "is not the text that the policy was compiled from" in found["text"]
    assert found["SEC-06"] == f"claims sentences that the text has not: {HASHES[3]}"
    assert "sentence 3" in found


def test_a_new_sentence_is_a_hole():
    added = TEXT.replace("Kontakt\n", "Vi säljer dina svar.\nKontakt\n")
    (hole,) = [
        claim.sentence.text
        for claim in claims(policy(), added)
        if claim.is_hole and "säljer" in claim.sentence.text
    ]
    assert hole == "Vi säljer dina svar."


def test_the_quotes_of_a_translation_are_looked_for_in_its_own_text():
    english = "Norrvik AB is the controller. Answers are kept for 18 months at most.\n"
    quotes = dict.fromkeys(policy().clauses, "kept for 18 months") | {"SEC-01": "the processor"}
    translations = {"en": {"sha256": text_digest(english), "quotes": quotes}}
    found = edited(lambda content: content.update(translations=translations))
    assert list(differences(found, english)) == [
        ("SEC-01", "its quote stands in no sentence of the translation en")
    ]


def test_a_translation_is_aligned_clause_by_clause():
    def translated(quotes: dict[str, str]) -> list[str]:
        found = edited(
            lambda content: content.update(translations={"sv": {"sha256": "0" * 64, "quotes": quotes}})
        )
        checked = check(found, Surroundings({}, lambda _: True, PROOFS, "b", TODAY), None)
        return [f"{f.place} {f.says}" for f in checked.findings if "translation" in f.says]

    every = dict.fromkeys(policy().clauses, "som det står")
    assert translated(every) == []
    assert translated({**every, "SEC-99": "nytt"}) == [
        "SEC-99 stands in the translation sv and not in the authoritative text"
    ]
    del every["SEC-08"]
    assert translated(every) == ["SEC-08 has no counterpart in the translation sv"]


def test_a_period_of_the_text_that_no_rule_has_is_found_and_a_rule_that_has_another():
    stated = dict(other_periods(policy(), claims(policy(), TEXT)))
    assert stated == {}
    two_years = TEXT.replace("18 månader", "två år")
    found = policy(two_years)
    assert dict(other_periods(found, claims(found, two_years))) == {
        "sentence 3": "says 2 years, and no rule that cites SEC-06 does",
        "stores.vendor": "has 18 months, and SEC-06 says 2 years",
    }


def test_a_recipient_whom_its_clause_does_not_name_is_found():
    text = TEXT.replace("t.ex. i enkätverktyget", "och Anthropic hjälper till")

    def told(clause: str) -> list[str]:
        found = policy(text)
        llm = found.recipients["llm"].model_copy(update={"clause": clause})
        changed = found.model_copy(update={"recipients": {"llm": llm}})
        return [says for _, says in other_names(changed, claims(changed, text))]

    assert told("SEC-06") == []
    assert told("SEC-01") == ["Anthropic stands in no sentence that SEC-01 claims"]
