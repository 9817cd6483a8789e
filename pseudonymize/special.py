"""Special categories (GDPR Art. 9) and patients: what an answer states of one recognisable person. Pure.

In a survey about radiology "cancer screening" and "the patient list" are everyday talk. So a word of a list
counts only where it is said of somebody: the writer, a name that was taken out, a colleague, one patient.

    is      "<PERSON_1> är sjukskriven", "Nu är jag gravid"          after a form of "to be"
    has     "I was treated for cancer", "hon har fått en tumör"      after a form of "to have"
    own     "my illness", "hennes sjukdom"                           after a possessive
    got     "jag fick en diagnos"                                    after a form of "to get", in the past
    beside  "I told the union"                                       near a person
    cause   "Due to illness I could not answer"                      as somebody's reason

Where it is not clear, the answer is flagged: that costs one comment, and a miss somebody's secret.
"""

import re
from collections.abc import Iterator
from functools import cache

from pseudonymize.special_patients import tells_of_patient
from pseudonymize.special_sentences import sentences
from pseudonymize.special_statements import Statement
from pseudonymize.special_words import listed

#: Said of anybody, with a list of words each. The other category is "patient".
_BY_WORDS = ("health", "union", "belief", "politics", "origin", "sexuality")
PATIENT = "patient"
#: How many letters before and after a word can belong to its statement.
_REACH = 400
CATEGORIES = (*_BY_WORDS, PATIENT)


def special_categories(text: str) -> frozenset[str]:
    """The categories of which a redacted text states something about a recognisable person."""
    found: set[str] = set()
    for words in sentences(text):
        if tells_of_patient(words):
            found.add(PATIENT)
        for category, statement in _statements(words):
            if statement.of_somebody:
                found.add(category)
            elif statement.of_a_patient:
                found |= {category, PATIENT}
    return frozenset(found)


def _statements(words: list[str]) -> Iterator[tuple[str, Statement]]:
    line = " ".join(words)
    if not _any().search(line):
        return
    for category, role, pattern in _patterns():
        for match in pattern.finditer(line):
            start, end = match.span()
            before, after = line[max(0, start - _REACH) : start], line[end : end + _REACH]
            yield category, Statement(role, match[0].split(), before.split(), after.split())


@cache
def _patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    return [
        (category, role, _pattern_of(words))
        for category in _BY_WORDS
        for role, words in listed(category).items()
    ]


@cache
def _any() -> re.Pattern[str]:
    """Finds whatever any list holds: most answers hold none of it."""
    return _pattern_of(frozenset().union(*(words for name in _BY_WORDS for words in listed(name).values())))


def _pattern_of(words: frozenset[str]) -> re.Pattern[str]:
    """What finds any of some words or phrases as whole words, the longest first; * is any letters."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    either = "|".join(re.escape(word).replace(r"\*", r"[^\W_]+") for word in longest)
    return re.compile(rf"(?<!\S)(?:{either})(?!\S)")
