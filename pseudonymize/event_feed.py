"""What a CRM exports about customers, as CSV: who is one, who no longer, who has left, what is compiled.

Columns `event`, `on` (a date, YYYY-MM-DD), and one of: `contact` (a CRM reference), `organisation` (the
CRM's id of it), or `survey` with `cycle`. A contact's row may name its organisation as well.
"""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from data.errors import InputRefused
from data.records import canonical_reference, is_crm_reference, is_label
from data.store import Event
from data.stores.relations import CUSTOMER, Relation
from pseudonymize.derive import organisation_key, reference_key
from pseudonymize.room import Room

COLUMNS = ("event", "contact", "organisation", "survey", "cycle", "on")
_RELATIONS = (CUSTOMER, Event.CUSTOMER_ENDED.value, Event.PERSON_LEFT.value)
EVENTS = (*_RELATIONS, Event.COMPILED.value)
_ROWS_NAMED = 10


@dataclass(slots=True)
class Feed:
    """What a file of events says; `unknown` counts rows about contacts of whom we hold nothing.

    `shared` counts those about contacts at an address of several people: whose event it is nobody can say.
    `organisations` are digests of those that have events of their own.
    """

    rows: int = 0
    unknown: int = 0
    shared: int = 0
    relations: list[Relation] = field(default_factory=list)
    organisations: set[str] = field(default_factory=set)
    compiled: list[tuple[str, str, datetime]] = field(default_factory=list)


def at_shared_alone(references: Mapping[str, set[str]], shared: Collection[str]) -> set[str]:
    """Digests of references at addresses that several people share, and nowhere else: whose nobody can say.

    `references` are those of each pseudonym, `shared` the pseudonyms of such addresses.
    """
    own = {key for pseudonym, keys in references.items() if pseudonym not in shared for key in keys}
    return set[str]().union(*(references.get(pseudonym, ()) for pseudonym in shared)) - own


def read_feed(room: Room, path: Path, known: Collection[str], shared: Collection[str]) -> Feed:
    """Read a file of events; `known` are digests of the references of whom we hold something.

    `shared` are those at an address of several people.

    Raises `InputRefused`, with row numbers, where any row cannot be read: then nothing of it counts.
    """
    feed, bad = Feed(), {}
    for number, row in _rows(path):
        feed.rows += 1
        try:
            _take(room, feed, row, known, shared)
        except ValueError as mistake:
            bad[number] = str(mistake)
    if bad:
        number, says = next(iter(bad.items()))
        more = f"; {len(bad)} rows are bad in all: {', '.join(map(str, list(bad)[:_ROWS_NAMED]))}"
        raise InputRefused(
            f"{path.name}: row {number}: {says}" + (more if len(bad) > 1 else ""),
            hint=f"nothing was taken in; columns: {', '.join(COLUMNS)}; events: {', '.join(EVENTS)}",
        )
    return feed


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=";" if ";" in first else ",", strict=True)
            names = set(reader.fieldnames or ())
            if not {"event", "on"} <= names <= set(COLUMNS):
                raise InputRefused(
                    f"{path.name}: the header is not the one of a file of events",
                    hint=f"columns: {', '.join(COLUMNS)}",
                )
            for number, row in enumerate(reader, start=2):
                whole = None not in row and None not in row.values()  # else no cell can be trusted
                yield number, {name: (row.get(name) or "").strip() if whole else "" for name in COLUMNS}
        return
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        problem = "is not UTF-8: save it as CSV in UTF-8"
    except csv.Error:
        problem = "is not CSV"
    raise InputRefused(f"{path.name} {problem}", hint="nothing was taken in; see docs/retention.md")


def _take(
    room: Room, feed: Feed, row: Mapping[str, str], known: Collection[str], shared: Collection[str]
) -> None:
    event, at = row["event"], _moment(row.get("on", ""), room.clock.now())
    if event not in EVENTS:
        raise ValueError("the event is not one of those that are known")
    contact, organisation = canonical_reference(row["contact"]), canonical_reference(row["organisation"])
    survey, cycle = row.get("survey", ""), row.get("cycle", "")
    if event == Event.COMPILED:
        if contact or organisation or not (is_label(survey) and is_label(cycle)):
            raise ValueError("a compiled survey has a survey and a cycle, and nothing else")
        feed.compiled.append((survey, cycle, at))
        return
    if survey or cycle or not (contact or organisation) or (event == Event.PERSON_LEFT and not contact):
        raise ValueError(f"{event.replace('_', ' ')} is about a contact or an organisation")
    if not all(is_crm_reference(text) for text in (contact, organisation) if text):
        raise ValueError("a contact or an organisation is not a reference of the CRM")
    whose = organisation_key(room.ring, organisation)
    if not contact:
        feed.relations.append(Relation(whose, event, at))
        feed.organisations.add(whose)
    elif (key := reference_key(room.ring, contact)) in known:
        feed.relations.append(Relation(key, event, at, whose))
        feed.shared += key in shared
    else:
        feed.unknown += 1


def _moment(text: str, now: datetime) -> datetime:
    try:
        at = datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise ValueError("`on` is not a date, YYYY-MM-DD") from None
    if at > now:
        raise ValueError("`on` lies ahead: an event has happened")
    return at
