"""By which CRM references and respondent ids the vault's people can be found, as keyed digests.

Whoever looks for a person opens those that share such an identifier, and not the whole vault.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Column, Connection, Index, String, Table, delete, insert, select

from data.chunks import chunks
from data.stores.sql import STATE
from data.stores.waiting import forget_run, move_in, waiting_room
from pseudonymize.derive import reference_key, respondent_key
from pseudonymize.identity import Identity
from pseudonymize.keys import KeyRing
from pseudonymize.vault_tables import PEOPLE_WAITING, Person, delete_people

LINKS = Table(
    "vault_links",
    STATE,
    Column("controller", String(40), primary_key=True),
    Column("pseudonym", String(64), primary_key=True),
    Column("name_key", String(64), primary_key=True),
    Column("link_key", String(64), primary_key=True),
    Column("run_id", String(32), nullable=False),
    Index("vault_links_by_link", "controller", "link_key"),
)

LINKS_WAITING = waiting_room(LINKS, STATE)

_PERSON = ("controller", "pseudonym", "name_key")


class Links:
    """One controller's links, written in the transactions that write the people they lead to."""

    def __init__(self, ring: KeyRing, controller: str) -> None:
        self._ring = ring
        self._controller = controller

    def stage(self, connection: Connection, run_id: str, people: dict[Person, Identity]) -> None:
        """Let the links of some people wait with them, unseen until the run is published."""
        run = LINKS_WAITING.c.run_id == run_id
        delete_people(connection, LINKS_WAITING, self._controller, people, run)
        self._write(connection, LINKS_WAITING, run_id, people)

    def publish(self, connection: Connection, run_id: str) -> None:
        """Let a run's links be seen in place of those that its people had, before the people move in."""
        same = [LINKS.c[name] == PEOPLE_WAITING.c[name] for name in _PERSON]
        newer = select(PEOPLE_WAITING).where(PEOPLE_WAITING.c.run_id == run_id, *same).exists()
        connection.execute(delete(LINKS).where(newer))
        move_in(connection, LINKS, LINKS_WAITING, run_id)

    def replace(self, connection: Connection, before: Iterable[Person], left: dict[Person, Identity]) -> None:
        """Let go of the links of some people, and write those anew of whom something is left."""
        delete_people(connection, LINKS, self._controller, before)
        self._write(connection, LINKS, "", left)

    def sweep(self, connection: Connection, run_id: str) -> None:
        """Forget what an unpublished run left waiting."""
        forget_run(connection, LINKS_WAITING, run_id)

    def people(self, connection: Connection, identities: Iterable[Identity]) -> set[Person]:
        """Everybody who shares an identifier with one of some people, themselves included.

        The survey tool of a respondent id is not part of the digest: what is found has to be opened.
        """
        wanted = {key for identity in identities for key in self._keys(identity)}
        found = set[Person]()
        for some in chunks(wanted, 500):
            mine = (LINKS.c.controller == self._controller) & LINKS.c.link_key.in_(some)
            rows = connection.execute(select(LINKS.c.pseudonym, LINKS.c.name_key).where(mine))
            found |= {(row.pseudonym, row.name_key) for row in rows}
        return found

    def _write(
        self, connection: Connection, table: Table, run_id: str, people: dict[Person, Identity]
    ) -> None:
        rows = [
            {
                "controller": self._controller,
                "pseudonym": person[0],
                "name_key": person[1],
                "link_key": key,
                "run_id": run_id,
            }
            for person, identity in people.items()
            for key in self._keys(identity)
        ]
        if rows:
            connection.execute(insert(table), rows)

    def _keys(self, identity: Identity) -> Iterator[str]:
        yield from (reference_key(self._ring, value) for value in identity.all("crm_reference"))
        yield from (respondent_key(self._ring, value) for value in identity.all("respondent_id"))
