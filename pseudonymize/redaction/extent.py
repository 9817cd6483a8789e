"""How far a name goes, once a word is known to belong to one. Pure."""

from pseudonymize.redaction.layer import Finding
from pseudonymize.redaction.lists import is_ordinary, stay, words
from pseudonymize.redaction.names import is_known_given_name, is_known_surname, stems
from pseudonymize.redaction.reading import Reading, Word

LONGEST_INITIAL = 2
_MOST_WORDS = 5
_SHORTEST_IN_CAPITALS = 4
#: "O'Brien", "D'Angelo".
_BEFORE_APOSTROPHE = frozenset("odl")


def whole_name(reading: Reading, index: int, last: int | None = None) -> Finding:
    """The name that the words from `index` to `last` belong to."""
    words_ = reading.words
    end = _last(reading, index if last is None else last)
    return Finding(words_[_first(reading, index)].start, words_[end].end, "PERSON")


def in_list(word: Word, name: str) -> bool:
    """Whether a word, or what it is the genitive of, stands in a list."""
    return any(stem in words(name) for stem in stems(word.folded))


def _first(reading: Reading, index: int) -> int:
    """Where the name begins: "Ing-" in "Ing-Marie", "A." in "A. Karin", "O'" in "O'Brien"."""
    start = index
    while index > 0 and start - index < _MOST_WORDS and reading.adjacent(index - 1):
        if not _belongs_before(reading, index):
            break
        index -= 1
    return index


def _belongs_before(reading: Reading, index: int) -> bool:
    word, before = reading.words[index], reading.words[index - 1]
    between = reading.text[before.end : word.start]
    if not before.text.isalpha():
        return False
    if between == " ":
        return _is_unknown(reading, before) and word.capitalized
    if between == "-":
        return before.capitalized == word.capitalized and before.folded not in stay()
    if between == "'":
        return before.folded in _BEFORE_APOSTROPHE
    return "." in between and len(before.text) <= LONGEST_INITIAL and before.text.isupper()


def _is_unknown(reading: Reading, word: Word) -> bool:
    """Whether a word is written as a name, and is none of those that a text uses otherwise."""
    if not word.capitalized or word.text.isupper() or reading.shouts:
        return False
    return not is_ordinary(word.folded) and word.folded not in words("dictionary_words")


def _last(reading: Reading, end: int) -> int:
    """Where the name ends: after surnames, particles with one, and a genitive's 's."""
    start = end
    while reading.adjacent(end) and end - start < _MOST_WORDS:
        after = _after_particles(reading, end + 1)
        if after > end + 1 and reading.words[after].capitalized:
            end = after
        elif _goes_on(reading, end + 1):
            end += 1
        else:
            break
    return end


def _after_particles(reading: Reading, index: int) -> int:
    """The first word from `index` on that is no particle, where all of them stand beside each other."""
    start = index
    while reading.words[index].folded in words("particles"):
        if not reading.adjacent(index):
            return start
        index += 1
    return index


def _goes_on(reading: Reading, index: int) -> bool:
    word, before = reading.words[index], reading.words[index - 1]
    between = reading.text[before.end : word.start]
    if "." in between and len(before.text) > LONGEST_INITIAL:
        return False  # a new sentence, not an initial
    if between == "'":
        return word.folded == "s" or word.capitalized
    if is_known_surname(word.folded) or is_known_given_name(word.folded):
        return word.capitalized == before.capitalized
    if not word.capitalized or not word.text.isalpha():
        return False
    if reading.shouts:
        return len(word.text) >= _SHORTEST_IN_CAPITALS and not is_ordinary(word.folded)
    return in_list(word, "surnames") or not is_ordinary(word.folded)
