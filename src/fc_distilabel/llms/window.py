"""Many pieces of work at once, never more than so many, over an input of any length."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_window(items: Iterable[T], work: Callable[[T], Awaitable[R]], width: int) -> list[R]:
    """What `work` makes of each item, in the order of the items.

    So many workers as the window is wide pull from the input, so it is read no faster than it is
    worked on, and ten thousand items are not ten thousand tasks. An exception ends all of it.
    """
    results: dict[int, R] = {}
    pending = enumerate(items)

    async def pull() -> None:
        for number, item in pending:
            results[number] = await work(item)

    workers = [asyncio.create_task(pull()) for _ in range(width)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return [results[number] for number in range(len(results))]
