"""Invented people through everything, on embedded defaults."""

from datetime import date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from data.errors import UsageError
from data.records import CrmReference
from data.samples.files import write_csv
from data.samples.generator import Sample, generate
from data.stores.runs import RUNS
from flows.ingest import exports, ingest
from flows.start_keys import ensure_keys
from flows.sync_scores import sync_scores
from flows.wiring import Home
from pseudonymize import IntakeReport, Progress

CONTROLLER = "sectra"
_SOURCE = "demo"


def demonstrate(
    home: Home, respondents: int, seed: int, progress: Progress
) -> tuple[IntakeReport, dict[str, int]]:
    """Make an export of invented people, take it in, and write the scores to the embedded CRM.

    The export lies in an inbox beside the home and is deleted after its commit. On a home that has
    seen the demo before, the same export is made again, so that nothing is imported twice.
    """
    _check_no_real_answers(home)
    ensure_keys(home, CONTROLLER)
    sample = generate(respondents, seed, _day_of_first_run(home))
    home.crm.add_contacts(CrmReference(value) for value in sample.crm_contacts)
    report = _ingest(home, sample, progress)
    return report, sync_scores(home, CONTROLLER, progress)


def _ingest(home: Home, sample: Sample, progress: Progress) -> IntakeReport:
    beside = home.settings.home.parent
    with TemporaryDirectory(prefix="tillit-inbox-", dir=beside) as inbox:
        file = Path(inbox) / "csat.csv"
        write_csv(sample, file)
        with as_file(files("data.samples") / "csat.mapping.yaml") as mapping:
            (export,) = exports(home, _SOURCE, file, mapping)
            return ingest(home, export, _SOURCE, None, None, True, progress)


def _check_no_real_answers(home: Home) -> None:
    with home.engine.connect() as connection:
        real = connection.scalar(select(func.count()).select_from(RUNS).where(RUNS.c.source != _SOURCE))
    if real:
        raise UsageError(
            "this home holds answers of a survey", hint="give the demo a home of its own: --home"
        )


def _day_of_first_run(home: Home) -> date:
    with home.engine.connect() as connection:
        first: datetime | None = connection.scalar(select(RUNS.c.started_at).order_by(RUNS.c.started_at))
    return (first or home.clock.now()).date()
