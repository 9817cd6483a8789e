"""Which language an answer is written in; unsure is an answer too."""

import unicodedata
from functools import cache

import py3langid.langid as langid

#: No language could be told.
UNDETERMINED = "und"

_CANDIDATES = ("da", "de", "en", "es", "fi", "fr", "it", "nb", "nl", "nn", "no", "pl", "pt", "sv")
_SURE = 0.5
_SAME = {"nb": "no", "nn": "no"}


@cache
def _identifier() -> "langid.LanguageIdentifier":
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in _CANDIDATES if code in identifier.labels])
    return identifier


def language_of(text: str, declared: str) -> str:
    """The ISO 639-1 code of a text, "und" where it cannot be told.

    A clear finding outweighs what the export declares, since a survey page in English is often
    answered in Swedish; on very short answers nothing is clear, and the declaration decides.
    """
    if not _in_latin_letters(text):
        return UNDETERMINED
    code, sureness = _identifier().classify(text)
    if sureness < _SURE:
        code = declared.strip().lower()[:2]
    code = _SAME.get(code, code)
    return code if code in _CANDIDATES else UNDETERMINED


def _in_latin_letters(text: str) -> bool:
    """Whether at least nine in ten letters are Latin; the identifier knows too few other scripts."""
    letters = [c for c in text if c.isalpha()]
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    return latin >= 0.9 * len(letters)
