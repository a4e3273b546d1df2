"""A running Argilla for tests: the real command, in a process of its own, on a free port."""

import json
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import httpx

from commands import Command


@dataclass
class Server:
    """A server that is ready; `stop` or `kill` it."""

    home: Path
    port: int
    command: Command
    process: "subprocess.Popen[str]"
    told: list[str]
    """The lines it printed up to the one that says it is ready."""
    rest: str = ""
    """What it printed after that, once it is stopped."""
    stderr: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def username(self) -> str:
        return self._credentials()["username"]

    @property
    def password(self) -> str:
        return self._credentials()["password"]

    @property
    def api_key(self) -> str:
        return self._credentials()["api_key"]

    def _credentials(self) -> dict[str, str]:
        return json.loads((self.home / "credentials.json").read_text())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit status. What it said on its way is in `stderr`."""
        if self.process.returncode is None:
            self.process.send_signal(number)
            self.rest, self.stderr = self.process.communicate(timeout=60)
        return self.process.returncode

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process.returncode is None:
            self.process.kill()
            self.process.communicate(timeout=60)


def serve(home: Path, *options: object, port: int | None = None, **environment: str) -> Command:
    """The command that runs a server."""
    words = ("argilla", "serve", "--home", home, "--port", port or free_port(), *options)
    return Command(tuple(map(str, words)), environment)


def start(home: Path, *options: object, port: int | None = None, **environment: str) -> Server:
    """Start a server and wait until it is ready."""
    port = port or free_port()
    command = serve(home, *options, port=port, **environment)
    process = command.start()
    told: list[str] = []
    for line in process.stdout:
        told.append(line.rstrip("\n"))
        if " is ready at " in line:
            return Server(home, port, command, process, told)
    _, stderr = process.communicate(timeout=60)
    raise AssertionError(f"the server ended with {process.returncode}: {stderr}")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def log_in(server: Server, password: str = "") -> str:
    """The token that the owner's browser gets for name and password."""
    form = {"username": server.username, "password": password or server.password}
    answer = httpx.post(f"{server.url}/api/v1/token", data=form, timeout=30)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return answer.json()["access_token"]


def named_by(server: Server, token: str) -> str:
    """Whose token it is."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{server.url}/api/v1/me", headers=headers, timeout=30)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()["username"]
