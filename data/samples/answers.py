"""Who answered what, and when: a clean export, before anything went wrong with it."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from data.samples.columns import COMPLETED, HEADER, RESPONSE_ID, TIME_PATTERN, Row
from data.samples.draw import between, chance, pick, weighted
from data.samples.people import CYCLES, Person
from data.samples.texts import write_text

# Blocks that RFC 5737 keeps for documentation.
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
_SYSTEMS = {"Windows 11": 55.0, "Windows 10": 20.0, "macOS": 10.0, "iOS": 9.0, "Android": 5.0, "Linux": 1.0}
_BROWSERS = {"Edge": 45.0, "Chrome": 35.0, "Safari": 14.0, "Firefox": 6.0}
# How much better or worse than usual a cycle is, so that the recommend score moves from one to the next.
_MOODS = (-0.1, -0.05, -0.1, 0.0, 0.1, 0.05)
_NOISE = {-2: 3.0, -1: 16.0, 0: 60.0, 1: 19.0, 2: 2.0}


@dataclass(frozen=True)
class Cycle:
    """One quarter in which the survey was sent out, with the days on which answers came."""

    label: str
    first: date
    last: date


def cycles(as_of: date) -> list[Cycle]:
    """The six quarters up to the one that `as_of` lies in."""
    quarter = as_of.year * 4 + (as_of.month - 1) // 3
    return [_cycle(number, as_of) for number in range(quarter - CYCLES + 1, quarter + 1)]


def make_rows(people: list[Person], as_of: date, rng: random.Random) -> list[Row]:
    """One row for each answer, numbered and sorted in the order they came in."""
    quarters = cycles(as_of)
    rows = [_row(person, quarters[index], index, as_of, rng) for person in people for index in person.cycles]
    rows.sort(key=lambda row: row[COMPLETED])
    for number, row in enumerate(rows, start=1):
        row[RESPONSE_ID] = f"R-{number:07}"
    return rows


def _first_day(quarter: int) -> date:
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def _cycle(quarter: int, as_of: date) -> Cycle:
    first = _first_day(quarter)
    last = min(_first_day(quarter + 1), as_of) - timedelta(days=1)
    return Cycle(f"{quarter // 4}-Q{quarter % 4 + 1}", first, max(first, last))


def _row(person: Person, cycle: Cycle, index: int, as_of: date, rng: random.Random) -> Row:
    completed = _moment(cycle, as_of, rng)
    score = _score(person, index, rng)
    cells = (
        "",
        f"P-{person.number:05}",
        completed.strftime(TIME_PATTERN),
        _modified(completed, rng).strftime(TIME_PATTERN),
        cycle.label,
        person.language,
        person.first,
        person.last,
        _spelling(person, index),
        person.job,
        person.workplace.name,
        person.workplace.country,
        person.crm,
        str(score),
        write_text(person, score, rng),
        f"{pick(rng, _NETWORKS)}.{between(rng, 1, 254)}",
        weighted(rng, _SYSTEMS),
        weighted(rng, _BROWSERS),
    )
    return dict(zip(HEADER, cells, strict=True))


def _moment(cycle: Cycle, as_of: date, rng: random.Random) -> datetime:
    """A local time when people are awake. The clock never skips or repeats these hours in Stockholm."""
    day = cycle.first + timedelta(days=between(rng, 0, (cycle.last - cycle.first).days))
    # On the very day of `as_of` only the first two hours are sure to have passed.
    hour = between(rng, 0, 1) if day >= as_of else between(rng, 6, 22)
    return datetime.combine(day, time(hour, between(rng, 0, 59), between(rng, 0, 59)))


def _modified(completed: datetime, rng: random.Random) -> datetime:
    late = completed.hour >= 6 and chance(rng, 0.15)
    return completed + timedelta(seconds=between(rng, 20, 1500)) if late else completed


def _score(person: Person, index: int, rng: random.Random) -> int:
    exact = person.leaning + person.drift * index + weighted(rng, _NOISE)
    mood = _MOODS[index]
    if chance(rng, abs(mood)):
        exact += 1 if mood > 0 else -1
    return max(1, min(10, int(exact + 0.5)))


def _spelling(person: Person, index: int) -> str:
    if not person.respells:
        return person.email
    local, _, domain = person.email.partition("@")
    return (f"{local.lower()}@{domain}", f"{local.title()}@{domain}", person.email.upper())[index % 3]
