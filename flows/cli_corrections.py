"""What somebody wants corrected: from a file or asked, so that it stands in no shell's history."""

from pathlib import Path

import typer

from data.errors import UsageError
from flows.policies import read_text

_FIELDS = {
    "name": "Right name",
    "email": "Right address",
    "crm_reference": "Right reference of the CRM",
    "job_title": "Right job title",
    "workplace": "Right workplace",
    "country": "Right country",
}
_FORM = "a text file with a line for each field, as in `email: right@example.com` or `score csat/2026-Q3: 9`"


def corrections(file: Path | None) -> dict[str, str]:
    """Right values by field; what is left empty stays as it is. Raises `UsageError`, without a value."""
    return _asked() if file is None else _read(file)


def _asked() -> dict[str, str]:
    typer.echo("What is right? Leave empty what stays as it is.", err=True)
    given = {field: _ask(says) for field, says in _FIELDS.items()}
    while of := _ask("A score of the person is wrong, of SURVEY/CYCLE"):
        given[f"score {of}"] = _ask("Right score")
    return {field: value for field, value in given.items() if value}


def _ask(says: str) -> str:
    answer: str = typer.prompt(says, default="", show_default=False, err=True)
    return answer.strip()


def _read(file: Path) -> dict[str, str]:
    given: dict[str, str] = {}
    for number, line in enumerate(read_text(file, _FORM).splitlines(), start=1):
        field, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        if not colon or not value or field in given:
            raise UsageError(f"{file.name}: line {number} is not a field with its right value", hint=_FORM)
        given[field] = value
    return given
