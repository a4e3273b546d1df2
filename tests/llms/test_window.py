"""A window over an input of any length."""

import asyncio
from collections.abc import Iterator

import pytest

from fc_distilabel.llms.window import in_window


def test_results_come_in_the_order_of_the_input() -> None:
    """Whichever item is finished first, and never more at once than allowed."""
    inside: list[int] = []
    most = 0

    async def work(number: int) -> int:
        nonlocal most
        inside.append(number)
        most = max(most, len(inside))
        await asyncio.sleep(0.001 * (number % 7))
        inside.remove(number)
        return 10 * number

    assert asyncio.run(in_window(range(100), work, 8)) == [10 * n for n in range(100)]
    assert most == 8


def test_input_is_read_no_faster_than_it_is_worked_on() -> None:
    """Ten thousand items are not ten thousand tasks."""
    read = 0
    most = 0

    def items() -> Iterator[int]:
        nonlocal read
        for number in range(10_000):
            read += 1
            yield number

    async def work(number: int) -> None:
        nonlocal most
        assert read <= number + 16
        most = max(most, len(asyncio.all_tasks()))
        await asyncio.sleep(0)

    assert len(asyncio.run(in_window(items(), work, 16))) == 10_000
    assert most <= 17


def test_an_exception_ends_all_of_it() -> None:
    """No worker goes on behind the back of who called."""
    started: list[int] = []

    async def work(number: int) -> None:
        started.append(number)
        await asyncio.sleep(0.001)
        if number == 5:
            raise ValueError("five")

    async def run() -> int:
        with pytest.raises(ValueError, match="five"):
            await in_window(range(1000), work, 4)
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1
    assert len(started) < 20


def test_an_empty_input_gives_nothing() -> None:
    """Not even a worker is needed."""

    async def work(number: int) -> None:
        raise AssertionError(number)

    assert asyncio.run(in_window([], work, 0)) == []
