"""Answers that are kept already are searched again by a newer redactor, or one of them is withheld.

The home of these tests holds what an older redactor has let pass: names, a number, somebody's illness.
"""

import json
import os
import random
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from data.errors import DetectorUnavailable
from data.records import RedactedText
from data.stores.responses import ResponseStore
from flows.wiring import Home
from governance import evidence
from governance.evidence import EVIDENCE
from pseudonymize import Redactor
from pseudonymize.keys import DATA_KEYS
from pseudonymize.redaction.people import NO_WINDOW, Answer, WindowNames
from tests.support.exports import answer, write_export, write_mapping
from tests.support.homes import Said, left_lying, new_home, published, stored, take, tillit
from tests.support.killed import Trial, check_nothing_left_over, copy_of, open_again

SEED = int(os.environ.get("KILL_SEED") or secrets.randbits(32))
LATER = "2026-10-01 10:00:00"

#: What people answered, by who they are; the last one answers in another export.
TEXTS = {
    "Kerstin Blomqvist": "Bilderna kommer snabbt. Hälsningar kerstin.",
    "Zorvane Quillmark": "Ring mig gärna på 070-174 06 05 om arbetslistan.",
    "Beata Ek": "Bilderna laddas snabbt och listan fungerar bra.",
    "Ture Sten": "Jag är sjukskriven sedan i maj, men supporten är bra.",
    "Hedda Falk": "Die Bilder werden sehr langsam geladen.",
    "Malte Lind": "Stig på supporten hjälpte mig.",
    "Åsa Nord": "",
}
STRANGER = {"Torkel Ravnskog": "Jag fick hjälp av zorvane på en gång."}
EVERYBODY = [*TEXTS, *STRANGER]


class Older(Redactor):
    """A redactor of some time ago: it finds Stig, withholds German, and lets all else pass."""

    def __init__(self) -> None:
        super().__init__()
        self.version = "rules 0"

    def redact(self, answers: Sequence[Answer], window: WindowNames = NO_WINDOW) -> list[RedactedText]:
        return [self._redacted(answer.text) for answer in answers]

    def _redacted(self, text: str) -> RedactedText:
        if text.startswith("Die "):
            return RedactedText("<WITHHELD:language>", "de", self.version, {"WITHHELD": 1})
        found = text.count("Stig")
        removed = {"PERSON": found} if found else {}
        return RedactedText(text.replace("Stig", "<PERSON_1>"), "sv", self.version, removed)


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which the older redactor has taken everybody's answers in."""
    folder = tmp_path_factory.mktemp("older")
    home = open_again(new_home(folder / "home").settings.home)
    home.__dict__["redactor"] = Older()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pseudonymize.second_pass.screened", lambda comment, _: (comment, frozenset()))
        for export in exports(folder):
            assert not take(home, export, write_mapping(folder / "mapping.yaml")).counts["quarantined"]
    return home


@pytest.fixture
def home(older: Home, tmp_path: Path) -> Home:
    return copy_of(older, tmp_path / "home")


def exports(folder: Path, **changes: str) -> list[Path]:
    """The two exports that everybody's answers come from."""
    cycles = {"answers.csv": TEXTS, "another.csv": STRANGER}
    found = []
    for name, texts in cycles.items():
        rows = [row(who, text, **changes) for who, text in texts.items()]
        found.append(write_export(folder / name, rows))
    return found


def row(who: str, text: str, **changes: str) -> dict[str, str]:
    first, last = who.split()
    number, cycle = EVERYBODY.index(who), "2026-Q2" if who in STRANGER else "2026-Q3"
    named = {"first_name": first, "last_name": last, "text": text, "language": "sv", "cycle": cycle}
    return answer(number, **{**named, **changes})


def said_by(home: Home) -> dict[str, dict[str, Any]]:
    """What is stored, by who has written it."""
    by_score = {answer["response_key"]: answer for answer in stored(home)}
    room, found = home.room("sectra"), {}
    for pseudonym, identities in room.vault.identities([a["pseudonym"] for a in stored(home)]).items():
        keys = [key for key, a in by_score.items() if a["pseudonym"] == pseudonym]
        found[identities[0].current("name")] = by_score[keys[0]]
    return found


def comments(home: Home) -> dict[str, str | None]:
    return {who: answer["comment"] for who, answer in said_by(home).items()}


def responses(home: Home, *arguments: object) -> Said:
    return tillit("responses", *arguments, "--home", home.settings.home)


def last_evidence(home: Home) -> tuple[str, dict[str, Any], str]:
    """Kind and details of the newest entry, and the text of the whole log, which must verify."""
    with home.engine.connect() as connection:
        evidence.verify(connection)
        rows = connection.execute(select(EVIDENCE).order_by(EVIDENCE.c.number)).all()
    return rows[-1].kind, json.loads(rows[-1].details), " ".join(row.details for row in rows)


def test_the_older_redactor_has_let_something_pass(home: Home) -> None:
    kept = comments(home)
    assert kept["Zorvane Quillmark"] == TEXTS["Zorvane Quillmark"]
    assert kept["Malte Lind"] == "<PERSON_1> på supporten hjälpte mig."
    assert {answer["comment_redactor"] for answer in stored(home)} == {"rules 0", None}


def test_a_rescan_takes_out_what_the_older_redactor_missed(home: Home) -> None:
    said = responses(home, "rescan", "--json")
    assert said.code == 0, said.err
    kept = comments(home)
    assert "kerstin" not in kept["Kerstin Blomqvist"]  # the writer's own name
    assert "zorvane" not in kept["Torkel Ravnskog"]  # somebody who answered in another cycle
    assert kept["Zorvane Quillmark"] == "Ring mig gärna på <PHONE> om arbetslistan."
    assert kept["Ture Sten"] == "<WITHHELD:special>"
    report = said.json
    assert report["counts"] == {"answers": 6, "changed": 4, "withheld": 1}
    assert (report["removed"], report["flagged"]) == ({"PERSON": 2, "PHONE": 1}, {"health": 1})


def test_a_rescan_leaves_what_is_clean_and_what_is_withheld(home: Home) -> None:
    before = said_by(home)
    responses(home, "rescan")
    after = said_by(home)
    same = ["Beata Ek", "Malte Lind"]
    assert [after[who]["comment"] for who in same] == [before[who]["comment"] for who in same]
    assert [after[who]["comment_redactor"] for who in same] == [Redactor().version] * 2
    assert after["Hedda Falk"] == before["Hedda Falk"]
    assert after["Åsa Nord"] == before["Åsa Nord"]
    others = [name for name in before["Beata Ek"] if not name.startswith("comment")]
    assert all(before[who][name] == after[who][name] for who in before for name in others)


def test_counts_of_the_older_redactor_are_kept_and_those_of_today_added(home: Home) -> None:
    responses(home, "rescan")
    removed = {who: dict(said["comment_removed"] or ()) for who, said in said_by(home).items()}
    assert removed["Malte Lind"] == {"PERSON": 1}
    assert removed["Zorvane Quillmark"] == {"PHONE": 1}
    assert removed["Ture Sten"] == {"WITHHELD": 1}
    assert removed["Beata Ek"] == {}


def test_a_rescan_is_recorded_with_counts_and_without_a_value(home: Home) -> None:
    said = responses(home, "rescan", "--json")
    kind, details, log = last_evidence(home)
    assert (kind, details["state"], details["run"]) == ("rescan", "published", said.json["run_id"])
    wanted = {"answers": 6, "changed": 4, "withheld": 1, "removed PERSON": 2, "removed PHONE": 1}
    assert details["counts"] == {**wanted, "flagged health": 1}
    told = log + said.everything + tillit("runs", "list", "--home", home.settings.home).everything
    secrets_told = [
        word for who in EVERYBODY for word in [*who.split(), *who.lower().split()] if word in told
    ]
    assert secrets_told == []
    (run, *_) = tillit("runs", "list", "--json", "--home", home.settings.home).json
    assert (run["kind"], run["state"]) == ("rescan", "published")


def test_a_second_rescan_finds_nothing_to_do(home: Home) -> None:
    responses(home, "rescan")
    before = stored(home)
    assert responses(home, "rescan", "--json").json["counts"] == {"answers": 0, "changed": 0, "withheld": 0}
    assert stored(home) == before
    assert left_lying(home) == {}


def test_after_a_rescan_the_same_exports_import_nothing_again(home: Home, tmp_path: Path) -> None:
    responses(home, "rescan")
    before = stored(home)
    for export in exports(tmp_path):
        counts = take(home, export, write_mapping(tmp_path / "mapping.yaml")).counts
        assert (counts["new"], counts["already imported"]) == (0, counts["rows"])
    assert stored(home) == before


def test_after_a_rescan_an_edited_answer_still_replaces_the_older_version(home: Home, tmp_path: Path) -> None:
    responses(home, "rescan")
    edited = row("Beata Ek", TEXTS["Beata Ek"], score="2", modified_at=LATER)
    file = write_export(tmp_path / "edited.csv", [edited])
    assert take(home, file, write_mapping(tmp_path / "mapping.yaml")).counts["replaced"] == 1
    assert said_by(home)["Beata Ek"]["score"] == 2
    assert left_lying(home) == {}


def test_a_rescan_without_its_recognisers_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: object) -> None:
        raise DetectorUnavailable("the recognisers of personal data cannot be loaded")

    before = published(home)
    monkeypatch.setattr(Redactor, "redact", unavailable)
    assert responses(home, "rescan").code == 4
    assert published(home) == before
    assert left_lying(home) == {}
    assert last_evidence(home)[1]["state"] == "refused"


def test_a_rescan_without_the_keys_of_the_vault_changes_nothing(home: Home) -> None:
    with home.keys_engine.begin() as connection:
        connection.execute(delete(DATA_KEYS))
    before = stored(home)
    assert responses(home, "rescan").code == 4
    assert stored(home) == before


@pytest.mark.parametrize("action", ["rescan", "withhold"])
@pytest.mark.xdist_group("responses killed")
def test_killed_at_any_moment_a_second_run_ends_like_a_clean_one(
    older: Home, tmp_path: Path, action: str
) -> None:
    trial = Trial.of(older, tmp_path / "clean", action)
    for number, moment in enumerate(trial.spread(2, random.Random(SEED))):
        print(f"KILL_SEED={SEED}: killed at moment {moment} of {trial.moments}")  # noqa: T201 - on failure
        killed = trial.kill(tmp_path / f"home{number}", moment)
        trial.check_killed(killed)
        trial.repeat(killed)


def key_of(home: Home, who: str) -> str:
    key: str = said_by(home)[who]["response_key"]
    return key


@pytest.mark.parametrize("length", [64, 8])
def test_one_answer_is_withheld_by_its_key_or_the_beginning_of_it(home: Home, length: int) -> None:
    before, key = said_by(home), key_of(home, "Zorvane Quillmark")
    said = responses(home, "withhold", key[:length], "--json")
    assert (said.code, said.json["withheld"]) == (0, 1)
    after = said_by(home)
    withheld = after.pop("Zorvane Quillmark")
    assert (withheld["comment"], withheld["comment_removed"]) == ("<WITHHELD:request>", [("WITHHELD", 1)])
    assert withheld["score"] == before.pop("Zorvane Quillmark")["score"]
    assert after == before
    assert left_lying(home) == {}


def test_a_withheld_answer_is_recorded_without_its_key_and_its_text(home: Home) -> None:
    key = key_of(home, "Zorvane Quillmark")
    said = responses(home, "withhold", key)
    kind, details, log = last_evidence(home)
    assert (kind, details["state"], details["counts"]) == ("withhold", "published", {"withheld": 1})
    traces = (key[:8], "070-174", "arbetslistan", "Zorvane")
    assert not [part for part in traces if part in log + said.everything]


def test_a_withheld_answer_stays_withheld_by_a_rescan_and_by_the_same_export(
    home: Home, tmp_path: Path
) -> None:
    responses(home, "withhold", key_of(home, "Zorvane Quillmark"))
    responses(home, "rescan")
    for export in exports(tmp_path):
        assert take(home, export, write_mapping(tmp_path / "mapping.yaml")).counts["new"] == 0
    assert comments(home)["Zorvane Quillmark"] == "<WITHHELD:request>"


def test_withholding_twice_is_withholding_once(home: Home) -> None:
    key = key_of(home, "Zorvane Quillmark")
    responses(home, "withhold", key)
    before = stored(home)
    assert responses(home, "withhold", key).code == 0
    assert stored(home) == before


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("Zorvane", "0-9 and a-f"),
        ("abcdef0", "8 to 64"),
        ("f" * 65, "8 to 64"),
        ("%" * 8, "0-9 and a-f"),
        ("0" * 64, "no answer"),
        ("0" * 12, "no answer"),
    ],
)
def test_an_id_that_is_of_no_answer_is_refused_and_not_repeated(home: Home, typed: str, says: str) -> None:
    before = stored(home)
    said = responses(home, "withhold", typed)
    assert (said.code, stored(home)) == (2, before)
    assert says in said.err
    assert "hint:" in said.err
    assert typed not in said.everything


def test_an_id_of_several_answers_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    files = home.responses.files("sectra")
    both = {"a" * 64: files[0], "a" * 63 + "b": files[0]}
    monkeypatch.setattr(ResponseStore, "find", lambda *_: both)
    said = responses(home, "withhold", "a" * 8)
    assert said.code == 2
    assert "several answers" in said.err


def test_an_answer_without_a_comment_has_nothing_to_withhold(home: Home) -> None:
    said = responses(home, "withhold", key_of(home, "Åsa Nord"))
    assert said.code == 2
    assert "no comment" in said.err


def test_answers_of_another_controller_are_not_reached(home: Home) -> None:
    said = responses(home, "withhold", key_of(home, "Beata Ek"), "--controller", "norrvik")
    assert said.code == 2
    assert "no policy" in said.err


def test_an_import_withholds_what_the_policy_says_and_tells_how_many(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    (export, _) = exports(tmp_path)
    mapping = write_mapping(tmp_path / "mapping.yaml")
    arguments = ("ingest", "--file", export, "--mapping", mapping, "--home", home.settings.home, "--json")
    (report,) = tillit(*arguments).json
    assert report["flagged"] == {"health": 1}
    assert report["withheld"] == {"special": 1, "de": 1}
    assert comments(open_again(home.settings.home))["Ture Sten"] == "<WITHHELD:special>"
    check_nothing_left_over(home)
