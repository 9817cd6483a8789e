"""Keeps every Python process that a test starts on this machine. Python imports it by its name at start-up.

A fixture can watch the tests' own process only. Whatever is tried is refused, and noted in
the file that TILLIT_TESTS_ATTEMPTS names.
"""

import os
import sys
from pathlib import Path

_HERE = {"localhost", "127.0.0.1", "::1", "", None}


def _refuse(event: str, details: tuple) -> None:
    if event == "socket.getaddrinfo":
        host = details[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(details[1], tuple):
        host = details[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in _HERE:
        if noted := os.environ.get("TILLIT_TESTS_ATTEMPTS"):
            with Path(noted).open("a", encoding="utf-8") as file:
                file.write(f"{event} {host}\n")
        raise OSError("only this machine may be reached from a test")


sys.addaudithook(_refuse)
