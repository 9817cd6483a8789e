"""Today's redactor over the comments that an older one has let pass.

The raw texts are gone: what is searched are the redacted ones, whose placeholders stay. Unlike at intake
everybody whom the vault knows is looked for, and each writer by what their vault row says. A comment that
was withheld has nothing left to search.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from data.chunks import chunks
from data.records import RedactedText
from data.stores.comments import StoredComment
from data.stores.response_files import ResponseFile
from pseudonymize.identity import Identity, is_renamed
from pseudonymize.redaction.people import NO_WINDOW, Answer, WindowNames
from pseudonymize.reports import Progress, RescanReport, Steps
from pseudonymize.rewrite import rewrite
from pseudonymize.room import Room
from pseudonymize.screen import screened

_BATCH = 256
_WITHHELD = "WITHHELD"
#: Languages in which a text was searched; any other was found again or told by guessing.
_CERTAIN = frozenset({"da", "en", "no", "sv"})


def rescan(room: Room, progress: Progress) -> RescanReport:
    """Search every comment that today's redactor has not seen. Needs the home's lock.

    Raises `KeyUnavailable` or `DetectorUnavailable` where names or recognisers are missing; then nothing
    has changed.
    """
    room.sweep()
    due = _due(room)
    work = _Rescan(room, progress("searching again", sum(due.values())))
    run_id = rewrite(room, "rescan", None, list(due), work.change, work.all_counts)
    return RescanReport(run_id, dict(work.counts), dict(work.removed), dict(work.flagged))


def search_for_right_names(room: Room, response_keys: Collection[str] | None = None) -> int:
    """Search the comments again, of some answers or of all, of whoever was called otherwise when they came.

    The right name may stand there. Returns how many change; done again it finds nothing. Needs the lock.
    """
    if not room.register.corrections():
        return 0
    keys, changes = _renamed(room, response_keys), dict[str, RedactedText]()
    work = _Rescan(room, lambda _: None)
    for file in room.responses.files_of(room.policy.controller, keys):
        for comments in room.responses.comments(file):
            due = [one for one in comments if one.response_key in keys and not one.is_withheld]
            for old, new in work.searched(due, NO_WINDOW):
                if new.text != old.text:  # not everybody was looked for: today's redactor has not seen it
                    changes[old.response_key] = replace(new, redactor=old.redactor)

    def change(comments: Sequence[StoredComment]) -> Mapping[str, RedactedText]:
        keys = changes.keys() & {one.response_key for one in comments}
        return {key: changes[key] for key in keys}

    if changes:
        files = room.responses.files_of(room.policy.controller, changes)
        rewrite(room, "rescan", None, files, change, lambda: {"changed": len(changes)})
    return len(changes)


def _renamed(room: Room, response_keys: Collection[str] | None) -> set[str]:
    people = None if response_keys is None else room.vault.writers(response_keys)
    visits = room.vault.visits(people)
    return {v.response_key for v in visits if is_renamed(v.identity.answers[v.response_key])}


def _due(room: Room) -> dict[ResponseFile, int]:
    """The files with comments that today's redactor has not seen, and how many."""
    found = {}
    for file in room.responses.files(room.policy.controller):
        if count := sum(_is_due(room, c) for comments in room.responses.comments(file) for c in comments):
            found[file] = count
    return found


def _is_due(room: Room, comment: StoredComment) -> bool:
    return comment.redactor != room.redactor.version and not comment.is_withheld


@dataclass
class _Rescan:
    """One rescan under way, and what it has counted."""

    room: Room
    steps: Steps
    counts: Counter[str] = field(default_factory=lambda: Counter(answers=0, changed=0, withheld=0))
    removed: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)

    def change(self, comments: Sequence[StoredComment]) -> Mapping[str, RedactedText]:
        """What takes the place of some comments."""
        due = [comment for comment in comments if _is_due(self.room, comment)]
        changes: dict[str, RedactedText] = {}
        for some in chunks(due, _BATCH):
            changes |= {old.response_key: new for old, new in self.searched(some, self._everybody)}
            self.steps(len(some))
        return changes

    def searched(
        self, comments: Sequence[StoredComment], window: WindowNames
    ) -> Iterator[tuple[StoredComment, RedactedText]]:
        """Some comments, each with what takes its place."""
        for old, new in zip(comments, self._redact(comments, window), strict=True):
            yield old, self._screened(old, new)

    def all_counts(self) -> dict[str, int]:
        """Everything that was counted, on one level."""
        removed = {f"removed {kind}": count for kind, count in sorted(self.removed.items())}
        flagged = {f"flagged {category}": count for category, count in sorted(self.flagged.items())}
        return {**self.counts, **removed, **flagged}

    def _redact(self, comments: Sequence[StoredComment], window: WindowNames) -> list[RedactedText]:
        known = self.room.vault.identities({comment.pseudonym for comment in comments})
        answers = [_answer(comment, known.get(comment.pseudonym, [])) for comment in comments]
        return self.room.redactor.redact(answers, window)

    @cached_property
    def _everybody(self) -> WindowNames:
        return WindowNames(name for one in self.room.vault.everybody() for name in one.ever("name"))

    def _screened(self, old: StoredComment, new: RedactedText) -> RedactedText:
        """The new comment as it may be kept, with the counts of the old one added to its own."""
        kept, categories = screened(new, self.room.policy)
        found = Counter(new.removed) | Counter(kept.removed)
        removed = dict(Counter(old.removed) + found)
        self.counts.update(answers=1, changed=int(kept.text != old.text), withheld=found.pop(_WITHHELD, 0))
        self.removed.update(found)
        self.flagged.update(categories)
        return replace(kept, removed=removed)


def _answer(comment: StoredComment, identities: Sequence[Identity]) -> Answer:
    """A comment with what the vault knows of its writer; of several at one address, of that one."""
    writers = [one for one in identities if comment.response_key in one.answers] or identities
    name = " ".join(dict.fromkeys(name for one in writers for name in one.ever("name")))
    addresses = tuple(dict.fromkeys(address for one in writers for address in one.ever("address")))
    return Answer(comment.text, comment.language, name, addresses, comment.language in _CERTAIN)
