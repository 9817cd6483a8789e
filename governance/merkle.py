"""The Merkle tree hash of RFC 6962, section 2.1, over SHA-256. Pure."""

from hashlib import sha256

_LEAF, _NODE = b"\x00", b"\x01"


class MerkleTree:
    """Grows leaf by leaf and keeps one hash for each complete subtree: log2(n) of them for n leaves."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []  # from the largest, which is on the left, to the smallest

    def add(self, leaf: bytes) -> None:
        """Put a leaf at the right end."""
        node, smaller = sha256(_LEAF + leaf).digest(), self.size
        while smaller & 1:  # a subtree of the same size stands to the left
            node = _joined(self._subtrees.pop(), node)
            smaller >>= 1
        self._subtrees.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The hash of the whole tree; of no leaves, that of the empty string."""
        if not self._subtrees:
            return sha256().digest()
        *larger, node = self._subtrees
        for left in reversed(larger):
            node = _joined(left, node)
        return node


def _joined(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()
