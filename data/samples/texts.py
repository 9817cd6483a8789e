"""What a person writes: a few sentences in their language, some of them with personal data."""

import random
from collections.abc import Mapping

from data.samples.draw import between, chance, pick, weighted
from data.samples.people import Person, full_name
from data.samples.phrases import PHRASES, Phrases
from data.samples.places import STREETS

# Ranges that the authorities keep for fiction: PTS (Sweden), Ofcom (United Kingdom), NANPA (United States).
_PHONES = {
    "Sweden": (
        "070-17406{n:02}",
        "070-174 06 {n:02}",
        "+46 70 174 06 {n:02}",
        "08-465 004 {n:02}",
        "08-465004{n:02}",
    ),
    "United Kingdom": ("07700 9004{n:02}", "+44 7700 9005{n:02}", "077009006{n:02}"),
    "United States": ("555-01{n:02}", "(212) 555-01{n:02}", "+1 415 555 01{n:02}"),
}
_LENGTHS = {1: 20.0, 2: 50.0, 3: 30.0}


def write_text(person: Person, score: int, rng: random.Random) -> str:
    """One answer in free text, often empty, in keeping with the score."""
    phrases = PHRASES[person.language]
    kind = weighted(rng, {"empty": 25.0, "short": 5.0, "odd": 3.5, "full": 66.5})
    if kind == "empty":
        return ""
    if kind == "short":
        return pick(rng, phrases.short)
    if kind == "odd":
        return pick(rng, phrases.odd)
    return _full(person, phrases, score, rng)


def luhn_digit(digits: str) -> int:
    """The check digit that makes `digits` a Luhn number."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return -sum(number // 10 + number % 10 for number in doubled) % 10


def _full(person: Person, phrases: Phrases, score: int, rng: random.Random) -> str:
    fills = _fills(person, phrases, rng)
    sentences = _sentences(phrases, score, fills, rng)
    joint = "\n" if chance(rng, 0.05) else " "
    if not chance(rng, 0.24):
        return joint.join(sentences)
    if chance(rng, 0.4):
        end = "\n" if chance(rng, 0.5) else " "
        return joint.join(sentences) + end + pick(rng, phrases.signature).format_map(fills)
    return joint.join([*sentences, _filled(pick(rng, phrases.personal), fills)])


def _sentences(phrases: Phrases, score: int, fills: Mapping[str, str], rng: random.Random) -> list[str]:
    """One to three different sentences; the last one may strike another note than the first."""
    pools = {9: phrases.praise, 7: phrases.mixed, 0: phrases.complaint}
    own = next(pool for least, pool in pools.items() if score >= least)
    chosen: dict[str, None] = {}
    for _ in range(weighted(rng, _LENGTHS)):
        other = phrases.mixed if chosen and chance(rng, 0.25) else own
        chosen[_filled(pick(rng, other), fills)] = None
    return list(chosen)


def _filled(template: str, fills: Mapping[str, str]) -> str:
    sentence = template.format_map(fills)
    return sentence[0].upper() + sentence[1:]


def _fills(person: Person, phrases: Phrases, rng: random.Random) -> dict[str, str]:
    country = person.workplace.country
    colleague, support = full_name(country, rng), full_name(country, rng)
    return {
        "part": pick(rng, phrases.parts),
        "when": pick(rng, phrases.whens),
        "first": person.first,
        "first_lower": person.first.lower(),
        "last": person.last,
        "email": person.email,
        "job": person.job,
        "job_lower": person.job if person.job.isupper() or "-" in person.job else person.job.lower(),
        "workplace": person.workplace.name,
        "colleague": " ".join(colleague),
        "colleague_first": colleague[0],
        "support": " ".join(support),
        "support_first": support[0],
        "phone": _phone(country, rng),
        "personnummer": _personnummer(rng),
        "street": pick(rng, STREETS[person.language]).format(n=between(rng, 1, 98)),
    }


def _phone(country: str, rng: random.Random) -> str:
    template = pick(rng, _PHONES.get(country, ("+46 70 174 06 {n:02}",)))
    return template.format(n=between(rng, 5, 99))


def _personnummer(rng: random.Random) -> str:
    """A number that passes every check but belongs to nobody: a known test number, or a birth in the 1890s.

    Serial numbers from 980 are the tax agency's own for tests; some days are those of coordination numbers.
    """
    if chance(rng, 0.2):
        return pick(rng, ("19121212-1212", "121212-1212", "191212121212"))
    day = between(rng, 1, 28) + (60 if chance(rng, 0.2) else 0)
    digits = f"{between(rng, 90, 99)}{between(rng, 1, 12):02}{day:02}{between(rng, 980, 999)}"
    dash = "-" if chance(rng, 0.7) else ""
    return f"18{digits[:6]}{dash}{digits[6:]}{luhn_digit(digits)}"
