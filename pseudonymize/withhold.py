"""Stored comments taken out at once, because somebody has seen in them what the redactor missed."""

import re
from collections.abc import Collection, Mapping, Sequence

from data.errors import UsageError
from data.records import RedactedText
from data.stores.comments import StoredComment
from data.stores.response_files import ResponseFile
from pseudonymize.redact import withheld
from pseudonymize.register import text_of
from pseudonymize.rewrite import rewrite
from pseudonymize.room import Room

#: A response key, or so much of its beginning that it is hardly another's.
_ID = re.compile(r"[0-9a-f]{8,64}")
_HINT = "the id is the response_key that stands beside a comment, or its first 8 characters or more"


def withhold(room: Room, answer_id: str) -> str:
    """Withhold the comment of one answer; returns the run's id. Needs the home's lock.

    Raises `UsageError` where the id is not of exactly one answer that has a comment.
    """
    room.sweep()
    key, file = _find(room, answer_id)
    return _take_out(room, file.partition[1], [file], {key})


def keep_out(room: Room, answer_id: str, change: str) -> None:
    """Enter the comment of one answer into the register, so that no newer version of it comes in.

    Raises as `withhold`.
    """
    key, _ = _find(room, answer_id)
    known = [text_of(*vendor_id) for vendor_id in room.vault.vendor_ids([key]).values()]
    if known and not room.register.check()(known):
        room.register.add({"erased": known}, room.clock.now(), change)


def withhold_all(room: Room, response_keys: Collection[str]) -> int:
    """Withhold those comments of some answers that are not yet; returns how many. Needs the home's lock."""
    if not response_keys:
        return 0
    room.sweep()
    holding: dict[ResponseFile, set[str]] = {}
    for file in room.responses.files(room.policy.controller):
        comments = (comment for some in room.responses.comments(file) for comment in some)
        bare = {comment.response_key for comment in comments if not comment.is_withheld}
        if found := bare.intersection(response_keys):
            holding[file] = found
    keys = set[str]().union(*holding.values())
    if keys:
        _take_out(room, None, list(holding), keys)
    return len(keys)


def _take_out(room: Room, survey: str | None, files: Sequence[ResponseFile], keys: set[str]) -> str:
    def change(comments: Sequence[StoredComment]) -> Mapping[str, RedactedText]:
        found = (comment for comment in comments if comment.response_key in keys)
        return {c.response_key: withheld("request", c.language, c.redactor) for c in found}

    return rewrite(room, "withhold", survey, files, change, lambda: {"withheld": len(keys)})


def find_answer(room: Room, answer_id: str) -> tuple[str, ResponseFile]:
    """The one answer whose key begins so, and its file. Raises `UsageError`."""
    if not _ID.fullmatch(answer_id):
        raise UsageError("an answer's id has 8 to 64 of the characters 0-9 and a-f", hint=_HINT)
    found = room.responses.find(room.policy.controller, answer_id)
    if not found:
        raise UsageError(f"no answer to a survey of {room.policy.controller} has that id", hint=_HINT)
    if len(found) > 1:
        raise UsageError("several answers have ids that begin so", hint="give more characters of the id")
    ((key, file),) = found.items()
    return key, file


def _find(room: Room, answer_id: str) -> tuple[str, ResponseFile]:
    key, file = find_answer(room, answer_id)
    comments = room.responses.comments(file)
    if not any(comment.response_key == key for some in comments for comment in some):
        raise UsageError("that answer has no comment; there is nothing to withhold", hint=_HINT)
    return key, file
