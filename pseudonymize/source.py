"""What an import can read from: rows of one survey that can be read from the start twice."""

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Protocol

from pseudonymize.mapping import Mapping
from pseudonymize.quarantine import Quarantine
from pseudonymize.raw import RawRow


class Source(Protocol):
    """Rows of one survey. `raw_copy` is the file they lie in, where they lie in one."""

    @property
    def mapping(self) -> Mapping: ...

    @property
    def raw_copy(self) -> Path | None: ...

    def rows(self) -> Iterator[RawRow]: ...

    def check_unchanged(self) -> None: ...


class QuarantinedRows:
    """The rows that one survey has in quarantine, numbered anew, to be tried again."""

    raw_copy: Path | None = None

    def __init__(self, quarantine: Quarantine, mapping: Mapping) -> None:
        self._quarantine = quarantine
        self.mapping = mapping
        self._ids: dict[int, str] = {}

    def rows(self) -> Iterator[RawRow]:
        """The rows, unsealed in memory."""
        for number, (row_id, row) in enumerate(self._quarantine.open(self.mapping.survey), start=1):
            self._ids[number] = row_id
            yield RawRow(number, row.cells, row.ragged)

    def resolved(self, bad: Container[int]) -> list[str]:
        """Ids of the rows that are not among the bad ones any more."""
        return [row_id for number, row_id in self._ids.items() if number not in bad]

    def check_unchanged(self) -> None:
        """Nothing else writes to the quarantine while the home is held."""
