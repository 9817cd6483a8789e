"""A controller's policy beside everything it is checked against: stores, code, proofs, evidence."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from data.clock import SystemClock
from data.errors import UsageError
from flows.inventory import exists, real_tables
from flows.wiring import Home, Settings, settings_here
from governance import evidence, proofs
from governance.explain import Evidence
from governance.policy import Policy, is_controller, known_policies, load_policy, parse_policy
from governance.policy_check import Surroundings
from governance.sentences import sentences

_HINT = "see docs/policies.md"
_DATA = {".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".db"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person sees who looks at a policy; no home is made by looking."""

    policy: Policy
    opened_at: datetime
    around: Surroundings
    evidence: dict[str, Evidence]


def open_desk(controller: str, home: Path | None) -> Desk:
    """The policy of a controller and its surroundings, as this process's environment names them."""
    settings = settings_here(home)
    clock = SystemClock()
    now = clock.now()  # UTC
    policy = load_policy(controller, own_policies(home))
    return Desk(policy, now, surroundings(now), _evidence(controller, settings))


def surroundings(now: datetime) -> Surroundings:
    """What a policy is checked against at a moment (UTC): tables, code, outcomes of the last tests."""
    return Surroundings(
        real_tables(),
        exists,
        proofs.read_proofs(proofs.MANIFEST, proofs.TOP),
        proofs.build_digest(proofs.TOP),
        now.date(),
    )


def last_evidence(connection: Connection, controller: str) -> dict[str, Evidence]:
    """The newest entry of each kind about a controller."""
    entries = evidence.newest(connection, controller)
    return {entry.kind: Evidence(entry.number, entry.kind, entry.at) for entry in entries}


def named_policy(name: str, home: Path | None) -> Policy:
    """A policy by the path of its file, or by the name of its controller."""
    path = Path(name)
    if path.suffix or path.is_file():
        return parse_policy(read_text(path), path.name)
    return load_policy(name, own_policies(home))


def own_policies(home: Path | None) -> Path:
    """The folder in which a home keeps policies of its own."""
    return settings_here(home).home / "policies"


def check_new(controller: str, name: str, path: Path, *, packaged: bool) -> None:
    """Refuse to begin a policy that is there already, or whose names could not stand in it (`UsageError`).

    A packaged policy is copied and not begun again; any other is begun from its text.
    """
    if not is_controller(controller):
        raise UsageError("--controller is a short name of small letters, digits and dashes", hint=_HINT)
    if not name.isprintable():
        raise UsageError("--name is a name of one line", hint=_HINT)
    if path.exists():
        raise UsageError(f"{path} is there already", hint="give another --output, or move it away")
    known = known_policies(None)
    if packaged and controller not in known:
        raise UsageError(
            f"no policy of that name is packaged; known: {', '.join(sorted(known))}", hint="give --text"
        )
    if not packaged and controller in known:
        raise UsageError(f"there is a policy for {controller} already", hint="leave out --text to copy it")


def published_text(path: Path) -> str:
    """A published text. Raises `UsageError` for what is none: no answer of an export is ever shown."""
    if path.suffix.lower() in _DATA:
        raise UsageError(f"{path.name} is data: save the published page as plain text", hint=_HINT)
    text = read_text(path)
    if text.lstrip()[:9].casefold().startswith(("<!doctype", "<html")):
        raise UsageError(f"{path.name} is HTML: save the page as plain text", hint=_HINT)
    if not sentences(text):
        raise UsageError(f"{path.name} holds no sentence", hint=_HINT)
    return text


def read_text(path: Path, hint: str = _HINT) -> str:
    """A UTF-8 text. Raises `UsageError`, with what to do."""
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        problem = f"{path} cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        problem = f"{path} is not UTF-8: save it as plain text in UTF-8"
    raise UsageError(problem, hint=hint)


def _evidence(controller: str, settings: Settings) -> dict[str, Evidence]:
    if not (settings.home / "state").is_dir():
        return {}
    with Home(settings, SystemClock()).engine.connect() as connection:
        return last_evidence(connection, controller)
