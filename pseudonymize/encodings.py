"""The encodings in which files of answers come: UTF-8, and Windows-1252 as spreadsheets save CSV."""

from pathlib import Path
from typing import Literal

from data.errors import InputRefused

Encoding = Literal["utf-8", "windows-1252"]

_BLOCK = 1 << 20


def codec(encoding: Encoding) -> str:
    """Python's name of the encoding; a byte-order mark before UTF-8 is welcome."""
    return "utf-8-sig" if encoding == "utf-8" else "cp1252"


def refuse_disguised_utf8(path: Path, encoding: Encoding, hint: str) -> None:
    """Refuse a UTF-8 file that is said to be Windows-1252: its names would be gibberish, and not be found.

    Raises `InputRefused` with `hint`, `OSError`.
    """
    if encoding == "windows-1252" and _is_utf8(path):
        raise InputRefused(f"{path.name}: the file is UTF-8, not windows-1252", hint=hint)


def _is_utf8(path: Path) -> bool:
    """Whether the file is UTF-8 with letters beyond ASCII."""
    beyond_ascii = False
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while block := file.read(_BLOCK):
                beyond_ascii = beyond_ascii or not block.isascii()
    except UnicodeDecodeError:
        return False
    return beyond_ascii
