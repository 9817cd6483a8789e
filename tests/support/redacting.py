"""One redactor for all tests of a process: its models take seconds to load."""

import re
from collections.abc import Iterable

from data.records import RedactedText
from pseudonymize.redact import Redactor
from pseudonymize.redaction.people import Answer, WindowNames

REDACTOR = Redactor()
PLACEHOLDER = re.compile(r"<(?:PERSON_\d+|[A-Z]{2,}(?:_[A-Z]+)*|WITHHELD:[a-z]+)>")
_TAG = re.compile(r"</?[a-z][^<>]*>")
_WORD = re.compile(r"\w+")


def redact(
    text: str,
    language: str = "",
    name: str = "",
    addresses: Iterable[str] = (),
    window: Iterable[str] = (),
) -> RedactedText:
    """One text, with what is known of its writer and of the window."""
    answer = Answer(text, language, name, tuple(addresses))
    (found,) = REDACTOR.redact([answer], WindowNames(window))
    return found


def redacted(
    text: str,
    language: str = "",
    name: str = "",
    addresses: Iterable[str] = (),
    window: Iterable[str] = (),
) -> str:
    """What one text becomes."""
    return redact(text, language, name, addresses, window).text


def outside(text: str) -> str:
    """What stands outside the placeholders of a redacted text."""
    return PLACEHOLDER.sub("", text)


def readable(text: str) -> list[str]:
    """The words that can still be read in a redacted text; tags are not read."""
    return _WORD.findall(_TAG.sub("", PLACEHOLDER.sub(" ", text)))
