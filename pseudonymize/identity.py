"""What the vault remembers of one person, and how two memories are put together. Pure."""

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pseudonymize.raw import Raw, RawResponse

Kind = Literal["name", "address", "respondent_id", "crm_reference"]


@dataclass(frozen=True, slots=True, repr=False)
class Identity(Raw):
    """What each answer of a person says of its writer, by response key, in the answer's newest version.

    Merging keeps the newer version of each answer. That is commutative, associative and idempotent,
    so exports may be imported in any order and twice.
    """

    answers: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: RawResponse, response_key: str) -> "Identity":
        """What one answer says of its writer."""
        written = raw.written or raw
        values = {
            _WHEN: (raw.modified_at or raw.answered_at).isoformat(),
            "name": written.name,
            "address": written.email,
            "respondent_id": written.respondent_id,
            "crm_reference": written.crm_reference,
        }
        said = {kind: value for kind, value in values.items() if value}
        now = {"name": raw.name, "address": raw.email, "crm_reference": raw.crm_reference, "mark": raw.mark}
        return cls({response_key: corrected(said, now) if raw.written else said})

    @classmethod
    def from_bytes(cls, content: bytes) -> "Identity":
        """Read back what `to_bytes` wrote."""
        return cls(json.loads(content))

    def to_bytes(self) -> bytes:
        """The plain form that is sealed."""
        return json.dumps(self.answers, sort_keys=True, ensure_ascii=False).encode()

    def merged(self, other: "Identity") -> "Identity":
        """Both memories in one."""
        both = {**self.answers, **other.answers}
        for key in self.answers.keys() & other.answers.keys():
            both[key] = max(self.answers[key], other.answers[key], key=_version)
        return Identity(both)

    def without(self, response_key: str) -> "Identity":
        """This memory without one answer, which turned out to be somebody else's."""
        return Identity({key: said for key, said in self.answers.items() if key != response_key})

    def only(self, response_keys: Container[str]) -> "Identity":
        """This memory of some answers, and of no other."""
        return Identity({key: said for key, said in self.answers.items() if key in response_keys})

    def current(self, kind: Kind) -> str:
        """The value of the newest answer that has one, or nothing."""
        said = [(said[_WHEN], key, said[kind]) for key, said in self.answers.items() if kind in said]
        return max(said, default=("", "", ""))[2]

    def all(self, kind: Kind) -> list[str]:
        """Every value that any answer has."""
        return sorted({said[kind] for said in self.answers.values() if kind in said})

    def ever(self, kind: Kind) -> list[str]:
        """The same with those that were corrected: they may stand in a text."""
        before = {said.get(_WRITTEN + kind, "") for said in self.answers.values()}
        return sorted({*self.all(kind), *before} - {""})


def corrected(written: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What an answer says of its writer, with what is corrected in it, if anything, and what stood there."""
    if not now:
        return dict(written)
    changed = [kind for kind in _CORRECTED if now.get(kind, written.get(kind, "")) != written.get(kind, "")]
    before: dict[str, str] = {_WRITTEN + kind: written.get(kind, "") for kind in changed}
    right: dict[str, str] = {kind: now[kind] for kind in changed}
    return {**written, **right, **before, _MARK: now[_MARK]}


def is_corrected(said: Mapping[str, str]) -> bool:
    """Whether something was corrected in what an answer says of its writer."""
    return _MARK in said


def is_renamed(said: Mapping[str, str]) -> bool:
    """Whether the name or the address was corrected, which may stand in a text."""
    return any(_WRITTEN + kind in said for kind in ("name", "address"))


def as_written(said: Mapping[str, str]) -> dict[str, str]:
    """What an answer says of its writer in the export."""
    before: dict[str, str] = {k: said.get(_WRITTEN + k, said.get(k, "")) for k in _CORRECTED}
    kept = {k: v for k, v in said.items() if k != _MARK and not k.startswith(_WRITTEN)}
    return {kind: value for kind, value in (kept | before).items() if value}


_WHEN, _MARK, _WRITTEN = "when", "mark", "written "
#: What can be corrected of an identity.
_CORRECTED: tuple[Kind, ...] = ("name", "address", "crm_reference")


def _version(said: dict[str, str]) -> tuple[str, str, str]:
    return said[_WHEN], said.get(_MARK, ""), json.dumps(said, sort_keys=True)
