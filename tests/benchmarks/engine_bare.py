"""The benchmark's load with nothing in between: a loop, a window, a client, the same bytes."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

from engine_load import Load, calls_of

Post = Callable[[bytes], Awaitable[bytes]]
CLIENT = "aiohttp" if find_spec("aiohttp") else "asyncio streams"


def run(load: Load, url: str, width: int, timeout: float, store: str = "") -> dict[str, Any]:
    """Hold all dialogues; says what that took. A failed call would end it."""
    return asyncio.run(_run(load, url + "/chat/completions", width))


async def _run(load: Load, url: str, width: int) -> dict[str, Any]:
    calls = [await calls_of(dialogue) for dialogue in load.make()]
    pending = iter(calls)
    right = 0

    async def work(post: Post) -> None:
        nonlocal right
        for dialogue in pending:
            for mark, body in dialogue:
                sent = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
                reply = json.loads(await post(sent.encode()))
                said = json.loads(reply["choices"][0]["message"]["content"])
                right += said["mark"] == mark

    async with (_aiohttp if CLIENT == "aiohttp" else _streams)(url) as post:
        cpu, wall = time.process_time(), time.perf_counter()
        await asyncio.gather(*(work(post) for _ in range(width)))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu": cpu, "wall": wall, "right": right}


@asynccontextmanager
async def _aiohttp(url: str) -> AsyncIterator[Post]:
    import aiohttp

    headers = {"Content-Type": "application/json", "Authorization": "Bearer none"}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def post(body: bytes) -> bytes:
            async with session.post(url, data=body) as response:
                return await response.read()

        yield post


@asynccontextmanager
async def _streams(url: str) -> AsyncIterator[Post]:
    """Less than any client does: no headers read but the length."""
    _, _, address, *path = url.split("/")
    host, _, port = address.partition(":")
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    head = f"POST /{'/'.join(path)} HTTP/1.1\r\nHost: {address}\r\nContent-Length: "

    async def post(body: bytes) -> bytes:
        reader, writer = idle.pop() if idle else await asyncio.open_connection(host, int(port))
        writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        content = await reader.readexactly(length)
        idle.append((reader, writer))
        return content

    yield post
    for _, writer in idle:
        writer.close()
