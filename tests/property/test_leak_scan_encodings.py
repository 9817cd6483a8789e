"""Whatever somebody's address is, however it was encoded, and wherever it stands: it is found."""

from hypothesis import given
from hypothesis import strategies as st

from pseudonymize.leak_scan.candidates import Searcher
from pseudonymize.leak_scan.digests import Gathering
from pseudonymize.leak_scan.identifiers import Kind, Wanted
from tests.support.encodings import ENCODINGS

ALPHABET = "abcdefghijklmnopqrstuvwxyzåäöéABCDEFÅÄÖ0123456789"
local_parts = st.text(ALPHABET, min_size=1, max_size=30)
domains = st.from_regex(r"[a-zåäö][a-zåäö0-9]{0,20}\.[a-z]{2,10}", fullmatch=True)


@given(local_parts, domains, st.sampled_from(sorted(ENCODINGS)), st.integers(0, 3000), st.integers(0, 3000))
def test_any_address_in_any_encoding_at_any_offset_is_found(
    local: str, domain: str, encoding: str, before: int, after: int
) -> None:
    address = f"{local}@{domain}"
    gathering = Gathering()
    gathering.add(Wanted(addresses=[address]), people=1)
    searcher = Searcher(gathering.done())
    filler = b"ord i rad, "
    data = (filler * (before // 11 + 2))[-before - 1 :] + b" " + ENCODINGS[encoding](address) + b" "
    data = data + (filler * (after // 11 + 1))[:after]
    assert searcher.hits(data)[Kind.ADDRESS]
