"""A home of answers, and the terminal beside it at which an officer sits."""

from datetime import timedelta
from pathlib import Path

import yaml

from data.clock import FixedClock
from flows.wiring import Home, Settings
from tests.support.exports import write_export
from tests.support.homes import NOW, Said, new_home, stored, take, tillit
from tests.support.policies import decided, decided_text

IDENTITY = ("--by", "Eva Ek", "--identity", "address on file")


class Desk:
    """Commands run at the machine's own time, functions at that of `home`."""

    def __init__(self, folder: Path, mapping: Path) -> None:
        self.folder, self.mapping, self.controller = folder, mapping, "sectra"
        self.home = new_home(folder / "home")

    @classmethod
    def of(cls, controller: str, folder: Path, mapping: Path) -> "Desk":
        """The desk of another controller, its gaps filled in; the export has only what its policy names."""
        desk, policy = cls(folder, mapping), decided(controller)
        desk.controller = controller
        own = folder / "home" / "policies"
        own.mkdir(parents=True)
        (own / f"{controller}.yaml").write_text(decided_text(controller), "utf-8")
        mapped = yaml.safe_load(mapping.read_text("utf-8")) | {"controller": controller}
        dropped = [column for field, column in mapped["columns"].items() if field not in policy.fields]
        mapped["drop"] = [*mapped.get("drop", []), *dropped]
        mapped["columns"] = {f: column for f, column in mapped["columns"].items() if f in policy.fields}
        mapped["scale"] = {"minimum": policy.scale.minimum, "maximum": policy.scale.maximum}
        mapping.write_text(yaml.safe_dump(mapped, allow_unicode=True), "utf-8")
        assert desk.run("keys", "init", "--controller", controller).code == 0
        return desk

    def run(self, *command: object) -> Said:
        return tillit(*command, environ={"TILLIT_HOME": str(self.home.settings.home)})

    def take(self, *rows: dict[str, str], name: str = "e.csv") -> dict[str, int]:
        export = write_export(self.folder / name, rows)
        return dict(take(self.home, export, self.mapping).counts)

    def open(self, kind: str, address: str, name: str = "", *more: object) -> str:
        file = self.folder / "who.txt"
        file.write_text(f"{address}\n{name}\n", "utf-8")
        whose = ("--controller", self.controller)
        said = self.run("rights", "open", "--kind", kind, "--email-file", file, *whose, *more, "--json")
        assert said.code == 0, said.everything
        case: str = said.json["case"]
        return case

    def fulfil(self, case: str, *more: object) -> Said:
        shown = ("--by", "Eva Ek", "--identity", decided(self.controller).identity.assurance)
        return self.run("rights", "fulfil", case, "--controller", self.controller, *shown, *more)

    def hold(self, *more: object) -> str:
        """Put a legal hold on everything, or on what `more` says; returns its id."""
        why = ("--ground", "tvist", "--by", "Eva Ek", "--review", "2099-01-01")
        said = self.run("retention", "hold", *why, *more, "--json")
        assert said.code == 0, said.everything
        hold: str = said.json["hold"]
        return hold

    @property
    def answers(self) -> int:
        return len(stored(self.home))

    def later(self, **time: int) -> Home:
        """The home some time after its answers were taken in."""
        self.home = Home(Settings.read({}, self.folder / "home"), FixedClock(NOW + timedelta(**time)))
        return self.home
