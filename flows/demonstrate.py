"""Invented people through everything, on embedded defaults."""

from datetime import date, datetime
from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy import select

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
    ensure_keys(home, CONTROLLER)
    sample = generate(respondents, seed, _day_of_first_run(home))
    home.crm.add_contacts(CrmReference(value) for value in sample.crm_contacts)
    report = _ingest(home, sample, progress)
    return report, sync_scores(home, CONTROLLER, progress)


def _ingest(home: Home, sample: Sample, progress: Progress) -> IntakeReport:
    inbox = Path(f"{home.settings.home}.inbox")
    inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = inbox / "csat.csv"
    write_csv(sample, file)
    with as_file(files("data.samples") / "csat.mapping.yaml") as mapping:
        (export,) = exports(home, _SOURCE, file, mapping)
        try:
            return ingest(home, export, _SOURCE, None, None, True, progress)
        finally:
            file.unlink(missing_ok=True)
            inbox.rmdir()


def _day_of_first_run(home: Home) -> date:
    with home.engine.connect() as connection:
        first: datetime | None = connection.scalar(select(RUNS.c.started_at).order_by(RUNS.c.started_at))
    return (first or home.clock.now()).date()
