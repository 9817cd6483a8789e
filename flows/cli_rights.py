"""Commands of the rights desk: open, plan, fulfil, close, show, list; replay."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from data.errors import UsageError
from data.stores import cases, tasks
from data.stores.cases import Case, CaseKind
from flows import show, show_rights
from flows.answer_case import texts as read_texts
from flows.begin_case import Decision
from flows.cli_corrections import corrections
from flows.cli_options import AsJson, By, Controller, HomeDir, Session, open_session
from flows.close_case import drop, still_readable
from flows.fulfil_case import fulfil as carry_out
from flows.open_case import look_ahead, open_request, read_case
from flows.policies import read_text
from flows.replay import replay as erase_again
from flows.tell_recipients import recipients_of, told
from governance.spoken import Language as Spoken

rights = typer.Typer(
    help="What people ask of us about their data, each request a case: open, plan, fulfil.",
    no_args_is_help=True,
)

_WHO = "a text file with an address, and on a second line a name"

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="Id from `tillit rights list`.")]
EmailFile = Annotated[
    Path | None,
    typer.Option(
        help="For scripts: a file with the address, and on a second line the name; else they are asked."
    ),
]
RightValues = Annotated[
    Path | None,
    typer.Option(
        help="For scripts, to rectify: a file with a line for each field, as in "
        "`email: right@example.com`; else they are asked."
    ),
]
Assurance = Annotated[
    str,
    typer.Option(
        help='How the person has shown who they are, in the words of the policy: "address on file".'
    ),
]
WholeAddress = Annotated[
    bool,
    typer.Option("--whole-address", help="Where several people write from the address: everybody there."),
]
Texts = Annotated[
    Literal["withhold", "leave"] | None,
    typer.Option(
        help="Where texts or quarantined rows bear the person's name and may be somebody else's: "
        "take the texts out and destroy the rows (withhold), or keep both (leave). In a package for the "
        "person: leave out the texts that may name others, or leave them in.",
    ),
]
Cover = Annotated[
    list[int] | None,
    typer.Option(help="With --texts leave: the number of a text that stays out of the package."),
]
Language = Annotated[
    Spoken | None,
    typer.Option(help="Language of the page in the package; else that of the policy.", show_default=False),
]
Notified = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="To end a restriction: the day on which the person was told that it ends.",
        show_default=False,
    ),
]


@rights.command("open")
def open_case(
    kind: Annotated[
        CaseKind,
        typer.Option(
            help="access: give them all that is kept of them. portability: their answers to take along. "
            "erase: delete everything of the person. object, withdraw: the same, until it is taken back. "
            "lift-objection: take an objection back. restrict: keep everything and use nothing. "
            "unrestrict: end that. rectify: correct what is wrong of them. no-invites: ask them no more. "
            "invites: take that back."
        ),
    ],
    email_file: EmailFile = None,
    right_values: RightValues = None,
    named_in_text: Annotated[
        bool, typer.Option("--named-in-text", help="Look for the full name in what others have answered.")
    ] = False,
    received: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="The day the request came, if not today: the month for the answer counts from it.",
            show_default=False,
        ),
    ] = None,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Open a case. The address is asked for, so that it stands in no shell's history."""
    session = open_session(home, as_json)
    address, name = _asked(email_file, named_in_text)
    when = received and received.replace(tzinfo=UTC)
    right = corrections(right_values) if kind == "rectify" or right_values else {}
    asked: dict[str, Any] = {"named_in_text": named_in_text, "received": when, "corrections": right}
    case = open_request(session.home, controller, kind, address, name, **asked)
    if session.as_json:
        show.as_json({"case": case.id, "due": case.due_at})
    else:
        show.line(f"Case {case.id} opened; to be answered by {case.due_at:%Y-%m-%d}")
        show.line(f"Next: tillit rights plan {case.id}")
    if case.due_at < case.opened_at:
        show.alarm("the day by which this is to be answered is over; was it received then?")


@rights.command()
def plan(
    case_id: CaseId, controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False
) -> None:
    """Show what a case would delete in each store, and what a person has to decide; change nothing."""
    session = open_session(home, as_json)
    found = look_ahead(session.home, controller, case_id)
    if session.as_json:
        show.as_json({**asdict(found), "by_hand": sorted(found.by_hand)})
    else:
        show_rights.outlook(read_case(session.home, controller, case_id), found)
        asked = session.home.policy(controller).identity
        if not found.decisions:
            show.line(f'Next: tillit rights fulfil {case_id} --by NAME --identity "{asked.assurance}"')


@rights.command()
def fulfil(
    case_id: CaseId,
    by: By,
    identity: Assurance = "",
    whole_address: WholeAddress = False,
    texts: Texts = None,
    cover: Cover = None,
    language: Language = None,
    notified: Notified = None,
    override: Annotated[
        str | None, typer.Option(help="Refuse the case instead, on this legal ground; needs --role.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="With --override: the role of who refuses, for example DPO.")
    ] = None,
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Carry a case out in every store, or refuse it, and write the certificate. Run it again after a stop."""
    session = open_session(home, as_json)
    told = notified.date() if notified else None
    decision = Decision(
        by, identity, whole_address, texts or "", told, tuple(cover or ()), language, override, role
    )
    _certified(session, case_id, carry_out(session.home, controller, case_id, decision))


@rights.command("texts")
def show_texts(
    case_id: CaseId, controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False
) -> None:
    """Show the texts that a package would give away, to be read for others whom they name. On record."""
    session = open_session(home, as_json)
    found = read_texts(session.home, controller, case_id)
    if session.as_json:
        numbers = enumerate(found, start=1)
        show.as_json([{"number": n, "of": of, "text": text} for n, (of, text) in numbers])
    else:
        show_rights.texts(found)


@rights.command("close")
def close_case(
    case_id: CaseId,
    by: By,
    ground: Annotated[
        str, typer.Option(help="Why it is not carried out: taken back, opened in error.", show_default=False)
    ],
    controller: Controller = "sectra",
    home: HomeDir = None,
    as_json: AsJson = False,
) -> None:
    """Close a case that the person took back, or that was opened in error. Nothing of them is deleted."""
    session = open_session(home, as_json)
    _certified(session, case_id, drop(session.home, controller, case_id, by, ground))


@rights.command("show")
def show_case(
    case_id: CaseId, controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False
) -> None:
    """Show one case: where it stands, what was done, what remains to be done by hand."""
    session = open_session(home, as_json)
    session.home.check_not_behind()
    case = read_case(session.home, controller, case_id)
    with session.home.engine.connect() as connection:
        done, todo = cases.steps(connection, case.id), tasks.tasks(connection, controller, case.id)
        letters = cases.letters(connection, case.id)
    policy = session.home.policy(controller)
    hearing = [told(policy, one) for one in recipients_of(session.home, [case.id])]
    until = still_readable(session.home, policy, case, case.state, case.closed_at)
    if session.as_json:
        more = {
            "readable_in_backups_until": until,
            "steps": [asdict(s) for s in done],
            "tasks": [asdict(t) for t in todo],
            "letters": letters,
            "recipients": hearing,
        }
        show.as_json({**_told(case), **more})
    else:
        show_rights.case(case, done, todo, letters, hearing)
        show_rights.in_backups(f"{until:%Y-%m-%d}" if until else "")


@rights.command("list")
def list_cases(controller: Controller = "sectra", home: HomeDir = None, as_json: AsJson = False) -> None:
    """List the cases, most urgent first."""
    session = open_session(home, as_json)
    session.home.check_not_behind()
    with session.home.engine.connect() as connection:
        found = cases.cases(connection, controller)
    missing = Counter(
        one.case_id
        for one in recipients_of(session.home, [case.id for case in found])
        if one.acknowledged_on is None
    )
    if session.as_json:
        show.as_json([{**_told(case), "recipients_without_answer": missing[case.id]} for case in found])
    else:
        show_rights.cases(found, missing, session.home.clock.now())


@rights.command()
def replay(home: HomeDir = None, as_json: AsJson = False) -> None:
    """After an older copy of the home was put back: erase again whom it has brought back."""
    session = open_session(home, as_json)
    counts = erase_again(session.home)
    if session.as_json:
        show.as_json(counts)
    else:
        show.counts("Replayed", counts)


def _certified(session: Session, case_id: str, certificate: dict[str, Any]) -> None:
    if session.as_json:
        show.as_json(certificate)
    else:
        show_rights.certificate(certificate)
        show_rights.package(certificate)
        show.line(f"Written to {session.home.settings.home / 'certificates'}/{case_id}.json")


def _asked(file: Path | None, named_in_text: bool) -> tuple[str, str]:
    if file is not None:
        address, name, *more = [*read_text(file, _WHO).splitlines(), "", ""]
        if any(line.strip() for line in more):
            raise UsageError(f"{file.name} has more than two lines", hint=_WHO)
        return address, name
    address = "" if named_in_text else typer.prompt("Address", err=True)
    hint = "Full name" if named_in_text else "Name, if several people may write from it"
    name = typer.prompt(hint, default="", show_default=False, err=True)
    if not address and not name:
        raise UsageError("nothing was given to find the person by")
    return address, name


def _told(case: Case) -> dict[str, Any]:
    return {k: v for k, v in asdict(case).items() if k not in ("sealed", "key_id", "asker")}
