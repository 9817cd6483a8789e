"""The outcomes of the tests that controls name, as the last run of the tests wrote them down.

The manifest lies beside this module, is made by the build (`make test`) and is part of no source.
An outcome holds for the code and for the test as they were: after any change of either it is out of date.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

_ROOMS = ("analysis", "data", "flows", "governance", "pseudonymize")
_MADE = {"__pycache__", "proofs.json"}
NEVER_RUN, OTHER_CODE = "has never been run", "passed on other code"
TOP = Path(__file__).resolve().parent.parent
MANIFEST = TOP / "governance" / "proofs.json"


@dataclass(frozen=True, slots=True)
class Proof:
    """How a test ended, when (UTC, ISO 8601), for which code, and a digest of the test's file."""

    passed: bool
    at: str
    build: str
    file: str


def build_digest(top: Path) -> str:
    """A digest of every file of the packages below `top`."""
    found = hashlib.sha256()
    for path in sorted(p for room in _ROOMS for p in (top / room).rglob("*")):
        if path.is_file() and _MADE.isdisjoint(path.parts):
            found.update(f"{path.relative_to(top).as_posix()}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def digest_of(test: str, top: Path) -> str:
    """A digest of the file of a test; empty where there is none."""
    try:
        return hashlib.sha256((top / test.partition("::")[0]).read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


def read_proofs(manifest: Path, top: Path) -> dict[str, Proof]:
    """The last outcome of each test by its id without parameters; none where no test was run yet.

    Where the tests are at hand, one that has changed since proves nothing for any code.
    """
    try:
        content = json.loads(manifest.read_text("utf-8"))
        proofs = {str(test): Proof(**proof) for test, proof in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    at_hand = (top / "tests").is_dir()
    changed = {test for test, proof in proofs.items() if at_hand and digest_of(test, top) != proof.file}
    return {test: replace(proof, build="") if test in changed else proof for test, proof in proofs.items()}


def write_proofs(
    outcomes: Mapping[str, bool], named: Iterable[str], at: datetime, manifest: Path, top: Path
) -> None:
    """Note the outcomes of the tests that controls name; those that were not run keep their last one."""
    when, build, wanted = at.isoformat(timespec="seconds"), build_digest(top), set(named)
    new = {test: Proof(passed, when, build, digest_of(test, top)) for test, passed in outcomes.items()}
    known = {**read_proofs(manifest, top), **new}
    proofs = {test: asdict(proof) for test, proof in sorted(known.items()) if test in wanted}
    manifest.write_text(json.dumps(proofs, indent=1) + "\n", "utf-8")


def problem(test: str, proofs: Mapping[str, Proof], build: str) -> str:
    """What is wrong with a test's proof; empty where it passed on this very code."""
    proof = proofs.get(test)
    if proof is None:
        return NEVER_RUN
    if not proof.passed:
        return "failed, or was skipped"
    return "" if proof.build == build else OTHER_CODE
