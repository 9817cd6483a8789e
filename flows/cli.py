"""The command line. Each command is thin over the plain functions that the flows call as well."""

import re
import shutil
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from data.errors import TillitError, UsageError
from flows import show, show_policy
from flows.cli_backup import backup
from flows.cli_events import events
from flows.cli_evidence import evidence
from flows.cli_intake import backfill, ingest, quarantine
from flows.cli_invitations import invitations
from flows.cli_leakcheck import leakcheck
from flows.cli_letters import doubt, extend, show_letter
from flows.cli_options import AsJson, Controller, HomeDir, open_session, remember
from flows.cli_policy import policy
from flows.cli_recipients import told
from flows.cli_redact import redact
from flows.cli_reidentify import reidentified, reidentify
from flows.cli_responses import responses
from flows.cli_retention import retention
from flows.cli_rights import rights
from flows.cli_state import contacts, keys, report, runs, scores
from flows.cli_status import status
from flows.guard import hushed, scrub
from governance.terms import terms

app = typer.Typer(
    name="tillit",
    help="A survey response pipeline that keeps the privacy promises a company has published.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    epilog=(
        "Exit codes: 0 done, 2 usage, 3 input refused, 4 policy forbids, 5 an outside system failed, "
        "6 verification failed, 1 anything unforeseen."
    ),
)

app.command()(ingest)
app.command()(backfill)
app.add_typer(quarantine, name="quarantine")
app.add_typer(responses, name="responses")
app.command()(redact)
app.command()(report)
app.command()(status)
app.command()(leakcheck)
app.add_typer(scores, name="scores")
app.add_typer(retention, name="retention")
app.add_typer(events, name="events")
app.add_typer(rights, name="rights")
app.add_typer(invitations, name="invitations")
app.add_typer(runs, name="runs")
app.add_typer(keys, name="keys")
app.add_typer(backup, name="backup")
app.add_typer(policy, name="policy")
app.add_typer(evidence, name="evidence")
scores.command("contacts")(contacts)
rights.command()(extend)
rights.command()(doubt)
rights.command("letter")(show_letter)
rights.command()(told)
rights.command()(reidentify)
rights.command()(reidentified)


@app.callback()
def root(home: HomeDir = None, as_json: AsJson = False) -> None:
    """A survey response pipeline that keeps the privacy promises a company has published."""
    remember(home, as_json)


@app.command()
def demo(
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
    respondents: Annotated[int, typer.Option(min=30, max=100_000, help="How many people to invent.")] = 1100,
    seed: Annotated[int, typer.Option(help="Another seed, other people.")] = 20261101,
) -> None:
    """Take invented people through everything, on embedded defaults, and say where to look."""
    from flows.demonstrate import demonstrate

    session = open_session(home, as_json)
    with show.progress(session.as_json) as progress:
        intake, synced = demonstrate(session.home, controller, respondents, seed, progress)
    table = session.home.reader(controller).scores_by_cycle()
    policy = session.home.policy(controller)
    found = terms(policy, session.home.clock.now().date())
    if session.as_json:
        told = {"import": intake.counts, "dropped": intake.dropped, "crm": synced, "policy": found}
        show.as_json({**told, "home": session.home.settings.home})
        return
    show.intake(intake, dry=False)
    if synced:
        show.counts("Scores in the CRM", synced)
    show.scores(table)
    show_policy.terms(policy, found)
    _where_to_look(session.home.settings.home, session.home.settings.key_file)


def _where_to_look(home: Path, key_file: Path) -> None:
    command = "tillit" if shutil.which("tillit") else f"{Path(sys.argv[0]).parent}/tillit"
    show.line(f"""
Where to look, in {home}
  responses/   de-identified answers, Parquet by survey and cycle
  state/       manifest, sealed vault, quarantine, evidence (SQLite)
  keys/        wrapped keys, apart from what they seal
  crm/         the embedded CRM: references and scores, nothing else
The key-encryption key lies beside it, mode 0600: {key_file}
So does the register of the erased, which is never restored: {home}.register
The export itself was deleted after its commit.

Next
  {command} report --home {home}
  {command} quarantine list --home {home}
  {command} scores status --home {home}
  {command} runs list --home {home}
  {command} policy explain --home {home}
  {command} status --officer --output officer.html --home {home}
  {command} retention plan --home {home}
  {command} rights open --kind erase --home {home}
  {command} leakcheck --home {home}""")


@cache
def _built() -> Any:
    """The commands as one, for as long as the process lasts."""
    return get_command(app)


def main() -> None:
    """Run a command; no exception's own message reaches the terminal unless it is one of ours."""
    try:
        with hushed():
            code = _built()(standalone_mode=False)  # else a usage error would repeat what was typed
    except typer.Abort:
        problem: TillitError = UsageError("nothing was given, and nothing was done")
    except typer.TyperException as mistake:
        problem = _mistyped(mistake, sys.argv[1:])
    except Exception as error:  # its message could hold a value
        problem = scrub(error)
    else:
        sys.exit(code)
    problem.hint = problem.hint.replace("tillit COMMAND", _command(sys.argv[1:]))
    if str(problem):  # where it is empty, help has been shown instead
        show.error(problem)
    sys.exit(problem.exit_code)


def _command(typed: Iterable[str]) -> str:
    """The command that was typed, by which its help is asked for."""
    command, words = _built(), ["tillit"]
    for word in typed:
        if inner := getattr(command, "commands", {}).get(word):
            command = inner
            words.append(word)
    return " ".join(words)


def _mistyped(mistake: typer.TyperException, typed: list[str]) -> TillitError:
    """What is wrong with a command, without the words that were typed: one may be somebody's name."""
    text = mistake.format_message()
    for argument in typed:
        value = argument.partition("=")[2] if argument.startswith("-") else argument
        if value:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", text)
    context = getattr(mistake, "ctx", None)
    return UsageError(text, hint=f"see `{context.command_path if context else 'tillit'} --help`")
