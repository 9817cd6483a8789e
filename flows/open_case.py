"""The rights desk: open a case, find it again, and look at what it takes before it is carried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow.compute as pc

from data.errors import UsageError
from data.stores import cases, tasks
from data.stores.cases import Case, CaseKind
from flows.hold import held_things
from flows.wiring import Home
from governance import evidence, rights
from pseudonymize import (
    Found,
    Kind,
    Room,
    against,
    asked_as_well,
    check_entered,
    find_subject,
    keep_request,
    open_case,
    raw_copies,
    read_texts,
    to_correct,
)

#: A step of a case beside those of the stores: answers at the survey tool that no task can name.
UNNAMED = "vendor, unnamed"
#: Another: answers and rows that bear the name, and stay as somebody has decided.
LEFT = "naming, left"
#: Stores of which a person is given what they have told, and those of which they are told besides.
_GIVEN = frozenset({"responses", "vault"})
_TOLD = frozenset({"quarantine", "crm", "crm_ledger", "relations"})
#: What is taken back, by kind of case.
LIFTED: dict[CaseKind, Kind] = {
    "lift-objection": "objected",
    "unrestrict": "restricted",
    "invites": "uninvited",
}

_NOTHING: Mapping[str, str] = {}
#: Since then people have these rights (GDPR Art. 99(2)).
_IN_FORCE = datetime(2018, 5, 25, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a case takes: things by store, tasks by hand, what stands against it, what cannot be searched.

    `known` says whether we hold anything of the person, `also` what other cases they have open, `exports` how
    many lie in an inbox, to be searched for the person in the end. Of `unnamed` of their quarantined rows
    nobody can tell the survey tool's id. `correcting` names what is to be corrected.
    """

    stores: dict[str, int]
    by_hand: frozenset[str]
    decisions: tuple[str, ...]
    unsearchable: int
    known: bool
    also: tuple[str, ...] = ()
    exports: int = 0
    unnamed: int = 0
    correcting: tuple[str, ...] = ()


def open_request(
    home: Home,
    controller: str,
    kind: CaseKind,
    address: str,
    name: str,
    *,
    named_in_text: bool = False,
    received: datetime | None = None,
    corrections: Mapping[str, str] = _NOTHING,
) -> Case:
    """Open a case; the month for an answer counts from when the request was received (UTC), if not now.

    `corrections` are the right values by field of an export, for a case to rectify. Raises `UsageError` for
    what is no address or cannot be corrected, `PolicyForbids` for what is no right.
    """
    room, now = home.room(controller), home.clock.now()
    clause = rights.check_right(room.policy, kind)
    if named_in_text and kind != "erase":
        raise UsageError("who is named in a text can have it erased", hint="--kind erase --named-in-text")
    if received and received > now:
        raise UsageError("the day of receipt must not lie ahead", hint="give --received YYYY-MM-DD")
    if received and received < _IN_FORCE:
        raise UsageError("the day of receipt lies before the GDPR", hint="give --received YYYY-MM-DD")
    if corrections and kind != "rectify":
        raise UsageError("right values are for a case to rectify", hint="--kind rectify")
    case = Case(tasks.new_id(), controller, kind, "open", now, rights.due(received or now))
    with home.lock():
        with home.engine.begin() as connection:
            open_case(
                room, connection, case, address, name, named_in_text=named_in_text, corrections=corrections
            )
            details = {"case": case.id, "controller": controller, "kind": kind, "clause": clause}
            evidence.record(connection, now, "case opened", details)
        keep_request(room, read_case(home, controller, case.id))
    return case


def read_case(home: Home, controller: str, case_id: str) -> Case:
    """A case by its id. Raises `UsageError`."""
    with home.engine.connect() as connection:
        found = cases.find(connection, controller, case_id)
    if found is None:
        raise UsageError("there is no case with that id", hint="see `tillit rights list`")
    return found


def look_ahead(home: Home, controller: str, case_id: str) -> Outlook:
    """What carrying out a case would take; nothing is changed.

    Raises `UsageError` for a closed one, `PolicyForbids` for an objection to be lifted that there is not.
    """
    case, room = read_case(home, controller, case_id), home.room(controller)
    rights.check_open(case)
    with home.engine.connect() as connection:
        others = [c for c in cases.cases(connection, controller) if c.closed_at is None and c.id != case.id]
    also = tuple(f"{other.id} ({other.kind})" for other in asked_as_well(room, case, others))
    if case.kind in LIFTED:
        check_entered(room, case, LIFTED[case.kind])
        return Outlook({}, frozenset(), (), 0, known=True, also=also)
    found, stores = find_subject(room, case, certain=case.kind in rights.CERTAIN), home.stores(controller)
    ids = things_of(home, controller, found)
    withheld = withholding(ids, found) if case.kind in rights.DELETES else {}
    held = [
        f"hold {hold.id} is on {n} things in {store}"
        for hold, store, n in held_things(home, controller, withheld)
    ]
    return Outlook(
        stores={name: len(found_in) for name, found_in in ids.items()},
        by_hand=frozenset(store.name for store in stores if store.by_hand),
        decisions=(
            *to_decide(found, case.kind),
            *held,
            *_to_read(room, case, found),
            *_wrong(room, case, found),
        ),
        unsearchable=unlinkable(home, controller),
        known=found.person is None or bool(found.sharing or any(ids.values())),
        also=also,
        exports=len(raw_copies(room)) if case.kind in rights.DELETES else 0,
        unnamed=found.person.unnamed if found.person and case.kind in rights.DELETES else 0,
        correcting=tuple(to_correct(room, case)),
    )


def things_of(home: Home, controller: str, found: Found) -> dict[str, set[str]]:
    """Ids of everything that is kept of the person, by store."""
    return {store.name: set(store.of(found.subject)) for store in home.stores(controller)}


def withholding(ids: Mapping[str, set[str]], found: Found) -> dict[str, set[str]]:
    """The same with what bears the person's name, and goes with `--texts withhold`."""
    named = {"responses": set(found.answers), "quarantine": set(found.rows)}
    return {store: ids.get(store, set()) | named.get(store, set()) for store in {*ids, *named}}


def to_decide(found: Found, kind: CaseKind) -> list[str]:
    """What a person has to decide before a case can be carried out."""
    waiting = []
    if found.is_doubtful:
        waiting.append(f"known at this address: {found.sharing}, none by the name that was given")
    if (found.answers or found.rows) and kind in rights.DELETES:
        waiting.append(
            f"answers that bear the name: {len(found.answers)}; "
            f"quarantined rows that bear the name or the address: {len(found.rows)}"
        )
    return waiting


def is_portable(case: Case) -> bool:
    """Whether a case asks for what the person has given, to take it along, and for nothing else."""
    return case.kind == "portability"


def is_told(case: Case, store: str) -> bool:
    """Whether a package tells the person what a store keeps of them."""
    return store in _GIVEN or (store in _TOLD and not is_portable(case))


def _to_read(room: Room, case: Case, found: Found) -> list[str]:
    waiting = (
        len(read_texts(room, found, portable=is_portable(case)).texts) if case.kind in rights.GIVES else 0
    )
    return [f"texts that may name others: {waiting}; see `tillit rights texts {case.id}`"] if waiting else []


def _wrong(room: Room, case: Case, found: Found) -> list[str]:
    return against(room, case, found.person) if case.kind == "rectify" else []


def unlinkable(home: Home, controller: str) -> int:
    """Answers that came without any identifier: nobody can find one person's among them."""
    linkable = home.responses.read(controller, ["linkable"])["linkable"]
    return int(pc.sum(pc.invert(linkable)).as_py() or 0)
