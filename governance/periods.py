"""Calendar periods as policies write them: "18 months", "7 years", "30 days", "at once", "unlimited"."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

_TEXT = re.compile(r"(\d{1,3}) (day|month|year)s?")
_AT_ONCE, _UNLIMITED = "at once", "unlimited"
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in calendar units, told in the words in which it was written."""

    days: int = 0
    months: int = 0
    unlimited: bool = False
    written: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: Any) -> "Period":
        """Read "18 months", "at once" or "unlimited"; raises ValueError for anything else."""
        if text in (_AT_ONCE, _UNLIMITED):
            return cls(unlimited=text == _UNLIMITED, written=text)
        match = _TEXT.fullmatch(text) if isinstance(text, str) else None
        if match is None or int(match[1]) == 0:
            raise ValueError('a period is a number and a unit, for example "18 months"')
        number = int(match[1])
        if match[2] == "day":
            return cls(days=number, written=match[0])
        return cls(months=number * (12 if match[2] == "year" else 1), written=match[0])

    def after(self, start: datetime) -> datetime:
        """The moment the period ends. A month from 31 January ends on the last day of February."""
        if self.unlimited:
            return _NEVER
        return start + relativedelta(months=self.months, days=self.days)

    def __str__(self) -> str:
        return self.written or (f"{self.days} days" if self.days else f"{self.months} months")
