"""What is going on with one controller's data, as an officer sees it: ids, counts, dates, no name. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from data.stores.cases import Case, Letter
from data.stores.holds import Hold
from data.stores.tasks import Task
from governance.deletion import Alarm
from governance.explain import Explained
from governance.policy import Policy
from governance.rights import GIVES


@dataclass(frozen=True, slots=True)
class DueCase:
    """A request under way: what it waits for, and how long there is; `left` is in words."""

    id: str
    kind: str
    state: str
    due: date
    left: str
    late: bool
    waits_for: str


@dataclass(frozen=True, slots=True)
class DueTask:
    """What somebody has to delete by hand, at whose place, by when."""

    id: str
    store: str
    owner: str
    count: int
    clause: str
    due: date
    left: str
    late: bool


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Somebody who has something of the person of a case, and has not answered that they did their part."""

    case: str
    recipient: str
    name: str
    what: str
    state: str
    since: date


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A reading of the policy that nobody has confirmed, or that was to be reviewed before today."""

    name: str
    clauses: Sequence[str]
    conflict: str
    reading: str
    by: str
    state: str
    review: date
    late: bool


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A deletion plan that somebody has to approve, carry out or verify; numbers of things by store."""

    digest: str
    made: date
    waits_for: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Due:
    """Things of one store at the end of their period, for the next plan or the next night."""

    store: str
    clause: str
    count: int
    since: date


@dataclass(frozen=True, slots=True)
class InForce:
    """A legal hold: what it is on, how many things it keeps that are due, when it is looked at again."""

    id: str
    of: str
    keeps: int
    review: date
    late: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """An alarm of the evidence log. Moment in UTC."""

    number: int
    at: datetime
    says: str
    count: int


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that an officer looks at, of one controller. `made_at` is UTC.

    `recorded` are the newest alarms of the evidence log, `recorded_in_all` how many it has; `last` is when
    each kind of thing was done last; `named` how often somebody was told who wrote an answer, as far as that
    is still on record.
    """

    controller: str
    name: str
    contact: str
    policy: str
    made_at: datetime
    cases: Sequence[DueCase]
    tasks: Sequence[DueTask]
    unanswered: Sequence[Unanswered]
    unsettled: Sequence[Unsettled]
    alarms: Sequence[Alarm]
    recorded: Sequence[Recorded]
    recorded_in_all: int
    plans: Sequence[WaitingPlan]
    due: Sequence[Due]
    holds: Sequence[InForce]
    named: int
    last: Mapping[str, datetime]
    clauses: Sequence[Explained]

    @property
    def counts(self) -> dict[str, int]:
        """The same in numbers."""
        return {
            "open cases": len(self.cases),
            "cases too late": _late(self.cases),
            "tasks by hand": len(self.tasks),
            "tasks too late": _late(self.tasks),
            "recipients without answer": len(self.unanswered),
            "alarms": len(self.alarms),
            "plans that wait": len(self.plans),
            "things at the end of their period": sum(one.count for one in self.due),
            "legal holds": len(self.holds),
            "readings to confirm": len(self.unsettled),
            "answers whose writer was named": self.named,
            "clauses": len(self.clauses),
            "clauses enforced": sum(one.state == "enforced" for one in self.clauses),
            "clauses enforced and proven": sum(one.proven for one in self.clauses),
            "clauses pending": sum(one.state == "pending" for one in self.clauses),
        }


def due_case(case: Case, letters: Collection[Letter], today: date) -> DueCase:
    """A case that is not closed yet."""
    due, stands = case.due_at.date(), case.doubted_at is not None
    left = "the time stands still" if stands else days_left(due, today)
    waits_for = _waits_for(case, letters)
    return DueCase(case.id, case.kind, case.state, due, left, not stands and due < today, waits_for)


def due_task(task: Task, policy: Policy, today: date) -> DueTask:
    """A task that is not done yet, with the owner of the store."""
    due, store = task.due_at.date(), policy.stores.get(task.store)
    owner = store.owner if store else "not in the policy any more"
    left = days_left(due, today)
    return DueTask(task.id, task.store, owner, task.count, task.clause, due, left, due < today)


def in_force(hold: Hold, keeps: int, today: date) -> InForce:
    """A hold in force."""
    of = f"{hold.survey} {hold.cycle}".strip() or "everything"
    return InForce(hold.id, of, keeps, hold.review, hold.review < today)


def unsettled(policy: Policy, today: date) -> list[Unsettled]:
    """Readings that nobody has confirmed, or whose day of review is over; the next review first."""
    found = [
        Unsettled(name, one.clauses, one.conflict, one.reading, one.by, one.state, one.review, late)
        for name, one in policy.decisions.items()
        if (late := one.review < today) or one.state != "confirmed"
    ]
    return sorted(found, key=lambda one: one.review)


def days_left(due: date, today: date) -> str:
    """How long there is, in words."""
    days = (due - today).days
    if days == 0:
        return "today"
    unit = "day" if abs(days) == 1 else "days"
    return f"{days} {unit} left" if days > 0 else f"{-days} {unit} too late"


def _waits_for(case: Case, letters: Collection[Letter]) -> str:
    if case.state == "fulfilling":
        return "being carried out: fulfil it again"
    if case.doubted_at is not None:
        return "proof of who asks"
    if case.kind == "unrestrict" and "lifting" not in letters:
        return "the person to be told that it ends"
    if case.kind in GIVES and not case.texts_read:
        return "somebody who reads the texts"
    return "to be fulfilled"


def _late(found: Sequence[DueCase] | Sequence[DueTask]) -> int:
    return sum(one.late for one in found)
