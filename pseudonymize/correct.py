"""Bring what is kept to what people have had corrected: vault, pseudonyms, scores and categories.

All of it changes in one run, as an import does. Done again it finds nothing to do.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from data.chunks import chunks
from data.stores.response_files import changing_values
from pseudonymize import commit
from pseudonymize.corrections import Corrections
from pseudonymize.derive import Derivation, pseudonym_of, writer_parts
from pseudonymize.identity import Identity, as_written, corrected, is_corrected
from pseudonymize.raw import Raw
from pseudonymize.rewrite import new_run, or_refuse
from pseudonymize.room import Room
from pseudonymize.vault import Visit
from pseudonymize.vault_tables import Person

_BATCH = 256
_COLUMNS = ("pseudonym", "score", "role", "workplace", "country")


def correct_as_entered(room: Room, response_keys: Collection[str] | None = None) -> int:
    """Correct some answers, or all, as it was asked for; returns how many change. Needs the home's lock."""
    corrections = Corrections.read(room.register.corrections())
    wrong = {one.visit.response_key: one for one in _wrong(room, corrections, response_keys)}
    if wrong:
        _write(room, wrong)
    return len(wrong)


@dataclass(frozen=True, slots=True, repr=False)
class _Wrong(Raw):
    """One answer as it should be: what the vault is told of it, and other values in its file.

    `before` is whose it is so far.
    """

    before: Person
    visit: Visit
    values: dict[str, object]


def _wrong(room: Room, corrections: Corrections, keys: Collection[str] | None) -> Iterator[_Wrong]:
    people = None if keys is None else room.vault.writers(keys)
    for visits in chunks(room.vault.visits(people), _BATCH):
        found = {v.response_key: v for v in visits if keys is None or v.response_key in keys}
        right = {
            key: values
            for key, v in found.items()
            if (values := corrections.values(_written(v), v.vendor_response)) or _is_corrected(v)
        }
        rows = {str(row["response_key"]): row for row in _rows(room, right)}
        for key, values in right.items():
            one = _corrected(room, found[key], values, rows.get(key, {}))
            if one.values or one.visit.identity != found[key].identity:
                yield one


def _rows(room: Room, keys: Collection[str]) -> list[dict[str, object]]:
    return room.responses.rows(room.policy.controller, keys, ["response_key", *_COLUMNS]) if keys else []


def _corrected(room: Room, visit: Visit, values: Mapping[str, str], row: Mapping[str, object]) -> _Wrong:
    """What becomes of an answer; `row` is empty where the vault alone has it."""
    said = corrected(_written(visit), values)
    vendor, survey, _ = visit.vendor_response
    derivation = Derivation.from_ring(room.ring, vendor, survey)
    parts = writer_parts(said.get("address", ""), said.get("respondent_id", ""), visit.vendor_response)
    pseudonym = pseudonym_of(derivation.respondent, parts).value
    now: dict[str, object] = {name: values[name] for name in _COLUMNS if name in values}
    now |= {"pseudonym": pseudonym, **({"score": int(values["score"])} if "score" in values else {})}
    changed = {name: value for name, value in now.items() if row and row[name] != value}
    person = (pseudonym, derivation.name_key(said.get("name", "")))
    identity = Identity({visit.response_key: said})
    moved = Visit(person, identity, visit.response_key, visit.vendor_response, visit.answered_at, visit.cycle)
    return _Wrong(visit.person, moved, changed)


def _is_corrected(visit: Visit) -> bool:
    """True also of one whose correction has ended since, as an older copy of the home may bring it back."""
    return is_corrected(visit.identity.answers[visit.response_key])


def _written(visit: Visit) -> dict[str, str]:
    return as_written(visit.identity.answers[visit.response_key])


def _write(room: Room, wrong: Mapping[str, _Wrong]) -> None:
    run = new_run(room, "correct", None)
    values = {key: one.values for key, one in wrong.items() if one.values}
    moved = {key: str(new["pseudonym"]) for key, new in values.items() if "pseudonym" in new}
    controller = room.policy.controller
    commit.begin(room, run)
    with or_refuse(room, run):
        heirs = _heirs(room, wrong.values())
        inherited = room.vault.key_ids(heirs.values())
        for some in chunks([one.visit for one in wrong.values()], _BATCH):
            room.vault.stage(run.id, some, heirs, replacing=True)
        files = room.responses.files_of(controller, values)
        switch = room.responses.prepare_changed(run.id, files, changing_values(values))

    def also(connection: Connection) -> None:
        room.responses.move(connection, controller, moved)
        room.vault.publish(connection, run.id, inherited)

    commit.publish_changed(room, run, switch, {"corrected": len(wrong)}, also)
    room.destroy_doomed_keys()


def _heirs(room: Room, wrong: Collection[_Wrong]) -> dict[Person, Person]:
    """Who becomes somebody that the vault does not know, with who they were: the key stays the same.

    So an older copy of the home, in which they are who they were, can still be opened. Only where they become
    one, with all that they have answered: a key is one person's.
    """
    known = room.vault.people_at({one.visit.person[0] for one in wrong})
    identities = room.vault.identities_of({one.before for one in wrong})
    moves = Counter((one.before, one.visit.person) for one in wrong)
    return {
        after: before
        for (before, after), count in moves.items()
        if after not in known and count == len(identities[before].answers)
    }
