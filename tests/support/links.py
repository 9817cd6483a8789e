"""Who is linked to whom in a home, whatever the pseudonyms are."""

from collections.abc import Iterable

from sqlalchemy import select

from data.stores.crm_ledger import CRM_LEDGER
from data.stores.responses import INDEX
from flows.wiring import Home
from pseudonymize.vault_links import LINKS
from pseudonymize.vault_tables import PEOPLE, RESPONSES

Links = dict[str, set[frozenset[str]]]


def pseudonyms(home: Home, controller: str = "sectra") -> set[str]:
    """Every pseudonym that stands anywhere in a home."""
    columns = [table.c.pseudonym for table in (INDEX, CRM_LEDGER, LINKS, PEOPLE, RESPONSES)]
    with home.engine.connect() as connection:
        found = {value for column in columns for value in connection.scalars(select(column))}
    return found | set(home.responses.read(controller, ["pseudonym"])["pseudonym"].to_pylist())


def links(home: Home, controller: str = "sectra") -> Links:
    """Which answers belong together, in each place; who has which reference, and which score in the CRM."""
    with home.engine.connect() as connection:
        index = [*connection.execute(select(INDEX.c.pseudonym, INDEX.c.response_key))]
        vault = [*connection.execute(select(RESPONSES.c.pseudonym, RESPONSES.c.response_key))]
        ledger = [*connection.execute(select(CRM_LEDGER.c.pseudonym, CRM_LEDGER.c.reference_key))]
        by_link = [*connection.execute(select(LINKS.c.pseudonym, LINKS.c.link_key))]
    rows = home.responses.read(controller, ["pseudonym", "response_key"]).to_pylist()
    answers = [(row["pseudonym"], row["response_key"]) for row in rows]
    who = dict(sorted(map(tuple, index), reverse=True))  # the first answer of each
    return {
        **{
            place: _groups(pairs) for place, pairs in (("index", index), ("vault", vault), ("files", answers))
        },
        "ledger": {frozenset({who.get(pseudonym, ""), key}) for pseudonym, key in ledger},
        "links": {frozenset({who.get(pseudonym, ""), key}) for pseudonym, key in by_link},
    }


def _groups(pairs: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pseudonym, key in pairs:
        found.setdefault(pseudonym, set()).add(key)
    return {frozenset(keys) for keys in found.values()}
