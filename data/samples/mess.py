"""What goes wrong in real exports. Each fault falls on rows of its own, so that it can be counted."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from data.samples.columns import COMPLETED, EMAIL, MODIFIED, RESPONDENT_ID, SCORE, TEXT, TIME_PATTERN, Row
from data.samples.draw import between, chance, shuffled

# Shares of all rows. Unusable ones stay between half a percent and two, as an importer's limit expects.
_UNUSABLE = 0.0135
_NO_ADDRESS = 0.02
_NO_SCORE = 0.012
_REPEATED = 0.003
_EDITED = 0.005

_EDITS = {
    "sv": "Ändrat mig efter att ha pratat med supporten.",
    "no": "Har ombestemt meg.",
    "da": "Jeg har skiftet mening.",
    "de": "Ich habe meine Meinung geändert.",
}
_EDIT = "I changed my mind after talking to support."


def make_mess(rows: list[Row], as_of: date, rng: random.Random) -> list[Row]:
    """The rows with faults in some of them, and with repeated and edited rows further down."""
    spare = shuffled(rng, range(len(rows)))
    for number in range(_count(rows, _UNUSABLE)):
        turn, kind = divmod(number, len(_UNUSABLE_KINDS))
        _UNUSABLE_KINDS[kind](rows[spare.pop()], turn)
    for _ in range(_count(rows, _NO_ADDRESS)):
        rows[spare.pop()][EMAIL] = ""
    for _ in range(_count(rows, _NO_SCORE)):
        rows[spare.pop()][SCORE] = ""
    copies = [(place, dict(rows[place])) for place in _take(spare, _count(rows, _REPEATED))]
    old = [place for place in spare if _days_left(rows[place], as_of) > 1]
    copies += [(place, _edited(rows[place], as_of, rng)) for place in _take(old, _count(rows, _EDITED))]
    return _placed(rows, copies, rng)


def _count(rows: list[Row], share: float) -> int:
    return int(len(rows) * share + 0.5)


def _take(places: list[int], count: int) -> list[int]:
    return [places.pop() for _ in range(min(count, len(places)))]


def _placed(rows: list[Row], copies: list[tuple[int, Row]], rng: random.Random) -> list[Row]:
    """Puts each copy somewhere after the row it was made of."""
    keyed = [(place, 0, row) for place, row in enumerate(rows)]
    keyed += [(between(rng, place, len(rows) - 1), 1, copy) for place, copy in copies]
    return [row for _, _, row in sorted(keyed, key=lambda item: item[:2])]


def _days_left(row: Row, as_of: date) -> int:
    return (as_of - date.fromisoformat(row[MODIFIED][:10])).days


def _edited(row: Row, as_of: date, rng: random.Random) -> Row:
    """The same response, changed on a later day."""
    days = between(rng, 1, min(40, _days_left(row, as_of) - 1))
    later = datetime.fromisoformat(row[MODIFIED]) + timedelta(days=days)
    edited = {**row, MODIFIED: later.strftime(TIME_PATTERN)}
    if chance(rng, 0.6):
        edited[SCORE] = str(int(row[SCORE]) - 1 if int(row[SCORE]) > 1 else 3)
    else:
        edited[TEXT] = f"{row[TEXT]} {_EDITS.get(row['Language'], _EDIT)}".strip()
    return edited


def _set(column: str, *values: str) -> Callable[[Row, int], None]:
    """A fault that writes the next of the values into a column each time it strikes."""

    def strike(row: Row, turn: int) -> None:
        row[column] = values[turn % len(values)]

    return strike


def _nobody(row: Row, _turn: int) -> None:
    row[EMAIL] = row[RESPONDENT_ID] = ""


def _invalid_address(row: Row, _turn: int) -> None:
    row[EMAIL] = row[EMAIL].lower().replace("@", ".at.")


_UNUSABLE_KINDS: tuple[Callable[[Row, int], None], ...] = (
    _set(SCORE, "0", "11", "12"),
    _set(SCORE, "ten", "tio", "nine", "åtta"),
    _set(SCORE, "9.5", "8,5", "7.5"),
    _set(COMPLETED, "2026-13-45 10:00:00", "igår", "2026-02-30 09:15:00"),
    _nobody,
    _invalid_address,
)
