"""What is really there, for the policy to be checked against: tables with their columns, and code."""

from importlib import import_module
from itertools import chain

from data.stores.register import REGISTER
from data.stores.response_files import SCHEMA
from data.stores.sql import CRM, KEYS, STATE
from flows.wiring import Home  # noqa: F401 - brings every table into being

_WAITING = "_waiting"
#: What Prefect's server keeps of each run that could tell something; `flows/guard.py` sees that it does not.
_OF_RUNS = ("name", "parameters", "states", "logs")


def real_tables() -> dict[str, list[str]]:
    """Every table and file that a home can hold, with its columns.

    Tables in which a run's rows wait are twins of the ones they move into, and not named.
    """
    tables = chain(*(database.tables.values() for database in (STATE, KEYS, CRM, REGISTER)))
    found = {t.name: [c.name for c in t.columns] for t in tables if not t.name.endswith(_WAITING)}
    return {
        **found,
        "responses.parquet": list(SCHEMA.names),
        "plan.json": ["ids"],
        "package.zip": ["content"],
        "backup": ["content"],
        "backup keys": ["wrapped"],
        "prefect runs": list(_OF_RUNS),
    }


def exists(function: str) -> bool:
    """Whether `module:name` is in the code."""
    module, _, name = function.partition(":")
    try:
        return hasattr(import_module(module), name)
    except (ImportError, ValueError, TypeError):
        return False
