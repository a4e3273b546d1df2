"""HTTP as servers really speak it: the connection is a real one."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.llms import http11
from fc_distilabel.llms.connections import Connections
from fc_distilabel.llms.http11 import BrokenOffError, NotConnectedError
from fc_distilabel.testing import FakeEndpoint

CASES = json.loads((Path(__file__).parents[1] / "cases/http_answers.json").read_text())
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
Write = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers each request as told, and counts connections."""

    def __init__(self, write: Write) -> None:
        self.connections = 0
        self.heads: list[str] = []
        self._write = write

    async def __aenter__(self) -> "Server":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await self._request(reader):
            self.heads.append(head)
            await self._write(writer)
            if writer.is_closing():
                return

    async def _request(self, reader: asyncio.StreamReader) -> str:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return ""
        await reader.readexactly(int(head.partition("Content-Length: ")[2].split()[0]))
        return head


async def fine(writer: asyncio.StreamWriter) -> None:
    writer.write(FINE)


def connections(url: str, key: str = "key") -> Connections:
    return Connections(url, key, 2.0)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["description"]) for c in CASES])
def test_answers(case: dict[str, Any]) -> None:
    """An answer is read to its end, or is a broken connection; a sound one is used again."""

    async def write(writer: asyncio.StreamWriter) -> None:
        for piece in case["pieces"]:
            writer.write(piece.encode())
            await writer.drain()
            await asyncio.sleep(0.01)
        if case.get("ends"):
            writer.close()

    async def twice() -> None:
        async with Server(write) as server:
            client = connections(server.url)
            for _ in range(2):
                if case.get("broken"):
                    with pytest.raises(BrokenOffError, match=r"\w"):
                        await asyncio.wait_for(client.post({}), 5)
                else:
                    answer = await asyncio.wait_for(client.post({}), 5)
                    assert answer.text == case["content"]
            assert server.connections == (1 if case.get("reused") else 2)

    asyncio.run(twice())


def test_a_connection_that_the_server_closed_meanwhile_is_not_used() -> None:
    """Nobody is told of a connection that ended while it was idle."""

    async def once(writer: asyncio.StreamWriter) -> None:
        writer.write(FINE)
        writer.close()

    async def twice() -> int:
        async with Server(once) as server:
            client = connections(server.url)
            for _ in range(2):
                assert (await client.post({})).text == "OK"
                await asyncio.sleep(0.05)
            return server.connections

    assert asyncio.run(twice()) == 2


def test_an_idle_connection_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was idle for long is not trusted."""
    monkeypatch.setattr(http11, "IDLE_SECONDS", 0.02)

    async def thrice() -> int:
        async with Server(fine) as server:
            client = connections(server.url)
            await client.post({})
            await client.post({})
            await asyncio.sleep(0.05)
            await client.post({})
            return server.connections

    assert asyncio.run(thrice()) == 2


def test_a_request_that_was_given_up_takes_its_connection_along() -> None:
    """An answer that comes late is never taken for that to another request."""

    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(FINE)

    async def both() -> int:
        async with Server(slow) as server:
            client = connections(server.url)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.post({}), 0.02)
            await client.post({})
            return server.connections

    assert asyncio.run(both()) == 2


@pytest.mark.parametrize(
    ("base", "key", "line", "header"),
    [
        ("{url}", "key", "POST /v1/chat/completions HTTP/1.1", "Authorization: Bearer key"),
        ("{url}/", "key", "POST /v1/chat/completions HTTP/1.1", "Content-Type: application/json"),
        ("{url}?api-version=2&x=%20", "k", "POST /v1/chat/completions?api-version=2&x=%20 ", ""),
        ("{user}", "key", "POST /v1/chat", "Authorization: Basic bWU6cGFzcw=="),
        ("{url}/模型", "key", "POST /v1/%E6%A8%A1%E5%9E%8B/chat/completions HTTP/1.1", ""),
    ],
)
def test_requests(base: str, key: str, line: str, header: str) -> None:
    """Path, query, key and user stand where a server looks for them."""

    async def head() -> str:
        async with Server(fine) as server:
            url = base.format(url=server.url, user=server.url.replace("//", "//me:pass@"))
            await connections(url, key).post({"a": "ä\ud83d"})
            return server.heads[0]

    asked = asyncio.run(head())
    assert asked.startswith(line) and header in asked
    assert asked.count("Host: 127.0.0.1:") == 1


def test_who_pays_at_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    """Organization and project come from the variables that OpenAI's own client knows."""
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")

    async def head() -> str:
        async with Server(fine) as server:
            await connections(server.url).post({})
            return server.heads[0]

    asked = asyncio.run(head())
    assert "OpenAI-Organization: org-1" in asked and "OpenAI-Project: proj-1" in asked


def test_what_cannot_be_written_as_utf8_is_escaped() -> None:
    """Half of a surrogate pair, which a model may well write, goes out and comes back."""
    body = {"model": "m", "messages": [{"role": "user", "content": "字\ud83d"}]}
    with FakeEndpoint() as endpoint:
        asyncio.run(connections(endpoint.base_url).post(body))
    assert endpoint.bodies == [body]


@pytest.mark.parametrize("url", ["https://127.0.0.1:{port}/v1", "http://[::1]:{port}/v1"])
def test_no_connection(url: str) -> None:
    """A server that speaks no TLS, or listens elsewhere, was never connected to."""
    with FakeEndpoint() as endpoint:
        port = endpoint.base_url.split(":")[2].partition("/")[0]
        with pytest.raises(NotConnectedError, match=r"\w"):
            asyncio.run(connections(url.format(port=port)).post({}))


def test_no_answer_to_a_call_for_a_connection() -> None:
    """A time-out of its own holds until the connection is there."""

    async def hang(*_: Any, **__: Any) -> Any:
        await asyncio.sleep(60)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "open_connection", hang)
        with pytest.raises(NotConnectedError, match=r"within 0\.02 s"):
            asyncio.run(Connections("http://h/v1", "key", 0.02).post({}))


def test_a_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests go by the proxy that is named there, but for hosts that are exempt."""
    body = {"model": "m", "messages": []}
    with FakeEndpoint() as proxy, FakeEndpoint() as endpoint:
        monkeypatch.setenv("http_proxy", proxy.base_url.removesuffix("/v1"))
        answer = asyncio.run(connections("http://model.invalid/v1").post(body))
        assert "no such path: http://model.invalid/v1/chat/completions" in answer.text
        assert asyncio.run(connections(endpoint.base_url).post(body)).status == 404
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert asyncio.run(connections(endpoint.base_url).post(body)).status == 200


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same as an endpoint that is not there; one that breaks off, as one that does."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(NotConnectedError, match=r"\w"):
        asyncio.run(connections("http://model.invalid/v1").post({}))

    async def close(writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def broken() -> None:
        async with Server(close) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/v1"))
            with pytest.raises(BrokenOffError, match=r"\w"):
                await connections("http://model.invalid/v1").post({})

    asyncio.run(broken())
