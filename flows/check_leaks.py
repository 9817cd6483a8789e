"""Search everything that is kept for the identities in the vault, and record that it was done."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from data.errors import UsageError
from flows.wiring import Home
from governance import evidence
from pseudonymize import LeakReport, Places, Progress, search_for_leaks

#: Options of Prefect's URL that say where its database is, as PostgreSQL's own library names them.
_OPTIONS = {"host": "host", "port": "port", "ssl": "sslmode", "sslmode": "sslmode"}


def check_leaks(home: Home, controller: str, also: Iterable[Path], progress: Progress) -> LeakReport:
    """Search the home, its databases, Prefect's folder, the inboxes, and `also`, while nothing else runs.

    Raises `HomeBusy` where another run holds the home, `KeyUnavailable` where the vault cannot be opened.
    """
    room, places = home.room(controller), places_of(home, also)
    with home.lock():
        report = search_for_leaks(room, places, progress)
        details = {
            "controller": controller,
            "files": report.files,
            "bytes": report.bytes,
            "people": report.people,
            "leaks": len(report.leaks),
            "unreadable": len(report.unreadable),
        }
        with home.engine.begin() as connection:
            evidence.record(connection, home.clock.now(), "leak check", details)
    return report


def places_of(home: Home, also: Iterable[Path] = ()) -> Places:
    """Everything of a home that is searched, and more files or folders. Raises `UsageError`."""
    settings = home.settings
    folders = {"home": settings.home}
    if settings.prefect.exists():
        folders["prefect"] = settings.prefect
    for number, path in enumerate(also, start=1):
        if not path.exists():
            raise UsageError(f"number {number} of --also is neither a file nor a folder")
        folders[f"also {number}"] = path
    servers = {}
    engines = {"state": home.engine, "keys": home.keys_engine, "register": home.register_engine}
    if settings.prefect_database:
        engines["prefect"] = _of_prefect(settings.prefect_database)
    for name, engine in engines.items():
        if engine.dialect.name != "sqlite":
            servers[name] = engine
        elif engine.url.database not in (None, "", ":memory:"):
            folders[f"{name} database"] = Path(engine.url.database)
    return Places(folders, servers, settings.home / "crm" / "crm.db", home.packages)


def _of_prefect(url: str) -> Engine:
    """Prefect's database. Its URL names a driver for event loops, which is not ours."""
    place = make_url(url)
    backend = place.get_backend_name()
    driver = {"postgresql": "postgresql+psycopg"}.get(backend, backend)
    # Prefect reaches it through asyncpg, which has options of its own.
    query = {_OPTIONS[name]: value for name, value in place.query.items() if name in _OPTIONS}
    return create_engine(place.set(drivername=driver, query=query), hide_parameters=True)
