"""The manifest of test outcomes: a test proves something only for the code that it ran on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from governance.controls import known_controls
from governance.proofs import Proof, build_digest, problem, read_proofs, write_proofs
from tests.support.proofs import Proofs

AT = datetime(2026, 11, 1, 3, 15, tzinfo=UTC)


@pytest.fixture
def top(tmp_path):
    """A small project with two test files."""
    for name in ("data/clock.py", "tests/a.py", "tests/b.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


X, Y = "tests/a.py::x", "tests/b.py::y"


def written(top, outcomes, named=(X, Y)):
    write_proofs(outcomes, named, AT, top / "proofs.json", top)
    return read_proofs(top / "proofs.json", top)


def test_outcomes_are_read_back_and_those_not_run_keep_theirs(top):
    written(top, {X: True, Y: False})
    proofs = written(top, {Y: True})
    assert {name: proof.passed for name, proof in proofs.items()} == {X: True, Y: True}
    assert {proof.at for proof in proofs.values()} == {"2026-11-01T03:15:00+00:00"}
    assert [problem(name, proofs, build_digest(top)) for name in (X, Y)] == ["", ""]


def test_only_tests_that_a_control_names_are_kept(top):
    written(top, {X: True})
    assert set(written(top, {Y: True, "tests/b.py::z": True}, [Y])) == {Y}


def test_a_test_that_changed_or_went_proves_nothing(top):
    written(top, {X: True, Y: True})
    (top / "tests" / "a.py").write_text("assert True")
    (top / "tests" / "b.py").unlink()
    proofs = read_proofs(top / "proofs.json", top)
    assert [problem(name, proofs, build_digest(top)) for name in (X, Y)] == ["passed on other code"] * 2


def test_where_the_tests_are_not_at_hand_the_outcome_of_the_build_counts(top):
    written(top, {X: True})
    for path in (top / "tests").iterdir():
        path.unlink()
    (top / "tests").rmdir()
    assert problem(X, read_proofs(top / "proofs.json", top), build_digest(top)) == ""


@pytest.mark.parametrize("content", [None, "", "{", "no JSON", "[]", "null", '{"a": 1}', '{"a": {"b": 2}}'])
def test_without_a_manifest_nothing_is_proven(tmp_path, content):
    manifest = tmp_path / "proofs.json"
    if content is not None:
        manifest.write_text(content)
    assert read_proofs(manifest, tmp_path) == {}
    assert problem("a::x", {}, "b") == "has never been run"


def test_a_failure_and_other_code_prove_nothing():
    assert problem("t", {"t": Proof(True, "", "b", "")}, "b") == ""
    assert problem("t", {"t": Proof(False, "", "b", "")}, "b") == "failed, or was skipped"
    assert problem("t", {"t": Proof(True, "", "a", "")}, "b") == "passed on other code"


def test_any_change_of_the_packages_is_other_code(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clock.py").write_text("1")
    one = build_digest(tmp_path)
    (tmp_path / "data" / "clock.py").write_text("2")
    two = build_digest(tmp_path)
    (tmp_path / "data" / "clock.py").rename(tmp_path / "data" / "time.py")
    assert len({one, two, build_digest(tmp_path)}) == 3


class Report:
    def __init__(self, nodeid: str, when: str = "call", *, passed: bool = True) -> None:
        self.nodeid, self.when, self.passed = nodeid, when, passed


class Config:
    def __init__(self, *args: str, **options: Any) -> None:
        self.args, self.options = args, options

    def getoption(self, name: str, default: Any) -> Any:
        return self.options.get(name, default)


@pytest.mark.parametrize("ends", [(True, False), (False, True), (False, False)])
def test_one_case_that_fails_or_is_skipped_takes_the_whole_proof(ends):
    collected = Proofs(Config("tests"))
    for number, passed in enumerate(ends):
        collected.pytest_runtest_logreport(Report(f"a::x[{number}@b]@group", passed=passed))
    assert collected.outcomes == {"a::x": False}


@pytest.mark.parametrize(
    "config", [Config("tests/a.py::x"), Config(keyword="x"), Config(lf=True), Config(maxfail=1)]
)
def test_a_part_of_the_cases_proves_nothing_and_still_disproves(config):
    collected = Proofs(config)
    collected.pytest_runtest_logreport(Report("a::x[1]"))
    collected.pytest_runtest_logreport(Report("a::y[1]", passed=False))
    assert collected.outcomes == {"a::y": False}


def test_a_test_that_was_only_set_up_proves_nothing():
    collected = Proofs(Config("tests"))
    collected.pytest_runtest_logreport(Report("a::x", "setup"))
    assert collected.outcomes == {}


def test_every_test_that_a_control_names_exists():
    from pathlib import Path

    top = Path(__file__).parents[2]
    for control in known_controls().values():
        for test in control.tests:
            file, _, name = test.partition("::")
            assert f"def {name}(" in (top / file).read_text("utf-8"), test
