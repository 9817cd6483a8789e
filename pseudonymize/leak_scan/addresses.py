"""E-mail addresses in a block of bytes, in every reading that the bytes around them allow. Pure."""

import re
from collections.abc import Iterator

from pseudonymize.leak_scan.text import text_of
from pseudonymize.normalize import canonical_email

_LONGEST_LOCAL, _LONGEST_DOMAIN = 100, 255  # bytes; RFC 5321 section 4.5.3.1 in UTF-8

_AT = re.compile(rb"@(?=[\w\x80-\xff][\w.\-\x80-\xff]{0,250}\.[\w\x80-\xff])")
#: What neither part of a canonical address can hold, as spaces.
_ENDS = bytes(32 if b <= 32 or b == 127 or chr(b) in '<>()[],;:"\\' else b for b in range(256))
_DOMAIN = re.compile(r"[\w.\-\u0300-\u036f]+")
#: What may stand in the first part, but is more often what stands before it.
_JOINTS = re.compile("[=&/?'|{}*#!$^~`%+\u0080-\u00bf\u2000-\u203f]")
_FILE = re.compile(
    r"(?:\.(?:csv|txt|json|html?|xlsx?|parquet|log|pdf|eml|msg|db|zip|gz|zst))+$", re.IGNORECASE
)
_GLUED = re.compile(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ0-9])")


def addresses(block: bytes) -> Iterator[str]:
    """Each address in canonical form; one @ may give several readings."""
    for at in _AT.finditer(block):
        before = block[max(0, at.start() - _LONGEST_LOCAL) : at.start()].translate(_ENDS)
        after = block[at.end() : at.end() + _LONGEST_DOMAIN].translate(_ENDS)
        locals_ = _locals(text_of(before.rsplit(b" ", 1)[-1]))
        for domain in _domains(text_of(after.split(b" ", 1)[0])):
            for local in locals_:
                yield from _canonical(f"{local}@{domain}")


def _canonical(address: str) -> Iterator[str]:
    try:
        yield canonical_email(address)
    except ValueError:
        return


def _locals(text: str) -> set[str]:
    """The first part whole, and from each joint on, without punctuation around it."""
    starts = [0, *(joint.end() for joint in _JOINTS.finditer(text))]
    return {part for start in starts for part in (text[start:], text[start:].lstrip(".-_")) if part}


def _domains(text: str) -> set[str]:
    """The domain, and the one before the next sentence, the next value, or the ending of a file's name."""
    found = _DOMAIN.match(text)
    if found is None:
        return set()
    domain = found.group().rstrip(".-_")
    whole = {domain, _FILE.sub("", domain), *(domain[: glue.start()] for glue in _GLUED.finditer(domain))}
    parts = domain.split(".")
    sentences = {".".join(parts[:n]) for n in range(2, len(parts)) if parts[n][:1].isupper()}
    return {part.rstrip(".-_") for part in whole | sentences if "." in part}
