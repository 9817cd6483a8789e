"""Checkpoints of the evidence log: how many entries there were, and the hash of the tree over them. Pure.

The form is C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint) without extension lines: any
verifier of transparency logs reads it.
"""

import base64
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from data.errors import VerificationFailed
from governance.merkle import MerkleTree
from governance.signed_note import IsSigned, VerifierKey, decoded, open_note

_TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n")
_ROOT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of one log; `origin` says of which."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64_root(self.root)}\n"


def base64_root(root: bytes) -> str:
    """A root as checkpoints and people write it."""
    return base64.b64encode(root).decode()


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from the text of its note. Raises `VerificationFailed`."""
    parts = _TEXT.fullmatch(text)
    root = decoded(parts[3]) if parts else b""
    if parts is None or len(root) != _ROOT_BYTES:
        raise VerificationFailed("it is no checkpoint")
    return Checkpoint(parts[1], int(parts[2]), root)


def open_checkpoint(note: str, key: VerifierKey, is_signed: IsSigned) -> Checkpoint:
    """The checkpoint in a note. Raises `VerificationFailed` where the key did not sign it for its own log."""
    checkpoint = read_checkpoint(open_note(note, key, is_signed))
    if checkpoint.origin != key.name:
        raise VerificationFailed("it is of another log")
    return checkpoint


def roots(leaves: Iterable[bytes], sizes: Set[int] = frozenset()) -> dict[int, bytes]:
    """The root over all leaves, and for each of the sizes over so many of the first ones, by size."""
    tree, found = MerkleTree(), {}
    for leaf in leaves:
        if tree.size in sizes:
            found[tree.size] = tree.root()
        tree.add(leaf)
    return {**found, tree.size: tree.root()}


def compare(found: Mapping[int, bytes], given: Mapping[str, Checkpoint]) -> None:
    """Check a log, by its `roots`, against checkpoints by name. Raises `VerificationFailed`.

    The smallest comes first, so that the error tells how far the log is still what it was.
    """
    size, same = max(found), 0
    for name, checkpoint in sorted(given.items(), key=lambda item: item[1].size):
        if checkpoint.size > size:
            raise VerificationFailed(
                f"the evidence log ends at entry {size}, and the checkpoint {name} covers "
                f"{checkpoint.size}: the newest entries were removed"
            )
        if checkpoint.root != found[checkpoint.size]:
            raise VerificationFailed(
                f"the first {checkpoint.size} entries of the evidence log are not those of the "
                f"checkpoint {name}" + (f"; the first {same} still are what they were" if same else "")
            )
        same = checkpoint.size
