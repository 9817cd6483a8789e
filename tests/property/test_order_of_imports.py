"""Whatever order the files of a vendor come in, and however often, the same is there in the end."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data.clock import FixedClock
from flows.wiring import Home, Settings
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import NOW, left_lying, new_home, stored, take

Row = dict[str, str]

#: Each example makes two homes; to make a failing one smaller would take minutes.
few = settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])

#: Addresses that one person has, and one that several people share.
ADDRESSES = ["åsa.öberg@norrvik.se", "Åsa.Öberg@Norrvik.SE", "info@norrvik.se", ""]
NAMES = [("Åsa", "Öberg"), ("ÅSA", "ÖBERG"), ("Björn", "Ek"), ("", "")]
REFERENCES = ["c0ffee-1", "c0ffee-2", ""]
RESPONDENTS = ["P-1", "P-2", ""]


@st.composite
def histories(draw: st.DrawFn, *, same_writer: bool) -> list[Row]:
    """Versions of a few answers; none of one answer has the same time of change as another."""
    rows = []
    for number in range(draw(st.integers(1, 3))):
        writer = draw(writers())
        for day in draw(st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True)):
            changes = {
                "score": draw(st.sampled_from(["3", "9", ""])),
                "cycle": draw(st.sampled_from(["2026-Q3", "2026-Q4"])),
                "modified_at": f"2026-09-0{day} 10:00:00",
                **(writer if same_writer else draw(writers())),
            }
            rows.append(answer(number, text="", **changes))
    return rows


@st.composite
def writers(draw: st.DrawFn) -> Row:
    first, last = draw(st.sampled_from(NAMES))
    return {
        "email": draw(st.sampled_from(ADDRESSES)),
        "first_name": first,
        "last_name": last,
        "crm_reference": draw(st.sampled_from(REFERENCES)),
        "respondent_id": draw(st.sampled_from(RESPONDENTS)),
    }


@st.composite
def deliveries(draw: st.DrawFn, rows: list[Row]) -> list[list[Row]]:
    """The same rows in files of any order, each row in one file or in several."""
    shuffled = draw(st.permutations(rows))
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=2)))
    files = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    again = draw(st.lists(st.sampled_from(rows), max_size=2))
    return [file for file in [*files, again] if file]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty home; copies of it have the same keys, so that they can be compared."""
    folder = tmp_path_factory.mktemp("template")
    new_home(folder / "home")
    write_mapping(folder / "mapping.yaml")
    return folder


def after(template: Path, files: Iterable[list[Row]]) -> dict[str, Any]:
    """What stands in a home that has taken in some files, the vault opened."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(template, folder, dirs_exist_ok=True)
        home = Home(Settings.read({}, folder / "home"), FixedClock(NOW))
        for file in files:
            take(home, write_export(folder / "e.csv", file), folder / "mapping.yaml")
        assert left_lying(home) == {}
        return {"responses": stored(home), **in_vault(home)}


def in_vault(home: Home) -> dict[str, Any]:
    vault = home.room("sectra").vault
    pseudonyms = sorted({row["pseudonym"] for row in stored(home)})
    opened = vault.identities(pseudonyms)
    return {
        "people": vault.count(),
        "identities": {name: sorted(i.to_bytes() for i in people) for name, people in opened.items()},
        "vendor's ids": vault.vendor_responses(vault.people_at(pseudonyms)),
        "shared": vault.shared(),
        "references": vault.reference_keys(),
    }


@few
@given(data=st.data())
def test_the_same_responses_are_stored_whatever_order_the_files_come_in(
    template: Path, data: st.DataObject
) -> None:
    rows = data.draw(histories(same_writer=False))
    expected = after(template, [rows])["responses"]
    assert after(template, data.draw(deliveries(rows)))["responses"] == expected


@few
@given(data=st.data())
def test_the_same_people_are_in_the_vault_whatever_order_the_files_come_in(
    template: Path, data: st.DataObject
) -> None:
    rows = data.draw(histories(same_writer=True))
    assert after(template, data.draw(deliveries(rows))) == after(template, [rows])


EDITS: dict[str, list[Row]] = {
    "the name is spelt another way": [{"first_name": "ÅSA"}, {}],
    "the CRM reference is another": [{"crm_reference": "c0ffee-2"}, {"crm_reference": "c0ffee-1"}],
    "the CRM reference is taken away": [{"crm_reference": "c0ffee-2"}, {"crm_reference": ""}],
    "the respondent id is another": [{"respondent_id": "P-2"}, {"respondent_id": "P-1"}],
    "the address is another": [{"email": "info@norrvik.se"}, {"email": "åsa.öberg@norrvik.se"}],
    "the answer becomes somebody else's": [
        {"crm_reference": "c0ffee-2", "respondent_id": "P-2"},
        {"email": "björn.ek@norrvik.se", "first_name": "Björn", "last_name": "Ek"},
    ],
    "the name is another's": [{"first_name": "Björn", "last_name": "Ek"}, {}],
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_leaves_the_same_person_in_the_vault_in_any_order(template: Path, edit: list[Row]) -> None:
    writer = {"email": "åsa.öberg@norrvik.se", "first_name": "Åsa", "last_name": "Öberg"}
    writer |= {"crm_reference": "c0ffee-1", "respondent_id": "P-1"}
    other = answer(2, text="", **writer)
    old, new = (
        answer(1, text="", modified_at=f"2026-09-0{day} 10:00:00", **{**writer, **change})
        for day, change in enumerate(edit, start=3)
    )
    expected = after(template, [[old, new, other]])
    assert after(template, [[new], [old], [other]]) == expected
    assert after(template, [[old], [other], [new]]) == expected


@few
@given(data=st.data())
def test_the_same_people_are_in_the_vault_when_edits_change_who_wrote(
    template: Path, data: st.DataObject
) -> None:
    rows = data.draw(histories(same_writer=False))
    assert after(template, data.draw(deliveries(rows))) == after(template, [rows])


@few
@given(data=st.data())
def test_taking_everything_in_again_changes_nothing(template: Path, data: st.DataObject) -> None:
    files = data.draw(deliveries(data.draw(histories(same_writer=False))))
    assert after(template, [*files, *files]) == after(template, files)


def test_equal_texts_are_redacted_alike_whatever_order_the_files_come_in(template: Path) -> None:
    texts = [
        "Ring 0701-740 605 om visaren.",
        "Call me on +46 70 174 06 05 about the viewer.",
        "Fast and good.",
    ]
    rows = [answer(n, text=text) for n, text in enumerate(texts)]
    rows.append({**rows[1], "text": "Forget what I said.", "modified_at": "2026-09-05 10:00:00"})
    orders = [[rows], [[row] for row in rows], [rows[2:], rows[:2], rows[1:3]]]
    found = [after(template, files)["responses"] for files in orders]
    assert found[0] == found[1] == found[2]
    assert {row["comment"] for row in found[0]} >= {"Forget what I said.", "Fast and good."}
