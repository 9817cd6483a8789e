"""A home beside a model of it: whatever is done to both, they must agree on who is kept, and nothing more."""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from data.clock import FixedClock
from data.records import CrmReference
from data.stores import cases, open_requests, runs
from data.stores.cases import CaseKind
from data.stores.crm import SCORES
from data.stores.response_files import read_files
from flows.apply_retention import apply
from flows.begin_case import Decision
from flows.close_case import drop
from flows.create_backup import create_backup
from flows.fulfil_case import fulfil
from flows.import_events import import_events
from flows.open_case import open_request
from flows.plan_retention import approve, make_plan
from flows.replay import replay
from flows.restore_backup import restore_backup
from flows.rotate_keys import rotate_keys
from flows.rotate_register import rotate_register
from flows.sync_scores import sync_scores
from flows.undo_run import undo
from flows.verify_retention import verify
from flows.wiring import Home, Settings
from pseudonymize import no_progress
from pseudonymize.derive import Derivation, address_pseudonym
from pseudonymize.normalize import canonical_email
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import false_links, new_home, stored, take
from tests.support.killed import Moments
from tests.support.links import links, pseudonyms

_SEARCHED = ("home", "home.register", "backups", "keys of backups")
CONTROLLER, DECISION = "sectra", Decision("Eva Ek", "address on file")
START = datetime(2026, 1, 15, 12, tzinfo=UTC)
VENDOR, CAP, AFTER_END = relativedelta(months=18), relativedelta(years=7), relativedelta(months=12)
BACKUP = relativedelta(days=14)


@dataclass(frozen=True)
class Answered:
    """One answer as the survey tool has it."""

    person: int
    at: datetime
    score: int
    changed: datetime

    @property
    def cycle(self) -> str:
        return f"{self.at.year}-Q{(self.at.month + 2) // 3}"


@dataclass
class Model:
    """What the home should keep: answers by id, with the run that first brought each."""

    kept: dict[int, Answered] = field(default_factory=dict)
    first: dict[int, str] = field(default_factory=dict)
    ended: dict[int, datetime] = field(default_factory=dict)
    runs: list[str] = field(default_factory=list)

    def copy(self) -> "Model":
        return Model(dict(self.kept), dict(self.first), dict(self.ended), list(self.runs))


#: What was made, the CRM's copy of that time, what the home kept, which requests were open, which answered.
Backup = tuple[dict[str, Any], Path, Model, dict[str, datetime], frozenset[str]]


class World:
    """The home, its backups, the survey tool, and the model."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now, self.number = folder, START, 0
        self.mapping = write_mapping(folder / "mapping.yaml")
        self.vendor: dict[int, Answered] = {}
        self.erased: set[int] = set()
        self.objected: set[int] = set()
        self.restricted: set[int] = set()
        self.model, self.made = Model(), list[Backup]()
        self.waiting: dict[str, datetime] = {}
        self.answered: frozenset[str] = frozenset()
        self.imports: set[str] = set()
        self.moved: dict[int, tuple[str, datetime]] = {}
        self.latest: dict[int, str] = {}
        self.scored: dict[int, tuple[int, datetime]] = {}
        self.home = new_home(folder / "home", START)
        self.home.crm.add_contacts(CrmReference(answer(n)["crm_reference"]) for n in range(20))

    @property
    def out(self) -> set[int]:
        return self.erased | self.objected

    def reopen(self) -> Home:
        """The same home at the world's own time; what was open of it is closed."""
        for name in ("engine", "keys_engine", "register_engine"):
            if name in vars(self.home):
                getattr(self.home, name).dispose()
        if "crm" in vars(self.home):
            self.home.crm._engine.dispose()
        self.home = Home(Settings.read({}, self.folder / "home"), FixedClock(self.now))
        return self.home

    def do(self, act: Callable[[Home], object], kill_at: int) -> object:
        """Do something, after a first try that was killed at a moment where one is given."""
        if kill_at:
            self.reopen()
            self._try_and_die(act, kill_at)
        return act(self.reopen())

    def _try_and_die(self, act: Callable[[Home], object], kill_at: int) -> None:
        child = os.fork()
        if child == 0:
            try:
                Moments(str(self.folder), kill_at).watch()
                act(self.reopen())
            finally:
                os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)

    def answer(self, person: int, score: int) -> None:
        self.vendor[len(self.vendor)] = Answered(person, self.now, score, self.now)

    def edit(self, number: int, score: int) -> None:
        self.vendor[number] = replace(self.vendor[number], score=score, changed=self.now)

    def take_in(self, kill_at: int, since: datetime | None = None) -> None:
        """Import everything that the survey tool has, or what was answered since a day."""
        self.number += 1
        export = write_export(self.folder / f"{self.number}.csv", map(self._row, self.vendor.items()))
        day = since.date() if since else None
        report = self.do(lambda home: take(home, export, self.mapping, since=day), kill_at)
        # A first try may have been killed after its commit: then it was that run that brought the answers.
        tries = [*sorted(self._imports() - self.imports - {report.run_id}), report.run_id]
        self.imports |= set(tries)
        self.model.runs += tries
        for number, one in self.vendor.items():
            outside = since is not None and one.at.date() < since.date()
            if one.person in self.out or one.at + VENDOR <= self.now or outside:
                continue
            if number not in self.model.kept:
                self.model.first[number] = tries[0]
            self.model.kept[number] = one

    def _imports(self) -> set[str]:
        with self.home.engine.connect() as connection:
            found = runs.newest(connection, 1000)
        return {run.id for run in found if run.kind == "import" and run.state == "published"}

    def sync(self, kill_at: int) -> None:
        self.do(lambda home: sync_scores(home, CONTROLLER, no_progress), kill_at)
        assert self.in_crm() == self.may_be_in_crm()

    def end_customer(self, person: int, kill_at: int) -> None:
        """The CRM tells that somebody is a customer no more; of strangers nothing is noted."""
        feed = self.folder / "events.csv"
        reference = answer(person)["crm_reference"]
        feed.write_text(f"event;contact;on\ncustomer_ended;{reference};{self.now:%Y-%m-%d}\n")
        known = any(one.person == person for one in self.model.kept.values())
        self.do(lambda home: import_events(home, CONTROLLER, feed), kill_at)
        if known:
            self.model.ended[person] = self.now.replace(hour=0)

    def ask(self, kind: CaseKind, person: int, kill_at: int) -> None:
        """A person asks to be erased, objects or wants a restriction, or takes one of these back."""
        case = open_request(self.reopen(), CONTROLLER, kind, self.address(person), "")
        told = replace(DECISION, notified=self.now.date() if kind == "unrestrict" else None)
        self.do(lambda home: fulfil(home, CONTROLLER, case.id, told), kill_at)
        if kind == "lift-objection":
            self.objected.discard(person)
        elif kind == "unrestrict":
            self.restricted.discard(person)
        elif kind == "restrict":
            self.restricted.add(person)
            assert _reference(person) not in {reference for reference, _ in self.in_crm()}
        else:
            (self.erased if kind == "erase" else self.objected).add(person)
            self.forget(lambda one: one.person == person)
            self._end_corrections(lambda who, _: who == person)

    def ask_for_access(self, person: int) -> None:
        """A person asks, and nobody answers yet."""
        case = open_request(self.reopen(), CONTROLLER, "access", self.address(person), "")
        self.waiting[case.id] = case.opened_at

    def drop(self, which: int, kill_at: int) -> None:
        """A person takes a request back."""
        case_id = sorted(self.waiting)[which % len(self.waiting)]

        def drop_once(home: Home) -> None:
            if case_id in self._open_cases(home):
                drop(home, CONTROLLER, case_id, "Eva Ek", "tog den tillbaka")

        self.do(drop_once, kill_at)
        del self.waiting[case_id]
        self.answered |= {case_id}

    def _open_cases(self, home: Home) -> dict[str, datetime]:
        with home.engine.connect() as connection:
            found = cases.cases(connection, CONTROLLER)
        return {case.id: case.opened_at for case in found if case.closed_at is None}

    def address(self, person: int) -> str:
        """Where a person writes from, as they themselves say it."""
        if person in self.moved:
            return self.moved[person][0]
        known = any(one.person == person for one in self.model.kept.values())
        return (
            f" Person{person}@EXAMPLE.com"
            if known
            else self.latest.get(person, f"person{person}@example.com")
        )

    def rectify(self, person: int, score: int, kill_at: int) -> None:
        """A person has their address corrected, and the score of their last cycle, where they have one."""
        self.number += 1
        answered = sorted((one.at, one.cycle) for one in self.model.kept.values() if one.person == person)
        right = f"rätt{person}.{self.number}@exempel.se"
        values = {"email": right, **({f"score csat/{answered[-1][1]}": str(score)} if answered else {})}
        case = open_request(
            self.reopen(), CONTROLLER, "rectify", self.address(person), "", corrections=values
        )
        self.do(lambda home: fulfil(home, CONTROLLER, case.id, DECISION), kill_at)
        if answered:
            self.moved[person] = right, self.now
            self.latest[person] = right
            own = [n for n, one in self.model.kept.items() if one.person == person]
            last = [n for n in own if self.model.kept[n].cycle == answered[-1][1]]
            self.scored |= dict.fromkeys(last, (score, self.now))

    def _end_corrections(self, ends: Callable[[int, datetime], bool]) -> None:
        self.moved = {who: one for who, one in self.moved.items() if not ends(who, one[1])}
        self.scored = {n: one for n, one in self.scored.items() if not ends(self.vendor[n].person, one[1])}

    def _last(self, person: int, at: datetime) -> datetime:
        return max([at, *(one.at for one in self.model.kept.values() if one.person == person)])

    def retain(self, kill_at: int) -> None:
        """Delete everything that is due, whatever share of a store it is."""
        state, _ = make_plan(self.reopen(), CONTROLLER, no_progress)
        if state:
            digest = state.digest
            approve(self.home, digest, "Eva Ek")
            self.do(lambda home: apply(home, digest, no_progress, even_so=True), kill_at)
            self.do(lambda home: verify(home, digest), 0)
        self._end_corrections(lambda who, at: self._last(who, at) + CAP <= self.now)
        self.forget(lambda one: one.at + CAP <= self.now)
        self.waiting = {case: at for case, at in self.waiting.items() if at + CAP > self.now}
        assert self.in_crm() <= self.may_be_in_crm()
        past = [made for made, *_ in self._with_keys if made["made_at"] + BACKUP <= self.now]
        assert not past, "whoever was erased can be read from a backup past its period"

    def take_back(self, kill_at: int) -> None:
        """Undo the newest import."""
        run = self.model.runs.pop()
        self.do(lambda home: undo(home, run), kill_at)
        self.forget(lambda one: False, run)

    def rotate_register(self, kill_at: int) -> None:
        self.do(lambda home: rotate_register(home, CONTROLLER), kill_at)

    def rotate(self, kill_at: int) -> None:
        """Give everybody a new pseudonym."""
        before = pseudonyms(self.reopen())
        self.do(lambda home: rotate_keys(home, CONTROLLER, no_progress), kill_at)
        assert pseudonyms(self.home).isdisjoint(before)

    @property
    def backups(self) -> list[Backup]:
        """Those whose period has not ended, each with the copy of the CRM that its own operator has made."""
        return [one for one in self._with_keys if one[0]["made_at"] + BACKUP > self.now]

    @property
    def _with_keys(self) -> list[Backup]:
        return [one for one in self.made if one[0]["keys"].exists()]

    def back_up(self, kill_at: int) -> None:
        output, keys = self.folder / "backups", self.folder / "keys of backups"
        made = self.do(lambda home: create_backup(home, output, keys, no_progress), kill_at)
        crm = self.folder / f"crm {len(self.made)}"
        shutil.copytree(self.folder / "home" / "crm", crm)
        self.made.append((made, crm, self.model.copy(), dict(self.waiting), self.answered))
        assert not [path for folder in (output, keys) for path in folder.glob("*.new")]

    def restore(self, which: int, kill_at: int) -> None:
        """Put an older home in the place of this one. The register is never put back."""
        made, crm, model, waiting, answered = self.backups[which % len(self.backups)]
        home = self.folder / "home"

        def put_back(_: Home) -> None:
            shutil.rmtree(home)
            settings, clock = Settings.read({}, home), FixedClock(self.now)
            restore_backup(settings, clock, made["data"], made["keys"], no_progress)

        self.do(put_back, kill_at)
        shutil.copytree(crm, home / "crm", dirs_exist_ok=True)
        assert self.reopen().is_behind()
        self.do(replay, kill_at)
        since = {case: at for case, at in self.waiting.items() if case not in answered}
        self.model, self.waiting, self.answered = model.copy(), waiting | since, answered
        self.forget(lambda one: one.person in self.out)

    def forget(self, which: Callable[[Answered], bool], run: str = "") -> None:
        gone = {n for n, one in self.model.kept.items() if which(one) or self.model.first.get(n) == run}
        for number in gone:
            del self.model.kept[number], self.model.first[number]
        known = {one.person for one in self.model.kept.values()}
        self.model.ended = {person: at for person, at in self.model.ended.items() if person in known}

    def check(self) -> None:
        """Nothing but what the model keeps is kept, and of who is out no byte is left."""
        home = self.reopen()
        kept = {self._key(home, n): one for n, one in self.model.kept.items()}
        paths = [file.path for file in home.responses.files(CONTROLLER)]
        whole = read_files(home.settings.home / "responses", paths, ["response_key"])
        assert sorted(whole["response_key"].to_pylist()) == sorted(kept)
        theirs = [{key for key, one in kept.items() if one.person == person} for person in range(10)]
        assert all(links(home)[place] == {frozenset(t) for t in theirs if t} for place in ("index", "vault"))
        used = {
            self._key(home, number): self.scored.get(number, (one.score, None))[0]
            for number, one in self.model.kept.items()
            if one.person not in self.restricted
        }
        assert {row["response_key"]: row["score"] for row in stored(home)} == used
        room = home.room(CONTROLLER)
        people = {one.person for one in self.model.kept.values()}
        assert room.vault.count() == len(people)
        known = {one.current("address") for one in room.vault.everybody()}
        assert known == {canonical_email(self.address(person).strip()) for person in people}
        assert not false_links(home)
        assert self._open_cases(home) == self.waiting
        with home.register_engine.connect() as connection:
            asked = open_requests.requests(connection, CONTROLLER)
        assert asked.keys() == self.waiting.keys()
        assert all(one.sealed for one in asked.values())
        assert not {reference for reference, _ in self.in_crm()} & {_reference(p) for p in self.out}
        content = b"".join(
            path.read_bytes()
            for folder in map(self.folder.joinpath, _SEARCHED)
            for path in folder.rglob("*")
            if path.is_file()
        ).lower()
        for person in self.out:
            address = f"person{person}@example.com"
            words = (
                address,
                f"rätt{person}.",
                f'efternamn{person}"',
                address_pseudonym(room.ring, address),
            )
            assert not [word for word in words if word.encode() in content], "an erased person is readable"

    def in_crm(self) -> set[tuple[str, str]]:
        with self.home.crm._engine.connect() as connection:
            return {(row.reference, row.cycle) for row in connection.execute(select(SCORES))}

    def may_be_in_crm(self) -> set[tuple[str, str]]:
        return {
            (_reference(one.person), one.cycle)
            for one in self.model.kept.values()
            if one.at + CAP > self.now
            and one.person not in self.restricted
            and (one.person not in self.model.ended or self.model.ended[one.person] + AFTER_END > self.now)
        }

    def _key(self, home: Home, number: int) -> str:
        ring = home.room(CONTROLLER).ring
        return Derivation.from_ring(ring, "getfeedback", "csat").key_of(f"R-{number:05}")

    def _row(self, item: tuple[int, Answered]) -> dict[str, str]:
        number, one = item
        return answer(
            one.person,
            response_id=f"R-{number:05}",
            answered_at=_local(one.at),
            modified_at=_local(one.changed),
            cycle=one.cycle,
            score=str(one.score),
            text="",
        )


def _reference(person: int) -> str:
    return answer(person)["crm_reference"]


def _local(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Europe/Stockholm")).strftime("%Y-%m-%d %H:%M:%S")
