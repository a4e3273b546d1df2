"""A fake endpoint in a process of its own, so that it takes no time from the client measured."""

import json
import os
import subprocess
import sys
from types import TracebackType
from urllib.request import urlopen

from typing_extensions import Self

from fc_distilabel.errors import EndpointError
from fc_distilabel.testing.behaviour import Behaviour
from fc_distilabel.testing.counters import Counters

STOP_SECONDS = 5.0


class FakeEndpointProcess:
    """A context manager around `python -m fc_distilabel.testing`."""

    def __init__(
        self, reply: str = "", *, behaviour: Behaviour | None = None, core: int | None = None
    ) -> None:
        """Set up without starting.

        Args:
            reply: `module:function`, which makes the text, or the whole message, for a request's
                body; by default an instance of the schema in its response format, or "OK".
            behaviour: Latency and faults.
            core: The core that it is bound to, where the system can do that.
        """
        self._reply = reply
        self._behaviour = behaviour or Behaviour()
        self._core = core
        self._process: subprocess.Popen[str] | None = None
        self.base_url = ""
        """The URL to give to a client."""

    def __enter__(self) -> Self:
        """Start the process, and wait until it listens."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fc_distilabel.testing", *self._arguments()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # It imports from where this process does, a reply too.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        assert self._process.stdout is not None  # it is a pipe
        self.base_url = self._process.stdout.readline().strip()
        if not self.base_url:
            self.__exit__(None, None, None)
            raise EndpointError("the fake endpoint did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        assert self._process is not None, "it was started"
        self._process.terminate()
        self._process.communicate(timeout=STOP_SECONDS)

    @property
    def pid(self) -> int:
        """The process' id."""
        assert self._process is not None, "it was started"
        return self._process.pid

    @property
    def counters(self) -> Counters:
        """What it counted so far."""
        # The URL is our own process' on loopback.
        with urlopen(self.base_url.removesuffix("/v1") + "/counters") as answer:  # noqa: S310
            return Counters(**json.load(answer))

    def _arguments(self) -> list[str]:
        b = self._behaviour
        shares = [
            word for name, share in b.shares.items() for word in ("--fault", f"{name}={share}")
        ]
        values = {
            "--reply": self._reply,
            "--latency": b.latency,
            "--sigma": b.sigma,
            "--refuse": b.refuse,
            "--retry-after": b.retry_after,
            "--seed": b.seed,
        }
        plain = [f"{name}={value}" for name, value in values.items()]
        calls = ["--tool-calls"] if b.tool_calls else []
        core = [] if self._core is None else [f"--core={self._core}"]
        return [*plain, *shares, *calls, *core, "--until-input-ends"]
