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
    folded, joined = _fold(outgoing), re.sub(r"[\W_]", "", _fold(outgoing))
    return any(needle in folded for needle in _texts(raw)) or any(needle in joined for needle in _ids(raw))


def _texts(raw: RawResponse) -> list[str]:
    name = _fold(raw.name).split()
    names = [" ".join(name), " ".join(reversed(name))] if len(name) > 1 else []
    addresses = [_fold(a) for a in (raw.email, raw.email_given) if a]
    return [*names, *addresses]


def _ids(raw: RawResponse) -> list[str]:
    ids = (raw.response_id, raw.respondent_id, raw.crm_reference)
    plain = (re.sub(r"[\W_]", "", _fold(i)) for i in ids)
    return [i for i in plain if len(i) >= _SHORTEST]


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
