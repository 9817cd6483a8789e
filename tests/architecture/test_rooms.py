"""Who may import whom, and who may know what. Change this only together with docs/architecture.md."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "data": set(),
    "governance": {"data"},
    "pseudonymize": {"governance", "data"},
    "analysis": {"governance", "data"},
    "flows": {"pseudonymize", "analysis", "governance", "data"},
    "notebooks": {"analysis"},
}

#: Libraries that only one place may know, and the files of that place; "/" ends a folder.
KNOWN_ONLY_TO = {
    "prefect": ["flows/schedule.py", "flows/prefect_store.py"],
    "presidio_analyzer": ["pseudonymize/redaction/"],
    "spacy": ["pseudonymize/redaction/"],
    "onnxruntime": ["pseudonymize/redaction/"],
    "tokenizers": ["pseudonymize/redaction/"],
    "anthropic": ["analysis/processor.py"],
    "cryptography": ["pseudonymize/seal.py", "pseudonymize/signing.py"],
}

#: Types that only the named files may construct.
CONSTRUCTED_ONLY_IN = {
    "RedactedText": ["pseudonymize/redact.py"],
    "ScoreRecord": ["flows/sync_scores.py"],
}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


ALL = [path for room in MAY_IMPORT for path in modules(room)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield node.module or ""


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_each_room_imports_only_the_rooms_it_may(room: str) -> None:
    for path in modules(room):
        for name in imports(path):
            top = name.split(".")[0]
            assert top not in MAY_IMPORT or top == room or top in MAY_IMPORT[room], f"{name_of(path)}: {name}"


def test_the_raw_room_is_entered_by_its_door_only() -> None:
    for path in ALL:
        if not name_of(path).startswith("pseudonymize/"):
            inner = [name for name in imports(path) if name.startswith("pseudonymize.")]
            assert not inner, f"{name_of(path)} imports {inner}"


@pytest.mark.parametrize("word", ["RawRow", "RawResponse", "Identity"])
def test_raw_types_are_named_in_the_raw_room_only(word: str) -> None:
    for path in ALL:
        if not name_of(path).startswith("pseudonymize/"):
            names = {
                node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)
            }
            assert word not in names, name_of(path)


@pytest.mark.parametrize("library", KNOWN_ONLY_TO)
def test_each_critical_library_is_known_to_one_place(library: str) -> None:
    for path in ALL:
        if library in {name.split(".")[0] for name in imports(path)}:
            known_to = KNOWN_ONLY_TO[library]
            assert any(name_of(path) == place or _is_in(path, place) for place in known_to), name_of(path)


def _is_in(path: Path, place: str) -> bool:
    return place.endswith("/") and name_of(path).startswith(place)


@pytest.mark.parametrize("record", CONSTRUCTED_ONLY_IN)
def test_records_that_are_promises_are_made_in_one_place(record: str) -> None:
    for path in ALL:
        calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        if any(isinstance(call.func, ast.Name) and call.func.id == record for call in calls):
            assert name_of(path) in CONSTRUCTED_ONLY_IN[record]


def test_only_the_wiring_reads_the_environment() -> None:
    for path in ALL:
        if name_of(path) != "flows/wiring.py":
            tree = ast.walk(ast.parse(path.read_text("utf-8")))
            reads = [n for n in tree if isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv")]
            assert not reads, name_of(path)


def test_only_the_clock_asks_for_the_time() -> None:
    for path in ALL:
        if name_of(path) != "data/clock.py":
            tree = ast.walk(ast.parse(path.read_text("utf-8")))
            calls = [n for n in tree if isinstance(n, ast.Attribute) and n.attr in ("now", "today", "utcnow")]
            clocks = [n for n in calls if not ast.unparse(n.value).endswith("clock")]
            assert not clocks, name_of(path)


def test_no_flow_file_shadows_a_package() -> None:
    taken = set(MAY_IMPORT) | set(sys.stdlib_module_names)
    assert not taken & {path.stem for path in modules("flows")}


def test_no_prefect_entry_point_defines_a_type() -> None:
    path = ROOT / "flows/schedule.py"
    assert not [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ClassDef)]
