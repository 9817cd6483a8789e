"""Who was erased, objects or is restricted, as keyed digests of every identifier known of them.

Nothing brings the former back, or lets the latter be used, while the register has them.

The keys are the register's own. A rotation hashes every digest again under the new key, so that an
entry made under version m is, at version n, HMAC(k_n, … HMAC(k_m, identifier)); a value is looked up
along the same way, for which alone the retired keys are kept.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update

from data.errors import VerificationFailed
from data.stores.register import CORRECTIONS, ENTRIES, REGISTER_KEYS, newest, next_generation
from data.stores.sql import compact
from pseudonymize.keys import KeyInForce
from pseudonymize.seal import new_key, seal, unseal

Kind = Literal["erased", "objected", "restricted", "uninvited"]
#: Whose data may not be here; who is "restricted" is kept, and not used; who is
#: "uninvited" is only not asked any more.
_KEPT_OUT: frozenset[Kind] = frozenset({"erased", "objected"})
#: What identifies somebody, with a word for what it is first: ("address", "anna@example.com"). A "row" that
#: was destroyed for the name that it bears, and the "text" of an answer that was, are known in the same way.
Identifier = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checker:
    """Looks identifiers up in the register as it was when this was made."""

    entries: dict[str, dict[str, Kind]]
    ways: tuple[tuple[bytes, ...], ...]

    def entries_of(self, identifiers: Iterable[Identifier]) -> dict[str, Kind]:
        """The entries that hold any of the identifiers, with their kinds."""
        if not self.entries:
            return {}
        digests = (_along(way, identifier) for identifier in identifiers for way in self.ways)
        return {e: kind for digest in digests for e, kind in self.entries.get(digest, {}).items()}

    def __call__(self, identifiers: Iterable[Identifier]) -> bool:
        """Whether any of the identifiers is in the register."""
        return bool(self.entries_of(identifiers))


class Register:
    """One controller's part of the register. Every change counts the generation up."""

    def __init__(self, key_encryption_key: bytes, engine: Engine, controller: str) -> None:
        self._kek = key_encryption_key
        self.engine = engine
        self._controller = controller

    def generation(self) -> int:
        """How many changes the register has seen, of all controllers."""
        with self.engine.connect() as connection:
            return newest(connection)[0]

    def add(
        self, people: Mapping[Kind, Iterable[Identifier]], at: datetime, change: str, *, into: str = ""
    ) -> int:
        """Enter a person, or what bears a name, by every identifier; an entry for each kind.

        What becomes known of somebody later goes `into` the entry that they have, so that both are lifted
        together. Returns the generation, all of it being one change, by the id of the case that makes it.
        """
        with self.engine.begin() as connection:
            for kind, identifiers in people.items():
                self._enter(connection, kind, identifiers, at, into or secrets.token_hex(8))
            return next_generation(connection, change)

    def _enter(
        self, connection: Connection, kind: Kind, identifiers: Iterable[Identifier], at: datetime, entry: str
    ) -> None:
        keys = self._keys(connection) or self._make_key(connection, 1, at)
        version = max(keys)
        digests = {_along((keys[version],), identifier) for identifier in identifiers}
        row = {"controller": self._controller, "entry": entry, "kind": kind}
        rows = [{**row, "made_version": version, "since": at, "digest": digest} for digest in sorted(digests)]
        if rows:
            connection.execute(insert(ENTRIES), rows)

    def correct(
        self,
        corrections: Sequence[bytes],
        at: datetime,
        change: str,
        *,
        uninvited: Iterable[Identifier] = (),
        into: str = "",
    ) -> int:
        """Keep some corrections, sealed, in their order; returns the generation: they are one change.

        Who wants no invitations, as the entry `into` has it, is `uninvited` under the right address as well.
        """
        with self.engine.begin() as connection:
            generation = next_generation(connection, change)
            for number, plain in enumerate(corrections):
                mark = f"{generation:010}.{number}"
                sealed = self.seal(plain, "correction", mark)
                row = {"controller": self._controller, "mark": mark, "change": change}
                connection.execute(insert(CORRECTIONS), {**row, "sealed": sealed, "since": at})
            if into:
                self._enter(connection, "uninvited", uninvited, at, into)
            return generation

    def corrections(self, change: str = "") -> dict[str, bytes]:
        """All corrections by their marks, the oldest first, or those of one change.

        Raises `KeyUnavailable` where one does not open.
        """
        mine = select(CORRECTIONS).where(CORRECTIONS.c.controller == self._controller)
        mine = mine.where(CORRECTIONS.c.change == change) if change else mine
        with self.engine.connect() as connection:
            rows = connection.execute(mine.order_by(CORRECTIONS.c.mark)).all()
        return {row.mark: self.unseal(row.sealed, "correction", row.mark) for row in rows}

    def corrected_at(self) -> dict[str, datetime]:
        """When each correction was entered, in UTC, by its mark."""
        mine = select(CORRECTIONS.c.mark, CORRECTIONS.c.since).where(
            CORRECTIONS.c.controller == self._controller
        )
        with self.engine.connect() as connection:
            return {row.mark: row.since for row in connection.execute(mine)}

    def forget_corrections(self, marks: Collection[str]) -> int:
        """Forget some corrections; returns how many there were. The register's generation stays."""
        these = (CORRECTIONS.c.controller == self._controller) & CORRECTIONS.c.mark.in_(list(marks))
        with self.engine.begin() as connection:
            count = connection.execute(delete(CORRECTIONS).where(these)).rowcount
        compact(self.engine)
        return count

    def lift(self, entries: Iterable[str], change: str) -> int:
        """Take anything but an erasure back; returns the generation."""
        with self.engine.begin() as connection:
            lifted = self._mine() & (ENTRIES.c.kind != "erased") & ENTRIES.c.entry.in_(list(entries))
            connection.execute(delete(ENTRIES).where(lifted))
            return next_generation(connection, change)

    def rotate(self, at: datetime, change: str) -> int:
        """Hash every digest again under a new key; returns its version."""
        with self.engine.begin() as connection:
            version = max(self._keys(connection), default=0) + 1
            new = self._make_key(connection, version, at)[version]
            rows = connection.execute(select(ENTRIES).where(self._mine())).all()
            for row in rows:
                this = self._mine() & (ENTRIES.c.entry == row.entry) & (ENTRIES.c.digest == row.digest)
                connection.execute(update(ENTRIES).where(this).values(digest=_again(new, row.digest)))
            next_generation(connection, change)
        return version

    def in_force(self) -> KeyInForce | None:
        """The newest key; None before the first entry. Raises `KeyUnavailable` where one does not open."""
        mine = select(REGISTER_KEYS).where(REGISTER_KEYS.c.controller == self._controller)
        with self.engine.connect() as connection:
            self._keys(connection)
            row = connection.execute(mine.order_by(REGISTER_KEYS.c.version.desc()).limit(1)).one_or_none()
        return KeyInForce(row.version, row.created_at) if row else None

    def check(self) -> Checker:
        """A checker of who is kept out now. Raises `KeyUnavailable` where the register's keys do not open."""
        return self._checker(_KEPT_OUT)

    def restrictions(self) -> Checker:
        """A checker of who is restricted now. Raises as `check` does."""
        return self._checker({"restricted"})

    def uninvited(self) -> Checker:
        """A checker of who wants no more invitations. Raises as `check` does."""
        return self._checker({"uninvited"})

    def _checker(self, kinds: Collection[Kind]) -> Checker:
        with self.engine.connect() as connection:
            keys = self._keys(connection)
            rows = connection.execute(select(ENTRIES).where(self._mine(), ENTRIES.c.kind.in_(kinds))).all()
        made = sorted({row.made_version for row in rows})
        if set(made) - keys.keys():
            raise VerificationFailed(
                "the register has digests of keys that it does not have",
                hint="put the newest copy of the register back; nothing is taken in without it",
            )
        ways = tuple(tuple(keys[v] for v in sorted(keys) if v >= first) for first in made)
        entries: dict[str, dict[str, Kind]] = {}
        for row in rows:
            entries.setdefault(row.digest, {})[row.entry] = row.kind
        return Checker(entries, ways)

    def _keys(self, connection: Connection) -> dict[int, bytes]:
        mine = select(REGISTER_KEYS).where(REGISTER_KEYS.c.controller == self._controller)
        return {
            row.version: unseal(self._kek, row.wrapped, *self._context(row.version))
            for row in connection.execute(mine)
        }

    def _make_key(self, connection: Connection, version: int, at: datetime) -> dict[int, bytes]:
        key = new_key()
        wrapped = seal(self._kek, key, *self._context(version))
        row = {"controller": self._controller, "version": version, "wrapped": wrapped, "created_at": at}
        connection.execute(insert(REGISTER_KEYS), row)
        return {version: key}

    def seal(self, plain: bytes, *place: str) -> bytes:
        """Seal what is kept beside the register, bound to the controller and to its place."""
        return seal(self._kek, plain, *place, self._controller)

    def unseal(self, sealed: bytes, *place: str) -> bytes:
        """Open what `seal` has sealed. Raises `KeyUnavailable`."""
        return unseal(self._kek, sealed, *place, self._controller)

    def _context(self, version: int) -> tuple[str, ...]:
        return "register", self._controller, str(version)

    def _mine(self) -> ColumnElement[bool]:
        return ENTRIES.c.controller == self._controller


#: Tells whether any of some identifiers is in the register.
IsSuppressed = Callable[[Iterable[Identifier]], bool]


def text_of(vendor: str, survey: str, response_id: str) -> Identifier:
    """The text of one answer, which stays out whatever becomes of the answer."""
    return "text", vendor, survey, response_id


def _along(way: tuple[bytes, ...], identifier: Identifier) -> str:
    first, *later = way
    digest = hmac.digest(first, json.dumps(identifier).encode(), hashlib.sha256).hex()
    for key in later:
        digest = _again(key, digest)
    return digest


def _again(key: bytes, digest: str) -> str:
    return hmac.digest(key, bytes.fromhex(digest), hashlib.sha256).hex()
