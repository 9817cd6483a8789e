"""A last look at each outgoing response for the identifiers of its own row. Pure.

Structured identifiers and full names fail a response; a lone ordinary word is the redactor's work.
"""

import re
import unicodedata

from data.records import Response
from pseudonymize.raw import RawResponse

_SHORTEST = 5


def leaks(response: Response, raw: RawResponse) -> bool:
    """Whether anything that identifies the writer stands in a text of the response."""
    comment = response.comment.text if response.comment else ""
    outgoing = " ".join([comment, response.cycle.cycle, response.role, response.workplace, response.country])
    folded = _fold(outgoing)
    joined = _joined(folded)
    return (
        any(address in folded for address in _addresses(raw))
        or any(_stands_in(name, folded) for name in _full_names(raw))
        or any(id_ in joined for id_ in _ids(raw))
        or _local_part(raw) in _joined(_fold(response.cycle.cycle))
    )


def _addresses(raw: RawResponse) -> list[str]:
    return [_fold(address) for address in (raw.email, raw.email_given) if address]


def _local_part(raw: RawResponse) -> str:
    """What stands before the @, where it is long enough to tell somebody; a cycle must not hold it."""
    local = _joined(_fold(raw.email.partition("@")[0]))
    return local if len(local) >= _SHORTEST else "@"


def _full_names(raw: RawResponse) -> list[list[str]]:
    """The name's words forwards, backwards, and with each number of them moved to the end."""
    words = re.findall(r"\w+", _fold(raw.name))
    if len(words) < 2:
        return []
    turned = [words[i:] + words[:i] for i in range(len(words))]
    return [*turned, list(reversed(words))]


def _stands_in(words: list[str], folded: str) -> bool:
    """Whether the words stand in a row, as words, whatever is between them; a genitive s may follow."""
    in_a_row = r"\W+".join(words)
    return re.search(rf"\b{in_a_row}s?\b", folded) is not None


def _ids(raw: RawResponse) -> list[str]:
    ids = (_joined(_fold(i)) for i in (raw.response_id, raw.respondent_id, raw.crm_reference))
    return [i for i in ids if len(i) >= _SHORTEST]


def _joined(folded: str) -> str:
    return re.sub(r"[\W_]", "", folded)


def _fold(text: str) -> str:
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())
