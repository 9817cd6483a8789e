"""What the vault remembers of one person, and how two memories are put together. Pure."""

import json
from dataclasses import dataclass, field
from typing import Literal

from pseudonymize.raw import Raw, RawResponse

Kind = Literal["name", "address", "respondent_id", "crm_reference"]


@dataclass(frozen=True, slots=True, repr=False)
class Identity(Raw):
    """Every identifier known of a person, each with the version of the answer it was last seen in.

    Merging keeps for each value its latest sighting. That is commutative, associative and
    idempotent, so exports may be imported in any order and twice.
    """

    seen: dict[Kind, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: RawResponse, response_key: str) -> "Identity":
        """What one answer says of its writer."""
        when = f"{(raw.modified_at or raw.answered_at).isoformat()} {response_key}"
        values: dict[Kind, str] = {
            "name": raw.name,
            "address": raw.email,
            "respondent_id": raw.respondent_id,
            "crm_reference": raw.crm_reference,
        }
        return cls({kind: {value: when} for kind, value in values.items() if value})

    @classmethod
    def from_bytes(cls, content: bytes) -> "Identity":
        """Read back what `to_bytes` wrote."""
        return cls(json.loads(content))

    def to_bytes(self) -> bytes:
        """The plain form that is sealed."""
        return json.dumps(self.seen, sort_keys=True, ensure_ascii=False).encode()

    def merged(self, other: "Identity") -> "Identity":
        """Both memories in one."""
        kinds = sorted({*self.seen, *other.seen})
        return Identity({kind: _latest(self.seen.get(kind, {}), other.seen.get(kind, {})) for kind in kinds})

    def current(self, kind: Kind) -> str:
        """The value seen last, or nothing."""
        values = self.seen.get(kind, {})
        return max(values, key=lambda value: (values[value], value), default="")

    def all(self, kind: Kind) -> list[str]:
        """Every value ever seen."""
        return sorted(self.seen.get(kind, {}))


def _latest(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {value: max(one.get(value, ""), other.get(value, "")) for value in {**one, **other}}
