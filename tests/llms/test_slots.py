"""The bound on requests in flight, within a process and over several."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fc_distilabel.llms.client import CompletionsClient, Endpoint, Limits
from fc_distilabel.llms.slots import slots_of
from fc_distilabel.testing import Behaviour, FakeEndpoint

ASK = """
import asyncio, sys
from fc_distilabel.llms.client import CompletionsClient, Endpoint, Limits

url, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = CompletionsClient(Endpoint(url, "none", "fake"), Limits(9.0, 0, 4, folder))

async def main():
    body = {"messages": [{"role": "user", "content": "Hello"}]}
    await asyncio.gather(*(client.complete(body) for _ in range(count)))

asyncio.run(main())
"""
HOLD = """
import asyncio, sys
from fc_distilabel.llms.slots import slots_of

async def main():
    slots = slots_of("http://h/v1", 2, sys.argv[1])
    async with slots, slots:
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def child(code: str, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def ask(url: str, count: int, limits: Limits, clients: int = 1) -> None:
    """Send requests by several clients at once."""
    body = {"messages": [{"role": "user", "content": "Hello"}]}
    made = [CompletionsClient(Endpoint(url, "none", "fake"), limits) for _ in range(clients)]
    await asyncio.gather(*(client.complete(body) for client in made for _ in range(count)))


def test_processes_share_the_bound(tmp_path: Path) -> None:
    """Three processes together have no more in flight than one may, and all are answered."""
    with FakeEndpoint(behaviour=Behaviour(latency=0.02)) as endpoint:
        children = [child(ASK, endpoint.base_url, tmp_path, 30) for _ in range(3)]
        assert [process.wait() for process in children] == [0, 0, 0]
        assert endpoint.requests == 90
        assert endpoint.peak_in_flight == 4


def test_a_process_that_comes_later_gets_its_share(tmp_path: Path) -> None:
    """Slots go back to all while others wait: who has much to ask does not keep them to itself."""
    limits = Limits(9.0, 0, 4, str(tmp_path))
    with FakeEndpoint(behaviour=Behaviour(latency=0.05)) as endpoint:
        other = child(ASK, endpoint.base_url, tmp_path, 400)
        while endpoint.requests < 20:
            time.sleep(0.01)
        asyncio.run(ask(endpoint.base_url, 8, limits))
        left = 408 - endpoint.requests
        other.wait()
    assert left > 200


def test_a_killed_process_gives_its_slots_back(tmp_path: Path) -> None:
    """What a dead process held is free at once."""
    other = child(HOLD, tmp_path)
    assert other.stdout is not None and other.stdout.readline() == "held\n"

    async def take() -> None:
        slots = slots_of("http://h/v1", 2, str(tmp_path))
        waiting = asyncio.create_task(slots.__aenter__())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        other.kill()
        await asyncio.wait_for(waiting, 5)

    asyncio.run(take())
    other.communicate()


@pytest.mark.parametrize("shared", [False, True])
def test_clients_of_one_endpoint_share_the_bound(shared: bool, tmp_path: Path) -> None:
    """Two models of a step at the same endpoint count together."""
    limits = Limits(9.0, 0, 3, str(tmp_path) if shared else "")
    with FakeEndpoint(behaviour=Behaviour(latency=0.02)) as endpoint:
        asyncio.run(ask(endpoint.base_url, 10, limits, clients=2))
        assert (endpoint.requests, endpoint.peak_in_flight) == (20, 3)


def test_endpoints_have_slots_of_their_own(tmp_path: Path) -> None:
    """A full endpoint holds up nobody who asks another one."""

    async def both() -> None:
        first, second = (slots_of(url, 1, str(tmp_path)) for url in ("http://a", "http://b"))
        async with first:
            await asyncio.wait_for(second.__aenter__(), 5)

    asyncio.run(both())


def test_who_gives_up_takes_no_slot_along(tmp_path: Path) -> None:
    """A cancelled request leaves the line, or hands its slot on if it just got one."""

    async def take_turns() -> None:
        slots = slots_of("http://h/v1", 1, str(tmp_path))
        for wait in (0.0, 0.002, 0.02):
            await slots.__aenter__()
            waiting = [asyncio.create_task(slots.__aenter__()) for _ in range(3)]
            await asyncio.sleep(wait)
            waiting[0].cancel()
            await slots.__aexit__(None, None, None)
            waiting[1].cancel()
            await asyncio.wait_for(waiting[2], 5)
            await slots.__aexit__(None, None, None)
        async with slots:
            pass

    asyncio.run(take_turns())


def test_an_event_loop_that_ended_is_forgotten() -> None:
    """Each loop has slots of its own, free from the start."""

    async def take() -> None:
        await asyncio.wait_for(slots_of("http://h/v1", 1).__aenter__(), 5)

    asyncio.run(take())
    asyncio.run(take())
