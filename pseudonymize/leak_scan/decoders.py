"""What stands in a block of bytes in another encoding, each decoder a function from bytes to bytes. Pure.

Each gives the parts that it can read, with what stands around them, apart from each other by a gap that
no name spans; nothing where it finds nothing of its own. What one has read the others read again, so
that Base64 of UTF-16, or JSON in JSON, is read too.
"""

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from pseudonymize.leak_scan.digits import read_base64, read_hex

#: Stands between two values: wider than the gap between two words of a name.
GAP = b"\n" * 6

_DEPTH = 3
_REACH = 700  # bytes around an escape: an address of 254 characters, however it is written
_LOOK_BACK = 300
_WHITE = bytes(32 if b <= 32 or chr(b) in "<>\"',;" else b for b in range(256))

_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_BACKSLASH = re.compile(rb"\\+(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([nrtbf])(?=[\w\\\x80-\xff]))")
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b" ", b"f": b" "}
_ENTITY = re.compile(rb"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")
_QUOTED = re.compile(rb"=(?:([0-9A-F]{2})|[ \t]*\r?\n)")
_CLOSING = re.compile(rb"</[A-Za-z][\w:.-]{0,60}\s*>")
_TAGS = re.compile(rb"(?:</?[A-Za-z][^<>]{0,500}>[ \t]*+(?:\r?\n[ \t]*+)?+)++")
_WIDE = re.compile(rb"\0[\x01-\xff]\0[\x01-\xff]\0")
_LITTLE = re.compile(rb"(?:[\x01-\xff][\x00-\x05\x1e]){5,}")
_BIG = re.compile(rb"(?:[\x00-\x05\x1e][\x01-\xff]){5,}")


def readings(block: bytes) -> Iterator[bytes]:
    """The block as it is, and every other reading of its parts."""
    seen: set[bytes] = set()
    wave = [block]
    for _ in range(_DEPTH):
        fresh = [part for part in dict.fromkeys(wave) if part and part not in seen]
        yield from fresh
        seen.update(fresh)
        wave = [decoder(part) for part in fresh for decoder in DECODERS]
    yield from {part for part in wave if part and part not in seen}


def edge(block: bytes, at: int) -> int:
    """The last place before `at` where a value may begin; `at` itself at the end, or where none is near."""
    if at >= len(block):
        return at
    first = max(0, at - _LOOK_BACK)
    found = block[first:at].translate(_WHITE).rfind(b" ")
    return at if found < 0 else first + found + 1


def read_percent(block: bytes) -> bytes:
    """URL encoding."""
    return _replaced(block, b"%", _PERCENT, lambda escape: unquote_to_bytes(escape.group()))


def read_backslash(block: bytes) -> bytes:
    r"""The escapes of JSON, JavaScript and Python: `\u00e5`, `\xe5`, `\n`, however many backslashes."""
    return _replaced(block, b"\\", _BACKSLASH, _from_backslash)


def read_entities(block: bytes) -> bytes:
    """HTML's and XML's entities."""
    return _replaced(
        block, b"&", _ENTITY, lambda e: html.unescape(e.group().decode()).encode(errors="replace")
    )


def read_quoted(block: bytes) -> bytes:
    """Quoted-printable (RFC 2045 section 6.7)."""
    return _replaced(block, b"=", _QUOTED, lambda escape: bytes.fromhex((escape[1] or b"").decode()))


def read_markup(block: bytes) -> bytes:
    """Text without the tags in it."""
    return GAP.join(_TAGS.sub(b" ", part) for part in _around(block, _CLOSING)) if b"</" in block else b""


def read_utf16(block: bytes) -> bytes:
    """UTF-16 of either order, without a mark."""
    parts = list(_around(block, _WIDE))
    little = (
        found.group().decode("utf-16-le", "replace") for part in parts for found in _LITTLE.finditer(part)
    )
    big = (found.group().decode("utf-16-be", "replace") for part in parts for found in _BIG.finditer(part))
    return GAP.join(text.encode(errors="replace") for text in (*little, *big))


DECODERS: tuple[Callable[[bytes], bytes], ...] = (
    read_percent,
    read_backslash,
    read_entities,
    read_quoted,
    read_markup,
    read_utf16,
    read_base64,
    read_hex,
)


def _replaced(
    block: bytes, sign: bytes, escape: re.Pattern[bytes], plain: Callable[[re.Match[bytes]], bytes]
) -> bytes:
    if sign not in block:
        return b""
    return GAP.join(escape.sub(plain, part) for part in _around(block, escape))


def _around(block: bytes, escape: re.Pattern[bytes]) -> Iterator[bytes]:
    """The parts of a block that hold escapes, from the beginning of a value to the end of one."""
    start = end = 0
    for found in escape.finditer(block):
        if found.start() > end:
            if end:
                yield block[start:end]
            start = edge(block, max(0, found.start() - _REACH))
        if found.end() + _REACH // 2 > end:
            end = edge(block, min(len(block), found.end() + _REACH))
            end = max(end, found.end())
    if end:
        yield block[start:end]


def _from_backslash(escape: re.Match[bytes]) -> bytes:
    if escape[1]:
        return chr(int(escape[1], 16)).encode(errors="replace")
    if escape[2]:
        return bytes.fromhex(escape[2].decode())
    return _CONTROLS[escape[3]]
