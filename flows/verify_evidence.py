"""Check the evidence log of a home, alone and against checkpoints that were kept elsewhere.

Reads only, and needs no key that could sign or open anything: a copy of the state database will do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect

from data.errors import UsageError, VerificationFailed
from data.stores import verifier_key
from data.stores.sql import open_as_it_is
from flows.wiring import Settings
from governance import evidence
from governance.checkpoints import Checkpoint, compare, open_checkpoint, roots
from governance.evidence_table import EVIDENCE
from governance.signed_note import VerifierKey, read_verifier_key
from pseudonymize import is_signed


@dataclass(frozen=True, slots=True)
class Verified:
    """A log that is whole: its length, its root, the checkpoints it agrees with, and the key of those."""

    size: int
    root: bytes
    checkpoints: Mapping[str, Checkpoint]
    key: VerifierKey | None


def verify_evidence(settings: Settings, against: Sequence[Path], key: str) -> Verified:
    """Raises `VerificationFailed` where anything is not as it was, and says which entry or checkpoint.

    `key` is a verifier key; where it is empty, the copy that the home keeps is used.
    """
    notes = {str(path): _read(path) for path in against}
    engine = open_as_it_is(settings.state_url)
    with engine.connect() as connection:
        if not inspect(connection).has_table(EVIDENCE.name):
            raise VerificationFailed("there is no evidence log in the state database")
        verifier = (read_verifier_key(key) if key else _kept_key(connection)) if notes else None
        given = {name: _open(name, note, verifier) for name, note in notes.items()} if verifier else {}
        found = roots(evidence.leaves(connection), {checkpoint.size for checkpoint in given.values()})
    compare(found, given)
    return Verified(*max(found.items()), given, verifier)


def _kept_key(connection: Connection) -> VerifierKey:
    there = inspect(connection).has_table(verifier_key.VERIFIER_KEY.name)
    kept = verifier_key.kept(connection) if there else None
    if kept is None:
        raise UsageError(
            "the home keeps no verifier key", hint="give the one that was told with the checkpoint: --key"
        )
    try:
        return read_verifier_key(kept)
    except UsageError:  # nobody typed it
        problem = "the verifier key that the home keeps was changed"
    raise VerificationFailed(problem, hint="give the one that was kept elsewhere: --key")


def _open(name: str, note: str, key: VerifierKey) -> Checkpoint:
    try:
        return open_checkpoint(note, key, is_signed)
    except VerificationFailed as error:
        problem = f"the checkpoint {name} does not hold: {error}"
    raise VerificationFailed(problem, hint="look for another copy of it, and of the verifier key")


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()  # line breaks as they are: they were signed
    except OSError as error:
        problem = f"{path} cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        raise VerificationFailed(f"the checkpoint {path} does not hold: it is not UTF-8") from None
    raise UsageError(problem, hint="--against names a file that `tillit evidence checkpoint` wrote")
