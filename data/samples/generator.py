"""Makes a survey export of invented people. The same arguments give the same export, anywhere."""

import random
from dataclasses import dataclass
from datetime import date

from data.samples.answers import make_rows
from data.samples.columns import CRM, HEADER, Row
from data.samples.draw import shuffled
from data.samples.mess import make_mess
from data.samples.people import make_people

_KNOWN_TO_CRM = 0.97


@dataclass(frozen=True)
class Sample:
    """An export as text, in export order, and the references that exist in the CRM."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    crm_contacts: list[str]


def generate(respondents: int, seed: int, as_of: date) -> Sample:
    """The answers of `respondents` invented people over six quarterly cycles, none later than `as_of`."""
    rng = random.Random(seed)  # noqa: S311 (repeatable on purpose; guards no secret)
    people = make_people(respondents, rng)
    rows = make_mess(make_rows(people, as_of, rng), as_of, rng)
    return Sample(HEADER, [tuple(row.values()) for row in rows], _crm_contacts(rows, rng))


def _crm_contacts(rows: list[Row], rng: random.Random) -> list[str]:
    """Most of the references in the export. A few people have left the CRM since they were asked."""
    references = sorted({row[CRM] for row in rows} - {""})
    gone = len(references) - int(len(references) * _KNOWN_TO_CRM + 0.5)
    return sorted(shuffled(rng, references)[gone:])
