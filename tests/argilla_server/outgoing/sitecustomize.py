"""Imported by Python as it starts: notes every address that the process looks up or dials."""

import os
import sys

FILE = os.environ.get("FC_TEST_OUTGOING", "")


def _note(event: str, given: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        address = given[0] if event == "socket.getaddrinfo" else given[1]
        with open(FILE, "a", encoding="utf-8") as file:
            file.write(f"{address!r}\n")


if FILE:
    sys.addaudithook(_note)
