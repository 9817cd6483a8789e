"""Whether every column that is kept, and every field that leaves, has a rule in the policy. Pure."""

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator

from governance.policy import Policy
from governance.yaml_files import Closed, packaged

_NOTHING_PERSONAL = "-"


def _held(value: Any) -> Any:
    if value == _NOTHING_PERSONAL:
        return frozenset()
    return frozenset([value]) if isinstance(value, str) else value


Held = Annotated[frozenset[str], BeforeValidator(_held)]


class TableColumns(Closed):
    """One table or file: the store of the policy that it belongs to, and what each column holds.

    `outside` is true where it is only what we know of a store that lies with somebody else.
    """

    store: str = ""
    only_for: str = ""
    outside: bool = False
    columns: dict[str, Held]

    @property
    def fields(self) -> frozenset[str]:
        """Every field of a policy that stands in the table."""
        return frozenset().union(*self.columns.values())


class Columns(Closed):
    """All tables and files, and all that leaves, in the words of `fields`."""

    fields: frozenset[str]
    tables: dict[str, TableColumns]
    outgoing: dict[str, dict[str, Held]]


@cache
def known_columns() -> Columns:
    """The list that is packaged, `governance/columns.yaml`."""
    return packaged("columns.yaml", Columns)


def uncovered(
    policy: Policy, columns: Columns, tables: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, str]]:
    """Place and words of everything without a rule; `tables` are the real ones with their columns.

    Whoever is told no field at all is told nothing, and tables that exist for their sake stay empty.
    """
    for name in sorted({*tables, *columns.tables}):
        yield from _unlisted(name, columns.tables.get(name), tables.get(name))
    for name, table in columns.tables.items():
        if unknown := sorted(table.fields - columns.fields):
            yield name, f"holds {', '.join(unknown)}, which is no field of governance/columns.yaml"
        if not table.only_for or _is_told(policy, table.only_for):
            yield from _without_rule(policy, name, table)
    for recipient, told in columns.outgoing.items():
        for field, held in told.items() if _is_told(policy, recipient) else ():
            if beyond := sorted(held - policy.recipients[recipient].fields):
                yield f"recipients.{recipient}", f"{field} tells {', '.join(beyond)}, which no rule allows"


def unforgotten(policy: Policy, columns: Columns, made: Container[str]) -> Iterator[tuple[str, str]]:
    """Tables of stores that nothing makes, so that retention and erasure would pass them by."""
    for name, table in columns.tables.items():
        if table.store in policy.stores and table.store not in made:
            yield name, f"belongs to the store {table.store}, which is not made in flows/stores.py"


def _is_told(policy: Policy, recipient: str) -> bool:
    return recipient in policy.recipients and bool(policy.recipients[recipient].fields)


def _unlisted(
    name: str, listed: TableColumns | None, real: Iterable[str] | None
) -> Iterator[tuple[str, str]]:
    if listed is None or real is None:
        where = "governance/columns.yaml" if listed is None else "the stores"
        yield name, f"is not in {where}: say what stands in it"
        return
    for column in sorted(set(real) ^ set(listed.columns)):
        where = "governance/columns.yaml" if column in set(real) else "the store"
        yield f"{name}.{column}", f"is not in {where}: no rule covers it"


def _without_rule(policy: Policy, name: str, table: TableColumns) -> Iterator[tuple[str, str]]:
    store = policy.stores.get(table.store)
    if store is None:
        if table.fields or table.store:
            yield name, f"holds personal data, and the policy has no store {table.store!r}"
        return
    for column, held in table.columns.items():
        if beyond := sorted(held - store.fields - _never_filled(policy)):
            yield f"{name}.{column}", f"holds {', '.join(beyond)}, which stores.{table.store} does not allow"


def _never_filled(policy: Policy) -> frozenset[str]:
    """Fields that no mapping may take under the policy; a name is also put together from its parts."""
    parts = {"first_name", "last_name"} & set(policy.fields)
    return known_columns().fields - set(policy.fields) - {"pseudonym", *({"name"} if parts else ())}
