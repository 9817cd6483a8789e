"""Sign the evidence log as it stands, and record that this was done."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from data.errors import UsageError, VerificationFailed
from data.stores import verifier_key
from flows.wiring import Home
from governance import evidence
from governance.checkpoints import Checkpoint, base64_root, roots
from governance.signed_note import VerifierKey, signed_note
from pseudonymize import Signer


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as a note, and the verifier key that opens it."""

    checkpoint: Checkpoint
    note: str
    key: VerifierKey


def checkpoint_evidence(home: Home, output: Path | None) -> Signed:
    """Sign the log; raises `VerificationFailed`, and signs nothing, where it is broken.

    The entry about the checkpoint comes after what the checkpoint covers. The file is written before
    the entry is committed, so that the log never tells of a checkpoint that nobody could keep.
    """
    with home.lock(), home.engine.begin() as connection:
        found = roots(evidence.leaves(connection))
        size, root = max(found.items())
        signer, key = _keys(home, connection)
        checkpoint = Checkpoint(key.name, size, root)
        note = signed_note(checkpoint.text, key, signer.sign)
        details = {"size": size, "root": base64_root(root)}
        evidence.record(connection, home.clock.now(), "checkpoint", details)
        if output:
            _write_new(output, note)
    return Signed(checkpoint, note, key)


def _keys(home: Home, connection: Connection) -> tuple[Signer, VerifierKey]:
    """The signing key, and its public half as the home has kept it since the first checkpoint."""
    kept = verifier_key.kept(connection)
    signer = home.signer(may_make=kept is None)
    key = VerifierKey(signer.name, signer.public)
    if kept is None:
        verifier_key.keep(connection, str(key))
    elif kept != str(key):
        raise VerificationFailed("the verifier key that the home keeps is not that of its signing key")
    return signer, key


def _write_new(path: Path, note: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(note)
    except FileExistsError:
        raise UsageError(f"{path} is there already", hint="give another --output: keep every one") from None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}", hint="give another --output"
        ) from None
