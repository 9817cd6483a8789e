"""Certificates of what was done to people's data, as files: numbers, clauses, dates, random ids."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.errors import VerificationFailed
from data.stores.tasks import Task
from flows.wiring import Home


def write_certificate(home: Home, name: str, certificate: Mapping[str, Any]) -> None:
    """Keep a certificate: numbers, clauses, dates, random ids."""
    folder = _folder(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    text = json.dumps(certificate, indent=2, ensure_ascii=False) + "\n"
    file = folder / f"{name}.json"
    file.write_text(text, "utf-8")
    file.chmod(0o600)


def read_certificate(home: Home, name: str) -> dict[str, Any]:
    """A certificate that was written. Raises `VerificationFailed` where it is not there as it was."""
    try:
        found: dict[str, Any] = json.loads((_folder(home) / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        found = {}
    if not found:
        raise VerificationFailed(f"the certificate {name} is missing or unreadable")
    return found


def told(task: Task) -> dict[str, Any]:
    """A task, as certificates tell it."""
    state = "done" if task.done_at else "open"
    due = f"{task.due_at:%Y-%m-%d}"
    return {"task": task.id, "store": task.store, "count": task.count, "due": due, "state": state}


def _folder(home: Home) -> Path:
    return home.settings.home / "certificates"
