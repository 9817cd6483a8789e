"""Which language an answer is written in, sentence by sentence where they mix; unsure is an answer too."""

import re
import unicodedata
from functools import cache

import py3langid.langid as langid

from pseudonymize.redaction.lists import entries, is_ordinary
from pseudonymize.redaction.plain import PLACEHOLDER

#: No language could be told.
UNDETERMINED = "und"

_CANDIDATES = ("da", "de", "en", "es", "fi", "fr", "it", "nb", "nl", "nn", "no", "pl", "pt", "sv")
_SURE = 0.5
_VERY_SURE = 0.97
_SAME = {"nb": "no", "nn": "no"}
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
#: Addresses, links and placeholders are words of no language.
_ADDRESS = re.compile(rf"\S{{1,80}}@\S{{1,80}}|(?:https?://|www\.)\S{{1,300}}|{PLACEHOLDER.pattern}")
_WORD = re.compile(r"[^\W\d_]+")
_LONG_SENTENCE = 6
_FEW = 2
_SHORT = 5
_MOSTLY = 0.6


@cache
def _identifier() -> "langid.LanguageIdentifier":
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in _CANDIDATES if code in identifier.labels])
    return identifier


def language_of(text: str, declared: str, covered: frozenset[str]) -> str:
    """The ISO 639-1 code of a text, "und" where it cannot be told.

    A clear finding outweighs what the export declares, since a survey page in English is often
    answered in Swedish. Where nothing is clear, finding and declaration must agree. A short text that
    seems to be in a language outside `covered`, but is made of words of ours, is undetermined.
    """
    if not in_latin_letters(text):
        return UNDETERMINED
    text = _ADDRESS.sub(" ", text)
    code, sureness = _classify(text)
    declared = declared.strip().lower()[:2]
    if code not in covered and code != declared and _ours(text):
        return declared if declared in covered else UNDETERMINED
    return code if sureness >= _SURE or code == declared else UNDETERMINED


def sentences_of(text: str, language: str) -> list[tuple[int, int, str]]:
    """Start, end and language of the stretches of a text: a long sentence may clearly be in another."""
    if not _mixed(text, language):
        return [(0, len(text), language)]
    stretches: list[tuple[int, int, str]] = []
    current, end = language, 0
    for sentence in _SENTENCE.finditer(text):
        own = _clearly(sentence[0]) or current
        if own != current and end:
            stretches.append((stretches[-1][1] if stretches else 0, end, current))
        current, end = own, sentence.end()
    return [*stretches, (stretches[-1][1] if stretches else 0, len(text), current)]


def _mixed(text: str, language: str) -> bool:
    """A cheap look: whether there are little words of a language other than that of the text."""
    found = set(_WORD.findall(text.lower()))
    return any(
        len(found & little) >= _FEW for code, little in _little_words().items() if language not in code
    )


@cache
def _little_words() -> dict[str, frozenset[str]]:
    """The commonest words of each group of languages, less those that another has as well."""
    every = {codes: frozenset(line.split()) for codes, line in entries("little_words")}
    return {
        codes: own - frozenset().union(*(other for name, other in every.items() if name != codes))
        for codes, own in every.items()
    }


def is_searchable(text: str) -> bool:
    """Whether a text of an undetermined language may be searched: it is short, or made of words of ours."""
    text = _ADDRESS.sub(" ", text)
    return in_latin_letters(text) and (len(_WORD.findall(text)) <= _SHORT or _ours(text))


def in_latin_letters(text: str) -> bool:
    """Whether all letters are Latin: no recogniser here finds a name in another script."""
    return text.isascii() or all(
        "LATIN" in unicodedata.name(c, "") for c in text if c.isalpha() and c not in "µªº"
    )


def _classify(text: str) -> tuple[str, float]:
    code, sureness = _identifier().classify(text)
    return _SAME.get(str(code), str(code)), float(sureness)


def _clearly(sentence: str) -> str:
    if len(_WORD.findall(sentence)) < _LONG_SENTENCE:
        return ""
    code, sureness = _classify(sentence)
    return code if sureness >= _VERY_SURE else ""


def _ours(text: str) -> bool:
    """Whether most of the words are ordinary words of the languages that we search."""
    found = _WORD.findall(text.lower())
    return sum(map(is_ordinary, found)) >= _MOSTLY * len(found)
