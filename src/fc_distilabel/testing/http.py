"""As much of HTTP/1.1 as a chat-completions client speaks: a body of known length, keep-alive."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class Request:
    """One request, whole."""

    path: str
    """Without the query."""
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


NONE: Mapping[str, str] = {}
Serve = Callable[[Request], Awaitable[bytes | None]]
"""Answers a request, or None to break off. Cancelled when the client goes away."""


def take_request(buffer: bytearray) -> Request | None:
    """Take the first request out of what was received, or None while it is not whole.

    Raises `ValueError` for what is not HTTP.
    """
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *lines = buffer[:end].decode("latin-1").split("\r\n")
    _, target, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    start = end + 4
    length = int(headers.get("content-length", "0"))
    if len(buffer) < start + length:
        return None
    body = bytes(buffer[start : start + length])
    del buffer[: start + length]
    return Request(target.partition("?")[0], headers, body)


def response(status: int, content: bytes, headers: Mapping[str, str] = NONE) -> bytes:
    """A response as it goes over the wire."""
    own = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in (own | dict(headers)).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + content


class Connection(asyncio.Protocol):
    """One client's connection: its requests are answered one after the other."""

    def __init__(self, serve: Serve, connections: "set[Connection]") -> None:
        """Answer by `serve`; a member of `connections` for as long as it is open."""
        self._serve = serve
        self._connections = connections
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Add to what came before."""
        self._buffer += data
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody waits for the answer any more."""
        if self._task is not None:
            self._task.cancel()
        self._transport = None
        self._connections.discard(self)

    def abort(self) -> None:
        """Break off."""
        if self._transport is not None:
            self._transport.abort()

    def _next(self) -> None:
        if self._transport is None or self._task is not None:
            return
        try:
            request = take_request(self._buffer)
        except ValueError:
            self._transport.close()
            return
        if request is not None:
            self._task = asyncio.get_running_loop().create_task(self._answer(request))

    async def _answer(self, request: Request) -> None:
        answer = None
        try:
            answer = await self._serve(request)
        finally:
            if answer is None:
                self.abort()
        if answer is not None and self._transport is not None:
            self._transport.write(answer)
            self._task = None
            self._next()
