"""What only people do, and what is said of people: it makes a name of the word before it. Pure."""

import re

from pseudonymize.redaction.lists import alternatives

#: Months and seasons that are given names as well: people where they do what people do.
SEASONS = frozenset(("april", "may", "june", "maj", "summer", "autumn"))
_WORKS = rf"(?:at|from|in|on|i|på|från|hos|fra) (?:{alternatives('departments')})"
_SURELY = re.compile(rf" (?:{alternatives('acts')}|{_WORKS})(?!\w)")
_ACTS = re.compile(rf" (?:{alternatives('acts', 'ways')}|{_WORKS})(?!\w)")

#: What follows a verb or an adjective that begins a sentence: "Pat us on the back", "Frank and honest".
_IS_VERB = re.compile(
    r" (?:the|an?|us|me|it|this|that|these|those|your|our|my|up|out|off|through|down|away|back|of"
    r"|on the|to the|and [a-z]+"
    r"|en|ett|den|det|de|mig|oss|er|in|upp|ut|av|gärna|och [a-zåäö]+)\b"
)


def is_told(text: str, end: int) -> bool:
    """Whether the word before is a verb by which somebody is told to do something, or an adjective."""
    return _IS_VERB.match(text, end) is not None


def acts(text: str, end: int) -> bool:
    """Whether what is said of people, or where somebody works, stands right behind a word."""
    return _ACTS.match(text, end) is not None


def surely_acts(text: str, end: int) -> bool:
    """Whether it is something that only people do."""
    return _SURELY.match(text, end) is not None
