"""The fake endpoint: OpenAI-compatible, on loopback, on an event loop in a thread of its own."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from types import TracebackType
from typing import Any

from typing_extensions import Self

from fc_distilabel.testing.behaviour import Behaviour, Fault
from fc_distilabel.testing.counters import Counters, Meter
from fc_distilabel.testing.http import NONE, Connection, Request, response
from fc_distilabel.testing.replies import completion, default_reply, tool_call

Reply = Callable[[dict[str, Any]], str | dict[str, Any]]
Faults = Sequence[Fault] | Callable[[int], Fault]

BACKLOG = 1024
REPLYING_AT_ONCE = 64
START_SECONDS = 10.0


class FakeEndpoint:
    """An OpenAI-compatible chat-completions endpoint on loopback, as a context manager."""

    def __init__(
        self,
        reply: Reply | None = None,
        faults: Faults = (),
        retry_after: str = "",
        *,
        behaviour: Behaviour | None = None,
        port: int = 0,
        keep: bool = True,
    ) -> None:
        """Set up without starting.

        Args:
            reply: Makes the text, or the whole message, for a request's body, in a thread: it may
                block. By default an instance of the schema in its response format, or "OK".
            faults: What happens to the requests, in the order in which they come: a sequence
                (requests beyond its end are answered) or a function of the request's number.
            retry_after: The Retry-After header of a 429 or 500; the behaviour's by default.
            behaviour: Latency, and faults by chance or content, for what `faults` leaves "ok".
            port: The port to listen on; 0 for any.
            keep: Whether bodies and keys are kept.
        """
        self.bodies: list[dict[str, Any]] = []
        """The bodies of all requests, in the order in which they came."""
        self.keys: list[str] = []
        """The bearer tokens of all requests."""
        self._behaviour = behaviour or Behaviour()
        self._retry_after = retry_after or self._behaviour.retry_after
        self._reply = reply
        self._faults = faults
        self._keep = keep
        self._meter = Meter()
        self._connections: set[Connection] = set()
        self._threads = ThreadPoolExecutor(REPLYING_AT_ONCE)
        self._socket = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
        self._port: int = self._socket.getsockname()[1]
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    @property
    def base_url(self) -> str:
        """The URL to give to a client."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def counters(self) -> Counters:
        """What came in and went out so far; `GET /counters` for other processes."""
        return self._meter.read()

    @property
    def requests(self) -> int:
        """How many requests came in."""
        return self._meter.requests

    @property
    def peak_in_flight(self) -> int:
        """The largest number of requests that were under way at once."""
        return self.counters.peak_in_flight

    def __enter__(self) -> Self:
        """Start to answer."""
        self._thread.start()
        self._started.wait(START_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and let hanging requests go."""
        assert self._loop is not None, "it was started"
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await self._loop.create_server(
            lambda: Connection(self._serve, self._connections),
            sock=self._socket,
            backlog=BACKLOG,
        )
        self._started.set()
        await self._stop.wait()
        server.close()
        for connection in tuple(self._connections):
            connection.abort()
        # What still blocks in a reply is not waited for.
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _serve(self, request: Request) -> bytes | None:
        if request.path == "/counters":
            return _json(200, asdict(self.counters))
        if request.path != "/v1/chat/completions":
            return _error(404, f"no such path: {request.path}")
        try:
            body = json.loads(request.body)
        except ValueError:
            return _error(400, "the body is not JSON")
        if not isinstance(body, dict) or not body.keys() >= {"model", "messages"}:
            return _error(400, "model and messages are needed")
        return await self._complete(request, body)

    async def _complete(self, request: Request, body: dict[str, Any]) -> bytes | None:
        number = self._meter.requests
        nth = self._meter.came(request.body)
        if self._keep:
            self.bodies.append(body)
            self.keys.append(request.headers.get("authorization", "").removeprefix("Bearer "))
        fault = self._fault(request.body, number, nth)
        answered = False
        try:
            answer = await self._answer(fault, body, self._behaviour.seconds(request.body, nth))
            answered = True
        finally:
            self._meter.went(request.body, fault, answered)
        return answer

    def _fault(self, body: bytes, number: int, nth: int) -> Fault:
        if callable(self._faults):
            told = self._faults(number)
        else:
            told = self._faults[number] if number < len(self._faults) else "ok"
        return self._behaviour.fault(body, nth) if told == "ok" else told

    async def _answer(self, fault: Fault, body: dict[str, Any], seconds: float) -> bytes | None:
        if fault == "hang":
            await self._stop.wait()
        if fault in ("hang", "disconnect"):
            return None
        if fault not in ("ok", "garbage", "empty"):
            return _error(int(fault), f"injected {fault}", self._retry_after)
        if seconds:
            await asyncio.sleep(seconds)
        if fault == "garbage":
            return response(200, b"<html>not a completion</html>")
        said = None if fault == "empty" else await self._said(body)
        return _json(200, completion(body, said))

    async def _said(self, body: dict[str, Any]) -> str | dict[str, Any]:
        if self._reply is not None:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._reply, body)
        call = tool_call(body) if self._behaviour.tool_calls else None
        return call or default_reply(body)


def _json(status: int, value: dict[str, Any], headers: Mapping[str, str] = NONE) -> bytes:
    return response(status, json.dumps(value).encode(), headers)


def _error(status: int, message: str, retry_after: str = "") -> bytes:
    headers = {"Retry-After": retry_after} if retry_after and status in (429, 500) else {}
    return _json(status, {"error": {"message": message, "type": "fake", "code": None}}, headers)
