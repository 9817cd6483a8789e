"""The vault under a new key: everybody sealed again for another pseudonym, a few hundred at a time.

What is written waits unseen under the id of the run that rotates, until that run is published.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select

from data.errors import VerificationFailed
from data.stores import new_pseudonyms
from data.stores.waiting import move_in
from pseudonymize.derive import pseudonym_of, writer_parts
from pseudonymize.identity import Identity
from pseudonymize.keys import DomainKey
from pseudonymize.room import Room
from pseudonymize.seal import seal, unseal
from pseudonymize.vault_links import LINKS
from pseudonymize.vault_tables import PEOPLE, PEOPLE_WAITING, RESPONSES, Person, PersonRow, identity_context

_AT_ONCE = 500
_NO_VENDOR_ID = ("", "", "")


@dataclass(frozen=True, slots=True)
class VaultUnderNewKey:
    """The vault of one controller, on its way to a new key."""

    room: Room
    run_id: str
    key: DomainKey

    def stage(self) -> Iterator[int]:
        """Let everybody wait under their new pseudonym; after each piece of work, of how many people.

        Each piece is a transaction. After a stop it goes on behind the last one, as it goes by pseudonym.
        """
        with self.room.engine.connect() as connection:
            last = new_pseudonyms.last(connection, self.run_id)
        while some := self._after(last):
            yield self._stage(some)
            last = some[-1]

    def publish(self, connection: Connection) -> None:
        """Put what waits in the place of what was there. Raises `VerificationFailed` where it is not all."""
        mine, controller = PEOPLE.c.controller == self.room.policy.controller, self.room.policy.controller
        here = _count(connection, PEOPLE, mine)
        there = _count(connection, PEOPLE_WAITING, PEOPLE_WAITING.c.run_id == self.run_id)
        if here != there:
            raise VerificationFailed(
                f"{abs(here - there)} people of the vault have changed since the rotation began",
                hint="`tillit keys rotate` begins again",
            )
        connection.execute(delete(PEOPLE).where(mine))
        move_in(connection, PEOPLE, PEOPLE_WAITING, self.run_id)
        for table in (RESPONSES, LINKS):
            new_pseudonyms.replace(connection, self.run_id, table, controller)

    def _after(self, last: str) -> list[str]:
        later = (PEOPLE.c.controller == self.room.policy.controller) & (PEOPLE.c.pseudonym > last)
        query = select(PEOPLE.c.pseudonym).where(later).distinct().order_by(PEOPLE.c.pseudonym)
        with self.room.engine.connect() as connection:
            return list(connection.scalars(query.limit(_AT_ONCE)))

    def _stage(self, pseudonyms: list[str]) -> int:
        here = (PEOPLE.c.controller == self.room.policy.controller) & PEOPLE.c.pseudonym.in_(pseudonyms)
        with self.room.engine.connect() as connection:
            rows = {
                (row.pseudonym, row.name_key): row for row in connection.execute(select(PEOPLE).where(here))
            }
        keys = self.room.ring.data_keys("person", [row.key_id for row in rows.values()])
        opened = {person: self._open(row, keys[row.key_id]) for person, row in rows.items()}
        new = self._new_pseudonyms(opened)
        moved = [self._moved(row, new[row.pseudonym], opened[p], keys[row.key_id]) for p, row in rows.items()]
        with self.room.engine.begin() as connection:
            new_pseudonyms.add(connection, self.run_id, new)
            connection.execute(insert(PEOPLE_WAITING), moved)
        return len(moved)

    def _new_pseudonyms(self, people: dict[Person, Identity]) -> dict[str, str]:
        """For each pseudonym the one that an import will make from the next answer of the same person."""
        known = {p: (one.current("address"), one.current("respondent_id")) for p, one in people.items()}
        by_answer = self.room.vault.vendor_responses(p for p, (address, _) in known.items() if not address)
        parts = {
            person: writer_parts(
                *known[person], by_answer[person][0] if person in by_answer else _NO_VENDOR_ID
            )
            for person in people
        }
        return {pseudonym: pseudonym_of(self.key, parts[pseudonym, name]).value for pseudonym, name in people}

    def _open(self, row: PersonRow, key: bytes) -> Identity:
        context = identity_context(self.room.policy.controller, (row.pseudonym, row.name_key))
        return Identity.from_bytes(unseal(key, row.sealed, *context))

    def _moved(self, row: PersonRow, pseudonym: str, identity: Identity, key: bytes) -> dict[str, object]:
        context = identity_context(self.room.policy.controller, (pseudonym, row.name_key))
        sealed = seal(key, identity.to_bytes(), *context)
        return {**row._mapping, "pseudonym": pseudonym, "sealed": sealed, "run_id": self.run_id}


def _count(connection: Connection, table: Table, mine: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(mine)) or 0
