"""The records that leave the raw room can say what they are for, and nothing else."""

import dataclasses
from datetime import UTC, date, datetime

import pytest

from data.records import CrmReference, Pseudonym, RedactedText, Scale, ScoreRecord, SurveyCycle, is_label

FROM_ONE = Scale(1, 10)
CYCLE = SurveyCycle("csat", "2026-Q3")
REFERENCE = CrmReference("c0ffee00-0000")
DAY = date(2026, 9, 1)

NO_REFERENCES = [
    "",
    " ",
    "Anna Svensson",
    "anna@norrvik.se",
    "Åsa",
    "c0ffee_00",
    "{c0ffee}",
    "c0ffee\n",
    "070-174 06 05",
    "c" * 65,
    "ｃ0ffee",
]


@pytest.mark.parametrize("text", NO_REFERENCES)
def test_what_could_name_somebody_is_no_crm_reference(text):
    with pytest.raises(ValueError, match="letters, digits and dashes") as refusal:
        CrmReference(text)
    assert not text.strip() or text not in str(refusal.value)


@pytest.mark.parametrize("text", ["1", "c0ffee00-0000-0000-0000-000000000001", "A1" * 32])
def test_an_opaque_id_is_a_crm_reference_that_does_not_show_itself(text):
    assert CrmReference(text).value == text
    assert text not in repr(CrmReference(text)).removeprefix("CrmReference")


@pytest.mark.parametrize("score", [0, 11, -1, 9.0, "9", None, True])
def test_a_score_that_is_no_whole_number_on_its_scale_cannot_be_sent(score):
    with pytest.raises(ValueError, match="outside its scale"):
        ScoreRecord(REFERENCE, score, FROM_ONE, CYCLE, DAY)


@pytest.mark.parametrize("scale", [Scale(0, 10), Scale(1, 10)])
def test_every_score_on_its_scale_can_be_sent(scale):
    for score in range(scale.minimum, scale.maximum + 1):
        assert ScoreRecord(REFERENCE, score, scale, CYCLE, DAY).score == score


def test_a_score_record_has_a_reference_a_score_a_scale_a_cycle_and_a_date_and_nothing_else():
    names = [field.name for field in dataclasses.fields(ScoreRecord)]
    assert names == ["reference", "score", "scale", "cycle", "answered_on"]
    record = ScoreRecord(REFERENCE, 9, FROM_ONE, CYCLE, DAY)
    with pytest.raises((AttributeError, TypeError)):
        record.name = "Anna"
    with pytest.raises(TypeError):
        ScoreRecord(REFERENCE, 9, FROM_ONE, CYCLE, DAY, "Anna")
    with pytest.raises(TypeError):
        ScoreRecord(REFERENCE, 9, FROM_ONE, CYCLE, DAY, comment="bra")


@pytest.mark.parametrize("field", ["reference", "scale", "cycle", "answered_on"])
@pytest.mark.parametrize("value", ["Anna Svensson", "anna@norrvik.se", None])
def test_no_field_of_a_score_record_takes_a_free_text(field, value):
    fields = {"reference": REFERENCE, "score": 9, "scale": FROM_ONE, "cycle": CYCLE, "answered_on": DAY}
    with pytest.raises((TypeError, ValueError, AttributeError)):
        ScoreRecord(**{**fields, field: value})


def test_a_score_record_takes_a_day_and_not_a_moment():
    with pytest.raises((TypeError, ValueError)):
        ScoreRecord(REFERENCE, 9, FROM_ONE, CYCLE, datetime(2026, 9, 1, 10, 31, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "../x", "a/b", "våren", "a b", "-a", ".a", "x" * 41, "a\n", "a@b.se"])
def test_what_is_no_label_names_no_survey_and_no_cycle(text):
    assert not is_label(text)
    with pytest.raises(ValueError, match="labels"):
        SurveyCycle(text, "2026")
    with pytest.raises(ValueError, match="labels"):
        SurveyCycle("csat", text)


@pytest.mark.parametrize("text", ["2026-Q3", "csat", "v1.2_b", "9", "x" * 40])
def test_labels(text):
    assert is_label(text)


@pytest.mark.parametrize(("minimum", "maximum"), [(-1, 10), (0, 11), (5, 5), (10, 1)])
def test_a_scale_runs_upwards_within_nought_and_ten(minimum, maximum):
    with pytest.raises(ValueError, match="from 0 or more to 10 or less"):
        Scale(minimum, maximum)


@pytest.mark.parametrize("value", ["", "a" * 63, "A" * 64, "g" * 64, "anna@norrvik.se", "a" * 64 + "\n"])
def test_a_pseudonym_is_a_digest_and_nothing_else(value):
    with pytest.raises(ValueError, match="64 lower-case hex digits"):
        Pseudonym(value, 1)


def test_a_pseudonym_and_a_text_are_not_shown_whole():
    assert "ab" * 32 not in repr(Pseudonym("ab" * 32, 1))
    assert "nöjd" not in repr(RedactedText("nöjd", "sv", "test", {}))
