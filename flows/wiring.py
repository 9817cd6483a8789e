"""Builds everything from the environment. The only reader of environment variables.

TILLIT_HOME       folder of all state                                default ./.tillit
TILLIT_KEY_FILE   file of the key-encryption key, apart from home     default <home>.key
TILLIT_KEY        the key itself, Base64, instead of a file
TILLIT_STATE_URL  SQLAlchemy URL of the state database                default SQLite in home
TILLIT_KEYS_URL   SQLAlchemy URL of the database of wrapped keys      default SQLite in home
TILLIT_REGISTER_URL  the same of the register of the erased, apart    default SQLite beside the home
TILLIT_SOURCES    YAML file that names sources for --source           default <home>/sources.yaml
PREFECT_API_URL   Prefect's server, whose old runs retention deletes   default none
PREFECT_SERVER_DATABASE_CONNECTION_URL  its database, for the leak check  default SQLite in PREFECT_HOME
                  (or PREFECT_API_DATABASE_CONNECTION_URL, as Prefect called it before)
PREFECT_HOME      folder of Prefect, which the leak check searches     default ~/.prefect
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

import data.stores.keys_of_backup
import data.stores.verifier_key  # noqa: F401 - its table belongs to the state database
import governance.evidence  # noqa: F401 - and so does this one
from data.clock import Clock, SystemClock
from data.errors import HomeBusy, HomeUnusable, PolicyForbids, UsageError, VerificationFailed
from data.store import Store
from data.stores import register
from data.stores.crm import EmbeddedCrm
from data.stores.register import REGISTER
from data.stores.responses import ResponseStore
from data.stores.sql import CRM, KEYS, STATE, open_database, sqlite_url
from flows.plan_files import PlanFiles
from flows.stores import check_stores, stores
from governance.policy import Policy, load_policy
from pseudonymize import (
    BackupKey,
    KeyRing,
    Redactor,
    Register,
    Room,
    Signer,
    any_keys,
    decode_key,
    open_signer,
    read_key_file,
)

if TYPE_CHECKING:
    from analysis.reading import Reader


@dataclass(frozen=True)
class Settings:
    """Where things are, as the environment says."""

    home: Path
    key_file: Path
    key: str
    state_url: str
    keys_url: str
    register_url: str
    sources: Path
    prefect: Path
    prefect_api: str
    prefect_database: str

    @classmethod
    def read(cls, environ: Mapping[str, str], home: Path | None = None) -> "Settings":
        """Settings from an environment; `home` outweighs TILLIT_HOME. Raises `UsageError` for a wrong URL."""
        where = (home or Path(environ.get("TILLIT_HOME") or ".tillit")).expanduser().absolute()
        register_file = Path(f"{where}.register") / "register.db"
        return cls(
            home=where,
            key_file=Path(environ.get("TILLIT_KEY_FILE") or f"{where}.key").expanduser().absolute(),
            key=environ.get("TILLIT_KEY", ""),
            state_url=_url(environ, "TILLIT_STATE_URL", where / "state" / "state.db"),
            keys_url=_url(environ, "TILLIT_KEYS_URL", where / "keys" / "keys.db"),
            register_url=_url(environ, "TILLIT_REGISTER_URL", register_file),
            sources=Path(environ.get("TILLIT_SOURCES") or where / "sources.yaml").expanduser(),
            prefect=Path(environ.get("PREFECT_HOME") or "~/.prefect").expanduser().absolute(),
            prefect_api=environ.get("PREFECT_API_URL", ""),
            prefect_database=environ.get("PREFECT_SERVER_DATABASE_CONNECTION_URL")
            or environ.get("PREFECT_API_DATABASE_CONNECTION_URL", ""),
        )


_DRIVERS = ("pysqlite", "psycopg")


def _url(environ: Mapping[str, str], name: str, default: Path) -> str:
    url = environ.get(name) or sqlite_url(default)
    try:
        place = make_url(url)
        is_ours = place.get_dialect().driver in _DRIVERS and place.database not in (None, "", ":memory:")
    except (ArgumentError, ValueError):  # SQLAlchemy's own, and a port that is no number
        is_ours = False
    if not is_ours:
        raise UsageError(
            f"{name} is no URL of a SQLite or PostgreSQL database",
            hint="sqlite:////folder/file.db, postgresql+psycopg://host/name",
        )
    return url


def new_redactor() -> Redactor:
    """A redactor with a process for each processor that this one may use."""
    return Redactor(len(os.sched_getaffinity(0)))


class Home:
    """All stores below one home, opened when first used. One instance serves one command or flow."""

    settings: Settings

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self._rooms: dict[str, Room] = {}
        self._make_folders()

    @cached_property
    def engine(self) -> Engine:
        """The state database."""
        return open_database(self.settings.state_url, STATE)

    @cached_property
    def keys_engine(self) -> Engine:
        """The database of wrapped keys."""
        return open_database(self.settings.keys_url, KEYS)

    @cached_property
    def register_engine(self) -> Engine:
        """The register of people who were erased or object; made where nobody is in it yet."""
        with self.engine.connect() as state:
            seen = register.carried_out(state)[0]
        place = make_url(self.settings.register_url)
        if place.get_backend_name() == "sqlite" and place.database:
            if seen and not Path(place.database).is_file():
                raise _no_register()
            Path(place.database).parent.mkdir(mode=0o700, exist_ok=True)
        return open_database(self.settings.register_url, REGISTER)

    @cached_property
    def crm(self) -> EmbeddedCrm:
        """The CRM."""
        return EmbeddedCrm(open_database(sqlite_url(self.settings.home / "crm" / "crm.db"), CRM))

    @cached_property
    def responses(self) -> ResponseStore:
        """The store of de-identified responses."""
        return ResponseStore(self.settings.home / "responses", self.engine)

    @cached_property
    def redactor(self) -> Redactor:
        """The redactor of this home."""
        return new_redactor()

    def policy(self, controller: str) -> Policy:
        """A controller's policy: the home's own, in `policies/`, or the packaged one."""
        return load_policy(controller, self.settings.home / "policies")

    def room(self, controller: str, *, even_behind: bool = False) -> Room:
        """One controller's raw room. Raises `KeyUnavailable` where there is no key to open it.

        Raises `PolicyForbids` while the home is behind the register of the erased, unless `even_behind`.
        """
        if not even_behind:
            self.check_not_behind()
        if controller not in self._rooms:
            room = self.room_under(self.policy(controller))
            check_stores(room)
            self._rooms[controller] = room
        return self._rooms[controller]

    def room_under(self, policy: Policy) -> Room:
        """A controller's raw room under any version of its policy, whatever that covers: only to look.

        Raises `KeyUnavailable` where there is no key to open it.
        """
        ring = KeyRing(self._key(), self.keys_engine, policy.controller, self.engine)
        own = Register(self._key(), self.register_engine, policy.controller)
        return Room.build(policy, self.engine, ring, self.responses, self.redactor, own, self.clock)

    def check_not_behind(self) -> None:
        """Raise `PolicyForbids` while the home is behind the register of the erased."""
        if self.is_behind():
            raise PolicyForbids(
                "this home is older than the register of people who were erased or object",
                hint="`tillit rights replay` erases again whom an older copy has brought back",
            )

    def is_behind(self) -> bool:
        """Whether the register has seen changes that this state has not carried out, or it was just restored.

        Raises `VerificationFailed` where it is the register that is older: it is never put back.
        """
        with self.engine.connect() as state, self.register_engine.connect() as connection:
            (seen, pending), (newest, change) = register.carried_out(state), register.newest(connection)
        if newest < seen:
            raise _no_register()
        if pending == register.RESTORED:
            return True
        return newest > seen and not (newest == seen + 1 and change == pending)

    def stores(self, controller: str, *, even_behind: bool = False) -> list[Store]:
        """Every store of a controller, in the order in which they forget."""
        return stores(self, self.room(controller, even_behind=even_behind))

    @property
    def plans(self) -> PlanFiles:
        """The files of deletion plans."""
        return PlanFiles(self.settings.home / "plans")

    @property
    def packages(self) -> Path:
        """The folder of packages for people who have asked for their data."""
        return self.settings.home / "packages"

    def reader(self, controller: str) -> "Reader":
        """The analysts' view of one controller's responses."""
        from analysis.reading import Reader  # pandas takes a second that most commands need not wait

        self.room(controller)  # what was erased is not read from an older copy either
        threshold = int(self.policy(controller).limit("group_size"))
        return Reader(lambda columns: self.responses.read(controller, columns), threshold)

    def signer(self, *, may_make: bool) -> Signer:
        """The key that signs checkpoints. Raises `KeyUnavailable` where it is missing and may not be made."""
        return open_signer(self._key(), self.keys_engine, may_make=may_make)

    def new_backup_key(self, backup_id: str) -> BackupKey:
        """A key for a new backup. Raises `KeyUnavailable` where there is none to wrap it."""
        return BackupKey.new(self._key(), backup_id)

    def open_backup_key(self, backup_id: str, wrapped: bytes) -> BackupKey:
        """The key of a backup that is there. Raises `KeyUnavailable` where it does not open."""
        return BackupKey.open(self._key(), backup_id, wrapped)

    def has_keys(self) -> bool:
        """Whether any keys were ever made here."""
        with self.keys_engine.connect() as connection:
            return any_keys(connection)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the home against other runs. Raises `HomeBusy` at once where another holds it.

        The operating system lets go of the lock when the process ends, however it ends.
        """
        descriptor = os.open(self.settings.home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeBusy(
                    f"another run holds the home {self.settings.home}",
                    hint="wait for it to end; see `tillit runs list`",
                ) from None
            for begun in self.packages.glob("*.new"):  # a stop has left it, and nobody can read it
                begun.unlink()
            yield
        finally:
            os.close(descriptor)

    def _key(self) -> bytes:
        if self.settings.key:
            return decode_key(self.settings.key, "TILLIT_KEY")
        return read_key_file(self.settings.key_file)

    def _make_folders(self) -> None:
        try:
            for name in ("", "state", "keys", "crm", "responses", "plans"):
                (self.settings.home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise HomeUnusable(
                f"the home {self.settings.home} cannot be written to: {error.strerror}",
                hint="choose another with --home or TILLIT_HOME",
            ) from None


def _no_register() -> VerificationFailed:
    return VerificationFailed(
        "the register of people who were erased or object is older than this home, or missing",
        hint="put its newest copy back (TILLIT_REGISTER_URL); nothing is taken in without it",
    )


def settings_here(home: Path | None = None) -> Settings:
    """Where things are, as this process's environment says."""
    return Settings.read(os.environ, home)


def open_home(home: Path | None = None) -> Home:
    """The home that this process's environment names."""
    return Home(settings_here(home), SystemClock())
