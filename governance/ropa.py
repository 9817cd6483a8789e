"""The record of processing activities (GDPR Art. 30(1)), from the compiled policy and the real stores."""

import csv
import io
from collections.abc import Mapping, Sequence, Set

from governance.coverage import Columns
from governance.policy import Policy
from governance.rules import PeriodRule, RecipientRule, StoreRule

#: Column of the record: what Art. 30(1) asks for, by letter.
COLUMNS = {
    "controller": "Controller (a)",
    "contact": "Data protection officer (a)",
    "purpose": "Purpose (b)",
    "basis": "Legal basis (Art. 6)",
    "store": "Store",
    "owner": "Held by",
    "people": "Data subjects (c)",
    "data": "Categories of data (c)",
    "recipients": "Recipients (d)",
    "transfers": "Transfers and safeguards (e)",
    "erased": "Erased (f)",
    "security": "Security (g)",
    "clauses": "Clauses",
}
PEOPLE = "respondents of customer surveys"
#: Fideslang's category of what runs the survey and tells nothing of a person: the name of a cycle.
_OPERATIONS = "system.operations"
_SECURITY = {
    "cases": "who asked is sealed, also beside the register, and destroyed when the case is closed",
    "relations": "keyed digests and dates",
    "prefect": "ids and counts only; every error is stripped of its message",
    "backups": "sealed whole; the key lies with the copy of the keys, and goes with it",
    "backup_keys": "wrapped by a key that is in no backup",
    "packages": "encrypted for the one person; the passphrase is not kept",
    "plans": "random and keyed ids; deleted when verified",
    "corrections": "sealed, in the database of the register",
    "register": "digests under keys of its own, in a database apart",
    "vault": "sealed with a key for each person; keys apart from data",
    "quarantine": "sealed with a key for each row; keys apart from data",
    "responses": "pseudonymous; free text redacted; read in groups only",
    "crm": "score and opaque reference only",
    "crm_ledger": "pseudonymous; references sealed",
    "inbox": "outside the home; deleted after the import",
}

Row = Mapping[str, str]


def record_of_processing(
    policy: Policy, columns: Columns, tables: Mapping[str, Sequence[str]]
) -> list[dict[str, str]]:
    """One row for each store, and for each recipient that holds no store; see `COLUMNS`."""
    stores = [_store_row(policy, name, rule, columns, tables) for name, rule in policy.stores.items()]
    told = [_recipient_row(policy, r) for name, r in policy.recipients.items() if name not in policy.stores]
    return [*stores, *told]


def as_csv(rows: Sequence[Row]) -> str:
    """The record as CSV, RFC 4180, with the column names of Art. 30."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS.values())
    writer.writerows([_no_formula(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue()


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell  # a spreadsheet would run it


def _store_row(
    policy: Policy, name: str, rule: StoreRule, columns: Columns, tables: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    ours = {
        table: known for table, known in columns.tables.items() if known.store == name and not known.outside
    }
    stands = {
        field for t, known in ours.items() for c in tables.get(t, ()) for field in known.columns.get(c, ())
    }
    held = stands & set(policy.fields) or rule.fields  # a vendor's store, and files, have no tables of ours
    of_people = {f for f in held if policy.fields[f].category != _OPERATIONS}
    told = [r for r in policy.recipients.values() if rule.purpose in r.purposes and r.fields & of_people]
    return _row(
        policy,
        rule.purpose,
        store=name + (f" ({', '.join(ours)})" if ours else ""),
        owner=f"{rule.owner} ({rule.region})",
        data=_categories(policy, held),
        recipients="; ".join(r.name for r in told) or "none",
        transfers="; ".join(_transfer(policy, r) for r in told) or "none",
        erased=f"{rule.end} {_after(rule)}" + _at_most(rule, policy.cap),
        security=_SECURITY.get(name, "as agreed with its owner"),
        clauses=_clauses(rule.clause, policy.cap.clause, *(policy.fields[f].clause for f in held)),
    )


def _recipient_row(policy: Policy, rule: RecipientRule) -> dict[str, str]:
    return _row(
        policy,
        *sorted(rule.purposes),
        store="none",
        owner=rule.name,
        data=_categories(policy, rule.fields),
        recipients=rule.name,
        transfers=_transfer(policy, rule),
        erased="as agreed",
        security=f"run by: {rule.operators}",
        clauses=_clauses(rule.clause, *(policy.agreements[a].clause for a in rule.agreements)),
    )


def _row(policy: Policy, *purposes: str, **cells: str) -> dict[str, str]:
    rules = [policy.purposes[name] for name in purposes]
    return {
        "controller": policy.name,
        "contact": policy.contact,
        "purpose": "; ".join(rule.says for rule in rules),
        "basis": "; ".join(sorted({rule.basis for rule in rules})),
        "people": PEOPLE,
        **cells,
    }


def _after(rule: PeriodRule) -> str:
    return f"{rule.period} after {rule.clock.replace('_', ' ')}"


def _at_most(rule: PeriodRule, cap: PeriodRule) -> str:
    return "" if (rule.period, rule.clock) == (cap.period, cap.clock) else f", {_after(cap)} at most"


def _categories(policy: Policy, fields: Set[str]) -> str:
    return ", ".join(sorted({policy.fields[name].category for name in fields}))


def _transfer(policy: Policy, rule: RecipientRule) -> str:
    kinds = " and ".join(policy.agreements[name].kind for name in sorted(rule.agreements))
    return f"{rule.name} ({rule.region})" + (f" under {kinds}" if kinds else "")


def _clauses(*names: str) -> str:
    return ", ".join(sorted(set(names)))
