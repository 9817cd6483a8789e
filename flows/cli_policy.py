"""Commands about the policy: check, explain, diff, ropa, init."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from data.clock import SystemClock
from data.errors import UsageError
from flows import show, show_policy
from flows.cli_options import AsJson, Controller, HomeDir, home_dir, said_json, write_file
from flows.policies import check_new, named_policy, open_desk, own_policies, published_text
from flows.policy_impact import look
from flows.wiring import settings_here
from governance.coverage import known_columns
from governance.explain import explain as explained_clauses
from governance.policy import packaged_text
from governance.policy_check import check as checked
from governance.policy_diff import changes
from governance.ropa import as_csv, record_of_processing
from governance.sentences import sentences

policy = typer.Typer(help="The published policy, what keeps it, and what proves that.", no_args_is_help=True)

TextFile = Annotated[
    Path | None, typer.Option("--text", help="The published text, to compare with.", show_default=False)
]


@policy.command()
def check(
    controller: Controller = "sectra", text: TextFile = None, home: HomeDir = None, as_json: AsJson = False
) -> None:
    """Check that each clause is kept, proven, and still what was published."""
    desk = open_desk(controller, home_dir(home))
    found = checked(desk.policy, desk.around, published_text(text) if text else None)
    if said_json(as_json):
        show.as_json({"policy": desk.policy.version, "exit": found.exit_code, **asdict(found)})
    else:
        show_policy.checked(desk.policy, found)
    raise typer.Exit(found.exit_code)


@policy.command()
def explain(
    clause: Annotated[str, typer.Argument(help="One clause, else all.", show_default=False)] = "",
    controller: Controller = "sectra",
    text: TextFile = None,
    output: Annotated[
        Path | None, typer.Option(help="Write one HTML page that prints well.", show_default=False)
    ] = None,
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Show clause by clause what enforces it, the tests that prove it, and the last evidence."""
    if text and not output:
        raise UsageError(
            "--text goes with --output: the page shows its sentences", hint="--output policy.html"
        )
    desk = open_desk(controller, home_dir(home))
    found = explained_clauses(desk.policy, desk.around, desk.evidence)
    chosen = [one for one in found if clause in ("", one.clause)]
    if not chosen:
        raise UsageError(
            "the policy has no such clause", hint=f"its clauses: {', '.join(desk.policy.clauses)}"
        )
    if output:
        from governance.page import explained_page

        write_file(
            output,
            explained_page(desk.policy, chosen, published_text(text) if text else None, desk.opened_at),
            quiet=False,
        )
    elif said_json(as_json):
        show.as_json([show_policy.plain(one) for one in chosen])
    elif clause:
        show_policy.clause(chosen[0])
    else:
        show_policy.clauses(desk.policy, chosen)


@policy.command()
def diff(
    old: Annotated[str, typer.Argument(help="A policy: its file, or its controller.")],
    new: Annotated[str, typer.Argument(help="The policy that follows it.")],
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Show what a new version changes, and what it forbids of that which a home keeps and has told.

    What is worse for people is marked, since it needs notice.
    """
    before, after = (named_policy(name, home_dir(home)) for name in (old, new))
    found = changes(before, after)
    with show.progress(said_json(as_json)) as progress:
        impact = look(settings_here(home_dir(home)), SystemClock(), before, after, progress)
    if said_json(as_json):
        listed = [{**asdict(change), "holds_for": change.holds_for} for change in found]
        show.as_json({"changes": listed, "impact": show_policy.plain_impact(impact)})
    else:
        show_policy.changed(found)
        show_policy.impact(impact)


@policy.command()
def ropa(
    controller: Controller = "sectra",
    kind: Annotated[
        Literal["csv", "json", "html"], typer.Option("--format", help="How to write it.")
    ] = "csv",
    output: Annotated[
        Path | None, typer.Option(help="The file; else the terminal.", show_default=False)
    ] = None,
    home: HomeDir = None,
) -> None:
    """Write the record of processing activities (GDPR Art. 30) from the policy and the real stores."""
    desk = open_desk(controller, home_dir(home))
    rows = record_of_processing(desk.policy, known_columns(), desk.around.tables)
    if kind == "html":
        from governance.page import ropa_page

        content = ropa_page(desk.policy, rows, desk.opened_at)
    else:
        content = as_csv(rows) if kind == "csv" else show.json_text(rows)
    if output:
        write_file(output, content, quiet=False)
    else:
        show.raw(content)


@policy.command()
def init(
    controller: Annotated[str, typer.Option(help="A short name: small letters, digits, dashes.")],
    text: Annotated[
        Path | None,
        typer.Option("--text", help="The published text.", show_default="a packaged policy"),
    ] = None,
    name: Annotated[str, typer.Option(help="The company's name.", show_default="the short one")] = "",
    output: Annotated[
        Path | None, typer.Option(help="The file.", show_default="policies/ in the home")
    ] = None,
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Start a policy: a first version out of a published text, or a copy of a packaged one to fill in."""
    from governance.draft import draft, proposals

    path = output or own_policies(home_dir(home)) / f"{controller}.yaml"
    check_new(controller, name, path, packaged=text is None)
    if text is None:
        write_file(path, packaged_text(controller), quiet=said_json(as_json))
        if said_json(as_json):
            show.as_json({"policy": path})
        return
    published = published_text(text)
    found = proposals(published, controller)
    write_file(path, draft(published, controller, name or controller), quiet=said_json(as_json))
    if said_json(as_json):
        show.as_json({"policy": path, "sentences": len(sentences(published)), "clauses": len(found)})
    else:
        show_policy.proposed(sentences(published), found)
