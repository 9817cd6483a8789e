"""Names by list: given names and surnames that are no ordinary words, or are written as no word would be."""

import re
from collections.abc import Iterator
from functools import cache

from pseudonymize.redaction.acts import SEASONS, acts, is_told, surely_acts
from pseudonymize.redaction.extent import LONGEST_INITIAL, in_list, whole_name
from pseudonymize.redaction.layer import Finding, Layer
from pseudonymize.redaction.lists import is_ordinary, is_word, listed_names, stay, words
from pseudonymize.redaction.names import is_known_given_name, is_known_surname
from pseudonymize.redaction.reading import Reading, Word

_SHORTEST = 3
_SHORTEST_SURNAME = 5
_SWEDISH_ENDS = ("ström", "qvist", "kvist", "stedt", "feldt", "hjelm", "löf", "bäck")
#: Surnames that are known by their form.
_FORM = re.compile(
    r"(?:Mc|Mac|O')[A-Z][a-z]{2,}s?"
    r"|[^\W\d_a-zåäö][^\W\d_]{2,}(?:qvist|kvist|sson|dott[ie]r|dóttir|bäck|gren|ström|stedt|feldt|hjelm|löf"
    r"|wicz|lainen|läinen|kkonen|vić|ović|oğlu|poulos|akis|shvili|enko|ńsk[ia]|czyk)s?"
)


class ListedLayer(Layer):
    """Given names and surnames of many countries, with what stands around them as the rest of a name does."""

    def __init__(self) -> None:
        super().__init__("list", ["PERSON"])

    def may_match(self, reading: Reading) -> bool:
        """Every text has words."""
        return True

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Each word that is somebody's name by the lists, and each initial before a surname."""
        possible, in_small_letters = _possible_names(), _names_in_small_letters()
        for index, word in enumerate(reading.words):
            if not word.capitalized:
                if word.folded in in_small_letters:
                    yield whole_name(reading, index)
            elif word.folded in possible or len(word.text) <= LONGEST_INITIAL:
                if _is_name(reading, index, word):
                    yield whole_name(reading, index)
            elif _FORM.fullmatch(word.text) and not _is_no_surname(word.folded):
                yield whole_name(reading, index)


def _is_no_surname(word: str) -> bool:
    """Whether a word in the form of a surname is another word; the Swedish dictionary has surnames too."""
    return is_ordinary(word) if word.endswith(_SWEDISH_ENDS) else is_word(word)


@cache
def _possible_names() -> frozenset[str]:
    """Every listed name and its genitive: what is not among them needs no closer look."""
    return listed_names() | {f"{name}s" for name in listed_names()}


@cache
def _names_in_small_letters() -> frozenset[str]:
    """Given names, and their genitives, that are nothing else: four letters at least."""
    return frozenset(
        name
        for name in _possible_names() - words("small_words")
        if len(name) > _SHORTEST and is_known_given_name(name)
    )


def _is_name(reading: Reading, index: int, word: Word) -> bool:
    return (
        _is_given_name(reading, word)
        or _is_written_as_name(reading, index, word)
        or _is_initial(reading, index, word)
        or _is_surname(reading, word)
    )


def _is_given_name(reading: Reading, word: Word) -> bool:
    """Three letters make a name; as an abbreviation, four do."""
    as_name = reading.shouts or not word.text.isupper()
    if word.folded in words("small_words") and _is_order(reading, word):
        return False
    return len(word.folded) >= _SHORTEST + (not as_name) and is_known_given_name(word.folded)


def _is_order(reading: Reading, word: Word) -> bool:
    """Whether a verb begins the sentence: "Lance the boil"."""
    text, end = reading.text, word.end
    return reading.begins_sentence(word.start) and is_told(text, end) and not acts(text, end)


def _is_surname(reading: Reading, word: Word) -> bool:
    if reading.shouts or word.text.isupper() or len(word.text) < _SHORTEST_SURNAME:
        return False
    return is_known_surname(word.folded)


def _is_written_as_name(reading: Reading, index: int, word: Word) -> bool:
    """Whether an ordinary word that is a given name is written as one.

    It has a capital letter inside a sentence where others have none, or a surname follows.
    """
    if not in_list(word, "given_names"):
        return False
    if reading.shouts or word.text.isupper():
        return len(word.text) >= _SHORTEST and reading.shouts and _surname_in_capitals(reading, index)
    if word.folded in stay() or word.folded in words("openings"):
        return word.folded in SEASONS and surely_acts(reading.text, word.end)
    if _surname_follows(reading, index) or acts(reading.text, word.end):
        return True
    beside = any(other.capitalized for other in reading.neighbours(index))
    return not (beside or reading.begins_sentence(word.start))


def _surname_in_capitals(reading: Reading, index: int) -> bool:
    if not reading.adjacent(index):
        return False
    following = reading.words[index + 1]
    return in_list(following, "surnames") and not is_ordinary(following.folded)


def _surname_follows(reading: Reading, index: int) -> bool:
    if not reading.adjacent(index):
        return False
    word, following = reading.words[index], reading.words[index + 1]
    if "." in reading.text[word.end : following.start] or not following.capitalized:
        return False
    if following.text.isupper():
        return False
    listed = in_list(following, "surnames") or in_list(following, "given_names")
    return listed or not is_ordinary(following.folded)


def _is_initial(reading: Reading, index: int, word: Word) -> bool:
    """Whether this is the initial in "A. Berg"."""
    if len(word.text) > LONGEST_INITIAL or not word.text.isupper() or not reading.adjacent(index):
        return False
    following = reading.words[index + 1]
    between = reading.text[word.end : following.start]
    return "." in between and following.capitalized and is_known_surname(following.folded)
