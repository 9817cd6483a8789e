"""Names by what stands before them: greetings, signatures, titles, "my name is"."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from pseudonymize.redaction.acts import acts
from pseudonymize.redaction.extent import whole_name
from pseudonymize.redaction.layer import Finding, Layer
from pseudonymize.redaction.lists import alternatives, is_ordinary, stay, words
from pseudonymize.redaction.names import is_known_given_name, is_known_surname
from pseudonymize.redaction.reading import Reading, Word

_SLASH = r"(?:^|[\n .!?])(?:/{1,2}|~|--) ?"
_LAST_LINE = r"\n[-–] ?(?=[^\n]{2,40}$)"
_INTRODUCED = re.compile(rf"\b(?:{alternatives('introductions')})[ :]+")
_TITLED = re.compile(rf"\b(?:{alternatives('titles')})\b\.? ?")
_GREETED = re.compile(rf"(?:^|[\n.!?]\s{{0,3}})(?:{alternatives('greetings')})[ ,]{{1,2}}(?=\w)")
_CLOSING = rf"(?:^|[\n.!?,;:)])\s{{0,4}}(?:{alternatives('closings')})[ ,.!:\n\r]{{1,6}}(?:/ ?|- ?|~ ?)?"
_CLOSED = re.compile(rf"(?:{_CLOSING}|{_SLASH}|{_LAST_LINE})(?=\w)")
_SPOKEN = re.compile(rf"\b(?:{alternatives('mentions')})[ ,:]{{1,2}}(?=\w)")
#: Two letters are a name only where somebody is spoken to or of.
_SHORT_NAMES = re.compile(
    r"(?<=\b(?:by|to|av) )(?:Jo|Al|Ed|Bo|Li|Wu|Lo|My|Mo|Di|Ty)(?![\w.-])"
    r"|(?<=\b(?:with|from|till) )(?:Jo|Al|Ed|Bo|Li|Wu|Lo|Mo|Di|Ty)(?![\w.-])"
)
#: "A-L K", "J.P.": somebody by initials alone, in front of what people do or behind what leads to them.
_INITIALS = re.compile(r"(?<![\w.-])(?:[A-ZÅÄÖ]-[A-ZÅÄÖ](?: [A-ZÅÄÖ])?|[A-ZÅÄÖ]\. ?[A-ZÅÄÖ]\.)(?![\w-])")
_LEADS = re.compile(r"(?:\b(?:enligt|av|med|by|with|hos|till|tack|thanks|ask|from|från)|/) ?$")
_NO_INITIALS = frozenset(
    ("a-p", "p-a", "a-v", "i-o", "x-y", "a-b", "t-s", "e.g.", "i.e.", "u.s.", "u.k.", "e. g.", "i. e.")
)
#: What may follow a name that is spoken of, and no noun that the word would belong to.
_ENDS = re.compile(
    r"\s*(?:[,.!?;:)\n]|$)| (?:and|och|from|in|on|for|at|i|på|från|who|som|about|again|twice|\d+)\b"
)
_MOST_AFTER_SIGNATURE = 70
_SHORTEST = 2


class CueLayer(Layer):
    """Greetings, signatures, titles and introductions."""

    def __init__(self) -> None:
        super().__init__("cue", ["PERSON"])

    def may_match(self, reading: Reading) -> bool:
        """Every text may hold a cue."""
        return True

    def find(self, reading: Reading) -> Iterator[Finding]:
        """The name after each cue."""
        lower = reading.lower
        for cue in _INTRODUCED.finditer(lower):
            yield from self._name(reading, cue.end(), certain=True, introduced=True)
        for cue in _TITLED.finditer(lower):
            yield from self._name(reading, cue.end(), certain=True, capitalized=True)
        for cue in _GREETED.finditer(lower):
            yield from self._name(reading, cue.end(), certain=False)
        for cue in _CLOSED.finditer(lower):
            if self._is_end(reading, cue.end()):
                yield from self._name(reading, cue.end(), certain=True)
        for cue in _SPOKEN.finditer(lower):
            yield from self._name(reading, cue.end(), certain=False)
        for short in _SHORT_NAMES.finditer(reading.text):
            yield Finding(*short.span(), "PERSON")
        yield from self._initials(reading)

    def _initials(self, reading: Reading) -> Iterator[Finding]:
        for found in _INITIALS.finditer(reading.text):
            leads = _LEADS.search(reading.lower, max(0, found.start() - 10), found.start())
            if found[0].lower() not in _NO_INITIALS and (leads or acts(reading.lower, found.end())):
                yield Finding(*found.span(), "PERSON")

    def _is_end(self, reading: Reading, at: int) -> bool:
        """Whether a signature stands here: a short line, and little after it."""
        line, _, rest = reading.text[at:].partition("\n")
        line = line.strip(" .,!")
        return len(line) <= 40 and line.count(" ") <= 3 and len(rest) <= _MOST_AFTER_SIGNATURE * 3

    def _name(
        self, reading: Reading, at: int, certain: bool, capitalized: bool = False, introduced: bool = False
    ) -> Iterator[Finding]:
        index = bisect_left(reading.words, at, key=lambda word: word.start)
        if index == len(reading.words):
            return
        word = reading.words[index]
        if word.start - at > 2 or reading.text[at : word.start].strip():
            return
        by_name = introduced and word.folded in words("given_names")
        if by_name or _is_name(reading, word, certain, capitalized):
            yield whole_name(reading, index)


def _stands_alone(reading: Reading, word: Word) -> bool:
    """Whether no noun follows that the word would belong to, but an end or what people do."""
    return _ENDS.match(reading.lower, word.end) is not None or acts(reading.lower, word.end)


def _is_name(reading: Reading, word: Word, certain: bool, capitalized: bool) -> bool:
    folded = word.folded
    if word.text.islower() and folded in words("small_words") and _stands_alone(reading, word):
        return True
    if folded in stay() or not word.text.isalpha() or len(folded) < (1 if capitalized else _SHORTEST):
        return False
    if is_known_given_name(folded):
        return True
    if capitalized and word.capitalized:
        return True
    if word.text.isupper() and not reading.shouts:
        return False
    if not word.capitalized or (reading.shouts and not certain):
        return certain and not capitalized and not is_ordinary(folded)
    listed = folded in words("given_names") or is_known_surname(folded)
    return not is_ordinary(folded) or (certain and listed)
