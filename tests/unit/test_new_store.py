"""A store that comes later is refused until it is declared whole, and then forgets like any other."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import pytest
import yaml
from sqlalchemy import Column, String, Table, delete, insert, select

from data.clock import FixedClock
from data.errors import PolicyForbids
from data.store import Event, Holding, Subject, Why
from data.stores.sql import STATE
from data.stores.sql_types import UtcTime
from flows import stores as made
from flows.apply_retention import apply
from flows.begin_case import Decision
from flows.fulfil_case import fulfil
from flows.open_case import open_request
from flows.plan_retention import approve, make_plan
from flows.wiring import Home, Settings
from governance import coverage
from governance.coverage import Columns, TableColumns, known_columns
from pseudonymize import no_progress
from pseudonymize.derive import address_pseudonym
from tests.support.exports import answer, write_export
from tests.support.homes import NOW, take
from tests.support.policies import content

LISTED = {"controller": "-", "id": "-", "pseudonym": "pseudonym", "at": "-"}


class Shelf:
    """A store of derived things, by pseudonym."""

    name = "shelf"
    by_hand = False

    def __init__(self, home: Home) -> None:
        self._engine = home.engine
        self._table = STATE.tables["shelf"]

    def holdings(self, ids: Collection[str] | None = None) -> Iterator[Holding]:
        with self._engine.connect() as connection:
            for row in connection.execute(select(self._table)).all():
                if ids is None or row.id in ids:
                    yield Holding(row.id, {Event.COLLECTED: row.at}, pseudonym=row.pseudonym)

    def of(self, subject: Subject) -> Collection[str]:
        return {one.id for one in self.holdings() if one.pseudonym in subject.pseudonyms}

    def forget(self, ids: Collection[str], why: Why) -> int:
        with self._engine.begin() as connection:
            return connection.execute(delete(self._table).where(self._table.c.id.in_(ids))).rowcount

    def present(self, ids: Collection[str]) -> set[str]:
        return {one.id for one in self.holdings()} & set(ids)


@pytest.fixture
def shelf() -> Iterator[Table]:
    """A table that nobody has said anything about yet."""
    table = Table(
        "shelf",
        STATE,
        Column("controller", String(40)),
        Column("id", String(16), primary_key=True),
        Column("pseudonym", String(64)),
        Column("at", UtcTime),
    )
    yield table
    STATE.remove(table)


def opened(home: Home, now: datetime = NOW) -> Home:
    return Home(Settings.read({}, home.settings.home), FixedClock(now))


def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = known_columns()
    own = {"shelf": TableColumns(store="shelf", columns=LISTED)}
    columns = Columns(fields=known.fields, tables={**known.tables, **own}, outgoing=known.outgoing)
    for module in (coverage, made):
        monkeypatch.setattr(module, "known_columns", lambda: columns)


def allowed(home: Home) -> None:
    policy = content("sectra")
    policy["stores"]["shelf"] = {**policy["stores"]["plans"], "fields": ["pseudonym"], "period": "30 days"}
    folder = home.settings.home / "policies"
    folder.mkdir()
    (folder / "sectra.yaml").write_text(yaml.dump(policy, allow_unicode=True, sort_keys=False), "utf-8")


def test_a_table_that_nobody_has_listed_lets_nothing_run(home, shelf):
    with pytest.raises(PolicyForbids, match=r"shelf is not in governance/columns\.yaml"):
        opened(home).room("sectra")


def test_a_store_without_a_rule_in_the_policy_lets_nothing_run(home, shelf, monkeypatch):
    listed(monkeypatch)
    with pytest.raises(PolicyForbids, match="the policy has no store 'shelf'"):
        opened(home).room("sectra")


def test_a_store_that_nothing_makes_lets_nothing_run(home, shelf, monkeypatch):
    listed(monkeypatch)
    allowed(home)
    with pytest.raises(PolicyForbids, match="which is not made in flows/stores"):
        opened(home).room("sectra")


@pytest.fixture
def kept(home, shelf, monkeypatch, tmp_path, mapping) -> Home:
    """A home with three people, and something of each on the shelf that is declared whole."""
    listed(monkeypatch)
    allowed(home)
    monkeypatch.setitem(made.MAKERS, "shelf", lambda home, room: Shelf(home))
    again = opened(home)
    take(again, write_export(tmp_path / "e.csv", [answer(n, text="") for n in range(3)]), mapping)
    ring = again.room("sectra").ring
    rows = [
        {
            "controller": "sectra",
            "id": str(n),
            "pseudonym": address_pseudonym(ring, answer(n)["email"]),
            "at": NOW,
        }
        for n in range(3)
    ]
    with again.engine.begin() as connection:
        connection.execute(insert(shelf), rows)
    return again


def test_a_declared_store_is_in_the_plan_on_that_day_and_forgets(kept):
    later = opened(kept, NOW + timedelta(days=31))
    state, plan = make_plan(later, "sectra", no_progress)
    assert {part.store: len(part.ids) for part in plan.parts}["shelf"] == 3
    approve(later, state.digest, "Eva Ek")
    apply(later, state.digest, no_progress, even_so=True)
    assert not list(Shelf(later).holdings())


def test_an_erasure_reaches_a_declared_store(kept):
    case = open_request(kept, "sectra", "erase", answer(1)["email"], "", named_in_text=False)
    certificate = fulfil(kept, "sectra", case.id, Decision("Eva Ek", "address on file"))
    assert {"store": "shelf", "found": 1, "gone": 1} in certificate["stores"]
    assert sorted(one.id for one in Shelf(kept).holdings()) == ["0", "2"]
