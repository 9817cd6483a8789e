"""Names by the company they keep: said again in the same text, or in one breath with somebody."""

import re
from collections.abc import Iterator

from pseudonymize.redaction.extent import in_list, whole_name
from pseudonymize.redaction.layer import Finding, Layer
from pseudonymize.redaction.lists import entries, is_ordinary, stay
from pseudonymize.redaction.names import stems
from pseudonymize.redaction.reading import Reading, Word

_PERSON = "PERSON"
_SHORTEST = 3
_IN_ONE_BREATH = re.compile(r"(?:, ?| & |,? (?:and|och|og|samt|eller|or|plus) )", re.IGNORECASE)
#: "Will this be fixed?", "May I ask": a question, and nobody.
_ASKS = re.compile(
    r"(?:will|may|can) (?:this|that|the|these|you|we|it|they|there|be|i|any|anybody|anyone|your|our|my)\b"
)
_NICK_FORMS = frozenset(form for _, forms in entries("nick_forms") for form in forms.split(","))


class CompanyLayer(Layer):
    """Looks at what the layers before it have found."""

    def __init__(self) -> None:
        super().__init__("company", [_PERSON])

    def may_match(self, reading: Reading) -> bool:
        """Only where there is somebody."""
        return any(result.entity_type == _PERSON for result in reading.found)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """The same names again, and other names right beside them."""
        taken = [(r.start, r.end) for r in reading.found if r.entity_type == _PERSON]
        inside = list(inside_of(reading.words, sorted(taken)))
        said = {
            s for word, is_in in zip(reading.words, inside, strict=True) if is_in for s in stems(word.folded)
        }
        for index, word in enumerate(reading.words):
            if not inside[index] and (_is_echo(reading, word, said) or _is_beside(reading, index, inside)):
                yield whole_name(reading, index)


def inside_of(found: list[Word], taken: list[tuple[int, int]]) -> Iterator[bool]:
    """For each word, whether it is part of what is taken already."""
    behind, index = 0, 0
    for word in found:
        while index < len(taken) and taken[index][0] <= word.start:
            behind = max(behind, taken[index][1])
            index += 1
        yield word.start < behind


def _is_echo(reading: Reading, word: Word, said: set[str]) -> bool:
    """Whether a word was said as a name before; an ordinary one may begin a sentence too."""
    if len(word.folded) < _SHORTEST or said.isdisjoint(stems(word.folded)):
        return False
    if not is_ordinary(word.folded):
        return True
    asks = reading.begins_sentence(word.start) and _ASKS.match(reading.lower, word.start)
    return word.capitalized and not asks


def _is_beside(reading: Reading, index: int, inside: list[bool]) -> bool:
    """Whether a possible name stands in a row with a person: "Deb" in "Anna, Deb and Tom"."""
    if not _is_possible(reading, reading.words[index]):
        return False
    return any(inside[other] and _one_breath(reading, index, other) for other in _near(index, len(inside)))


def _near(index: int, count: int) -> Iterator[int]:
    """The words beside one, and those beyond the next one, which may be a conjunction."""
    return (other for other in (index - 2, index - 1, index + 1, index + 2) if 0 <= other < count)


def _one_breath(reading: Reading, index: int, other: int) -> bool:
    first, last = sorted((index, other))
    between = reading.text[reading.words[first].end : reading.words[last].start]
    return _IN_ONE_BREATH.fullmatch(between) is not None


def _is_possible(reading: Reading, word: Word) -> bool:
    if not word.capitalized or not word.text.isalpha() or word.folded in stay():
        return False
    if word.text.isupper() and not reading.shouts:
        return False
    return in_list(word, "given_names") or word.folded in _NICK_FORMS or in_list(word, "surnames")
