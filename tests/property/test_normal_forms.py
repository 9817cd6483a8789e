"""One person has one form of address and of name, however it is spelt."""

import string
import unicodedata

import idna
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pseudonymize.normalize import canonical_email, canonical_name

LETTERS = string.ascii_lowercase + "åäöéüøæñč"
LOCAL = st.text(LETTERS + string.digits + "+._-", min_size=1, max_size=12)
LABEL = st.text(LETTERS, min_size=1, max_size=10)
DOMAIN = st.builds("{}.{}".format, LABEL, st.sampled_from(["se", "example", "com", "sjukhus.se"]))
ADDRESS = st.builds("{}@{}".format, LOCAL, DOMAIN)
NAME = st.text(LETTERS + "-'", min_size=1, max_size=10)
ANYTHING = st.text(max_size=40)

REASONS = {
    "not one local part, one @ and one domain",
    "a space, an invisible character or punctuation in the address",
    "not a domain name",
}

SPELLINGS = {
    "upper case": str.upper,
    "title case": str.title,
    "spaces around it": lambda text: f"  {text}\t\n",
    "letters with separate accents": lambda text: unicodedata.normalize("NFD", text),
    "full-width letters": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "full-width spaces around it": lambda text: f"\u3000{text}\u2003",
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
@given(address=ADDRESS)
def test_an_address_has_one_form_however_it_is_spelt(spell, address):
    assert canonical_email(spell(address)) == canonical_email(address)


@given(LOCAL, DOMAIN)
def test_a_domain_in_unicode_and_in_punycode_is_one_domain(local, domain):
    encoded = idna.encode(domain, uts46=True).decode("ascii")
    assert canonical_email(f"{local}@{encoded}") == canonical_email(f"{local}@{domain}")
    assert canonical_email(f"{local}@{encoded.upper()}") == canonical_email(f"{local}@{domain}")


@given(ADDRESS)
def test_the_form_of_an_address_is_its_own_form(address):
    form = canonical_email(address)
    assert canonical_email(form) == form


@given(ANYTHING | st.builds("{}@{}".format, ANYTHING, ANYTHING) | st.builds("{}@{}".format, ANYTHING, DOMAIN))
def test_any_text_has_a_stable_form_or_is_no_address(text):
    form, reason = form_or_reason(text)
    assert reason in REASONS if not form else form_or_reason(form) == (form, "")


def form_or_reason(text: str) -> tuple[str, str]:
    try:
        return canonical_email(text), ""
    except ValueError as error:
        return "", str(error)


@pytest.mark.parametrize("letter", ["a", "å", "ß", "ﬃ", "ŉ"])
def test_an_address_that_is_long_has_a_stable_form_or_is_none(letter):
    for length in range(230, 260):
        for count in (length - len("@norrvik.se"), length // 2, length // 3):
            form, reason = form_or_reason(f"{letter * count}@norrvik.se")
            assert reason in REASONS if not form else form_or_reason(form) == (form, "")


@given(LOCAL, LOCAL, DOMAIN, DOMAIN)
def test_different_addresses_have_different_forms(local, other_local, domain, other_domain):
    assume((local, domain) != (other_local, other_domain))
    assert canonical_email(f"{local}@{domain}") != canonical_email(f"{other_local}@{other_domain}")


@given(st.text(string.ascii_lowercase, min_size=2, max_size=10), DOMAIN, st.data())
def test_a_dot_or_a_tag_makes_another_address(local, domain, data):
    cut = data.draw(st.integers(1, len(local) - 1))
    forms = [canonical_email(f"{name}@{domain}") for name in (local, f"{local[:cut]}.{local[cut:]}")]
    forms += [canonical_email(f"{local}+{tag}@{domain}") for tag in ("enkät", "survey")]
    assert len(set(forms)) == 4


@given(st.permutations(["Anna", "Karin", "Öberg-Lind"]), st.sampled_from([str.upper, str.lower, str.title]))
def test_a_name_has_one_form_in_any_order_and_case(parts, case):
    assert canonical_name(case(" ".join(parts))) == canonical_name("Anna Karin Öberg-Lind")


@given(st.lists(NAME, min_size=2, max_size=4))
def test_a_surname_before_a_comma_is_the_same_name(parts):
    assert canonical_name(f"{parts[-1]}, {' '.join(parts[:-1])}") == canonical_name(" ".join(parts))


@given(st.lists(NAME, min_size=1, max_size=4), st.sampled_from(list(SPELLINGS)[:4]))
def test_a_name_has_one_form_however_it_is_spelt(parts, spelling):
    name = " ".join(parts)
    assert canonical_name(SPELLINGS[spelling](name)) == canonical_name(name)


@given(ANYTHING)
def test_the_form_of_a_name_is_its_own_form(name):
    form = canonical_name(name)
    assert canonical_name(form) == form


@given(st.lists(NAME, min_size=1, max_size=3), st.lists(NAME, min_size=1, max_size=3))
def test_different_names_have_different_forms(one, other):
    assume(sorted(one) != sorted(other))
    assert canonical_name(" ".join(one)) != canonical_name(" ".join(other))
