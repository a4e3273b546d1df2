"""A server that goes on by itself: started, found and stopped by its home.

A running server leaves `server.json` in its home, with its process and its address; one that was
killed leaves it too, so the process is looked for before anything is believed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from pydantic import ValidationError

from fc_distilabel.errors import InputError, RunError
from fc_distilabel.types import Noun

RUNNING = "server.json"
SAID = "server.out"
"""What a server in the background says."""
START_SECONDS = 120.0
STOP_SECONDS = 30.0
POLL_SECONDS = 0.1


class Running(Noun):
    """A server's process and address."""

    pid: int
    started: float
    """When the process was made, by the system: another one may have its number later."""
    url: str

    def process(self) -> psutil.Process | None:
        """The process, if it is still that one."""
        try:
            process = psutil.Process(self.pid)
            return process if process.create_time() == self.started else None
        except psutil.NoSuchProcess:
            return None


def running(home: Path) -> Running | None:
    """The server that runs on a home, if one does."""
    try:
        found = Running.model_validate_json((home / RUNNING).read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.process() else None


def note_here(home: Path, url: str) -> None:
    """Say in the home that this process serves it, at that address."""
    process = psutil.Process()
    here = Running(pid=process.pid, started=process.create_time(), url=url)
    (home / RUNNING).write_text(here.to_json(), encoding="utf-8")


def forget_here(home: Path) -> None:
    """Say in the home that nobody serves it any more."""
    (home / RUNNING).unlink(missing_ok=True)


def start(home: Path, options: Sequence[str]) -> tuple[Running, str]:
    """The server on that home, started with `argilla serve` and these options where none runs.

    Returns:
        The server, and what it said on its way; nothing where it ran before.

    Raises:
        InputError: it could not start; with what it said.
        RunError: it does not answer.
    """
    if found := running(home):
        return found, ""
    _require_folder(home)
    said = home / SAID
    command = [sys.executable, "-m", "fc_distilabel", "argilla", "serve", "--home", str(home)]
    with open(said, "w", encoding="utf-8", opener=_private) as out:
        process = subprocess.Popen(
            [*command, *options],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if found := running(home):
            return found, said.read_text(encoding="utf-8")
        if process.poll() is not None:
            raise InputError(_why(said))
        time.sleep(POLL_SECONDS)
    process.terminate()
    raise RunError(f"the server did not start within {START_SECONDS:g} s: {_why(said)}")


def _require_folder(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--home {str(home)!r} cannot be used: {error.strerror}") from error


def _private(path: str, flags: int) -> int:
    """What a server says at its first start is how to log in."""
    return os.open(path, flags, 0o600)


def _why(said: Path) -> str:
    lines = said.read_text(encoding="utf-8").splitlines()
    return lines[-1].removeprefix("error: ") if lines else f"it said nothing ({str(said)!r})"


def stop(home: Path) -> Running | None:
    """Stop the server on a home; returns the one that ran, None where none did.

    Raises `RunError` where it does not go.
    """
    found = running(home)
    process = found.process() if found else None
    if found is None or process is None:
        return None
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except psutil.TimeoutExpired as error:
        raise RunError(f"the server (process {found.pid}) does not stop") from error
    return found
