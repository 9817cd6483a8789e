"""A redacted text as sentences of words in small letters, with a sign for whom redaction took out. Pure."""

import re
from collections.abc import Iterator

from pseudonymize.special_words import listed

#: Somebody whose name or address was taken out; a number or a date of birth that was. Signs that no text has.
NAMED, NUMBERED = "\ue000", "\ue001"

_PLACEHOLDER = re.compile(r"<([A-Z]+(?:_[A-Z]+)*)(?:_\d+)?>(?:['’]?(s)\b)?")
_OURS = str.maketrans(NAMED + NUMBERED, "  ")
_NAMED = frozenset({"PERSON", "EMAIL"})
_NUMBERED = frozenset({"NATIONAL_ID", "PATIENT_ID", "DATE_OF_BIRTH"})
_SHORTENED = {
    re.compile(r"\bp\.\s?g\.\s?a\b\.?", re.IGNORECASE): "pga",
    re.compile(r"\bpat\.", re.IGNORECASE): "patient",
    re.compile(r"\bn[or]\.", re.IGNORECASE): "nr",
}
_RELATIVE = re.compile(r",\s+(?=(?:who|which|som|der)\b)", re.IGNORECASE)
_CONTRACTED = re.compile(r"(?<=\w)(?='(?:m|ve|s|d|ll)\b)", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?…])\s+|\n+|;|[.!?]+$")
_TOKEN = re.compile(rf"[{NAMED}{NUMBERED}]|'?[^\W_]+(?:[-'][^\W_]+)*|[,:()]")
#: The English "I", apart from the Swedish preposition.
_ME = "me"
_AFTER_I = listed("common")["after_i"]


def sentences(text: str) -> Iterator[list[str]]:
    """The words and commas of each sentence, in small letters; names are `NAMED` or `NUMBERED`."""
    marked = _PLACEHOLDER.sub(_mark, text.replace("’", "'").translate(_OURS))
    for short, word in _SHORTENED.items():
        marked = short.sub(word, marked)
    plain = _CONTRACTED.sub(" ", _RELATIVE.sub(" ", marked))
    for sentence in _END.split(plain):
        if words := _TOKEN.findall(sentence):
            yield _words(words)


def _mark(placeholder: re.Match[str]) -> str:
    kind = placeholder[1]
    mark = NAMED if kind in _NAMED else NUMBERED if kind in _NUMBERED else "x"
    genitive = "'s" if placeholder[2] else ""
    return f" {mark} {genitive} "


def _words(words: list[str]) -> list[str]:
    shouts = all(word.isupper() for word in words if word.isalpha())
    small = [word.lower() for word in words]
    following = [*small[1:], ""]
    return [
        _ME if low == "i" and (after in _AFTER_I or (word == "I" and at and not shouts)) else low
        for at, (word, low, after) in enumerate(zip(words, small, following, strict=True))
    ]
