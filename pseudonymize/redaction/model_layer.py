"""Names that the models found in a text, less what a look at the words shows to be nobody."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.acts import is_told
from pseudonymize.redaction.layer import Finding, Layer
from pseudonymize.redaction.lists import is_ordinary, is_word, listed_names, words
from pseudonymize.redaction.names import stems
from pseudonymize.redaction.reading import Named, Reading

#: Endings of Swedish, Norwegian and Danish nouns, which a sentence may begin with in any number of compounds.
_NOUN = re.compile(
    r"(?:ning|ingar?|ering|tion|tioner|heter?|arna|erna|orna|ande|svar|larm|lab|vyn|ista|n?et)s?$"
    r"|.{4}(?:(?<!s)en|er|an|ar)s?$"
)
#: Four layers of three words each, and the words before and behind that a decision looks at.
_SEES_WORDS = 8
_SHORTEST, _SHORTEST_HALF = 3, 4
_LETTERS = re.compile(r"[^\W\d_]+")
_ENGLISH = "en"
#: What stands before a name and is none, as far as a model takes it for a part of one.
_RANKS_TEXT = """
    general president senator governor judge justice minister sheikh sheik ayatollah imam rabbi bishop
    ambassador coach sheriff admiral commander secretary representative congressman uncle aunt
"""
_RANKS = frozenset(_RANKS_TEXT.split())
#: "MetLife", "BoSa", but "McAvoy" and "DiMaggio".
_JOINED = re.compile(r"\b(?!(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|St)[A-Z])\w*[a-zåäö][A-ZÅÄÖ]\w*")
_NOBLE = re.compile(r"(?:von|van|af) [A-ZÅÄÖ]")
_CAPITAL = re.compile(r"[ -][A-ZÅÄÖ]")


class ModelLayer(Layer):
    """Takes over what the models found, as far as it is believed."""

    def __init__(self) -> None:
        super().__init__("model", ["PERSON"])

    def may_match(self, reading: Reading) -> bool:
        """Only where a model found somebody."""
        return bool(reading.names)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Each name that the words do not speak against."""
        for name in reading.names:
            start, end = _trimmed(reading.text, name)
            found = reading.text[start:end]
            if _is_believed(reading, name, found) and not _is_beside_placeholder(reading, name):
                yield Finding(start, end, "PERSON")


def _trimmed(text: str, name: Named) -> tuple[int, int]:
    """The range without ordinary words in small letters, and greetings, at its ends."""
    english, parts = name.language == _ENGLISH, list(_LETTERS.finditer(text, name.start, name.end))
    while parts and text[parts[-1].start() - 1] != "-" and _is_no_last([part[0] for part in parts]):
        parts.pop()
    while parts and _is_no_first([part[0] for part in parts], english):
        parts.pop(0)
    return (parts[0].start(), parts[-1].end()) if parts else (name.start, name.start)


def _is_no_last(parts: list[str]) -> bool:
    return _is_no_part(parts[-1]) or _is_added(parts) or parts[-1] in words("particles")


def _is_no_first(parts: list[str], english: bool) -> bool:
    """Whether the first of some words is none of the name; "Big Ray" is what somebody is called."""
    first, second = [*map(str.lower, parts[:2]), ""][:2]
    if first in words("given_names") and second in words("surnames"):
        return False
    byname = english and bool(second) and parts[0].istitle() and parts[1].istitle()
    return (
        _is_no_part(parts[0]) or (_is_only_word(first) and not byname) or (first in _RANKS and bool(second))
    )


def _is_added(parts: list[str]) -> bool:
    """Whether the last of some words is unlisted and in small letters, behind a listed name."""
    last = parts[-1]
    if not last.islower() or last in listed_names() or last in words("particles"):
        return False
    return any(stem in listed_names() for part in parts[:-1] for stem in stems(part.lower()))


def _is_only_word(word: str) -> bool:
    """Whether a word in small letters is an ordinary one, and nobody's name by the lists."""
    return is_ordinary(word) and word not in listed_names()


def _is_no_part(word: str) -> bool:
    folded = word.lower()
    return folded in words("openings") or (
        word.islower() and is_word(word) and word not in words("particles")
    )


def _is_believed(reading: Reading, name: Named, found: str) -> bool:
    """No code with digits, no ordinary word; in small letters only what is on a list."""
    parts = [part for part in _LETTERS.findall(found.lower()) if part not in words("particles")]
    if not parts or any(map(str.isdigit, found)):
        return False
    if name.language == _ENGLISH and words("nordic_words").issuperset(parts):
        return not found.islower()
    if len(parts) > 1 and all(map(is_word, parts)):
        inside = name.language == _ENGLISH and not reading.begins_sentence(name.start)
        return inside and not words("given_names").isdisjoint(parts) and found.istitle()
    if (
        reading.begins_sentence(name.start)
        and all(map(is_ordinary, parts))
        and is_told(reading.text, name.end)
    ):
        return False
    if any(stem in listed_names() for part in parts for stem in stems(part) if len(part) >= _SHORTEST):
        return not (found.islower() and all(map(is_ordinary, parts)))
    return _is_name_of_no_list(reading, name, found, parts)


def _is_name_of_no_list(reading: Reading, name: Named, found: str, parts: list[str]) -> bool:
    """Whether no word speaks against it: an ordinary one, mostly any of a dictionary, or capitals alone.

    A general model that alone takes one unlisted word for a name is wrong more often than right.
    """
    english = name.language == _ENGLISH
    by_place = reading.begins_sentence(name.start) or _CAPITAL.match(reading.text, name.end) is not None
    speaks_against = is_ordinary if english and not by_place else is_word
    if _NOBLE.match(found):
        return True
    if found.islower() or any(map(speaks_against, parts)) or _JOINED.search(found):
        return False
    if found.isupper() and not reading.shouts:
        return False
    if not english and found.isalpha() and (_NOUN.search(parts[0]) or _is_compound(parts[0])):
        return False
    return (
        len(parts) > 1 or not name.doubtful or any(_overlap(name, o) for o in reading.names if not o.doubtful)
    )


def _is_compound(word: str) -> bool:
    """Whether a word is put together from two, as Swedish and German ones are."""
    return any(
        is_word(word[:at]) and (is_word(word[at:]) or (word[at] == "s" and is_word(word[at + 1 :])))
        for at in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
    )


def _is_beside_placeholder(reading: Reading, name: Named) -> bool:
    """Whether a model that sees so far saw a placeholder, where it had seen something else before.

    Farther away it finds what it found before, so that redacting twice is redacting once. What it makes
    of a neighbourhood that has changed is left to a new look at stored answers.
    """
    near = reading.placeholders_near(name.start, name.end)
    between = ((min(name.end, last), max(name.start, first)) for first, last in near)
    return any(reading.text[start:end].count(" ") < _SEES_WORDS for start, end in between)


def _overlap(one: Named, other: Named) -> bool:
    return one.start < other.end and other.start < one.end
