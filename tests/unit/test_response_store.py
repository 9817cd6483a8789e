"""Readers of the responses see what a run has published, all of it, and nothing before."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.errors import OutsideSystemFailed
from data.records import Pseudonym, RedactedText, Response, Scale, SurveyCycle
from data.stores import runs
from data.stores.comments import changing
from data.stores.response_files import SCHEMA, ResponseFile
from data.stores.responses import Known, ResponseStore, Switch
from data.stores.sql import STATE, open_database, sqlite_url

WHEN = datetime(2026, 9, 1, 10, 30, 0, 250_000, tzinfo=UTC)
FULL = Response(
    controller="sectra",
    cycle=SurveyCycle("csat", "2026-Q3"),
    response_key="1" * 64,
    content_key="c" * 64,
    pseudonym=Pseudonym("a" * 64, 3),
    linkable=True,
    answered_at=WHEN,
    modified_at=WHEN,
    collected_at=WHEN,
    score=9,
    scale=Scale(1, 10),
    comment=RedactedText("Nöjd med <PERSON> på röntgen", "sv", "test 1", {"PERSON": 1}),
    role="radiology",
    workplace="hospital",
    country="SE",
    policy_version="2026-06-04+abc",
)

OTHER = RedactedText("Nöjd <EMAIL>", "und", "test 2", {"PERSON": 1, "EMAIL": 1})
COMMENT = ["comment", "comment_language", "comment_redactor", "comment_removed"]

UNDER_WAY: dict[str, Any] = {"state": "running", "started_at": WHEN, "finished_at": None, "counts": {}}


def response(number: int, **changes: object) -> Response:
    return replace(FULL, **{"response_key": f"{number:064}", **changes})


class Shop:
    """A store with its database, and how runs use both."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "responses"
        self.root.mkdir()
        self.engine = open_database(sqlite_url(folder / "state.db"), STATE)
        self.store = ResponseStore(self.root, self.engine)

    def prepared(self, run: str, responses: Iterable[Response]) -> Switch:
        self.begin(run)
        writer = self.store.writer(run)
        writer.add(responses)
        return self.store.prepare(run, writer.close())

    def begin(self, run: str) -> None:
        names = {"controller": "sectra", "survey": "csat", "source": "test", "policy_version": "1"}
        with self.engine.begin() as connection:
            runs.start(connection, runs.Run(run, "import", **names, **UNDER_WAY))

    def publish(self, run: str, responses: Iterable[Response]) -> Switch:
        switch = self.prepared(run, responses)
        with self.engine.begin() as connection:
            self.store.publish(connection, switch)
        return switch

    def change(self, run: str, files: list[ResponseFile], changes: dict[str, RedactedText]) -> None:
        self.begin(run)
        switch = self.store.prepare_changed(run, files, changing(lambda _: changes))
        with self.engine.begin() as connection:
            self.store.publish(connection, switch)

    def whole(self) -> list[dict[str, Any]]:
        rows = self.store.read("sectra", SCHEMA.names).to_pylist()
        return sorted(rows, key=lambda row: row["response_key"])

    def scores(self, controller: str = "sectra") -> dict[int, int]:
        rows = self.store.read(controller, ["response_key", "score"]).to_pylist()
        assert len(rows) == len({row["response_key"] for row in rows})
        return {int(row["response_key"]): row["score"] for row in rows}

    def files(self) -> int:
        return len(list(self.root.rglob("*.parquet")))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_file_that_is_still_being_written_is_not_seen(shop):
    writer = shop.store.writer("run1")
    writer.add([response(n) for n in range(20_001)])
    assert shop.files() == 1
    assert shop.scores() == {}
    writer.close()


def test_a_file_that_is_written_and_not_published_is_not_seen(shop):
    shop.publish("run1", [response(1)])
    shop.prepared("run2", [response(1, score=3), response(2)])
    assert shop.files() == 2
    assert shop.scores() == {1: 9}
    assert shop.store.known("sectra", [f"{2:064}"]) == {}


def test_a_file_that_somebody_put_there_is_not_seen_and_is_swept(shop):
    shop.publish("run1", [response(1)])
    (published,) = shop.root.rglob("*.parquet")
    published.with_name("run1-copy.parquet").write_bytes(published.read_bytes())
    assert shop.scores() == {1: 9}
    assert shop.store.sweep() == 1
    assert shop.scores() == {1: 9}


def test_a_publication_that_is_undone_changes_nothing(shop):
    shop.publish("run1", [response(1)])
    switch = shop.prepared("run2", [response(1, score=3), response(2)])
    with shop.engine.connect() as connection, connection.begin() as publication:
        shop.store.publish(connection, switch)
        publication.rollback()
    assert shop.scores() == {1: 9}
    assert shop.store.sweep() == 1
    assert (shop.scores(), shop.files()) == ({1: 9}, 1)


def test_a_reader_in_the_middle_of_a_publication_sees_the_old_state(shop):
    shop.publish("run1", [response(1)])
    switch = shop.prepared("run2", [response(1, score=3)])
    with shop.engine.begin() as connection:
        assert shop.scores() == {1: 9}
        shop.store.publish(connection, switch)
    assert shop.scores() == {1: 3}


def test_a_newer_version_takes_the_place_of_the_older_one_and_its_neighbours_stay(shop):
    shop.publish("run1", [response(n) for n in (1, 2, 3)])
    switch = shop.publish("run2", [response(2, score=3, cycle=SurveyCycle("csat", "2026-Q4")), response(4)])
    assert switch.replaced == 1
    assert shop.scores() == {1: 9, 2: 3, 3: 9, 4: 9}
    assert shop.store.sweep() == 1
    assert shop.scores() == {1: 9, 2: 3, 3: 9, 4: 9}


def test_a_file_whose_last_response_is_replaced_goes(shop):
    shop.publish("run1", [response(1)])
    shop.publish("run2", [response(1, score=3)])
    shop.store.sweep()
    assert (shop.scores(), shop.files()) == ({1: 3}, 1)


def test_a_controller_reads_its_own_responses_only(shop):
    shop.publish("run1", [response(1), response(1, controller="norrvik", score=3)])
    assert (shop.scores(), shop.scores("norrvik"), shop.scores("okänd")) == ({1: 9}, {1: 3}, {})


def test_the_same_response_of_two_controllers_is_two_responses(shop):
    shop.publish("run1", [response(1)])
    assert shop.publish("run2", [response(1, controller="norrvik", score=3)]).replaced == 0
    assert (shop.scores(), shop.scores("norrvik")) == ({1: 9}, {1: 3})


def test_what_is_known_of_a_response_is_its_version(shop):
    shop.publish("run1", [response(1), response(2, modified_at=None, content_key="d" * 64)])
    keys = [f"{n:064}" for n in range(1_200)]
    assert shop.store.known("sectra", keys) == {
        keys[1]: Known(WHEN, "c" * 64),
        keys[2]: Known(None, "d" * 64),
    }
    assert shop.store.known("norrvik", keys) == {}


def test_what_is_written_is_what_is_read(shop):
    shop.publish("run1", [FULL, response(2, comment=None, score=None, modified_at=None)])
    columns = ["comment", "comment_language", "comment_removed", "score", "answered_at", "modified_at"]
    full, partial = sorted(
        shop.store.read("sectra", [*columns, "pseudonym", "key_version"]).to_pylist(),
        key=lambda row: row["score"] is None,
    )
    assert (full["comment"], full["comment_language"]) == ("Nöjd med <PERSON> på röntgen", "sv")
    assert (full["comment_removed"], full["answered_at"]) == ([("PERSON", 1)], WHEN)
    assert (full["pseudonym"], full["key_version"]) == ("a" * 64, 3)
    assert [partial[name] for name in columns if name != "answered_at"] == [None] * 5


def test_an_empty_store_has_all_columns_and_no_rows(shop):
    table = shop.store.read("sectra", ["score", "cycle"])
    assert (table.column_names, table.num_rows) == (["score", "cycle"], 0)


def test_a_file_that_is_named_and_missing_is_an_error_and_never_fewer_answers(shop):
    shop.publish("run1", [response(1)])
    shop.publish("run2", [response(2, cycle=SurveyCycle("csat", "2026-Q4"))])
    next(shop.root.rglob("run1*.parquet")).unlink()
    with pytest.raises(OutsideSystemFailed, match="missing") as failure:
        shop.scores()
    assert "backup" in failure.value.hint


def test_a_comment_takes_the_place_of_another_and_all_else_stays(shop):
    shop.publish("run1", [response(1), response(2, comment=None), response(3)])
    before = shop.whole()
    (file,) = shop.store.files("sectra")
    shop.change("run2", [file], {f"{3:064}": OTHER})
    comment = ("Nöjd <EMAIL>", "und", "test 2", [("PERSON", 1), ("EMAIL", 1)])
    changed = dict(zip(COMMENT, comment, strict=True))
    assert shop.whole() == [*before[:2], {**before[2], **changed}]
    assert shop.store.sweep() == 1
    assert shop.whole()[2]["comment"] == OTHER.text
    assert shop.store.known("sectra", [f"{3:064}"]) == {f"{3:064}": Known(WHEN, "c" * 64)}


def test_a_change_that_is_undone_changes_nothing(shop):
    shop.publish("run1", [response(1)])
    before = shop.whole()
    shop.begin("run2")
    switch = shop.store.prepare_changed(
        "run2", shop.store.files("sectra"), changing(lambda _: {f"{1:064}": OTHER})
    )
    with shop.engine.connect() as connection, connection.begin() as publication:
        shop.store.publish(connection, switch)
        publication.rollback()
    assert shop.whole() == before
    assert (shop.store.sweep(), shop.files()) == (1, 1)


def test_a_newer_version_replaces_an_answer_whose_comment_was_changed(shop):
    shop.publish("run1", [response(1), response(2)])
    shop.change("run2", shop.store.files("sectra"), {f"{1:064}": OTHER})
    assert shop.publish("run3", [response(1, score=3)]).replaced == 1
    assert shop.scores() == {1: 3, 2: 9}


def test_comments_are_read_file_by_file_and_answers_without_one_left_out(shop):
    withheld = replace(OTHER, text="<WITHHELD:language>")
    shop.publish("run1", [response(1), response(2, comment=None), response(3, comment=withheld)])
    (file,) = shop.store.files("sectra")
    ((one, other),) = shop.store.comments(file)
    assert (one.response_key, one.pseudonym, one.text) == (f"{1:064}", "a" * 64, FULL.comment.text)
    assert (one.language, one.redactor, one.removed) == ("sv", "test 1", {"PERSON": 1})
    assert (one.is_withheld, other.is_withheld) == (False, True)
    assert "Nöjd" not in repr(one)


def test_an_answer_is_found_by_the_beginning_of_its_key(shop):
    shop.publish("run1", [response(0, response_key=key * 4) for key in ("a" * 16, "a" * 15 + "b", "c" * 16)])
    assert list(shop.store.find("sectra", "c" * 8)) == ["c" * 64]
    assert len(shop.store.find("sectra", "a" * 8)) == 2
    assert shop.store.find("sectra", "d" * 8) == shop.store.find("norrvik", "c" * 8) == {}
    assert shop.store.find("sectra", "%" * 8) == {}


def test_nothing_is_swept_that_the_manifest_names(shop):
    shop.publish("run1", [response(n, cycle=SurveyCycle("csat", f"2026-{n}")) for n in range(5)])
    assert shop.store.sweep() == 0
    assert shop.files() == 5
