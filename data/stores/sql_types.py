"""Column types shared by the stores."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator


def utc_text(at: datetime) -> str:
    """A moment as every database stores it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, as ISO 8601 text that sorts by time in every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else utc_text(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        # `process_result_value` would be called through another function, which a read of millions feels.
        return _moment


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
