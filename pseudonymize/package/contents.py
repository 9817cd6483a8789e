"""Everything that is kept of one person, in the form of `schema.json`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance.information import information
from pseudonymize.find_person import Person
from pseudonymize.guess import Unread
from pseudonymize.identity import Identity, Kind
from pseudonymize.package.texts import Text, is_text, is_withheld, place_of, rows_of
from pseudonymize.raw import Raw
from pseudonymize.room import Room

FORMAT = "tillit package 1"
#: What stands in the place of a text that somebody has covered.
COVERED = "<COVERED>"

_KEPT = {
    "cycle": "cycle",
    "survey": "survey",
    "score": "score",
    "scale_minimum": "scale_minimum",
    "scale_maximum": "scale_maximum",
    "comment_language": "text_language",
    "role": "role",
    "workplace": "workplace",
    "country": "country",
    "policy_version": "policy",
}
_TIMES = ("answered_at", "modified_at", "collected_at")
#: What is read of each answer.
_COLUMNS = [*_KEPT, *_TIMES, "response_key", "comment", "comment_removed"]


@dataclass(frozen=True, slots=True, repr=False)
class Package(Raw):
    """What one person is given, as in `schema.json`."""

    content: dict[str, Any]


def contents(
    room: Room, person: Person, texts: Mapping[str, Text], told: Mapping[str, Any], *, portable: bool
) -> Package:
    """What is kept of a person. `texts` are those that may go out, by answer or row.

    `told` is what other rooms know of them: scores in the CRM, what the CRM told of them, disclosures.
    Of a portable package only what the person has given is part (GDPR Art. 20(1)).
    """
    subject = person.subject
    identities = list(room.vault.identities_of(room.vault.writers(subject.response_keys)).values())
    every = {key: said for one in identities for key, said in one.answers.items()}
    said = {key: said for key, said in every.items() if key in subject.response_keys}
    content: dict[str, Any] = {
        "format": FORMAT,
        "made_at": room.clock.now().isoformat(),
        "controller": {"name": room.policy.name, "contact": room.policy.contact},
        "person": _person(Identity(said)),
        "answers": list(_answers(room, said, texts)),
    }
    if not portable:
        rows = rows_of(room, person)
        content |= {
            "set_aside": [_row(row, texts) for row in rows],
            "set_aside_of_nobody_certain": len(subject.rows) - len(rows),
            **told,
            "information": information(room.policy),
        }
    return Package(content)


def _person(identity: Identity) -> dict[str, Any]:
    kinds: dict[str, Kind] = {"names": "name", "addresses": "address", "crm_references": "crm_reference"}
    wrong = {name: sorted({*identity.ever(kind)} - {*identity.all(kind)}) for name, kind in kinds.items()}
    corrected = {name: values for name, values in wrong.items() if values}
    return {
        **{name: identity.all(kind) for name, kind in kinds.items()},
        "respondent_ids": identity.all("respondent_id"),
        **({"corrected": corrected} if corrected else {}),
    }


def _answers(
    room: Room, said: Mapping[str, Mapping[str, str]], texts: Mapping[str, Text]
) -> Iterator[dict[str, Any]]:
    ids, restricted = room.vault.vendor_ids(said), room.responses.restricted(room.policy.controller)
    rows = room.responses.rows(room.policy.controller, said, _COLUMNS)
    for row in sorted(rows, key=lambda row: (row["answered_at"], row["response_key"])):
        key = row["response_key"]
        vendor, _, response_id = ids[key]
        yield {
            "vendor": vendor,
            "response_id": response_id,
            "name": said[key].get("name", ""),
            "address": said[key].get("address", ""),
            **{name: row[column] for column, name in _KEPT.items()},
            **{name: row[name].isoformat() if row[name] else None for name in _TIMES},
            "text": _text(row, texts),
            "in_use": key not in restricted,
        }


def _text(row: Mapping[str, Any], texts: Mapping[str, Text]) -> str | None:
    kept: str | None = row["comment"]
    if kept is None or is_withheld(row):
        return kept
    text = texts.get(row["response_key"])
    return text.text if text else COVERED


def _row(found: tuple[Unread, str, datetime], texts: Mapping[str, Text]) -> dict[str, Any]:
    row, reason, since = found
    return {
        "survey": row.survey,
        "file_row": row.row.number,
        "reason": reason,
        "since": since.isoformat(),
        "cells": [
            {"column": column, "value": _cell(row, column, value, texts)}
            for column, value in row.row.cells.items()
            if value.strip()
        ],
    }


def _cell(row: Unread, column: str, value: str, texts: Mapping[str, Text]) -> str:
    if not is_text(row, column):
        return value
    text = texts.get(place_of(row, column))
    return text.text if text else COVERED
