"""What the vault remembers of a person does not depend on the order in which it was told."""

from datetime import UTC, datetime, timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from pseudonymize.identity import Identity
from tests.support.exports import raw_response

KINDS = ("name", "address", "respondent_id", "crm_reference")
WRITERS = st.fixed_dictionaries(
    {
        "first_name": st.sampled_from(["Åsa", "ÅSA", ""]),
        "last_name": st.sampled_from(["Öberg", "Lind", ""]),
        "email": st.sampled_from(["åsa@norrvik.se", "asa.oberg@norrvik.se", ""]),
        "respondent_id": st.sampled_from(["P-1", "P-2", ""]),
        "crm_reference": st.sampled_from(["c0ffee-1", "c0ffee-2", ""]),
        "modified_at": st.integers(1, 28).map("2026-09-{:02} 10:00:00".format),
    }
)


def told(writers: list[dict[str, str]], response_key: str = "") -> Identity:
    """What some answers say of their writer; all are one answer where it has a key of its own."""
    sightings = (
        Identity.of(raw_response(1, **writer), response_key or f"{number:064}{sorted(writer.items())}")
        for number, writer in enumerate(writers)
    )
    return reduce(Identity.merged, sightings, Identity())


MEMORIES = st.lists(WRITERS, max_size=3).map(told)


def same(one: Identity, other: Identity) -> bool:
    return one.to_bytes() == other.to_bytes()


@given(MEMORIES, MEMORIES)
def test_it_does_not_matter_which_memory_comes_first(one, other):
    assert same(one.merged(other), other.merged(one))


@given(MEMORIES, MEMORIES, MEMORIES)
def test_it_does_not_matter_which_memories_are_put_together_first(one, two, three):
    assert same(one.merged(two).merged(three), one.merged(two.merged(three)))


@given(MEMORIES, MEMORIES)
def test_hearing_a_thing_twice_changes_nothing(one, other):
    both = one.merged(other)
    assert same(both.merged(other), both)
    assert same(both.merged(both), both)


@given(MEMORIES, MEMORIES)
def test_of_different_answers_nothing_is_forgotten_and_nothing_is_made_up(one, other):
    both = one.merged(other)
    for kind in KINDS:
        assert set(both.all(kind)) == {*one.all(kind), *other.all(kind)}


@given(MEMORIES)
def test_what_is_sealed_is_what_is_opened(memory):
    opened = Identity.from_bytes(memory.to_bytes())
    assert same(opened, memory)
    assert [opened.all(kind) for kind in KINDS] == [memory.all(kind) for kind in KINDS]


@given(st.lists(WRITERS, min_size=1, max_size=4, unique_by=lambda writer: writer["modified_at"]))
def test_of_one_answer_its_newest_version_is_remembered(versions):
    newest = max(versions, key=lambda writer: writer["modified_at"])
    memory, last = told(versions, "one answer"), told([newest], "one answer")
    assert {kind: memory.all(kind) for kind in KINDS} == {kind: last.all(kind) for kind in KINDS}


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from(["Öberg", "Lind"])), min_size=1, max_size=6))
def test_the_current_value_is_the_one_seen_last(sightings):
    start, identity = datetime(2026, 9, 1, 8, tzinfo=UTC), Identity()
    for number, (day, name) in enumerate(sightings):
        when = f"{start + timedelta(days=day):%Y-%m-%d %H:%M:%S}"
        raw = raw_response(1, first_name="Åsa", last_name=name, modified_at=when)
        identity = identity.merged(Identity.of(raw, f"{number:04}"))
    expected = max((day, number, name) for number, (day, name) in enumerate(sightings))[2]
    assert identity.current("name") == f"Åsa {expected}"


def test_an_answer_tells_the_identifiers_that_it_has_and_no_empty_ones():
    found = Identity.of(raw_response(1, crm_reference="", respondent_id=""), "ab12")
    assert {kind: found.all(kind) for kind in KINDS} == {
        "name": ["Förnamn1 Efternamn1"],
        "address": ["person1@example.com"],
        "respondent_id": [],
        "crm_reference": [],
    }


def test_of_nobody_nothing_is_known():
    assert [Identity().current(kind) for kind in KINDS] == [""] * 4
