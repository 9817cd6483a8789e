"""What people see of everything that is going on, on a terminal: in numbers, and where to look."""

from flows import show, show_retention
from governance.status import Status

_WHERE = {
    "open cases": "tillit rights list",
    "cases too late": "tillit rights list",
    "tasks by hand": "tillit retention tasks",
    "tasks too late": "tillit retention tasks",
    "recipients without answer": "tillit rights list",
    "plans that wait": "tillit retention apply, verify",
    "things at the end of their period": "tillit retention plan",
    "legal holds": "tillit retention holds",
    "readings to confirm": "tillit policy check",
    "answers whose writer was named": "tillit rights reidentified",
    "clauses": "tillit policy explain",
    "clauses pending": "tillit policy explain",
}
_BAD = ("cases too late", "tasks too late", "alarms", "clauses pending")


def status(found: Status) -> None:
    """Everything in numbers, and what somebody has to look at."""
    show.line(f"{found.name}, policy {found.policy}, {show.moment(found.made_at)}")
    shown = show.table("What is going on", "what", "n", "see")
    for what, number in found.counts.items():
        style = "red" if number and what in _BAD else "" if number else "dim"
        shown.add_row(what, f"{number:,}", _WHERE.get(what, "") if number else "", style=style)
    show.out.print(shown)
    if found.cases:
        first = found.cases[0]
        show.line(f"Most urgent: case {first.id}, {first.kind}, {first.left}; waits for: {first.waits_for}")
    show_retention.alarms(found.alarms)
    show.line("As a page that prints: tillit status --officer --output officer.html")
