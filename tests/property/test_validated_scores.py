"""A score is the number that somebody gave, on the scale of the question, or it is no score."""

from hypothesis import given
from hypothesis import strategies as st

from pseudonymize.raw import RawResponse
from pseudonymize.validate import Reason, Validator
from tests.support.exports import raw_row, validator

FROM_ONE = validator()
FROM_NOUGHT = validator(("minimum: 1", "minimum: 0"))
DIGITS = st.text("0123456789.,+-− ", max_size=8)


def score(validate: Validator, text: str) -> int | Reason | None:
    found = validate(raw_row(1, score=text))
    return found.score if isinstance(found, RawResponse) else found


@given(
    st.integers(0, 10),
    st.sampled_from(["", ".0", ",0", ".00", ",000"]),
    st.text(" ", max_size=2),
    st.sampled_from([FROM_ONE, FROM_NOUGHT]),
)
def test_a_whole_number_comes_through_as_itself(number, ending, spaces, validate):
    on_scale = number in validate.mapping.survey_scale
    expected = number if on_scale else Reason.SCALE
    assert score(validate, f"{spaces}{number}{ending}{spaces}") == expected


@given(st.integers(-1_000_000, 1_000_000))
def test_a_whole_number_off_the_scale_is_said_to_be_off_the_scale(number):
    expected = number if 1 <= number <= 10 else Reason.SCALE
    assert score(FROM_ONE, str(number)) == expected


@given(st.integers(0, 10), st.integers(1, 99), st.sampled_from(".,"))
def test_a_fraction_is_never_rounded(number, hundredths, mark):
    assert score(FROM_NOUGHT, f"{number}{mark}{hundredths:02}") is Reason.SCORE


@given(DIGITS | st.text(max_size=6))
def test_any_text_is_a_score_that_it_says_or_none(text):
    found = score(FROM_NOUGHT, text)
    if isinstance(found, int):
        assert float(text.strip().replace(",", ".")) == found
        assert 0 <= found <= 10
    elif found is None:
        assert text.strip() == ""
    else:
        assert found in (Reason.SCORE, Reason.SCALE, Reason.CONTROL)
