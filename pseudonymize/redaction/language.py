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
    answered in Swedish. Where nothing is clear, finding and declaration must agree.
    """
    if not _in_latin_letters(text):
        return UNDETERMINED
    code, sureness = _identifier().classify(text)
    code = _SAME.get(str(code), str(code))
    if sureness < _SURE and code != declared.strip().lower()[:2]:
        return UNDETERMINED
    return code


def _in_latin_letters(text: str) -> bool:
    """Whether all letters are Latin: no recogniser here finds a name in another script."""
    return all("LATIN" in unicodedata.name(c, "") for c in text if c.isalpha() and c not in "µªº")
