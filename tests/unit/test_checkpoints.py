"""A checkpoint says of which log, how many entries and which root; nothing in a signed one can be changed."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from data.errors import VerificationFailed
from governance.checkpoints import Checkpoint, compare, open_checkpoint, read_checkpoint, roots
from governance.signed_note import VerifierKey, signed_note
from pseudonymize import is_signed

#: The example in C2SP tlog-checkpoint.
PUBLISHED = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

PRIVATE = Ed25519PrivateKey.generate()
KEY = VerifierKey("tillit/0123456789abcdef", PRIVATE.public_key().public_bytes_raw())
LEAVES = [b"%d" % number for number in range(20)]


def checkpoint(size: int, leaves: list[bytes] = LEAVES, origin: str = KEY.name) -> Checkpoint:
    return Checkpoint(origin, size, roots(leaves[:size])[size])


def note(of: Checkpoint) -> str:
    return signed_note(of.text, KEY, PRIVATE.sign)


def test_a_published_checkpoint_is_read_and_written_again_to_the_letter():
    found = read_checkpoint(PUBLISHED)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert found.text == PUBLISHED


@pytest.mark.parametrize("size", [0, 1, 7, 20])
def test_a_signed_checkpoint_opens_as_what_it_was(size):
    assert open_checkpoint(note(checkpoint(size)), KEY, is_signed) == checkpoint(size)


@given(st.data())
def test_no_letter_of_a_signed_checkpoint_can_be_changed(data):
    right = note(checkpoint(7))
    place = data.draw(st.integers(0, len(right) - 1))
    letter = data.draw(st.sampled_from(sorted(set(right) | {" ", "\r", "0", "A", "+"})))
    assume(letter != right[place])
    with pytest.raises(VerificationFailed):
        open_checkpoint(right[:place] + letter + right[place + 1 :], KEY, is_signed)


def test_a_checkpoint_of_another_log_is_refused_even_with_the_same_key():
    with pytest.raises(VerificationFailed, match="another log"):
        open_checkpoint(note(checkpoint(7, origin="tillit/another")), KEY, is_signed)


NO_CHECKPOINTS = {
    "no size": PUBLISHED.replace("20852163\n", ""),
    "a size with a zero before it": PUBLISHED.replace("2085", "02085"),
    "a negative size": PUBLISHED.replace("2085", "-2085"),
    "a size in other digits": PUBLISHED.replace("20852163", "٢٠"),
    "a root that is too short": PUBLISHED.replace("CsUY", ""),
    "no origin": PUBLISHED.replace("example.com/behind-the-sofa", ""),
    "another line": PUBLISHED + "more\n",
    "an empty line at the end": PUBLISHED + "\n",
    "a size that no log reaches": PUBLISHED.replace("2085", "2085" * 2000),
    "nothing": "",
}


@pytest.mark.parametrize("text", NO_CHECKPOINTS.values(), ids=NO_CHECKPOINTS.keys())
def test_what_is_written_otherwise_is_no_checkpoint(text):
    with pytest.raises(VerificationFailed, match="no checkpoint"):
        read_checkpoint(text)


@given(st.sets(st.integers(0, len(LEAVES))))
def test_a_log_that_has_only_grown_agrees_with_all_its_checkpoints(sizes):
    compare(roots(LEAVES, sizes), {str(size): checkpoint(size) for size in sizes})


def test_a_log_that_has_become_shorter_is_told_with_both_lengths():
    with pytest.raises(VerificationFailed, match=r"ends at entry 12, and the checkpoint monday covers 15"):
        compare(roots(LEAVES[:12], {15}), {"monday": checkpoint(15)})


def test_the_first_checkpoint_that_does_not_agree_is_told_with_how_far_the_log_still_is_what_it_was():
    changed = [*LEAVES[:9], b"forged", *LEAVES[10:]]
    given_ones = {name: checkpoint(size) for name, size in (("sunday", 15), ("friday", 5), ("saturday", 12))}
    with pytest.raises(VerificationFailed, match=r"first 12 .* checkpoint saturday; the first 5 still are"):
        compare(roots(changed, {5, 12, 15}), given_ones)
