"""Commands about the evidence log: verify, checkpoint."""

from pathlib import Path
from typing import Annotated

import typer

from data.errors import UsageError
from flows import show
from flows.checkpoint_evidence import Signed, checkpoint_evidence
from flows.cli_options import AsJson, HomeDir, home_dir, open_session, said_json
from flows.verify_evidence import Verified, verify_evidence
from flows.wiring import settings_here
from governance.checkpoints import base64_root

evidence = typer.Typer(
    help="What was done: a log that cannot be changed unnoticed, and signed checkpoints of it.",
    no_args_is_help=True,
)


@evidence.command()
def verify(
    against: Annotated[
        list[Path] | None,
        typer.Option(help="A checkpoint that was kept elsewhere; may be repeated.", show_default=False),
    ] = None,
    key: Annotated[
        str,
        typer.Option(help="Their verifier key; else the copy in the home.", show_default=False),
    ] = "",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Check that no entry was changed, removed, put in or moved; reads only, and needs no secret key."""
    if key and not against:
        raise UsageError("--key goes with --against: it opens checkpoints", hint="--against FILE")
    found = verify_evidence(settings_here(home_dir(home)), against or [], key)
    if said_json(as_json):
        show.as_json(_as_data(found, given=bool(key)))
    else:
        _show(found, given=bool(key))


@evidence.command()
def checkpoint(
    output: Annotated[
        Path | None, typer.Option(help="A new file; else the terminal.", show_default=False)
    ] = None,
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Sign the log as it stands: what is kept elsewhere shows later that nothing before it has changed."""
    session = open_session(home, as_json)
    made = checkpoint_evidence(session.home, output)
    if session.as_json:
        told = {"entries": made.checkpoint.size, "root": base64_root(made.checkpoint.root)}
        show.as_json({**told, "key": str(made.key), "note": made.note, "output": output})
        return
    if output:
        show.line(f"Written: {output}")
    else:
        show.raw(made.note)
    _tell(made)


def _tell(made: Signed) -> None:
    # On standard error, so that the note alone can be sent into a file.
    show.err.print(
        f"Entries signed: {made.checkpoint.size:,}. Verifier key:\n"
        f"  {made.key}\n"
        "Keep both where whoever can write to this home cannot: the checkpoint each time, the key once.",
        soft_wrap=True,
        markup=False,
    )


def _show(found: Verified, *, given: bool) -> None:
    show.line(f"The evidence log is whole. Entries: {found.size:,}. Merkle root: {base64_root(found.root)}")
    if not found.checkpoints:
        show.line(
            "No checkpoint was given: a log without its newest entries, or all written anew, looks the same. "
            "Compare it with one that was kept elsewhere: --against FILE"
        )
        return
    show.line("It agrees with")
    width = len(f"{found.size:,}")
    for name, one in sorted(found.checkpoints.items(), key=lambda item: item[1].size):
        show.line(f"  entries 1 to {one.size:{width},}  {name}")
    show.line(f"Verifier key: {found.key}")
    if not given:
        show.line(
            "It is the copy in the home, which proves less: whoever changes the log can change that as well. "
            "Give the one that was kept elsewhere: --key KEY"
        )


def _as_data(found: Verified, *, given: bool) -> dict[str, object]:
    agreed = [{"file": name, "entries": one.size} for name, one in found.checkpoints.items()]
    source = ("given" if given else "home") if found.key else None
    told = {"entries": found.size, "root": base64_root(found.root), "checkpoints": agreed}
    return {**told, "key": found.key and str(found.key), "key_from": source}
