"""One canonical form of an e-mail address and of a name, so that one person has one pseudonym. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

import idna

_LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets


def canonical_email(address: str) -> str:
    """The address after NFKC, case folding and IDNA (UTS 46); dots and +tags stay distinct.

    Raises ValueError (without the address) where it is not one local part, one @ and one domain.
    """
    normal = unicodedata.normalize("NFKC", address.strip())
    local, at, domain = normal.rpartition("@")
    if not (at and local and domain) or "@" in local or len(normal) > _LONGEST_ADDRESS:
        raise ValueError("not one local part, one @ and one domain")
    if any(unicodedata.category(c)[0] in "CZ" or c in '<>()[],;:"\\' for c in normal):
        raise ValueError("a space, an invisible character or punctuation in the address")
    canonical = f"{_fold(local)}@{_canonical_domain(domain)}"
    if len(canonical) > _LONGEST_ADDRESS:
        raise ValueError("not one local part, one @ and one domain")
    return canonical


def addresses_in(text: str) -> Iterator[str]:
    """Canonical addresses among the words of a text."""
    for word in re.split(r"[\s<>()\[\],;:\"]+", text) if "@" in text else ():
        with suppress(ValueError):
            yield canonical_email(word.strip(".'"))


def canonical_name(name: str) -> str:
    """The parts of a name, folded and in alphabetical order: "Svensson, Anna" is "anna svensson"."""
    return " ".join(sorted(_fold(name).replace(",", " ").split()))


def _fold(text: str) -> str:
    # Folding can undo the normal form, so it is applied again (Unicode 3.13, toNFKC_Casefold).
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=10_000)
def _canonical_domain(domain: str) -> str:
    try:
        # UTS 46 folds case itself; folding before it would turn ß into ss, another domain.
        encoded = idna.encode(domain.rstrip("."), uts46=True).decode("ascii")
    except idna.IDNAError:
        encoded = ""
    if "." not in encoded:
        raise ValueError("not a domain name")
    return encoded
