"""Whether a sentence tells of one patient: with a name or a number, an age, or what became of them. Pure."""

import re
from functools import cache

from pseudonymize.special_sentences import NAMED, NUMBERED
from pseudonymize.special_words import listed

_WORDS = listed("patient")
_COMPOUND = listed("common")["compound"]
_SIGNS = frozenset(",:()")
_NEAR = 6
_KNOWN_WITHIN = 4
_AGE = re.compile(r"\d{1,3}-?(?:årig|åriga|årigt|åring|year-old|yr-old)")
_AGE_IN_WORDS = re.compile(r"(?<!\S)\d{1,3} (?:år gammal|år|years? old|years? of age|year old|yo)(?!\S)")
_EVENT_WITHIN = 3


def tells_of_patient(words: list[str]) -> bool:
    """Whether the sentence holds patient data."""
    patients = [at for at in range(len(words)) if _is_patient(words, at)]
    several = [at for at, word in enumerate(words) if word in _WORDS["some"]]
    return (
        _numbered(words, [*patients, *several])
        or any(_is_named(words, at) for at in patients)
        or _aged(words)
        or any(_something_became_of(words, at) for at in patients)
    )


def _is_patient(words: list[str], at: int) -> bool:
    """One patient: neither "patient list" nor "very patient"."""
    if words[at] not in _WORDS["one"]:
        return False
    before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    if words[at] == "patient" and before in _WORDS["manner"]:
        return after in _WORDS["place"]
    return after not in _COMPOUND or after in _WORDS["number"]


def _numbered(words: list[str], patients: list[int]) -> bool:
    numbers = [at for at, word in enumerate(words) if word == NUMBERED]
    return any(abs(number - at) <= _NEAR for number in numbers for at in patients)


def _is_named(words: list[str], at: int) -> bool:
    """A name beside the patient with nothing between but what introduces it."""
    for name in (n for n, word in enumerate(words) if word == NAMED):
        between = words[min(name, at) + 1 : max(name, at)]
        if len(between) <= _KNOWN_WITHIN and all(w in _WORDS["known"] or w in _SIGNS for w in between):
            return True
    return False


def _aged(words: list[str]) -> bool:
    """Somebody of an age: "en 67-årig man", "patienten, 54 år"."""
    at_words = [at for at, word in enumerate(words) if _AGE.fullmatch(word)]
    if any(_WORDS["human"].intersection(words[max(0, at - 2) : at + 3]) for at in at_words):
        return True
    line = " ".join(words)
    return any(
        _WORDS["human"].intersection(line[: age.start()].split()[-3:] + line[age.end() :].split()[:1])
        for age in _AGE_IN_WORDS.finditer(line)
    )


def _something_became_of(words: list[str], at: int) -> bool:
    return bool(_events().match(" ".join(words[at + 1 :])))


@cache
def _events() -> re.Pattern[str]:
    longest = sorted(_WORDS["event"], key=lambda phrase: (-len(phrase), phrase))
    either = "|".join(map(re.escape, longest))
    return re.compile(rf"(?:\S+ ){{0,{_EVENT_WITHIN}}}?(?:{either})(?!\S)")
