"""Invented people: who they are, where they work, and how content they tend to be."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.samples.draw import between, chance, pick, shuffled, weighted
from data.samples.names import NAMES
from data.samples.places import COUNTRY_SHARES, LANGUAGE_SHARES, TITLES, WORKPLACES, Workplace, fold

CYCLES = 6
_ANSWERS_A_CYCLE = 0.4
_IDN_DOMAIN = "sjukhus-räksmörgås.example"
_SHARED = ("reception", "radiology", "it-support", "pacs", "info")
_LEANINGS = {10: 22.0, 9: 30.0, 8: 23.0, 7: 11.0, 6: 5.0, 5: 3.5, 4: 2.0, 3: 1.5, 2: 1.0, 1: 1.0}
_DRIFTS = {-0.25: 2.0, 0.0: 6.0, 0.25: 2.0}


@dataclass(frozen=True)
class Person:
    """Someone who does not exist."""

    number: int
    first: str
    last: str
    email: str
    respells: bool  # the address is written with other capitals in other cycles
    language: str
    job: str
    workplace: Workplace
    crm: str  # empty when the CRM does not know the person
    leaning: int
    drift: float
    cycles: tuple[int, ...]


def make_people(count: int, rng: random.Random) -> list[Person]:
    """`count` people, each with an address of their own but for a few who share one."""
    taken: set[str] = set()
    people = [_person(number, taken, rng) for number in range(1, count + 1)]
    return _share_addresses(_with_idn(people, rng), rng)


def full_name(country: str, rng: random.Random) -> tuple[str, str]:
    """A first and a last name that are common in the country."""
    names = NAMES[country]
    return pick(rng, names.first), pick(rng, names.last)


def _person(number: int, taken: set[str], rng: random.Random) -> Person:
    country = weighted(rng, COUNTRY_SHARES)
    first, last = full_name(country, rng)
    workplace = pick(rng, WORKPLACES[country])
    language = weighted(rng, LANGUAGE_SHARES[country])
    return Person(
        number=number,
        first=first,
        last=last,
        email=_address(first, last, workplace.domain, taken, rng),
        respells=chance(rng, 0.025),
        language=language,
        job=pick(rng, TITLES[language]),
        workplace=workplace,
        crm="" if chance(rng, 0.04) else _guid(rng),
        leaning=weighted(rng, _LEANINGS),
        drift=weighted(rng, _DRIFTS),
        cycles=_cycles(rng),
    )


def _address(first: str, last: str, domain: str, taken: set[str], rng: random.Random) -> str:
    a, b = fold(first), fold(last)
    local = weighted(rng, {f"{a}.{b}": 80.0, f"{a[0]}.{b}": 12.0, f"{b}.{a}": 8.0})
    style = weighted(rng, {"plain": 94.0, "capitals": 4.0, "tag": 2.0})
    if f"{local}@{domain}" in taken:
        local += str(between(rng, 2, 99))
    while f"{local}@{domain}" in taken:
        local += "x"
    taken.add(f"{local}@{domain}")
    if style == "tag":
        local += "+" + pick(rng, ("survey", "work", "pacs"))
    return f"{local.title() if style == 'capitals' else local}@{domain}"


def _guid(rng: random.Random) -> str:
    return str(uuid.UUID("".join(f"{between(rng, 0, 2**32 - 1):08x}" for _ in range(4)), version=4))


def _cycles(rng: random.Random) -> tuple[int, ...]:
    cycles = tuple(cycle for cycle in range(CYCLES) if chance(rng, _ANSWERS_A_CYCLE))
    return cycles or (between(rng, 0, CYCLES - 1),)


def _with_idn(people: list[Person], rng: random.Random) -> list[Person]:
    """Moves two Swedes to a domain with letters beyond ASCII."""
    swedes = [place for place, person in enumerate(people) if person.workplace.country == "Sweden"]
    for place in shuffled(rng, swedes)[:2]:
        person = people[place]
        people[place] = replace(person, email=f"{person.email.partition('@')[0]}@{_IDN_DOMAIN}")
    return people


def _share_addresses(people: list[Person], rng: random.Random) -> list[Person]:
    """Gives two colleagues one address, at one workplace for each 150 people."""
    colleagues: dict[Workplace, list[int]] = {}
    for place, person in enumerate(people):
        if len(person.cycles) > 1 and not person.respells:
            colleagues.setdefault(person.workplace, []).append(place)
    pairs = [places[:2] for places in colleagues.values() if len(places) > 1]
    for number, pair in enumerate(shuffled(rng, pairs)[: max(1, len(people) // 150)]):
        _share(people, pair, _SHARED[number % len(_SHARED)])
    return people


def _share(people: list[Person], places: Sequence[int], local: str) -> None:
    for place in places:
        people[place] = replace(people[place], email=f"{local}@{people[place].workplace.domain}")
