"""What people see of the rights desk: cases, what they take, certificates. Never who asked."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from data.stores.cases import Case, CaseStep, Letter
from data.stores.tasks import Task
from flows import show, show_retention
from flows.open_case import Outlook, is_told

_URGENT_DAYS = 7
#: What a case does for somebody of whom nothing is held, where it is not to keep them out.
_OF_NOBODY: dict[str, str] = {
    **dict.fromkeys(("access", "portability"), "certifies that"),
    "restrict": "restricts what may come of them",
    "no-invites": "keeps them off every list of invitations",
    "rectify": "corrects nothing",
}
_BACKUPS = ("backups", "backup_keys")
#: Kinds that look for nothing.
_NOTHING_HELD = ("lift-objection", "no-invites", "invites")
#: What is said where such a case finds nothing, though there may be rows that could not be taken in.
_NOTHING: dict[str, str] = {
    "portability": "No answer of this person is kept.",
    "restrict": "No answer of this person is kept; one that comes later is kept and not used.",
    "rectify": "No answer of this person is kept: there is nothing to correct.",
}
#: What becomes of what stays, by kind of case.
_STAYS: dict[str, str] = {
    **dict.fromkeys(("access", "portability"), "told"),
    "restrict": "kept, not used",
    "unrestrict": "used again",
    "rectify": "corrected",
}


def outlook(case: Case, found: Outlook) -> None:
    """What a case takes, and what a person has to decide first."""
    if not found.known:
        then = _OF_NOBODY.get(case.kind, "keeps them out from then on")
        show.line(f"Nobody is known by this address: to fulfil the case {then}, no more.")
    shown = show.table(f"Case {case.id}: {case.kind}", "store", "number", "what")
    for store, count in found.stores.items():
        if store in _BACKUPS:
            continue
        shown.add_row(store, f"{count:,}", _becomes(case, store, found) if count else "")
    show.out.print(shown)
    if found.correcting:
        show.line(f"To be corrected: {', '.join(found.correcting)}.")
    for decision in found.decisions:
        show.notice("yellow", "to decide", decision)
    if found.unsearchable:
        show.line(
            f"Answers that came without any identifier: {found.unsearchable:,}. "
            "Nobody's can be found among them."
        )
    if found.unnamed:
        show.line(
            f"Quarantined rows of the person without an id of their own: {found.unnamed}. "
            "No task can name their answers: look for the person at the survey tool."
        )
    if found.exports:
        show.line(f"Exports in an inbox: {found.exports}. One that holds the person becomes a task.")
    if found.also:
        show.line(f"The same address has other open cases: {', '.join(found.also)}")
    show.line(f"To be answered by {case.due_at:%Y-%m-%d}.")


def certificate(found: Mapping[str, Any]) -> None:
    """What was done, as the certificate says it."""
    show.line(f"Case {found['certificate']}: {found['kind']}, {found['outcome']} ({found['clause']})")
    if found["ground"]:
        show.line(f"Ground: {found['ground']}")
    if found["outcome"] == "closed" and not found["held"] and found["kind"] not in _NOTHING_HELD:
        named = "No answer and no quarantined row bears this name; what is their own was not looked for."
        nothing = _NOTHING.get(found["kind"], "Nothing was held of this person.")
        show.line(named if found["named by others"] else nothing)
    shown = show.table("Stores", "store", "found", "gone")
    by_hand = {task["store"] for task in found["tasks"]}
    for row in found["stores"]:
        if row["store"] in _BACKUPS:  # they hold everybody; what is told of them is a day
            continue
        gone = _gone(found["kind"], row["store"], row["found"], row["gone"], by_hand)
        shown.add_row(row["store"], f"{row['found']:,}", gone)
    if found["stores"]:
        show.out.print(shown)
    for task in found["tasks"]:
        show.line(f"Task {task['task']}: {task['count']:,} at {task['store']}, due {task['due']}")
    in_backups(found["readable_in_backups_until"][:10])
    if found["corrected"]:
        show.line(f"Corrected, and again at every later import: {', '.join(found['corrected'])}.")
    for letter, day in found["told"].items():
        show.line(f"Letter of {letter}: sent {day}")
    recipients(found["recipients"])
    _left(found["holds"])
    for what, count in found["not searchable"].items():
        if count and found["outcome"] == "closed":
            show.line(f"Not searchable: {count:,} {what}")


def in_backups(until: str) -> None:
    """Say until which day a backup still opens that was made before something was deleted."""
    if until:
        show.line(f"Backups made before can be opened until {until}; then their keys are gone.")


def package(found: Mapping[str, Any]) -> None:
    """Where a package lies, and by what it opens: shown once."""
    if "package" in found:
        show.line(f"Package: {found['package']}")
        show.line(f"Passphrase, shown once and kept nowhere: {found['passphrase']}")
        show.line("Send the one by mail and tell the other by telephone, for example.")
    elif found["kind"] in ("access", "portability") and found["held"]:
        show.line("The passphrase was shown when the package was made; without it open a new case.")


def texts(found: Sequence[tuple[str, str]]) -> None:
    """Texts as they may go out, numbered."""
    if not found:
        show.line("There is no text that could name others.")
    for number, (of, text) in enumerate(found, start=1):
        show.out.print(f"{number}  {of}", style="bold")
        show.line(f"{text}\n")


def case(
    found: Case,
    done: Sequence[CaseStep],
    todo: Sequence[Task],
    letters: Mapping[Letter, date],
    hearing: Sequence[Mapping[str, Any]],
) -> None:
    """One case whole."""
    show.line(f"Case {found.id}: {found.kind}, {found.state}")
    show.line(f"Opened {show.moment(found.opened_at)}, to be answered by {found.due_at:%Y-%m-%d}")
    if found.decided_by:
        show.line(f"Decided by {found.decided_by}; identity: {found.assurance or 'not asked'}")
    if found.ground:
        show.line(f"Ground: {found.ground}")
    if found.doubted_at is not None:
        show.line(f"It is doubted who asks since {show.moment(found.doubted_at)}; the time stands still.")
    if found.doubted_for:
        show.line(f"Doubted: {found.doubted_for}")
    if found.extended_for:
        show.line(f"Extended: {found.extended_for}")
    shown = show.table("Done", "store", "found", "gone", "when")
    by_hand = {task.store for task in todo}
    for step in done:
        gone = _gone(found.kind, step.store, step.found, step.removed, by_hand)
        shown.add_row(step.store, f"{step.found:,}", gone, show.moment(step.at))
    if done:
        show.out.print(shown)
    for letter, day in letters.items():
        show.line(f"Letter of {letter}: sent {day}")
    recipients(hearing)
    _left(found.holds)
    if todo:
        show_retention.tasks(todo)


def recipients(found: Sequence[Mapping[str, Any]]) -> None:
    """Who else has something of the person: what they hear of, when they were told and have answered."""
    if not found:
        return
    shown = show.table("Recipients", "name", "who", "hears of", "told", "answered")
    for one in found:
        missing = "" if one["acknowledged"] else "yellow"
        days = (one["told"] or "to be told", one["acknowledged"] or "not yet")
        shown.add_row(one["recipient"], one["name"], one["what"], *days, style=missing)
    show.out.print(shown)
    for one in found:
        if not one["told"] and one["what"] != "erased":  # of an erasure the task says what is to be done
            show.line(
                f"Tell {one['name']}, and note it: tillit rights told CASE --recipient {one['recipient']}"
            )


def _becomes(case: Case, store: str, found: Outlook) -> str:
    if case.kind in ("access", "portability"):
        return _STAYS[case.kind] if is_told(case, store) else ""
    if case.kind == "no-invites":
        return "kept"
    if case.kind == "restrict":
        return {"responses": _STAYS[case.kind], "crm": "cleared"}.get(store, "kept")
    if case.kind == "rectify":
        corrected = ("responses", "vault", "crm", "crm_ledger")
        return (
            _STAYS[case.kind]
            if store in corrected
            else "corrected there"
            if store in found.by_hand
            else "kept"
        )
    return "a task: to delete by hand" if store in found.by_hand else "deleted"


def _gone(kind: str, store: str, found: int, gone: int, by_hand: Container[str]) -> str:
    if kind in _STAYS and found and not gone:
        return _STAYS[kind]
    return "by hand" if store in by_hand and found > gone else f"{gone:,}"


def cases(found: Sequence[Case], missing: Mapping[str, int], now: datetime) -> None:
    """All cases, most urgent first."""
    if not found:
        show.line("Nobody has asked for anything.")
        return
    shown = show.table("Cases", "id", "kind", "state", "opened", "answer by", "days left", "recipients")
    for one in found:
        left = (one.due_at.date() - now.date()).days
        late, soon = left < 0, left < _URGENT_DAYS
        stands = one.closed_at is not None or one.doubted_at is not None
        days = "" if stands else f"{-left} too late" if late else str(left)
        style = "" if stands else "bold red" if late else "yellow" if soon else ""
        shown.add_row(
            one.id,
            one.kind,
            "doubted" if one.doubted_at and not one.closed_at else one.state,
            f"{one.opened_at:%Y-%m-%d}",
            f"{one.due_at:%Y-%m-%d}",
            days,
            f"{missing[one.id]} open" if missing.get(one.id) else "",
            style=style,
        )
    show.out.print(shown)


def _left(holds: Sequence[Mapping[str, Any]]) -> None:
    show_retention.left((one["hold"], one["store"], one["count"]) for one in holds)
