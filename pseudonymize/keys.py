"""The key ring: random keys, each wrapped by the key-encryption key, in a database of their own.

    key-encryption key (file of mode 0600, or environment; never in the home)
    ├── domain keys, one for each controller and domain, by version
    │   └── data keys of quarantined rows, under the domain "quarantine"
    └── data keys of people in the vault

Domain keys are random, not derived, so that a destroyed one cannot be made again. Wrapped keys are
apart from the ciphertext, so that their backups can be short-lived. Which version of a domain's key is in
force stands with the data that was made with it.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from data.chunks import chunks
from data.errors import KeyUnavailable
from data.stores import keys_in_force
from data.stores.sql import KEYS, compact
from data.stores.sql_types import UtcTime
from data.stores.waiting import forget_run
from pseudonymize.seal import new_key, seal, unseal

#: respondent: pseudonyms. record: digests of response ids, contents, names and CRM references.
#: ledger: references in the ledger of what the CRM was told. inbox: paths of export files.
#: tasks: what the vendor calls the answers that somebody has to delete there.
DOMAINS = ("respondent", "record", "quarantine", "inbox", "ledger", "tasks")

DOMAIN_KEYS = Table(
    "domain_keys",
    KEYS,
    Column("controller", String(40), primary_key=True),
    Column("domain", String(20), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

DATA_KEYS = Table(
    "data_keys",
    KEYS,
    Column("id", String(32), primary_key=True),
    Column("controller", String(40), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("run_id", String(32), nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class DomainKey:
    """A domain's key in force, with its version."""

    version: int
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyInForce:
    """Which version of a key is in force, and when (UTC) it was made."""

    version: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one person or one quarantined row."""

    id: str
    key: bytes = field(repr=False)


class KeyRing:
    """One controller's keys; `state` is the database of what was made with them."""

    def __init__(self, key_encryption_key: bytes, engine: Engine, controller: str, state: Engine) -> None:
        self._kek = key_encryption_key
        self._engine = engine
        self._controller = controller
        self._state = state
        self._domain_keys: dict[str, DomainKey] = {}

    def create(self, at: datetime) -> bool:
        """Make the domain keys; returns false where they are there already, and checks that they open."""
        if self.exists():
            for domain in DOMAINS:
                self.domain(domain)
            return False
        rows = [self._domain_row(domain, self._version(domain), at) for domain in DOMAINS]
        with self._engine.begin() as connection:
            connection.execute(insert(DOMAIN_KEYS), rows)
        return True

    def exists(self) -> bool:
        """Whether this controller has keys here."""
        with self._engine.connect() as connection:
            mine = select(func.count()).select_from(DOMAIN_KEYS).where(self._mine())
            return bool(connection.scalar(mine))

    def domain(self, domain: str) -> DomainKey:
        """The key in force of a domain. Raises `KeyUnavailable` where it is missing or does not open."""
        if domain not in self._domain_keys:
            wrapped, version = self._wrapped(domain), self._version(domain)
            if not wrapped:
                raise KeyUnavailable(
                    f"there are no keys for the controller {self._controller}",
                    hint="run `tillit keys init`, or restore the database of wrapped keys",
                )
            if version not in wrapped:
                raise KeyUnavailable(
                    f"version {version} of the key {domain} is gone, and this home was made with it",
                    hint="`tillit keys rotate` gives everybody a pseudonym under a new one",
                )
            self._domain_keys[domain] = self._opened(domain, version, wrapped[version])
        return self._domain_keys[domain]

    def is_there(self, domain: str) -> bool:
        """Whether the key in force of a domain is there: not so where older data was put back beside it."""
        return self._version(domain) in self._wrapped(domain)

    def next_domain_key(self, domain: str, at: datetime) -> DomainKey:
        """The key that is to take the place of the one in force: made, unless a stop has left it."""
        newest = max(self._wrapped(domain), default=0)
        if newest <= self._version(domain):
            row = self._domain_row(domain, newest := self._version(domain) + 1, at)
            with self._engine.begin() as connection:
                connection.execute(insert(DOMAIN_KEYS), row)
        return self._opened(domain, newest, self._wrapped(domain)[newest])

    def destroy_retired(self) -> None:
        """Destroy the domain keys in whose place others are in force, and use none that was opened before."""
        self._domain_keys.clear()
        retired = [(d, v) for d in DOMAINS for v in self._wrapped(d) if v < self._version(d)]
        if not retired:
            return
        with self._engine.begin() as connection:
            for domain, version in retired:
                this = (DOMAIN_KEYS.c.domain == domain) & (DOMAIN_KEYS.c.version == version)
                connection.execute(delete(DOMAIN_KEYS).where(self._mine(), this))
        compact(self._engine)

    def new_data_keys(self, purpose: str, run_id: str, count: int) -> list[DataKey]:
        """Make `count` data keys, written before anything is sealed with them."""
        made = [DataKey(secrets.token_hex(16), new_key()) for _ in range(count)]
        if made:
            with self._engine.begin() as connection:
                connection.execute(insert(DATA_KEYS), [self._row(key, purpose, run_id) for key in made])
        return made

    def data_keys(self, purpose: str, ids: Iterable[str]) -> dict[str, bytes]:
        """Data keys by id. Raises `KeyUnavailable` where one is missing: rows always go before their keys."""
        found: dict[str, bytes] = {}
        wrapping, ids = self._wrapping(purpose), set(ids)
        with self._engine.connect() as connection:
            for some in chunks(ids, 500):
                for row in connection.execute(select(DATA_KEYS).where(DATA_KEYS.c.id.in_(some))):
                    found[row.id] = unseal(wrapping, row.wrapped, purpose, self._controller, row.id)
        if missing := len(ids) - len(found):
            raise KeyUnavailable(
                f"{missing} data keys of sealed rows are missing",
                hint="restore the database of wrapped keys from its backup",
            )
        return found

    def destroy(self, ids: Iterable[str]) -> None:
        """Destroy data keys; what they sealed can never be read again."""
        ids = list(ids)
        if not ids:
            return
        with self._engine.begin() as connection:
            for some in chunks(ids, 500):
                connection.execute(delete(DATA_KEYS).where(DATA_KEYS.c.id.in_(some)))
        compact(self._engine)

    def destroy_run(self, run_id: str) -> None:
        """Destroy the data keys that an unpublished run made."""
        with self._engine.begin() as connection:
            forget_run(connection, DATA_KEYS, run_id)
        compact(self._engine)

    def in_force(self) -> dict[str, KeyInForce]:
        """The key in force of each domain: its version, and when it was made."""
        query = select(DOMAIN_KEYS).where(self._mine()).order_by(DOMAIN_KEYS.c.domain)
        with self._engine.connect() as connection:
            rows = [row for row in connection.execute(query) if row.version == self._version(row.domain)]
        return {row.domain: KeyInForce(row.version, row.created_at) for row in rows}

    def data_key_ids(self, purpose: str) -> set[str]:
        """Ids of all data keys for a purpose."""
        mine = (DATA_KEYS.c.controller == self._controller) & (DATA_KEYS.c.purpose == purpose)
        with self._engine.connect() as connection:
            return set(connection.scalars(select(DATA_KEYS.c.id).where(mine)))

    def count_data_keys(self, purpose: str) -> int:
        """How many data keys there are for a purpose."""
        mine = (DATA_KEYS.c.controller == self._controller) & (DATA_KEYS.c.purpose == purpose)
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(DATA_KEYS).where(mine)) or 0

    def _version(self, domain: str) -> int:
        with self._state.connect() as connection:
            return keys_in_force.version(connection, self._controller, domain)

    def _wrapped(self, domain: str) -> dict[int, bytes]:
        query = select(DOMAIN_KEYS).where(self._mine(), DOMAIN_KEYS.c.domain == domain)
        with self._engine.connect() as connection:
            return {row.version: row.wrapped for row in connection.execute(query)}

    def _opened(self, domain: str, version: int, wrapped: bytes) -> DomainKey:
        return DomainKey(version, unseal(self._kek, wrapped, *self._context(domain, version)))

    def _domain_row(self, domain: str, version: int, at: datetime) -> dict[str, object]:
        return {
            "controller": self._controller,
            "domain": domain,
            "version": version,
            "wrapped": seal(self._kek, new_key(), *self._context(domain, version)),
            "created_at": at,
        }

    def _context(self, domain: str, version: int) -> tuple[str, ...]:
        return "domain", self._controller, domain, str(version)

    def _wrapping(self, purpose: str) -> bytes:
        return self.domain("quarantine").key if purpose == "quarantine" else self._kek

    def _row(self, key: DataKey, purpose: str, run_id: str) -> dict[str, object]:
        wrapped = seal(self._wrapping(purpose), key.key, purpose, self._controller, key.id)
        return {
            "id": key.id,
            "controller": self._controller,
            "purpose": purpose,
            "run_id": run_id,
            "wrapped": wrapped,
        }

    def _mine(self) -> ColumnElement[bool]:
        return DOMAIN_KEYS.c.controller == self._controller
