"""An export file in an inbox: opened twice, and watched for change in between."""

from collections.abc import Iterator
from pathlib import Path

from data.errors import InputRefused
from pseudonymize.mapping import Mapping
from pseudonymize.raw import RawRow
from pseudonymize.sources import csv_export, parquet_export, xlsx_export

_READERS = {"csv": csv_export.rows, "xlsx": xlsx_export.rows, "parquet": parquet_export.rows}


class ExportFile:
    """One export file with its mapping. Each call of `rows` reads it from the start."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.raw_copy = path.absolute()
        self.mapping = mapping
        self._stamp: tuple[int, int, int] | None = None

    def rows(self) -> Iterator[RawRow]:
        """All rows as text. Raises `InputRefused` where the file is not as its mapping says."""
        self._stamp = self._stamp or self._state()
        try:
            yield from _READERS[self.mapping.format.kind](self.raw_copy, self.mapping)
            return
        except PermissionError:
            pass
        raise InputRefused(f"{self.raw_copy} may not be read", hint="let this user read the file")

    def check_unchanged(self) -> None:
        """Refuse a file that was written to while it was read: its passes saw different rows."""
        try:
            now = self._state()
        except InputRefused:  # gone, or emptied
            now = None
        if now is None or now != self._stamp:
            raise InputRefused(
                f"{self.raw_copy.name}: the file changed while it was read",
                hint="wait until the export has been written, then try again",
            )

    def consume(self) -> None:
        """Delete the raw copy, after what it held has been committed."""
        self.check_unchanged()
        self.raw_copy.unlink()

    def _state(self) -> tuple[int, int, int]:
        try:
            found = self.raw_copy.stat()
        except OSError:
            raise InputRefused(f"there is no file {self.raw_copy}", hint="correct --file") from None
        if not self.raw_copy.is_file():
            raise InputRefused(f"{self.raw_copy} is not a file", hint="name one file with --file")
        if found.st_size == 0:
            raise InputRefused(f"{self.raw_copy.name}: the file is empty")
        return found.st_ino, found.st_size, found.st_mtime_ns
