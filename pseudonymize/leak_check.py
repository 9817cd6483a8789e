"""A last look at each outgoing response for the identifiers of its own row. Pure.

Structured identifiers and full names fail a response; a lone ordinary word is the redactor's work.
"""

import re
import unicodedata

from data.records import Response
from pseudonymize.raw import RawResponse

_SHORTEST = 5
_GENITIVES = ("", "s")


def leaks(response: Response, raw: RawResponse) -> bool:
    """Whether anything that identifies the writer stands in a text of the response."""
    comment = response.comment.text if response.comment else ""
    outgoing = " ".join([comment, response.cycle.cycle, response.role, response.workplace, response.country])
    folded = _fold(outgoing)
    joined, spaced = _joined(folded), f" {_words(folded)} "
    return (
        any(address in folded for address in _addresses(raw))
        or any(f" {name}{end} " in spaced for name in _full_names(raw) for end in _GENITIVES)
        or any(id_ in joined for id_ in _ids(raw))
        or _local_part(raw) in _joined(_fold(response.cycle.cycle))
    )


def _addresses(raw: RawResponse) -> list[str]:
    return [_fold(address) for address in (raw.email, raw.email_given) if address]


def _local_part(raw: RawResponse) -> str:
    """What stands before the @, where it is long enough to tell somebody; a cycle must not hold it."""
    local = _joined(_fold(raw.email.partition("@")[0]))
    return local if len(local) >= _SHORTEST else "@"


def _full_names(raw: RawResponse) -> list[str]:
    """The name's words forwards, backwards, and with each number of them moved to the end."""
    words = _words(_fold(raw.name)).split()
    if len(words) < 2:
        return []
    turned = [words[i:] + words[:i] for i in range(len(words))]
    return [" ".join(order) for order in [*turned, list(reversed(words))]]


def _words(folded: str) -> str:
    """The words alone, so that a name is found as words in a row, whatever stands between them."""
    return " ".join(re.findall(r"\w+", folded))


def _ids(raw: RawResponse) -> list[str]:
    ids = (_joined(_fold(i)) for i in (raw.response_id, raw.respondent_id, raw.crm_reference))
    return [i for i in ids if len(i) >= _SHORTEST]


def _joined(folded: str) -> str:
    return re.sub(r"[\W_]", "", folded)


def _fold(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())
