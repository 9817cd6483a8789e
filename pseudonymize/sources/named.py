"""Sources by name, so that a schedule names a source and never a path or a person."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from data.errors import UsageError
from data.records import is_label
from governance.yaml_files import Closed, read_yaml

_HINT = "see docs/sources.md"


def _absolute(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("a path in sources.yaml must be absolute: schedules run elsewhere")
    return path


AbsolutePath = Annotated[Path, AfterValidator(_absolute)]


class NamedSource(Closed):
    """Export files that arrive in an inbox. `consume` deletes each after its commit."""

    kind: Literal["file"]
    inbox: AbsolutePath
    pattern: str = "*"
    mapping: AbsolutePath
    consume: bool = False

    def files(self) -> list[Path]:
        """The files that wait in the inbox, by name."""
        return sorted(path for path in self.inbox.glob(self.pattern) if path.is_file())


class _Sources(Closed):
    sources: dict[str, NamedSource]


def named_source(path: Path, name: str) -> NamedSource:
    """One source from the file of sources. Raises `UsageError` that lists the names there are."""
    if not is_label(name):
        raise UsageError("a source's name has up to 40 letters, digits, dots and dashes")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"there is no readable file of sources at {path}",
            hint=f"give --file and --mapping, or write that file; {_HINT}",
        ) from None
    sources = read_yaml(text, path.name, _Sources).sources
    if name not in sources:
        raise UsageError(
            f"{path.name} has no source {name!r}; it has {', '.join(sorted(sources))}", hint=_HINT
        )
    return sources[name]
