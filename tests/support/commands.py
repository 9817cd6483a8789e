"""Processes that tests start: with an environment made for them, and kept on this machine."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TILLIT = str(Path(sys.executable).with_name("tillit"))
_LOOPBACK_ONLY = Path(__file__).with_name("loopback_only")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process: nothing of the developer's own, this checkout's code, no network.

    `folder` stands in for the user's folder; attempts to reach the network are noted in it.
    """
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([str(_LOOPBACK_ONLY), str(ROOT)]),
        "TILLIT_TESTS_ATTEMPTS": str(folder / "attempts.log"),
        "DO_NOT_TRACK": "1",
        **more,
    }


def as_operator(*command: object, environ: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run a command as an operator does."""
    return subprocess.run(
        [_TILLIT, *map(str, command)], env=environ, cwd=environ["HOME"], capture_output=True, timeout=180
    )


def begin(*command: object, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Begin a command as an operator does, and do not wait for it."""
    return subprocess.Popen(
        [_TILLIT, *map(str, command)],
        env=environ,
        cwd=environ["HOME"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
