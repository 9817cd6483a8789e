"""What people have had corrected (GDPR Art. 16), and how it takes the place of what an export says. Pure.

A correction knows the writers whom it is about by what their pseudonym is made of, and their name. It is
applied to every row as the export has it, after those that were made before, so that no import undoes it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pseudonymize.derive import writer_parts
from pseudonymize.normalize import canonical_name
from pseudonymize.raw import Raw, RawResponse
from pseudonymize.vault_tables import VendorId

#: What a pseudonym is made of, and a canonical name.
Writer = tuple[str, ...]
#: By name: "name", "address", "crm_reference", "role", "workplace", "country", and what `score_of` names.
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Correction(Raw):
    """What stands, for some writers, in the place of what exports say; `mark` orders corrections in time."""

    mark: str
    writers: frozenset[Writer]
    values: Values

    @classmethod
    def from_bytes(cls, mark: str, content: bytes) -> "Correction":
        """Read back what `to_bytes` wrote."""
        said = json.loads(content)
        return cls(mark, frozenset(map(tuple, said["writers"])), said["values"])

    def to_bytes(self) -> bytes:
        """The plain form that is sealed."""
        writers = sorted(list(writer) for writer in self.writers)
        return json.dumps({"writers": writers, "values": dict(self.values)}, ensure_ascii=False).encode()


def writer_of(said: Mapping[str, str], vendor_id: VendorId) -> Writer:
    """By what the writer of an answer is known to corrections."""
    parts = writer_parts(said.get("address", ""), said.get("respondent_id", ""), vendor_id)
    return *parts, canonical_name(said.get("name", ""))


@dataclass(frozen=True, slots=True, repr=False)
class Corrections(Raw):
    """All corrections of a controller, the oldest first."""

    entries: tuple[Correction, ...] = ()

    @classmethod
    def read(cls, kept: Mapping[str, bytes]) -> "Corrections":
        """What the register keeps, by its marks, the oldest first."""
        return cls(tuple(Correction.from_bytes(mark, plain) for mark, plain in kept.items()))

    def values(self, said: Mapping[str, str], vendor_id: VendorId) -> dict[str, str]:
        """What takes the place of what an answer, as it was written, says; with the "mark" of the last."""
        found: dict[str, str] = {}
        for one in self.entries:
            if writer_of({**said, **found}, vendor_id) in one.writers:
                found |= {name: value for name, value in one.values.items() if not name.startswith("score ")}
                if score := one.values.get(score_of(vendor_id)):
                    found["score"] = score
                found["mark"] = one.mark
        return found

    def current(self, writers: Iterable[Writer], after: str = "") -> set[Writer]:
        """As whom some writers are known today, with every correction applied that was made later."""
        found = set(writers)
        for one in self.entries:
            if one.mark > after:
                found = {moved(writer, one) if writer in one.writers else writer for writer in found}
        return found

    def ever(self, writers: Iterable[Writer]) -> set[Writer]:
        """As whom the same people were known before and after every correction of them."""
        found, grown = set(writers), True
        while grown:
            steps = [one.writers | {moved(w, one) for w in one.writers} for one in self.entries]
            more = set().union(*(step for step in steps if step & found)) - found
            found, grown = found | more, bool(more)
        return found

    def row(self, raw: RawResponse, vendor: str, survey: str) -> RawResponse:
        """A row with what was corrected, and with itself as it was written."""
        said = {"address": raw.email, "respondent_id": raw.respondent_id, "name": raw.name}
        found = self.values(said, (vendor, survey, raw.response_id))
        if not found:
            return raw
        return replace(
            raw,
            name=found.get("name", raw.name),
            email=found.get("address", raw.email),
            crm_reference=found.get("crm_reference", raw.crm_reference),
            score=int(found["score"]) if "score" in found else raw.score,
            role=found.get("role", raw.role),
            workplace=found.get("workplace", raw.workplace),
            country=found.get("country", raw.country),
            written=raw,
            mark=found["mark"],
        )


def score_of(vendor_id: VendorId) -> str:
    """The name of the score of one answer among the values of a correction."""
    return f"score {json.dumps(vendor_id)}"


def moved(writer: Writer, correction: Correction) -> Writer:
    """As whom a writer is known after a correction."""
    address, name = correction.values.get("address"), correction.values.get("name")
    parts = ("address", address) if address else writer[:-1]
    return *parts, canonical_name(name) if name is not None else writer[-1]
