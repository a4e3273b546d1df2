"""Any distilabel LLM as a `ChatModel`: the schema goes into the prompt, failures become ours."""

import asyncio
import inspect
import json
from collections.abc import Callable
from typing import Any, cast

import httpx
import openai
from distilabel.models.llms import LLM, AsyncLLM
from distilabel.typing import GenerateOutput

from fc_distilabel.errors import EndpointError
from fc_distilabel.llms.lockstep import Lockstep
from fc_distilabel.synthesis.chat import ChatModel, ChatRequest, Completion
from fc_distilabel.types import canonical_json

FOREIGN_FAILURES = (
    openai.OpenAIError,
    httpx.HTTPError,
    asyncio.TimeoutError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the clients inside distilabel's LLMs raise; their own types differ by provider."""


def as_chat_model(llm: LLM) -> ChatModel:
    """The LLM itself where it is a `ChatModel`, else a wrapper around it; it must be loaded."""
    if hasattr(llm, "complete") and hasattr(llm, "identity"):
        return cast(ChatModel, llm)
    return ForeignChatModel(llm)


class ForeignChatModel:
    """A distilabel LLM that knows nothing of us, seen as a `ChatModel`."""

    def __init__(self, llm: LLM) -> None:
        """Wrap a loaded LLM."""
        self._llm = llm
        # A local model in this process is not made for two callers at once.
        self._line = Lockstep(self._generate_batch)

    @property
    def identity(self) -> str:
        """Class, model and generation settings of the LLM."""
        kind = type(self._llm)
        settings = {
            "class": f"{kind.__module__}.{kind.__qualname__}",
            "model": self._llm.model_name,
            # Through text, since the values may be of any type.
            "generation_kwargs": json.dumps(
                self._llm.get_generation_kwargs() or {}, sort_keys=True, default=repr
            ),
        }
        return canonical_json(settings)

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer one request.

        Raises:
            EndpointError: the LLM raised, or generated nothing.
        """
        started = asyncio.get_running_loop().time()
        try:
            output = await self._generate(messages_with_schema(request), request)
        except FOREIGN_FAILURES as error:
            reason = str(error) or type(error).__name__
            raise EndpointError(f"{self._llm.model_name} failed: {reason}") from error
        return self._completion(output, asyncio.get_running_loop().time() - started)

    async def _generate(self, messages: Any, request: ChatRequest) -> GenerateOutput:
        if isinstance(self._llm, AsyncLLM):
            options = self._options(self._llm.agenerate, request)
            return await self._llm.agenerate(input=messages, num_generations=1, **options)
        return await self._line.ask(messages, self._options(self._llm.generate, request))

    def _generate_batch(self, inputs: list[Any], options: dict[str, Any]) -> list[GenerateOutput]:
        outputs: list[GenerateOutput] = self._llm.generate_outputs(
            inputs=inputs, num_generations=1, **options
        )
        return outputs

    def _options(self, generate: Callable[..., Any], request: ChatRequest) -> dict[str, Any]:
        """The LLM's own settings, overruled by the request's where the LLM knows the option."""
        wanted = {
            "max_new_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
        }
        known = inspect.signature(generate).parameters
        own = dict(self._llm.get_generation_kwargs() or {})
        return own | {name: value for name, value in wanted.items() if name in known}

    def _completion(self, output: GenerateOutput, seconds: float) -> Completion:
        text = (output["generations"] or [None])[0]
        if not text or not text.strip():
            raise EndpointError(f"{self._llm.model_name} answered without content")
        statistics = output.get("statistics") or {}
        return Completion(
            text=text,
            prompt_tokens=_first(statistics.get("input_tokens")),
            completion_tokens=_first(statistics.get("output_tokens")),
            seconds=seconds,
        )


def messages_with_schema(request: ChatRequest) -> list[dict[str, Any]]:
    """The request's messages; a response schema stands at the end of the last user's."""
    messages = [dict(message) for message in request.messages]
    if request.response_schema is None:
        return messages
    order = f"Answer with JSON only, valid under this JSON Schema:\n{_text(request)}"
    for message in reversed(messages):
        if message["role"] == "user":
            message["content"] += f"\n\n{order}"
            return messages
    return [*messages, {"role": "user", "content": order}]


def _text(request: ChatRequest) -> str:
    return json.dumps(request.response_schema, ensure_ascii=False)


def _first(counts: list[int] | None) -> int:
    return int(counts[0]) if counts else 0
