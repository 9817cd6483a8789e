"""Notes are those of C2SP signed-note: what others have signed opens here, and what is changed does not."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.errors import UsageError, VerificationFailed
from governance.signed_note import VerifierKey, open_note, read_verifier_key, signed_note
from pseudonymize import is_signed

#: The example in the documentation of Go's package golang.org/x/mod/sumdb/note.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_SIGNING_KEY = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLISHED_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
PUBLISHED_NOTE = (
    f"{PUBLISHED_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

PRIVATE = Ed25519PrivateKey.from_private_bytes(base64.b64decode(PUBLISHED_SIGNING_KEY)[1:])
KEY = read_verifier_key(PUBLISHED_KEY)


def opened(note: str, key: VerifierKey = KEY) -> str:
    return open_note(note, key, is_signed)


def signature_of(name: str) -> str:
    """A signature line over the published text, by a key of somebody else."""
    private = Ed25519PrivateKey.generate()
    key = VerifierKey(name, private.public_key().public_bytes_raw())
    return signed_note(PUBLISHED_TEXT, key, private.sign).rpartition("\n\n")[2]


def test_a_note_that_others_published_opens_with_the_key_that_they_published():
    assert opened(PUBLISHED_NOTE) == PUBLISHED_TEXT


def test_signing_the_published_text_with_the_published_key_gives_the_published_note():
    assert signed_note(PUBLISHED_TEXT, KEY, PRIVATE.sign) == PUBLISHED_NOTE


def test_a_verifier_key_is_written_as_others_write_it():
    assert str(VerifierKey("PeterNeumann", PRIVATE.public_key().public_bytes_raw())) == PUBLISHED_KEY


def test_a_text_may_have_empty_lines():
    text = "one\n\ntwo\n"
    assert opened(signed_note(text, KEY, PRIVATE.sign)) == text


def test_signatures_of_other_keys_are_not_looked_at():
    assert opened(PUBLISHED_NOTE + signature_of("witness.example/1")) == PUBLISHED_TEXT
    assert opened(PUBLISHED_NOTE + signature_of("PeterNeumann")) == PUBLISHED_TEXT


def test_a_false_signature_of_a_known_key_refuses_the_note_even_beside_a_right_one():
    other = signed_note("another text\n", KEY, PRIVATE.sign).rpartition("\n\n")[2]
    with pytest.raises(VerificationFailed, match="changed after it was signed"):
        opened(PUBLISHED_NOTE + other)


def test_a_note_that_only_another_key_of_the_same_name_has_signed_is_refused():
    with pytest.raises(VerificationFailed, match="not signed by this key"):
        opened(f"{PUBLISHED_TEXT}\n{signature_of('PeterNeumann')}")


NO_NOTES = {
    "nothing": "",
    "a text without a signature": PUBLISHED_TEXT,
    "a signature without a text": "\n\n" + PUBLISHED_NOTE.rpartition("\n\n")[2],
    "no line break at the end": PUBLISHED_NOTE[:-1],
    "line breaks of Windows": PUBLISHED_NOTE.replace("\n", "\r\n"),
    "a control character": PUBLISHED_NOTE.replace("If", "If\t"),
    "a hyphen in place of the dash": PUBLISHED_NOTE.replace("— ", "- "),
    "a signature that is no Base64": PUBLISHED_NOTE.replace("x08go", "x08g*"),
    "a signature without its padding": PUBLISHED_NOTE.replace("AM=\n", "AM\n"),
    "a signature too short for the id of a key": f"{PUBLISHED_TEXT}\n— PeterNeumann x08g\n",
    "a key without a name": PUBLISHED_NOTE.replace("PeterNeumann", ""),
    "a key with a plus in its name": PUBLISHED_NOTE.replace("PeterNeumann", "Peter+Neumann"),
    "a line that is no signature among the signatures": PUBLISHED_NOTE + "signed by hand\n",
}


@pytest.mark.parametrize("note", NO_NOTES.values(), ids=NO_NOTES.keys())
def test_what_is_written_otherwise_is_no_note(note):
    with pytest.raises(VerificationFailed, match="no signed note"):
        opened(note)


NO_KEYS = {
    "nothing": "",
    "a name alone": "PeterNeumann",
    "another id": PUBLISHED_KEY.replace("c74f20a3", "c74f20a4"),
    "another name": PUBLISHED_KEY.replace("Peter", "Petra"),
    "a space in the name": PUBLISHED_KEY.replace("Peter", "Peter "),
    "a key that is cut off": PUBLISHED_KEY[:-4],
    "another algorithm": PUBLISHED_KEY.replace("+ARpc", "+AhpC"),
    "the signing key in its place": f"PRIVATE+KEY+PeterNeumann+c74f20a3+{PUBLISHED_SIGNING_KEY}",
}


@pytest.mark.parametrize("text", NO_KEYS.values(), ids=NO_KEYS.keys())
def test_what_is_no_verifier_key_is_refused_without_being_repeated(text):
    with pytest.raises(UsageError, match="verifier key is written wrongly") as refused:
        read_verifier_key(text)
    assert not text or text not in f"{refused.value} {refused.value.hint}"
