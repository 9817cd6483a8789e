"""An export goes in, de-identified responses are there, and each response is there once."""

from pathlib import Path

import pytest

from flows.wiring import Home
from tests.support.exports import answer, write_export
from tests.support.homes import stored, take


def test_an_answer_is_stored_without_its_writer(home: Home, tmp_path: Path, mapping: Path) -> None:
    row = answer(1, text="The viewer is good. Best regards, Förnamn1 Efternamn1, person1@example.com")
    report = take(home, write_export(tmp_path / "e.csv", [row]), mapping)
    (response,) = stored(home)
    assert report.counts["new"] == 1
    assert response["comment"] == "The viewer is good. Best regards, <PERSON_1>, <EMAIL>"
    assert (response["role"], response["workplace"], response["country"]) == ("radiology", "hospital", "SE")


def test_the_same_export_twice_imports_each_response_once(home: Home, tmp_path: Path, mapping: Path) -> None:
    file = write_export(tmp_path / "e.csv", [answer(n) for n in range(5)])
    take(home, file, mapping)
    before = stored(home)
    assert take(home, file, mapping).counts["new"] == 0
    assert stored(home) == before


def test_an_edited_answer_replaces_its_older_version(home: Home, tmp_path: Path, mapping: Path) -> None:
    take(home, write_export(tmp_path / "a.csv", [answer(1), answer(2)]), mapping)
    edited = answer(1, score="3", modified_at="2026-09-02 10:00:00")
    report = take(home, write_export(tmp_path / "b.csv", [edited]), mapping)
    assert report.counts["replaced"] == 1
    assert sorted(row["score"] for row in stored(home)) == [3, 9]


def test_an_older_version_does_not_come_back(home: Home, tmp_path: Path, mapping: Path) -> None:
    edited = answer(1, score="3", modified_at="2026-09-02 10:00:00")
    take(home, write_export(tmp_path / "a.csv", [edited]), mapping)
    report = take(home, write_export(tmp_path / "b.csv", [answer(1)]), mapping)
    assert report.counts["older versions"] == 1
    assert [row["score"] for row in stored(home)] == [3]


@pytest.mark.parametrize("field", ["score", "text"])
def test_an_empty_field_is_a_partial_answer(home: Home, tmp_path: Path, mapping: Path, field: str) -> None:
    report = take(home, write_export(tmp_path / "e.csv", [answer(1, **{field: ""})]), mapping)
    (row,) = stored(home)
    assert report.counts["quarantined"] == 0
    assert row["score" if field == "score" else "comment"] is None
