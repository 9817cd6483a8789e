"""Each right at each of the five controllers, whole, as an officer does it: from request to letter.

pytest -m soak tests/soak/test_every_right.py
"""

from pathlib import Path

import pytest

from data.records import CrmReference
from data.stores.cases import CASE_KINDS, CaseKind
from governance.rights import GIVES, RIGHTS
from tests.support.desk import Desk
from tests.support.exports import answer
from tests.support.policies import CONTROLLERS, decided

pytestmark = pytest.mark.soak

WHO, NAME = "person1@example.com", "Förnamn1 Efternamn1"
BEFORE: dict[CaseKind, CaseKind] = {
    "lift-objection": "object",
    "unrestrict": "restrict",
    "invites": "no-invites",
}
#: Whoever asks: in no store, in all of them, under two addresses, sharing one.
ASKERS = {
    "nobody": "ingen@example.com",
    "known": WHO,
    "two addresses": "åsa.två@exempel.se",
    "shared": "delad@exempel.se",
}
ROWS = [
    *(
        answer(n, cycle=cycle, response_id=f"{cycle}-{n}", score="5", text="")
        for n in range(4)
        for cycle in ("2026-Q2", "2026-Q3")
    ),
    answer(7, email="åsa.ett@exempel.se", cycle="2026-Q2", score="5", text=""),
    answer(7, email="åsa.två@exempel.se", cycle="2026-Q3", response_id="two", score="5", text=""),
    answer(8, email="delad@exempel.se", cycle="2026-Q3", score="5", text=""),
    answer(9, email="delad@exempel.se", cycle="2026-Q3", score="5", text=""),
    answer(1, response_id="bad", cycle="2026-Q3", score="77", text=""),
]
NAMES = {"shared": "Förnamn8 Efternamn8"}


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, mapping: Path) -> Desk:
    desk = Desk.of(request.param, tmp_path, mapping)
    desk.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(10))
    desk.take(*ROWS)
    return desk


def run(desk: Desk, *command: object) -> str:
    said = desk.run(*command, "--controller", desk.controller)
    assert said.code == 0, said.everything
    return " ".join(said.out.split())


def opened(desk: Desk, kind: CaseKind, address: str, name: str) -> str:
    more: tuple[object, ...] = ()
    if kind == "rectify":
        (desk.folder / "right.txt").write_text("name: Åsa Öberg\n", "utf-8")
        more = ("--right-values", desk.folder / "right.txt")
    return desk.open(kind, address, name, *more)


def done(desk: Desk, kind: CaseKind, address: str, name: str) -> str:
    """A case from the request to the answer; returns its id."""
    case = opened(desk, kind, address, name)
    assert run(desk, "rights", "letter", case, "--language", "sv")
    assert f"Case {case}: {kind}" in run(desk, "rights", "plan", case)
    more: tuple[object, ...] = ()
    if kind == "unrestrict":
        more = (
            "--notified",
            desk.run("rights", "list", "--controller", desk.controller, "--json").json[0]["opened_at"][:10],
        )
    if kind in GIVES:
        run(desk, "rights", "texts", case)
        more = ("--texts", "withhold")
    said = desk.fulfil(case, *more)
    assert said.code == 0, said.everything
    return case


@pytest.mark.parametrize("desk", CONTROLLERS, indirect=True)
@pytest.mark.parametrize("kind", CASE_KINDS)
@pytest.mark.parametrize("who", ASKERS)
def test_a_right_is_answered_from_the_request_to_the_letter(desk: Desk, kind: CaseKind, who: str) -> None:
    policy, address, name = decided(desk.controller), ASKERS[who], NAMES.get(who, "")
    if RIGHTS[kind] not in policy.rights:
        file = desk.folder / "who.txt"
        file.write_text(f"{address}\n{name}\n", "utf-8")
        said = desk.run(
            "rights", "open", "--kind", kind, "--email-file", file, "--controller", desk.controller
        )
        assert said.code in (2, 4)
        return
    if kind in BEFORE:
        done(desk, BEFORE[kind], address, name)
    case = done(desk, kind, address, name)
    shown = run(desk, "rights", "show", case)
    assert "closed" in shown
    for language in ("sv", "en"):
        told = run(desk, "rights", "letter", case, "--language", language)
        assert policy.name in told
        assert policy.authority in told
        assert not [word for word in ("person1", "Efternamn", "exempel.se") if word in told]
    assert desk.run("evidence", "verify").code == 0
