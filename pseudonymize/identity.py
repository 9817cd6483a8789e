"""What the vault remembers of one person, and how two memories are put together. Pure."""

import json
from collections.abc import Container
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
        values = {
            _WHEN: (raw.modified_at or raw.answered_at).isoformat(),
            "name": raw.name,
            "address": raw.email,
            "respondent_id": raw.respondent_id,
            "crm_reference": raw.crm_reference,
        }
        return cls({response_key: {kind: value for kind, value in values.items() if value}})

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


_WHEN = "when"


def _version(said: dict[str, str]) -> tuple[str, str]:
    return said[_WHEN], json.dumps(said, sort_keys=True)
