"""Which pseudonym takes the place of which, while a rotation of keys is under way, and no longer."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Column, ColumnElement, Connection, String, Table, func, insert, select, update

from data.chunks import chunks
from data.errors import VerificationFailed
from data.stores.lookup import rows_of
from data.stores.sql import STATE
from data.stores.waiting import forget_run

NEW_PSEUDONYMS = Table(
    "new_pseudonyms",
    STATE,
    Column("run_id", String(32), primary_key=True),
    Column("old", String(64), primary_key=True),
    Column("new", String(64), nullable=False),
)


def add(connection: Connection, run_id: str, new: Mapping[str, str]) -> None:
    """Note what takes the place of some pseudonyms."""
    if new:
        rows = [{"run_id": run_id, "old": old, "new": value} for old, value in new.items()]
        connection.execute(insert(NEW_PSEUDONYMS), rows)


def last(connection: Connection, run_id: str) -> str:
    """The last pseudonym, in their order, that a run has another for; empty where it has none."""
    mine = NEW_PSEUDONYMS.c.run_id == run_id
    return connection.scalar(select(func.max(NEW_PSEUDONYMS.c.old)).where(mine)) or ""


def count(connection: Connection, run_id: str) -> int:
    """How many pseudonyms a run has others for."""
    mine = NEW_PSEUDONYMS.c.run_id == run_id
    return connection.scalar(select(func.count()).select_from(NEW_PSEUDONYMS).where(mine)) or 0


def missing(connection: Connection, run_id: str, table: Table, controller: str) -> set[str]:
    """The pseudonyms of a controller in a table that a run has no other for."""
    known = select(NEW_PSEUDONYMS).where(_pair(run_id, table)).exists()
    return set(connection.scalars(select(table.c.pseudonym).where(table.c.controller == controller, ~known)))


def replace(connection: Connection, run_id: str, table: Table, controller: str) -> int:
    """Put the new pseudonyms in the place of the old ones in a table; returns in how many rows."""
    new = select(NEW_PSEUDONYMS.c.new).where(_pair(run_id, table)).scalar_subquery()
    mine = table.c.controller == controller
    return connection.execute(update(table).where(mine).values(pseudonym=new)).rowcount


def forget(connection: Connection, run_id: str) -> None:
    """Forget which was which: the last thing that links a new pseudonym to an old one."""
    forget_run(connection, NEW_PSEUDONYMS, run_id)


class Replacement:
    """The same for the Parquet form: other pseudonyms, and the version of the key that they were made with.

    In memory it takes some 150 bytes for a pseudonym.
    """

    def __init__(self, connection: Connection, run_id: str, version: int) -> None:
        query = select(NEW_PSEUDONYMS.c.old, NEW_PSEUDONYMS.c.new).where(NEW_PSEUDONYMS.c.run_id == run_id)
        some = chunks((tuple(row) for row in rows_of(connection, query)), _PAIRS_AT_ONCE)
        tables = [pa.table(list(zip(*pairs, strict=True)), _PAIRS) for pairs in some]
        both = pa.concat_tables([_PAIRS.empty_table(), *tables]).combine_chunks()
        self._old, self._new = both["old"].combine_chunks(), both["new"].combine_chunks()
        self._version = version

    def __call__(self, answers: pa.Table) -> pa.Table:
        """A table of answers with the new pseudonyms."""
        at = pc.index_in(answers["pseudonym"], value_set=self._old).combine_chunks()
        if at.null_count:
            raise VerificationFailed(f"{at.null_count} answers have a pseudonym that no other was made for")
        versions = pa.array([self._version] * len(answers), answers.schema.field("key_version").type)
        for name, values in (("pseudonym", self._new.take(at)), ("key_version", versions)):
            place = answers.schema.get_field_index(name)
            answers = answers.set_column(place, answers.schema.field(name), values)
        return answers


def _pair(run_id: str, table: Table) -> ColumnElement[bool]:
    return (NEW_PSEUDONYMS.c.run_id == run_id) & (NEW_PSEUDONYMS.c.old == table.c.pseudonym)


_PAIRS_AT_ONCE = 1 << 14
_PAIRS = pa.schema([("old", pa.string()), ("new", pa.string())])
