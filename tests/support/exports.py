"""Small exports of invented people, as a test wants them."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

COLUMNS = {
    "response_id": "Response ID",
    "respondent_id": "Respondent ID",
    "answered_at": "Completed",
    "modified_at": "Last Modified",
    "cycle": "Survey Cycle",
    "score": "Score",
    "text": "Why?",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "crm_reference": "CRM Contact ID",
    "language": "Language",
    "job_title": "Job Title",
    "workplace": "Organisation",
    "country": "Country",
    "ip": "IP Address",
}

MAPPING = """
mapping: 1
controller: sectra
vendor: getfeedback
survey: csat
format: {kind: csv, encoding: utf-8, delimiter: ","}
times: {zone: Europe/Stockholm, pattern: "%Y-%m-%d %H:%M:%S"}
scale: {minimum: 1, maximum: 10}
cycle: {column: Survey Cycle}
columns:
  response_id: Response ID
  respondent_id: Respondent ID
  answered_at: Completed
  modified_at: Last Modified
  score: Score
  text: Why?
  first_name: First Name
  last_name: Last Name
  email: Email
  crm_reference: CRM Contact ID
  language: Language
  job_title: Job Title
  workplace: Organisation
  country: Country
drop: [IP Address]
"""


def answer(number: int, **changes: str) -> dict[str, str]:
    """One good row of the invented person with that number; `changes` by field name."""
    row = {
        "response_id": f"R-{number:05}",
        "respondent_id": f"P-{number:05}",
        "answered_at": "2026-09-01 10:00:00",
        "modified_at": "2026-09-01 10:00:00",
        "cycle": "2026-Q3",
        "score": "9",
        "text": "The viewer is fast and the support is good.",
        "first_name": f"Förnamn{number}",
        "last_name": f"Efternamn{number}",
        "email": f"person{number}@example.com",
        "crm_reference": f"c0ffee00-0000-0000-0000-{number:012}",
        "language": "en",
        "job_title": "Radiologist",
        "workplace": "Norrvik Hospital",
        "country": "Sweden",
        "ip": "192.0.2.1",
    }
    return {**row, **changes}


def write_export(path: Path, rows: Iterable[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """A CSV export with the header of `COLUMNS`."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.values())
        writer.writerows([row[name] for name in COLUMNS] for row in rows)
    return path


def write_mapping(path: Path, *changes: tuple[str, str]) -> Path:
    """The mapping of these exports, with pieces of its text replaced."""
    text = MAPPING
    for old, new in changes:
        assert old in text, f"the mapping has no {old!r}"
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return path
