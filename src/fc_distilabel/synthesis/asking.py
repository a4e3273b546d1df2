"""Asking a model for something checkable, a bounded number of times.

A reply is accepted only when it parses, follows its schema and passes the caller's own check.
What was wrong goes back with the next try in words; after the last try the row is dropped with the
last complaint. Nothing is repaired silently here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fc_distilabel.calls.parse import parse_reply
from fc_distilabel.errors import Dropped
from fc_distilabel.prompts import render
from fc_distilabel.synthesis.chat import ChatModel, ChatRequest, Completion
from fc_distilabel.synthesis.seeds import derive_seed
from fc_distilabel.types import Json, Language, Stage, Usage

T = TypeVar("T")

TRIES = 3
"""Requests made for one thing, the first one included."""

HOTTER = 0.2
"""Rise of the temperature per try: a refused reply should not come again."""
MAX_QUOTED = 600
"""How much of a refused reply is shown with the complaint."""

Check = Callable[[Json], str]
"""Says what is wrong with a parsed reply, or `` when nothing is. May raise `Dropped`."""


@dataclass
class Asker:
    """One row's line to the model: language, seed and the meter that counts what it costs."""

    model: ChatModel
    stage: Stage
    language: Language
    seed_parts: tuple[Json, ...]
    """(run seed, row id): what this row's random seeds derive from."""
    usage: Usage = field(init=False)

    def __post_init__(self) -> None:
        self.usage = Usage(stage=self.stage)

    async def json(
        self,
        prompt: str,
        schema: dict[str, Json],
        check: Check,
        *,
        max_tokens: int,
        temperature: float = 0.6,
        draw: int | str = 0,
        tries: int = TRIES,
        **variables: Json,
    ) -> Json:
        """A JSON reply to `prompt` that follows `schema` and passes `check`; see `ask`."""
        return await self.ask(
            prompt,
            schema,
            lambda text: _checked(text, schema, check),
            max_tokens=max_tokens,
            temperature=temperature,
            draw=draw,
            tries=tries,
            **variables,
        )

    async def ask(
        self,
        prompt: str,
        schema: dict[str, Json],
        accept: Callable[[str], T],
        *,
        max_tokens: int,
        temperature: float = 0.6,
        draw: int | str = 0,
        tries: int = TRIES,
        **variables: Json,
    ) -> T:
        """What `accept` makes of the first reply that it takes; it refuses by `Dropped`.

        `draw` tells apart repeated requests for the same thing, so that each has a seed of its own.

        Raises `Dropped` when no try was accepted, `EndpointError` when the model cannot be reached.
        """
        text = render(prompt, self.language, **variables)
        complaint, last = Dropped("no reply was asked for"), ""
        for turn in range(tries):
            completion = await self._complete(
                self._with_complaint(text, complaint, last) if turn else text,
                response_schema=schema,
                max_tokens=max_tokens,
                temperature=temperature + HOTTER * turn,
                seed=derive_seed(*self.seed_parts, prompt, draw, turn),
            )
            try:
                return accept(_whole(completion))
            except Dropped as dropped:
                complaint, last = dropped, completion.text
        raise complaint

    async def raw(
        self,
        prompt: str,
        schema: dict[str, Json],
        *,
        max_tokens: int,
        temperature: float,
        draw: int | str,
        **variables: Json,
    ) -> str:
        """The text of one reply, whatever it says."""
        completion = await self._complete(
            render(prompt, self.language, **variables),
            response_schema=schema,
            max_tokens=max_tokens,
            temperature=temperature,
            seed=derive_seed(*self.seed_parts, prompt, draw),
        )
        return completion.text

    @property
    def native_tools(self) -> bool:
        """Whether the model takes tools, and calls them, through its API."""
        return bool(getattr(self.model, "native_tools", False))

    async def call(
        self,
        messages: Sequence[dict[str, Json]],
        tools: Sequence[dict[str, Json]],
        *,
        max_tokens: int,
        temperature: float,
        draw: int | str,
    ) -> str:
        """The text of one reply to a conversation with tools: its calls as JSON, or words."""
        completion = await self._complete(
            messages,
            tools=tuple(tools),
            max_tokens=max_tokens,
            temperature=temperature,
            seed=derive_seed(*self.seed_parts, "call", draw),
        )
        return completion.text

    def _with_complaint(self, text: str, complaint: Dropped, last: str) -> str:
        words = complaint.detail or complaint.reason
        retry = render("retry", self.language, complaint=words, last=last[:MAX_QUOTED])
        return f"{text}\n\n{retry}"

    # Any: the settings of a `ChatRequest`.
    async def _complete(self, said: str | Sequence[dict[str, Json]], **settings: Any) -> Completion:
        messages = ({"role": "user", "content": said},) if isinstance(said, str) else tuple(said)
        request = ChatRequest(stage=self.stage, messages=messages, **settings)
        completion = await self.model.complete(request)
        spent = Usage(
            stage=self.stage,
            calls=1,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            seconds=completion.seconds,
        )
        self.spend(spent)
        return completion

    def spend(self, usage: Usage) -> None:
        """Add to what this row costs."""
        had = self.usage
        self.usage = had.model_copy(
            update={
                "calls": had.calls + usage.calls,
                "prompt_tokens": had.prompt_tokens + usage.prompt_tokens,
                "completion_tokens": had.completion_tokens + usage.completion_tokens,
                "seconds": round(had.seconds + usage.seconds, 3),
            }
        )


def _whole(completion: Completion) -> str:
    if completion.finish_reason == "length":
        raise Dropped("reply was cut at its token limit")
    return completion.text


def _checked(text: str, schema: dict[str, Json], check: Check) -> Json:
    reply = parse_reply(text, schema)
    if complaint := check(reply):
        raise Dropped("reply refused", complaint)
    return reply


def first_complaint(complaints: Sequence[str]) -> str:
    """The first of several complaints that is one."""
    return next((c for c in complaints if c), "")
