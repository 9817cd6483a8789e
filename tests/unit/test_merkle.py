"""The tree hash is that of RFC 6962: it agrees with published values and with the definition."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.merkle import MerkleTree

#: Inputs and roots of the tests of Certificate Transparency (google/certificate-transparency, Apache-2.0).
PUBLISHED_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
PUBLISHED_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree_of(leaves: list[bytes]) -> MerkleTree:
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree


def by_definition(leaves: list[bytes]) -> bytes:
    """The recursive formula of RFC 6962, section 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + by_definition(leaves[:half]) + by_definition(leaves[half:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_published_one(size):
    leaves = [bytes.fromhex(text) for text in PUBLISHED_LEAVES[:size]]
    assert tree_of(leaves).root().hex() == PUBLISHED_ROOTS[size]


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_is_the_one_that_the_definition_gives(leaves):
    assert tree_of(leaves).root() == by_definition(leaves)


def test_asking_for_the_root_on_the_way_changes_nothing():
    tree = MerkleTree()
    for size in range(40):
        assert tree.root() == by_definition([b"%d" % n for n in range(size)])
        tree.add(b"%d" % size)


def test_a_tree_keeps_no_more_hashes_than_its_size_has_binary_digits():
    tree = MerkleTree()
    for _ in range(10_000):
        tree.add(b"")
        assert len(tree._subtrees) == tree.size.bit_count()
