"""A package opens in a program that nobody here wrote, by its passphrase and by no other."""

import json
import subprocess

import pytest

from tests.support.desk import Desk
from tests.support.exports import answer

pytestmark = pytest.mark.servers


def seven_zip(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["7z", *map(str, arguments)], capture_output=True, encoding="utf-8", check=False)


def test_seven_zip_opens_a_package_by_its_passphrase_alone(tmp_path, mapping):
    desk = Desk(tmp_path, mapping)
    desk.take(*[answer(n, text="") for n in range(5)])
    made = desk.fulfil(desk.open("access", "person1@example.com"), "--json").json
    wrong = seven_zip("x", "-pwrong", f"-o{tmp_path / 'wrong'}", made["package"])
    assert (wrong.returncode, "Wrong password" in wrong.stderr) == (2, True), wrong.stderr
    done = seven_zip("x", f"-p{made['passphrase']}", f"-o{tmp_path / 'out'}", made["package"])
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "schema.json",
        "your-data.html",
        "your-data.json",
    }
    content = json.loads((tmp_path / "out" / "your-data.json").read_text("utf-8"))
    assert content["person"]["addresses"] == ["person1@example.com"]
    assert "AES-256" in seven_zip("l", "-slt", made["package"]).stdout
