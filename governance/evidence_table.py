"""The table of the evidence log. The database itself refuses everything but new entries."""

from sqlalchemy import DDL, Column, Integer, String, Table, Text, event

from data.stores.sql import STATE
from data.stores.sql_types import UtcTime

EVIDENCE = Table(
    "evidence",
    STATE,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)


def _ddl(statement: str) -> DDL:
    return DDL(statement)  # type: ignore[no-untyped-call]


for _verb in ("UPDATE", "DELETE"):
    _refusal = _ddl(
        f"CREATE TRIGGER IF NOT EXISTS evidence_no_{_verb.lower()} BEFORE {_verb} ON evidence "
        "BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END"
    )
    event.listen(EVIDENCE, "after_create", _refusal.execute_if(dialect="sqlite"))

event.listen(
    EVIDENCE,
    "after_create",
    _ddl(
        "CREATE TRIGGER IF NOT EXISTS evidence_no_replace BEFORE INSERT ON evidence "
        "WHEN EXISTS (SELECT 1 FROM evidence WHERE number = NEW.number) "
        "BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END"
    ).execute_if(dialect="sqlite"),
)

for _statement in (
    "CREATE OR REPLACE FUNCTION evidence_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'evidence is append-only'; END $$",
    "CREATE TRIGGER evidence_append_only BEFORE UPDATE OR DELETE ON evidence "
    "FOR EACH ROW EXECUTE FUNCTION evidence_append_only()",
    "CREATE TRIGGER evidence_not_emptied BEFORE TRUNCATE ON evidence "
    "FOR EACH STATEMENT EXECUTE FUNCTION evidence_append_only()",
):
    event.listen(EVIDENCE, "after_create", _ddl(_statement).execute_if(dialect="postgresql"))
