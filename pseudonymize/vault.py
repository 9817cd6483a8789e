"""The vault: encrypted identity by pseudonym. With the quarantine, the only raw data at rest.

Each person has a data key of their own, wrapped in another database; the sealed identity is bound
to controller, pseudonym and name, so that no row can be moved to another person. Two people who
share an address have one pseudonym and two rows, told apart by a digest of their names.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    tuple_,
)

from data.chunks import chunks
from data.stores.sql import STATE
from data.stores.waiting import forget_run, move_in, waiting_room
from pseudonymize.derive import reference_key
from pseudonymize.identity import Identity
from pseudonymize.keys import DataKey, KeyRing
from pseudonymize.raw import Raw
from pseudonymize.seal import seal, unseal

PEOPLE = Table(
    "vault_people",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("pseudonym", String(64), primary_key=True),
    Column("name_key", String(64), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("reference_key", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("run_id", String(32), nullable=False),
)

RESPONSES = Table(
    "vault_responses",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("response_key", String(64), primary_key=True),
    Column("pseudonym", String(64), nullable=False, index=True),
    Column("name_key", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("run_id", String(32), nullable=False),
)

PEOPLE_WAITING = waiting_room(PEOPLE, STATE)
RESPONSES_WAITING = waiting_room(RESPONSES, STATE)

#: Data keys whose rows are gone; destroyed after the transaction that named them here.
DOOMED_KEYS = Table("doomed_keys", STATE, Column("key_id", String(32), primary_key=True))

_PURPOSE = "person"

#: A pseudonym and a name key.
Person = tuple[str, str]
PersonRow = Row[Any]


@dataclass(frozen=True, slots=True, repr=False)
class Visit(Raw):
    """One answer, as the vault needs it: whose it is, and what the vendor calls it."""

    person: Person
    identity: Identity
    response_key: str
    vendor_response: tuple[str, str, str]


class Vault:
    """One controller's part of the vault."""

    def __init__(self, engine: Engine, ring: KeyRing, controller: str) -> None:
        self._engine = engine
        self._ring = ring
        self._controller = controller

    def stage(self, run_id: str, visits: Sequence[Visit]) -> None:
        """Seal the people and response ids of some answers; unseen until the run is published."""
        people: dict[Person, Identity] = {}
        for visit in visits:
            people[visit.person] = people.get(visit.person, Identity()).merged(visit.identity)
        left = self._left(visits)
        keys = self._keys(run_id, people, left)
        sealed_people = [self._person_row(run_id, person, people[person], keys[person]) for person in people]
        sealed_responses = [self._response_row(run_id, v, keys[v.person]) for v in visits]
        with self._engine.begin() as connection:
            self._replace(connection, PEOPLE_WAITING, run_id, ("pseudonym", "name_key"), sealed_people)
            self._replace(connection, RESPONSES_WAITING, run_id, ("response_key",), sealed_responses)

    def publish(self, connection: Connection, run_id: str) -> None:
        """Let a run's rows be seen, and let go of people of whom no answer is left."""
        move_in(connection, PEOPLE, PEOPLE_WAITING, run_id)
        move_in(connection, RESPONSES, RESPONSES_WAITING, run_id)
        columns = ("controller", "pseudonym", "name_key")
        answered = select(RESPONSES).where(*[RESPONSES.c[c] == PEOPLE.c[c] for c in columns]).exists()
        alone = (PEOPLE.c.controller == self._controller) & ~answered
        doomed = list(connection.scalars(select(PEOPLE.c.key_id).where(alone)))
        connection.execute(delete(PEOPLE).where(alone))
        doom(connection, doomed)

    def sweep(self, run_id: str) -> None:
        """Forget what an unpublished run left waiting."""
        with self._engine.begin() as connection:
            forget_run(connection, PEOPLE_WAITING, run_id)
            forget_run(connection, RESPONSES_WAITING, run_id)

    def shared(self) -> set[str]:
        """Pseudonyms of addresses that several respondents share; rights on them go to a person."""
        named = (PEOPLE.c.controller == self._controller) & (PEOPLE.c.name_key != "")
        several = select(PEOPLE.c.pseudonym).where(named).group_by(PEOPLE.c.pseudonym)
        with self._engine.connect() as connection:
            return set(connection.scalars(several.having(func.count() > 1)))

    def reference_keys(self) -> dict[str, set[str]]:
        """Digests of the CRM references of every pseudonym that has one."""
        query = select(PEOPLE.c.pseudonym, PEOPLE.c.reference_key)
        mine = (PEOPLE.c.controller == self._controller) & (PEOPLE.c.reference_key != "")
        found: dict[str, set[str]] = {}
        with self._engine.connect() as connection:
            for pseudonym, key in connection.execute(query.where(mine)):
                found.setdefault(pseudonym, set()).add(key)
        return found

    def everybody(self) -> Iterator[Identity]:
        """Every identity that the vault holds, a few at a time."""
        for some in self._pseudonyms():
            for identities in self.identities(some).values():
                yield from identities

    def everything(self) -> Iterator[tuple[list[Identity], list[tuple[str, str, str]]]]:
        """Some people at a time: their identities, and `vendor_responses` of their answers."""
        for some in self._pseudonyms():
            people = [identity for found in self.identities(some).values() for identity in found]
            yield people, self.vendor_responses(some)

    def identities(self, pseudonyms: Iterable[str]) -> dict[str, list[Identity]]:
        """The identities behind pseudonyms: one each, or several for a shared address."""
        found: dict[str, list[Identity]] = {}
        with self._engine.connect() as connection:
            rows = [row for some in chunks(pseudonyms, 500) for row in self._people(connection, PEOPLE, some)]
        keys = self._ring.data_keys(_PURPOSE, [row.key_id for row in rows])
        for row in rows:
            found.setdefault(row.pseudonym, []).append(self._open(row, keys[row.key_id]))
        return found

    def vendor_responses(self, pseudonyms: Iterable[str]) -> list[tuple[str, str, str]]:
        """Vendor, survey and response id of every answer of some people, to find them at the vendor."""
        found = []
        for person, row, key in self._sealed_responses(pseudonyms):
            context = ("response", self._controller, person[0], row.response_key)
            vendor, survey, response_id = json.loads(unseal(key, row.sealed, *context))
            found.append((vendor, survey, response_id))
        return sorted(found)

    def count(self) -> int:
        """How many people the vault holds."""
        mine = PEOPLE.c.controller == self._controller
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(PEOPLE).where(mine)) or 0

    def _pseudonyms(self) -> Iterator[list[str]]:
        """Every pseudonym, a few hundred at a time, so that memory does not grow with the vault."""
        some = [""]
        while some:
            later = (PEOPLE.c.controller == self._controller) & (PEOPLE.c.pseudonym > some[-1])
            query = select(PEOPLE.c.pseudonym).where(later).distinct().order_by(PEOPLE.c.pseudonym)
            with self._engine.connect() as connection:
                some = list(connection.scalars(query.limit(500)))
            if some:
                yield some

    def _left(self, visits: Sequence[Visit]) -> dict[Person, list[str]]:
        """Whom answers have left: an edit of name or address makes an answer somebody else's."""
        now = {visit.response_key: visit.person for visit in visits}
        left: dict[Person, list[str]] = {}
        with self._engine.connect() as connection:
            for some in chunks(now, 500):
                mine = (RESPONSES.c.controller == self._controller) & RESPONSES.c.response_key.in_(some)
                for row in connection.execute(select(RESPONSES).where(mine)):
                    if (before := (row.pseudonym, row.name_key)) != now[row.response_key]:
                        left.setdefault(before, []).append(row.response_key)
        return left

    def _keys(
        self, run_id: str, people: dict[Person, Identity], left: dict[Person, list[str]]
    ) -> dict[Person, DataKey]:
        """A data key for each person, made where there is none; merges what is known into `people`."""
        rows = self._known(run_id, {*people, *left})
        opened = self._ring.data_keys(_PURPOSE, [row.key_id for row in rows.values()])
        keys = {p: DataKey(r.key_id, opened[r.key_id]) for p, r in rows.items()}
        for person, key in keys.items():
            known = self._open(rows[person], key.key)
            for response_key in left.get(person, ()):
                known = known.without(response_key)
            people[person] = people.get(person, Identity()).merged(known)
        strangers = [person for person in people if person not in keys]
        made = self._ring.new_data_keys(_PURPOSE, run_id, len(strangers))
        return {**keys, **dict(zip(strangers, made, strict=True))}

    def _known(self, run_id: str, people: Iterable[Person]) -> dict[Person, PersonRow]:
        """Rows of people as this run sees them: its own waiting rows before the published ones."""
        wanted = set(people)
        found: dict[Person, PersonRow] = {}
        with self._engine.connect() as connection:
            for some in chunks(sorted({pseudonym for pseudonym, _ in wanted}), 500):
                rows = self._people(connection, PEOPLE, some)
                rows += self._people(connection, PEOPLE_WAITING, some, PEOPLE_WAITING.c.run_id == run_id)
                found.update({(row.pseudonym, row.name_key): row for row in rows})
        return {person: found[person] for person in wanted & found.keys()}

    def _people(
        self, connection: Connection, table: Table, pseudonyms: list[str], *also: ColumnElement[bool]
    ) -> list[PersonRow]:
        mine = (table.c.controller == self._controller) & table.c.pseudonym.in_(pseudonyms)
        return list(connection.execute(select(table).where(mine, *also)))

    def _sealed_responses(self, pseudonyms: Iterable[str]) -> Iterator[tuple[Person, Row[Any], bytes]]:
        with self._engine.connect() as connection:
            for some in chunks(pseudonyms, 500):
                key_ids = {
                    (r.pseudonym, r.name_key): r.key_id for r in self._people(connection, PEOPLE, some)
                }
                keys = self._ring.data_keys(_PURPOSE, key_ids.values())
                for row in self._people(connection, RESPONSES, some):
                    person = (row.pseudonym, row.name_key)
                    yield person, row, keys[key_ids[person]]

    def _replace(
        self,
        connection: Connection,
        table: Table,
        run_id: str,
        key: Sequence[str],
        rows: list[dict[str, object]],
    ) -> None:
        for some in chunks(rows, 300):
            # Controller and first column are the start of the table's index; without them it is read whole.
            near = table.c[key[0]].in_({row[key[0]] for row in some})
            same = tuple_(*[table.c[name] for name in key]).in_([[row[name] for name in key] for row in some])
            mine = (table.c.controller == self._controller) & (table.c.run_id == run_id)
            connection.execute(delete(table).where(mine, near, same))
            connection.execute(insert(table), some)

    def _open(self, row: PersonRow, key: bytes) -> Identity:
        plain = unseal(key, row.sealed, "identity", self._controller, row.pseudonym, row.name_key)
        return Identity.from_bytes(plain)

    def _person_row(self, run_id: str, person: Person, identity: Identity, key: DataKey) -> dict[str, object]:
        pseudonym, name_key = person
        reference = identity.current("crm_reference")
        return {
            "controller": self._controller,
            "pseudonym": pseudonym,
            "name_key": name_key,
            "key_id": key.id,
            "reference_key": reference_key(self._ring, reference),
            "sealed": seal(key.key, identity.to_bytes(), "identity", self._controller, pseudonym, name_key),
            "run_id": run_id,
        }

    def _response_row(self, run_id: str, visit: Visit, key: DataKey) -> dict[str, object]:
        pseudonym, name_key = visit.person
        plain = json.dumps(visit.vendor_response, ensure_ascii=False).encode()
        context = ("response", self._controller, pseudonym, visit.response_key)
        return {
            "controller": self._controller,
            "response_key": visit.response_key,
            "pseudonym": pseudonym,
            "name_key": name_key,
            "sealed": seal(key.key, plain, *context),
            "run_id": run_id,
        }


def doom(connection: Connection, key_ids: Sequence[str]) -> None:
    """Mark data keys for destruction, in the transaction that lets go of what they sealed."""
    if key_ids:
        connection.execute(insert(DOOMED_KEYS), [{"key_id": key_id} for key_id in key_ids])
