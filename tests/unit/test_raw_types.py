"""Raw values cannot be printed, pickled or copied, so that nothing keeps them by accident."""

import copy
import json
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.records import SurveyCycle
from data.store import Subject
from pseudonymize.at_vendor import AtVendor
from pseudonymize.case_files import Asker
from pseudonymize.correct import _Wrong
from pseudonymize.corrections import Correction, Corrections
from pseudonymize.derive import Derivation
from pseudonymize.desk import Found
from pseudonymize.find_person import Known, Person, _Linked
from pseudonymize.find_returned import Returned
from pseudonymize.guess import Unread
from pseudonymize.identity import Identity
from pseudonymize.inbox import RawCopy
from pseudonymize.keys import DataKey, DomainKey
from pseudonymize.leak_scan.identifiers import Wanted
from pseudonymize.package.contents import Package
from pseudonymize.package.giving import ToRead
from pseudonymize.package.texts import Text
from pseudonymize.quarantine import BadRow
from pseudonymize.raw import Raw
from pseudonymize.redaction.engine import Work
from pseudonymize.redaction.page import Page
from pseudonymize.redaction.people import Answer, WindowNames, Writer
from pseudonymize.redaction.reading import Reading
from pseudonymize.text_files import TextRow
from pseudonymize.validate import Reason
from pseudonymize.vault import Visit
from tests.support.exports import raw_response, raw_row, validator

SECRET = "Åsa Öberg"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
IDENTITY = Identity.of(raw_response(1, first_name="Åsa", last_name="Öberg"), "key")
VISIT = Visit(("a", "b"), IDENTITY, "c", ("getfeedback", "csat", SECRET), NOW, SurveyCycle("csat", "2026-Q3"))
VALUES: dict[str, Raw] = {
    "a row": raw_row(1, text=SECRET),
    "a response": raw_response(1, text=SECRET),
    "an identity": IDENTITY,
    "what was found": Found(Person(Subject(), frozenset(), frozenset({SECRET}))),
    "who is back": Returned(Person(Subject(), frozenset(), frozenset({SECRET})), 1, frozenset()),
    "what stays outside": AtVendor(
        Derivation(DomainKey(1, b"k" * 32), DomainKey(1, b"k" * 32), "getfeedback", "csat"),
        validator(),
        NOW,
        ids={"key": SECRET},
    ),
    "an unread row": Unread(raw_row(1, text=SECRET), "getfeedback", "csat", {}),
    "who asks": Asker(SECRET, SECRET),
    "a person": Person(Subject(), frozenset({("address", SECRET)}), frozenset({SECRET})),
    "a correction": Correction("1", frozenset({("address", SECRET, "")}), {"name": SECRET}),
    "all corrections": Corrections((Correction("1", frozenset(), {"name": SECRET}),)),
    "an answer to be corrected": _Wrong(("a", "b"), VISIT, {"score": 1}),
    "what the vault knows": Known({}, {("address", SECRET)}, {SECRET}),
    "texts to be read": ToRead([("csat", SECRET)], "digest"),
    "who is linked to a person": _Linked(set(), {("respondent", "getfeedback", SECRET)}),
    "a visit": VISIT,
    "a bad row": BadRow(raw_row(1, text=SECRET), Reason.SCORE, "key", {}),
    "a raw copy": RawCopy("1", Path(SECRET), "", NOW, NOW),
    "an answer": Answer(SECRET, "sv", SECRET, (SECRET,)),
    "a writer": Writer(SECRET, (SECRET,)),
    "the names of a window": WindowNames([SECRET]),
    "a text as it is read": Reading(SECRET),
    "a page": Page(SECRET, SECRET.lower()),
    "a package": Package({"name": SECRET}),
    "a text that somebody reads": Text("key", "csat 2026-Q3", SECRET),
    "a text under way": Work(Reading(SECRET), "sv", []),
    "a text of a file": TextRow(1, Answer(SECRET)),
    "whom a leak check looks for": Wanted(names=[SECRET]),
}
#: These keep what they have worked out, for as long as a text is searched.
REMEMBER = {"the names of a window", "a text as it is read", "a page"}
each = pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())


def test_every_raw_type_is_tried_here():
    assert {type(value).__name__ for value in VALUES.values()} == {c.__name__ for c in Raw.__subclasses__()}


@each
def test_a_raw_value_does_not_show_what_it_holds(value):
    for shown in (repr(value), str(value), f"{value}", f"{value!r}", f"{[value]}", f"{ {1: value} }"):
        assert SECRET not in shown
        assert "Förnamn1" not in shown
        assert "raw personal data" in shown


@each
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_raw_value_cannot_be_pickled(value, protocol):
    with pytest.raises(TypeError, match="cannot be pickled or copied"):
        pickle.dumps(value, protocol)


@each
@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_raw_value_cannot_be_copied(value, duplicate):
    with pytest.raises(TypeError, match="cannot be pickled or copied"):
        duplicate(value)


@each
def test_a_raw_value_cannot_be_pickled_inside_something_else(value):
    with pytest.raises(TypeError, match="cannot be pickled or copied"):
        pickle.dumps({"rows": [value]})


@each
def test_a_raw_value_is_no_json(value):
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(value)


@pytest.mark.parametrize(
    "value", [pytest.param(value, id=name) for name, value in VALUES.items() if name not in REMEMBER]
)
def test_a_raw_value_takes_no_new_attributes(value):
    with pytest.raises((AttributeError, TypeError)):
        value.note = SECRET


@pytest.mark.parametrize("key", [DomainKey(1, b"\xaa" * 32), DataKey("id", b"\xaa" * 32)])
def test_a_key_does_not_show_itself(key):
    assert "xaa" not in repr(key)
    assert "aa" * 4 not in repr(key)
