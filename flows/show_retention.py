"""What people see of deletion: plans, steps, certificates, tasks, holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from data.stores.holds import Hold
from data.stores.plans import PlanState, Step
from data.stores.tasks import KEPT, Task
from flows import show
from governance.deletion import Alarm, Plan


def plan(state: PlanState | None, found: Plan, path: object, in_force: Sequence[Hold]) -> None:
    """What falls due, what is held, which holds are in force, what to look at, and how to go on."""
    if found.parts:
        shown = show.table(f"Plan {found.id}", "store", "clause", "what", "number", "of", "due")
        for part in found.parts:
            due = part.due_from[:10] if part.due_from[:10] == part.due_to[:10] else _span(part)
            what = f"{part.action} by hand" if part.by_hand else part.action
            total = found.totals.get(part.store, 0)
            shown.add_row(part.store, part.clause, what, f"{len(part.ids):,}", f"{total:,}", due)
        show.out.print(shown)
    else:
        show.line("Nothing falls due.")
    _held(found)
    keeping = {held.hold for held in found.held}
    for hold in in_force:
        if hold.id not in keeping:
            show.line(f"Hold {hold.id} is in force and keeps nothing that is due (review {hold.review})")
    alarms(found.alarms)
    if state:
        show.line(f"Plan file: {path}")
        show.line(f"Digest: {state.digest}")
        show.line(f"Next: tillit retention approve {state.digest[:12]} --by NAME")


def steps(done: Sequence[Step]) -> None:
    """What was deleted in which store."""
    shown = show.table("Carried out", "store", "planned", "gone before", "gone or in a task", "left")
    for step in done:
        numbers = (step.planned, step.planned - step.here, step.removed, step.left)
        shown.add_row(step.store, *(f"{number:,}" for number in numbers))
    show.out.print(shown)
    left((hold, step.store, count) for step in done for hold, count in step.holds.items())
    for step in done:
        if step.here and not step.removed and not step.holds:
            show.alarm(f"{step.store}: {step.here:,} were to go, and nothing is gone")


def certificate(found: Mapping[str, Any]) -> None:
    """What was read back, as the certificate says it."""
    columns = ("store", "clause", "what", "planned", "gone before", "gone", "left")
    shown = show.table(f"Certificate {found['certificate']}", *columns)
    for part in found["parts"]:
        gone = "by hand" if part["by_hand"] else f"{part['gone']:,}"
        numbers = (f"{part['planned']:,}", f"{part['before']:,}", gone, f"{part['left']:,}")
        shown.add_row(part["store"], part["clause"], part["action"], *numbers)
    show.out.print(shown)
    left((one["hold"], one["store"], one["count"]) for one in found["holds"])
    left((hold, part["store"], count) for part in found["parts"] for hold, count in part["holds"].items())
    for task in found["tasks"]:
        state = f"{task['state']}, due {task['due']}"
        show.line(f"Task {task['task']}: {task['count']:,} at {task['store']}, {state}")


def tasks(found: Sequence[Task]) -> None:
    """What somebody has to delete by hand."""
    if not found:
        show.line("Nothing is to be deleted by hand.")
        return
    shown = show.table("To delete by hand", "id", "store", "clause", "number", "for", "by")
    for task in found:
        end = "kept" if task.done_by == KEPT else "done"
        by = f"{end} {_day(task.done_at)}" if task.done_at else _day(task.due_at)
        shown.add_row(task.id, task.store, task.clause, f"{task.count:,}", task.origin, by)
    show.out.print(shown)


def holds(found: Sequence[Hold]) -> None:
    """What must not be deleted for now."""
    if not found:
        show.line("Nothing is held.")
        return
    shown = show.table("Legal holds", "id", "of", "ground", "by", "review")
    for hold in found:
        of = " ".join(filter(None, [hold.survey, hold.cycle])) or "everything"
        shown.add_row(hold.id, of, hold.ground, hold.by, hold.review.isoformat())
    show.out.print(shown)


def left(holds: Iterable[tuple[str, str, int]]) -> None:
    """What stays because of legal holds: by the id of each, the store, and the number of things."""
    sums: Counter[tuple[str, str]] = Counter()
    for hold, store, count in holds:
        sums[hold, store] += count
    for (hold, store), count in sums.items():
        show.line(f"Left because of hold {hold}: {count:,} in {store}")


def _held(found: Plan) -> None:
    for held in found.held:
        show.line(
            f"Held: {held.count:,} in {held.store}, by hold {held.hold} "
            f"({held.ground}; {held.by}; review {held.review})"
        )


def alarms(found: Iterable[Alarm]) -> None:
    """What somebody has to look at."""
    for alarm in found:
        clause = f" ({alarm.clause})" if alarm.clause else ""
        store = f"{alarm.store}: " if alarm.store else ""
        show.alarm(f"{store}{alarm.count:,} × {alarm.says}{clause}")


def _span(part: Any) -> str:
    return f"{part.due_from[:10]} to {part.due_to[:10]}"


def _day(at: Any) -> str:
    return f"{at:%Y-%m-%d}"
