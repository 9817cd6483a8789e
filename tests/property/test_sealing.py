"""A sealed value opens with its own key in its own place, and in no other way."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.errors import KeyUnavailable
from pseudonymize.seal import new_key, seal, unseal

KEYS = st.binary(min_size=32, max_size=32)
PLAIN = st.binary(max_size=200)
CONTEXTS = st.lists(st.text(max_size=8), max_size=4)
KEY = new_key()


@given(KEYS, PLAIN, CONTEXTS)
def test_what_was_sealed_is_what_is_opened(key, plain, context):
    assert unseal(key, seal(key, plain, *context), *context) == plain


@given(PLAIN, st.data())
def test_a_single_changed_bit_is_refused(plain, data):
    sealed = bytearray(seal(KEY, plain, "identity"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(KeyUnavailable):
        unseal(KEY, bytes(sealed), "identity")


@given(PLAIN, st.data())
def test_a_value_that_is_cut_off_is_refused(plain, data):
    sealed = seal(KEY, plain, "identity")
    with pytest.raises(KeyUnavailable):
        unseal(KEY, sealed[: data.draw(st.integers(0, len(sealed) - 1))], "identity")


@given(PLAIN, PLAIN.filter(bool))
def test_a_value_with_something_after_it_is_refused(plain, more):
    with pytest.raises(KeyUnavailable):
        unseal(KEY, seal(KEY, plain, "identity") + more, "identity")


@given(KEYS, KEYS, PLAIN)
def test_another_key_is_refused(key, other, plain):
    assume(key != other)
    with pytest.raises(KeyUnavailable):
        unseal(other, seal(key, plain))


@given(CONTEXTS, CONTEXTS, PLAIN)
def test_another_place_is_refused(context, other, plain):
    assume(context != other)
    with pytest.raises(KeyUnavailable):
        unseal(KEY, seal(KEY, plain, *context), *other)


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_two_words_of_a_place_are_not_one_word(one, other):
    sealed = seal(KEY, b"", one, other)
    for context in ([one + other], [other, one, ""], [one, other, ""], [f"{one}, {other}"]):
        with pytest.raises(KeyUnavailable):
            unseal(KEY, sealed, *context)


@given(PLAIN)
def test_the_same_value_is_never_sealed_alike_twice(plain):
    assert seal(KEY, plain) != seal(KEY, plain)


def test_a_refusal_says_what_to_do_and_not_what_was_sealed():
    with pytest.raises(KeyUnavailable) as refusal:
        unseal(new_key(), seal(KEY, b"Anna Svensson"))
    assert "key-encryption key" in refusal.value.hint
    assert refusal.value.__context__ is None
