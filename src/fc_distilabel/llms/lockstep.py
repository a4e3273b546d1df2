"""A local model that answers several prompts at once, asked by rows that each wait for one.

What is asked while the model is at work makes up its next batch, as far as the options are equal.
A batch that fails is asked again one by one, so that a prompt which the model cannot bear is the
failure of its own row only.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from distilabel.typing import GenerateOutput

LARGEST_BATCH = 32
GATHER_SECONDS = 0.01
"""Rows that were answered together ask on together; this is nothing beside a local model's time."""

Options = dict[str, Any]
Generate = Callable[[list[Any], Options], Sequence[GenerateOutput]]
_Asked = tuple[Any, "asyncio.Future[GenerateOutput]"]


class Lockstep:
    """The line before one model; for one event loop at a time."""

    def __init__(self, generate: Generate) -> None:
        """`generate` answers prompts with equal options; it is called in a thread, never twice."""
        self._generate = generate
        self._lines: dict[str, tuple[Options, list[_Asked]]] = {}
        self._runner: asyncio.Task[None] | None = None

    async def ask(self, prompt: Any, options: Options) -> GenerateOutput:
        """Wait for the answer to one prompt; raises what the model raised for it."""
        answer: asyncio.Future[GenerateOutput] = asyncio.get_running_loop().create_future()
        key = json.dumps(options, sort_keys=True, default=repr)
        self._lines.setdefault(key, (options, []))[1].append((prompt, answer))
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._lines:
                await asyncio.sleep(GATHER_SECONDS)
                options, batch = self._take()
                if not await self._answer(batch, options, alone=len(batch) == 1):
                    for asked in batch:
                        await self._answer([asked], options, alone=True)
        finally:
            self._runner = None

    def _take(self) -> tuple[Options, list[_Asked]]:
        """The line that formed first, as far as it fits; its rest goes to the end."""
        key = next(iter(self._lines))
        options, line = self._lines.pop(key)
        if rest := line[LARGEST_BATCH:]:
            self._lines[key] = (options, rest)
        return options, line[:LARGEST_BATCH]

    async def _answer(self, batch: list[_Asked], options: Options, alone: bool) -> bool:
        """Hand out the answers to a batch; False where it must be asked again one by one."""
        prompts = [prompt for prompt, _ in batch]
        working = asyncio.ensure_future(asyncio.to_thread(self._generate, prompts, options))
        await asyncio.wait({working})
        error = working.exception()
        outputs = [] if error else list(working.result())
        if len(outputs) != len(batch) and not alone:
            return False
        for index, (_, answer) in enumerate(batch):
            if answer.done():  # its row was given up
                continue
            if error:
                answer.set_exception(error)
            else:
                nothing: GenerateOutput = {"generations": [], "statistics": {}}
                answer.set_result(outputs[index] if index < len(outputs) else nothing)
        return True
