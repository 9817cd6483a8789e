"""What people who ask are told, in the languages in which they are told it: Swedish and English."""

import re
from functools import cache
from typing import Literal, get_args

from governance.policy import Policy
from governance.yaml_files import Closed, packaged

Language = Literal["en", "sv"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
#: A period as a policy writes it.
_PERIOD = re.compile(r"(\d+) (day|month|year)s?")


class Said(Closed):
    """One phrase in each language."""

    en: str
    sv: str


class Spoken(Closed):
    """The phrases of `governance/spoken.yaml`, by what they stand for."""

    phrases: dict[str, Said]


@cache
def _spoken() -> dict[str, Said]:
    return packaged("spoken.yaml", Spoken).phrases


def say(key: str, language: Language) -> str:
    """A phrase; a word that is none, as the name of a store that a policy has of its own, as it is."""
    known = _spoken().get(key)
    return getattr(known, language) if known else key.replace("_", " ")


def say_period(text: str, language: Language) -> str:
    """A period as policies write it, "18 months", "at once"."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        return say(text, language)
    unit = match[2] if match[1] == "1" else f"{match[2]}s"
    return f"{match[1]} {say(unit, language)}"


def language_of(policy: Policy) -> Language:
    """The language of a published text, or English where it is another."""
    return "sv" if policy.text.language == "sv" else "en"
