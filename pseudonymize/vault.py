"""The vault: encrypted identity by pseudonym. With the quarantine, the only raw data at rest.

Each person has a data key of their own, wrapped in another database; the sealed identity is bound
to controller, pseudonym and name, so that no row can be moved to another person. Two people who
share an address have one pseudonym and two rows, told apart by a digest of their names.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    delete,
    func,
    insert,
    select,
    tuple_,
)

from data.chunks import chunks
from data.records import SurveyCycle
from data.stores.waiting import forget_run, move_in
from pseudonymize.derive import reference_key
from pseudonymize.identity import Identity
from pseudonymize.keys import DataKey, KeyRing
from pseudonymize.raw import Raw
from pseudonymize.seal import seal, unseal
from pseudonymize.vault_links import Links
from pseudonymize.vault_tables import (
    PEOPLE,
    PEOPLE_WAITING,
    RESPONSES,
    RESPONSES_WAITING,
    Person,
    PersonRow,
    VendorId,
    delete_people,
    doom,
    identity_context,
    response_context,
)

_PURPOSE = "person"
Heirs = Mapping[Person, Person]
_NOBODY: Heirs = {}
_PERSON = ("controller", "pseudonym", "name_key")


@dataclass(frozen=True, slots=True, repr=False)
class Visit(Raw):
    """One answer, as the vault needs it: whose it is, and what the vendor calls it."""

    person: Person
    identity: Identity
    response_key: str
    vendor_response: tuple[str, str, str]
    answered_at: datetime
    cycle: SurveyCycle


class Vault:
    """One controller's part of the vault."""

    def __init__(self, engine: Engine, ring: KeyRing, controller: str) -> None:
        self._engine = engine
        self._ring = ring
        self._controller = controller
        self._links = Links(ring, controller)

    def stage(
        self, run_id: str, visits: Sequence[Visit], heirs: Heirs = _NOBODY, *, replacing: bool = False
    ) -> None:
        """Seal the people and response ids of some answers; unseen until the run is published.

        `heirs` take the place of others, and their keys. What is `replacing` counts, newer or not.
        """
        people: dict[Person, Identity] = {}
        for visit in visits:
            people[visit.person] = people.get(visit.person, Identity()).merged(visit.identity)
        left = self._left(visits, always=replacing)
        keys = self._keys(run_id, people, left, heirs)
        sealed_people = [self._person_row(run_id, person, people[person], keys[person]) for person in people]
        sealed_responses = [self._response_row(run_id, v, keys[v.person]) for v in visits]
        with self._engine.begin() as connection:
            self._replace(connection, PEOPLE_WAITING, run_id, ("pseudonym", "name_key"), sealed_people)
            self._replace(connection, RESPONSES_WAITING, run_id, ("response_key",), sealed_responses)
            self._links.stage(connection, run_id, people)

    def publish(self, connection: Connection, run_id: str, inherited: Collection[str] = ()) -> None:
        """Let a run's rows be seen, and let go of people of whom no answer is left.

        Keys that were `inherited` are not destroyed with them.
        """
        self._links.publish(connection, run_id)
        move_in(connection, PEOPLE, PEOPLE_WAITING, run_id)
        move_in(connection, RESPONSES, RESPONSES_WAITING, run_id)
        answered = select(RESPONSES).where(*[RESPONSES.c[c] == PEOPLE.c[c] for c in _PERSON]).exists()
        alone = (PEOPLE.c.controller == self._controller) & ~answered
        doomed = list(connection.scalars(select(PEOPLE.c.key_id).where(alone)))
        connection.execute(delete(PEOPLE).where(alone))
        doom(connection, [key for key in doomed if key not in inherited])

    def forget(self, connection: Connection, response_keys: Iterable[str]) -> int:
        """Forget what some answers say of their writers, in the caller's transaction; returns of how many."""
        losing: dict[Person, set[str]] = {}
        for some in chunks(response_keys, 500):
            mine = (RESPONSES.c.controller == self._controller) & RESPONSES.c.response_key.in_(some)
            for row in connection.execute(select(RESPONSES).where(mine)):
                losing.setdefault((row.pseudonym, row.name_key), set()).add(row.response_key)
            connection.execute(delete(RESPONSES).where(mine))
        for people in chunks(losing, 500):
            self._forget_of(connection, {person: losing[person] for person in people})
        return sum(map(len, losing.values()))

    def _forget_of(self, connection: Connection, losing: dict[Person, set[str]]) -> None:
        pseudonyms = sorted({pseudonym for pseudonym, _ in losing})
        known = self._people(connection, PEOPLE, pseudonyms)
        rows = {p: row for row in known if (p := (row.pseudonym, row.name_key)) in losing}
        keys = self._ring.data_keys(_PURPOSE, [row.key_id for row in rows.values()])
        answered = self._answered(connection, pseudonyms)
        left, changed = dict[Person, Identity](), list[dict[str, object]]()
        for person, row in rows.items():
            identity = self._open(row, keys[row.key_id]).only(answered.get(person, ()))
            if identity.answers:
                left[person] = identity
                key = DataKey(row.key_id, keys[row.key_id])
                changed.append(self._person_row(row.run_id, person, identity, key))
        delete_people(connection, PEOPLE, self._controller, rows)
        if changed:
            connection.execute(insert(PEOPLE), changed)
        self._links.replace(connection, rows, left)
        doom(connection, [row.key_id for person, row in rows.items() if person not in left])

    def _answered(self, connection: Connection, pseudonyms: list[str]) -> dict[Person, set[str]]:
        """Of which answers the vault still holds who wrote them."""
        found: dict[Person, set[str]] = {}
        for row in self._people(connection, RESPONSES, pseudonyms):
            found.setdefault((row.pseudonym, row.name_key), set()).add(row.response_key)
        return found

    def sweep(self, run_id: str) -> None:
        """Forget what an unpublished run left waiting."""
        with self._engine.begin() as connection:
            forget_run(connection, PEOPLE_WAITING, run_id)
            forget_run(connection, RESPONSES_WAITING, run_id)
            self._links.sweep(connection, run_id)

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
        with self._engine.connect() as connection:
            return _by_pseudonym(connection.execute(query.where(mine)))

    def reference_keys_of(self, pseudonyms: Iterable[str]) -> dict[str, set[str]]:
        """The same of some pseudonyms."""
        with self._engine.connect() as connection:
            rows = [row for some in chunks(pseudonyms, 500) for row in self._people(connection, PEOPLE, some)]
        return _by_pseudonym((row.pseudonym, row.reference_key) for row in rows if row.reference_key)

    def everybody(self) -> Iterator[Identity]:
        """Every identity that the vault holds, a few at a time."""
        for some in self._pseudonyms():
            for identities in self.identities(some).values():
                yield from identities

    def linked(self, people: Iterable[Identity]) -> set[Person]:
        """Whom the vault knows by a CRM reference or respondent id of some people, they included."""
        with self._engine.connect() as connection:
            return self._links.people(connection, people)

    def everything(self) -> Iterator[tuple[dict[Person, Identity], dict[Person, list[VendorId]]]]:
        """Some people at a time: their identities, and what the vendor calls their answers."""
        for some in self._pseudonyms():
            people = self.people_at(some)
            yield self.identities_of(people), self.vendor_responses(people)

    def identities(self, pseudonyms: Iterable[str]) -> dict[str, list[Identity]]:
        """The identities behind pseudonyms: one each, or several for a shared address."""
        found: dict[str, list[Identity]] = {}
        with self._engine.connect() as connection:
            rows = [row for some in chunks(pseudonyms, 500) for row in self._people(connection, PEOPLE, some)]
        keys = self._ring.data_keys(_PURPOSE, [row.key_id for row in rows])
        for row in rows:
            found.setdefault(row.pseudonym, []).append(self._open(row, keys[row.key_id]))
        return found

    def people_at(self, pseudonyms: Iterable[str]) -> set[Person]:
        """Whom the vault knows under some pseudonyms."""
        with self._engine.connect() as connection:
            rows = [row for some in chunks(pseudonyms, 500) for row in self._people(connection, PEOPLE, some)]
        return {(row.pseudonym, row.name_key) for row in rows}

    def identities_of(self, people: Iterable[Person]) -> dict[Person, Identity]:
        """The identities of some people, of those at one address each their own."""
        wanted = set(people)
        pseudonyms = sorted({pseudonym for pseudonym, _ in wanted})
        with self._engine.connect() as connection:
            rows = [row for some in chunks(pseudonyms, 500) for row in self._people(connection, PEOPLE, some)]
        rows = [row for row in rows if (row.pseudonym, row.name_key) in wanted]
        keys = self._ring.data_keys(_PURPOSE, [row.key_id for row in rows])
        return {(row.pseudonym, row.name_key): self._open(row, keys[row.key_id]) for row in rows}

    def writers(self, response_keys: Iterable[str]) -> set[Person]:
        """Who wrote some answers, by our key."""
        found, columns = set[Person](), (RESPONSES.c.pseudonym, RESPONSES.c.name_key)
        with self._engine.connect() as connection:
            for some in chunks(response_keys, 500):
                mine = (RESPONSES.c.controller == self._controller) & RESPONSES.c.response_key.in_(some)
                found |= {(p, name_key) for p, name_key in connection.execute(select(*columns).where(mine))}
        return found

    def vendor_ids(self, response_keys: Iterable[str]) -> dict[str, VendorId]:
        """Vendor, survey and response id, as the vendor writes them, of answers by our key."""
        wanted, found = set(response_keys), {}
        for _person, row, key in self._sealed_responses({p for p, _ in self.writers(wanted)}):
            if row.response_key in wanted:
                found[row.response_key] = self._vendor_id(row, key)
        return found

    def vendor_responses(self, people: Iterable[Person]) -> dict[Person, list[VendorId]]:
        """Vendor, survey and response id of every answer of some people, to find them at the vendor."""
        wanted = set(people)
        found: dict[Person, list[VendorId]] = {}
        for person, row, key in self._sealed_responses({pseudonym for pseudonym, _ in wanted}):
            if person in wanted:
                found.setdefault(person, []).append(self._vendor_id(row, key))
        return {person: sorted(responses) for person, responses in found.items()}

    def visits(self, people: Collection[Person] | None = None) -> Iterator[Visit]:
        """The answers of some people, or of everybody, as an import has told of them."""
        wanted = None if people is None else chunks(sorted({pseudonym for pseudonym, _ in people}), 500)
        for some in wanted or self._pseudonyms():
            identities = self.identities_of(self.people_at(some))
            for person, row, key in self._sealed_responses(some):
                if people is None or person in people:
                    identity = identities[person].only({row.response_key})
                    vendor_id = self._vendor_id(row, key)
                    cycle = SurveyCycle(row.survey, row.cycle)
                    yield Visit(person, identity, row.response_key, vendor_id, row.answered_at, cycle)

    def key_ids(self, people: Collection[Person]) -> set[str]:
        """Ids of the keys of some people."""
        with self._engine.connect() as connection:
            rows = self._people(connection, PEOPLE, sorted({pseudonym for pseudonym, _ in people}))
        return {row.key_id for row in rows if (row.pseudonym, row.name_key) in people}

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

    def _left(self, visits: Sequence[Visit], *, always: bool) -> dict[Person, list[str]]:
        """Whom answers have left: an edit of name or address makes an answer somebody else's."""
        now = {visit.response_key: visit.person for visit in visits}
        left: dict[Person, list[str]] = {}
        with self._engine.connect() as connection:
            for some in chunks(now, 500):
                mine = (RESPONSES.c.controller == self._controller) & RESPONSES.c.response_key.in_(some)
                for row in connection.execute(select(RESPONSES).where(mine)):
                    if (before := (row.pseudonym, row.name_key)) != now[row.response_key] or always:
                        left.setdefault(before, []).append(row.response_key)
        return left

    def _keys(
        self,
        run_id: str,
        people: dict[Person, Identity],
        left: dict[Person, list[str]],
        heirs: Heirs,
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
        keys |= {heir: keys[of] for heir, of in heirs.items() if heir in people.keys() - keys and of in keys}
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
        context = identity_context(self._controller, (row.pseudonym, row.name_key))
        plain = unseal(key, row.sealed, *context)
        return Identity.from_bytes(plain)

    def _vendor_id(self, row: Row[Any], key: bytes) -> VendorId:
        plain = unseal(key, row.sealed, *response_context(self._controller, row.response_key))
        vendor, survey, response_id = json.loads(plain)
        return vendor, survey, response_id

    def _person_row(self, run_id: str, person: Person, identity: Identity, key: DataKey) -> dict[str, object]:
        pseudonym, name_key = person
        reference = identity.current("crm_reference")
        return {
            "controller": self._controller,
            "pseudonym": pseudonym,
            "name_key": name_key,
            "key_id": key.id,
            "reference_key": reference_key(self._ring, reference),
            "sealed": seal(key.key, identity.to_bytes(), *identity_context(self._controller, person)),
            "run_id": run_id,
        }

    def _response_row(self, run_id: str, visit: Visit, key: DataKey) -> dict[str, object]:
        pseudonym, name_key = visit.person
        plain = json.dumps(visit.vendor_response, ensure_ascii=False).encode()
        context = response_context(self._controller, visit.response_key)
        return {
            "controller": self._controller,
            "response_key": visit.response_key,
            "pseudonym": pseudonym,
            "name_key": name_key,
            "answered_at": visit.answered_at,
            "survey": visit.cycle.survey,
            "cycle": visit.cycle.cycle,
            "sealed": seal(key.key, plain, *context),
            "run_id": run_id,
        }


def _by_pseudonym(pairs: Iterable[Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for pseudonym, key in pairs:
        found.setdefault(pseudonym, set()).add(key)
    return found
