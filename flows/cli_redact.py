"""The command that redacts a file of free texts with the engine of the intake."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from data.errors import UsageError
from flows import show
from flows.cli_options import AsJson
from flows.wiring import new_redactor
from pseudonymize import Encoding, Redactor, TextFields, explain_file, languages, redact_file

_LANGUAGES = ("auto", *languages())


def redact(
    source: Annotated[Path, typer.Option("--input", help="JSONL or CSV.")] = ...,  # type: ignore[assignment]
    target: Annotated[
        Path | None,
        typer.Option("--output", help="JSONL: id, redacted, language, removed.", show_default=False),
    ] = None,
    text_field: Annotated[str, typer.Option(help="The field that holds the text.")] = "text",
    id_field: Annotated[str, typer.Option(help="The field that holds the id.")] = "id",
    known_fields: Annotated[
        str, typer.Option(help="Fields with the writer's own name and address, by commas.")
    ] = "",
    language: Annotated[str, typer.Option(help=f"One of {', '.join(_LANGUAGES)}.")] = "auto",
    encoding: Annotated[
        Encoding, typer.Option(help="How the input is saved; older spreadsheets write windows-1252.")
    ] = "utf-8",
    explain: Annotated[
        bool, typer.Option(help="Show what is found, and why, on this terminal only.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take personal data out of free texts. What no recogniser covers is withheld."""
    if language not in _LANGUAGES:
        raise UsageError(
            f"no texts in that language are searched; choose one of {', '.join(_LANGUAGES)}",
            hint="German, Dutch and French need the extra high-accuracy: see docs/redaction.md",
        )
    known = tuple(name.strip() for name in known_fields.split(",") if name.strip())
    fields = TextFields(text_field, id_field, known, "" if language == "auto" else language, encoding)
    redactor = new_redactor()
    if explain:
        _explain(redactor, source, fields)
    elif target is None:
        raise UsageError("say where to write with --output", hint="or look at single texts with --explain")
    else:
        with show.progress(as_json) as progress:
            counts = redact_file(redactor, source, target, fields, progress)
        if as_json:
            show.as_json(counts)
        else:
            show.counts(f"Redacted into {target}", counts)


def _explain(redactor: Redactor, source: Path, fields: TextFields) -> None:
    """Words that are personal data, on a terminal and nowhere else."""
    if not sys.stdout.isatty():
        raise UsageError("--explain shows personal data: it writes to a terminal only")
    for row_id, found in explain_file(redactor, source, fields):
        show.findings(row_id, found)
