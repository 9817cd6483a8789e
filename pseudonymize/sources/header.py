"""What the header of an export must be. Column names may be shown in errors, cells never."""

import re
from collections import Counter
from collections.abc import Sequence

from data.errors import InputRefused
from pseudonymize.mapping import Mapping

#: A file without a header shows somebody's answer as its first row; such cells must not be printed.
_LIKE_A_VALUE = re.compile(r"@|\d(?:[ -]?\d){4}|.{101}", re.DOTALL)


def check_header(file: str, header: Sequence[str], mapping: Mapping) -> None:
    """Refuse a header with a missing, an unknown or a repeated column. Raises `InputRefused`."""
    wanted = [*mapping.named.values(), *mapping.drop]
    present = [name for name in wanted if name in header]
    if not any(name in header for name in mapping.named.values()):
        raise InputRefused(
            f"{file}: the first row is not the header: none of the {len(mapping.named)} mapped columns "
            f"is among its {len(header)} cells",
            hint=_wrong_delimiter(header, wanted),
        )
    header_for_sure = 2 * len(present) >= len(wanted)
    repeated = [name for name, count in Counter(header).items() if count > 1]
    if repeated:
        raise InputRefused(
            f"{file}: the header names {_list(repeated, header, header_for_sure)} more than once",
            hint="rename one of them in the survey tool, or in the file",
        )
    missing = [name for name in wanted if name not in present]
    if missing:
        raise InputRefused(
            f"{file}: the header lacks {', '.join(repr(name) for name in missing)}",
            hint="correct the mapping, or export the survey again with this column",
        )
    unknown = [name for name in header if name not in wanted]
    if unknown:
        raise InputRefused(
            f"{file}: the mapping does not know {_list(unknown, header, header_for_sure)}",
            hint="map the column, or name it under drop",
        )


def _wrong_delimiter(header: Sequence[str], wanted: Sequence[str]) -> str:
    joined = " ".join(header)
    for delimiter, name in ((";", "semicolon"), (",", "comma"), ("\t", "tab")):
        if len(header) < len(wanted) and joined.count(delimiter) >= len(wanted) // 2:
            return f"the file looks separated by {name}s: set format.delimiter in the mapping"
    return "check format.delimiter, format.encoding and format.header_rows in the mapping"


def _list(names: Sequence[str], header: Sequence[str], header_for_sure: bool) -> str:
    shown = [
        f"column {header.index(name) + 1}"
        if not (header_for_sure and name.strip()) or _LIKE_A_VALUE.search(name)
        else repr(name)
        for name in names
    ]
    return ", ".join(shown)
