"""Every store of a home, made in one place. While one is not made here, or has no rule, nothing runs."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from data.errors import PolicyForbids
from data.store import Store
from data.stores.aggregates import AggregateStore
from data.stores.register import RegisterStore
from data.stores.relations import RelationStore
from flows.backup_store import BackupStore
from flows.crm_store import CrmStore
from flows.package_files import PackageStore
from flows.plan_files import PlanStore
from flows.prefect_store import PrefectStore
from governance.coverage import known_columns, uncovered, unforgotten
from pseudonymize import (
    AnswerStore,
    CaseStore,
    CorrectionStore,
    InboxStore,
    QuarantineStore,
    Room,
    VaultStore,
    VendorStore,
)

if TYPE_CHECKING:
    from flows.wiring import Home

Maker = Callable[["Home", Room], Store]

#: In the order in which they forget: what lies outside first, the identity last.
MAKERS: dict[str, Maker] = {
    "vendor": lambda home, room: VendorStore(room),
    "crm": lambda home, room: CrmStore(home, room, "crm"),
    "crm_ledger": lambda home, room: CrmStore(home, room, "crm_ledger"),
    "inbox": lambda home, room: InboxStore(room),
    "quarantine": lambda home, room: QuarantineStore(room),
    "responses": lambda home, room: AnswerStore(room),
    "aggregates": lambda home, room: AggregateStore(room.engine, room.policy.controller),
    "relations": lambda home, room: RelationStore(room.engine, room.policy.controller),
    "prefect": lambda home, room: PrefectStore(home.settings.prefect_api),
    "plans": lambda home, room: PlanStore(
        home.engine, home.register_engine, home.plans, room.policy.controller
    ),
    "cases": lambda home, room: CaseStore(room),
    "packages": lambda home, room: PackageStore(home.engine, home.packages, room.policy.controller),
    "register": lambda home, room: RegisterStore(home.register_engine, room.policy.controller),
    "corrections": lambda home, room: CorrectionStore(room),
    "vault": lambda home, room: VaultStore(room),
    # Last, so that a disk that is away keeps nothing else waiting.
    "backups": lambda home, room: BackupStore(home, room.policy.controller, "data"),
    "backup_keys": lambda home, room: BackupStore(home, room.policy.controller, "keys"),
}


def stores(home: "Home", room: Room) -> list[Store]:
    """The stores that the controller's policy has, in the order in which they forget."""
    return [make(home, room) for name, make in MAKERS.items() if name in room.policy.stores]


def check_stores(room: Room) -> None:
    """Raise `PolicyForbids` while anything that is kept has no rule, or nothing that forgets it."""
    from flows.inventory import real_tables  # it imports every module that has a table

    columns = known_columns()
    problems = [
        *uncovered(room.policy, columns, real_tables()),
        *unforgotten(room.policy, columns, MAKERS),
    ]
    if problems:
        said = "; ".join(f"{place} {says}" for place, says in problems[:_TOLD])
        raise PolicyForbids(
            f"{len(problems)} things that are kept are not covered: {said}",
            hint="see `tillit policy check`; nothing is taken in meanwhile",
        )


_TOLD = 5
