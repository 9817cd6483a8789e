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
from governance.policy import Policy
from pseudonymize import ExportFile, IntakeReport, Mapping, Progress

_SOURCE = "demo"


def demonstrate(
    home: Home, controller: str, respondents: int, seed: int, progress: Progress
) -> tuple[IntakeReport, dict[str, int]]:
    """Make an export of invented people, take it in, and write the scores to the embedded CRM.

    The export lies in an inbox beside the home and is deleted after its commit. On a home that has
    seen the demo before, the same export is made again, so that nothing is imported twice. Under a
    policy that tells the CRM nothing, no score is written, and no counts of them come back.
    """
    _check_no_real_answers(home)
    ensure_keys(home, controller)
    sample = generate(respondents, seed, _day_of_first_run(home))
    home.crm.add_contacts(CrmReference(value) for value in sample.crm_contacts)
    report = _ingest(home, controller, sample, progress)
    told = home.policy(controller).recipients.get("crm")
    return report, sync_scores(home, controller, progress) if told and told.fields else {}


def _ingest(home: Home, controller: str, sample: Sample, progress: Progress) -> IntakeReport:
    beside = home.settings.home.parent
    with TemporaryDirectory(prefix="tillit-inbox-", dir=beside) as inbox:
        file = Path(inbox) / "csat.csv"
        write_csv(sample, file)
        with as_file(files("data.samples") / "csat.mapping.yaml") as mapping:
            (export,) = exports(home, _SOURCE, file, mapping)
        lawful = ExportFile(file, _under(home.policy(controller), export.mapping))
        return ingest(home, lawful, _SOURCE, None, None, True, progress)


def _under(policy: Policy, mapping: Mapping) -> Mapping:
    """The sample's mapping as a policy allows it: its scale, and no column that it does not name."""
    kept = {field: column for field, column in mapping.columns.items() if field in policy.fields}
    left = [column for field, column in mapping.columns.items() if field not in kept]
    scale = mapping.scale.model_copy(
        update={"minimum": policy.scale.minimum, "maximum": policy.scale.maximum}
    )
    changes = {
        "controller": policy.controller,
        "columns": kept,
        "drop": (*mapping.drop, *left),
        "scale": scale,
    }
    return mapping.model_copy(update=changes)


def _check_no_real_answers(home: Home) -> None:
    real_import = (RUNS.c.kind == "import") & (RUNS.c.source != _SOURCE)
    with home.engine.connect() as connection:
        real = connection.scalar(select(func.count()).select_from(RUNS).where(real_import))
    if real:
        raise UsageError(
            "this home holds answers of a survey", hint="give the demo a home of its own: --home"
        )


def _day_of_first_run(home: Home) -> date:
    with home.engine.connect() as connection:
        first: datetime | None = connection.scalar(select(RUNS.c.started_at).order_by(RUNS.c.started_at))
    return (first or home.clock.now()).date()
