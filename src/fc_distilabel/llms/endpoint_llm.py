"""The common part of our LLMs: distilabel's `AsyncLLM` and the synthesis' `ChatModel` in one.

distilabel's own OpenAI LLM loses a whole batch to one HTTP 400 and cannot ask for a JSON Schema per
row; here every row succeeds or fails alone.
"""

import asyncio
import logging
import os
from abc import abstractmethod
from typing import Any

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.models.llms import AsyncLLM
from distilabel.typing import FormattedInput, GenerateOutput
from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, PrivateAttr

from fc_distilabel.errors import EndpointError
from fc_distilabel.llms.client import CompletionsClient, Endpoint, Limits
from fc_distilabel.llms.inputs import as_output, split_input
from fc_distilabel.llms.slots import SLOTS_VARIABLE
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.types import canonical_json


class EndpointLLM(AsyncLLM):
    """An LLM behind an OpenAI-compatible endpoint.

    Attributes:
        max_in_flight: the largest number of requests under way at once.
        timeout: the seconds that one try of a request may take.
        max_retries: how often a request is sent again after a failure that may pass.
        structured_output: `{"format": "json", "schema": ...}` for inputs that name no schema.

    Runtime parameters:
        - `max_in_flight`: the largest number of requests under way at once.
        - `timeout`: the seconds that one try of a request may take.
        - `max_retries`: how often a request is sent again after a failure that may pass.
        - `structured_output`: the structured output for inputs that name no schema.
    """

    max_in_flight: RuntimeParameter[PositiveInt] = Field(
        default=32, description="The largest number of requests under way at once."
    )
    timeout: RuntimeParameter[PositiveFloat] = Field(
        default=120.0, description="The seconds that one try of a request may take."
    )
    max_retries: RuntimeParameter[NonNegativeInt] = Field(
        default=6, description="How often a request is sent again after a failure that may pass."
    )
    structured_output: RuntimeParameter[dict[str, Any]] | None = Field(
        default=None, description="The structured output for inputs that name no schema."
    )

    _client: CompletionsClient | None = PrivateAttr(None)

    @property
    @abstractmethod
    def identity(self) -> str:
        """Names the model and all settings that change its replies."""

    @abstractmethod
    def _endpoint(self) -> Endpoint:
        """Where requests go."""

    def _takes_tools(self) -> bool:
        """Whether requests may have tools."""
        return False

    def load(self) -> None:
        """Make the client; connections open with the first request."""
        super().load()
        # As distilabel does with the HTTP libraries it knows: else each request is a line of log.
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        self._client = CompletionsClient(self._endpoint(), self._limits())

    def unload(self) -> None:
        """Drop the client, which cannot be pickled."""
        self._client = None
        super().unload()

    async def check(self) -> None:
        """Ask for one token, to learn early whether the endpoint can be used.

        Raises:
            EndpointError: it does not answer as it should.
            EndpointUnusableError: no request to it can succeed.
        """
        await self._loaded().check()

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer one request of the synthesis layer (see `ChatModel`)."""
        body: dict[str, Any] = {
            "messages": [_on_the_wire(message) for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
        }
        if request.tools and self._takes_tools():
            body["tools"] = list(request.tools)
        else:
            body |= _reply_format(request.response_schema)
        return await self._loaded().complete(body)

    async def agenerate(  # type: ignore[override]  # `**kwargs` would be a required parameter
        self,
        input: FormattedInput,
        num_generations: int = 1,
        max_new_tokens: int = 512,
        temperature: float = 0.7,
        top_p: float = 1.0,
        seed: int | None = None,
    ) -> GenerateOutput:
        """Generate replies to one input; one that fails is None and leaves the others alone.

        Args:
            input: messages, or `(messages, {"format": "json", "schema": ...})`.
            num_generations: how many replies to make.
            max_new_tokens: the most tokens a reply may have.
            temperature: the sampling temperature.
            top_p: the share of probability that is sampled from.
            seed: the seed of the first reply; the following ones count up from it.

        Returns:
            The generations and their token counts.
        """
        options = {"max_tokens": max_new_tokens, "temperature": temperature, "top_p": top_p}
        seeds = [{} if seed is None else {"seed": seed + draw} for draw in range(num_generations)]
        replies = [self._reply_or_none(input, {**options, **one}) for one in seeds]
        return as_output(await asyncio.gather(*replies))

    async def _reply_or_none(
        self, given: FormattedInput, options: dict[str, Any]
    ) -> Completion | None:
        try:
            messages, schema = split_input(given, self.structured_output)
            body = {"messages": messages, **options, **_reply_format(schema)}
            return await self._loaded().complete(body)
        except EndpointError as error:
            self._logger.warning(f"no generation for one input: {error}")
            return None

    def _limits(self) -> Limits:
        # A runtime parameter may be None; then the most careful value holds.
        return Limits(
            timeout=self.timeout or 120.0,
            max_retries=self.max_retries or 0,
            max_in_flight=self.max_in_flight or 1,
            slots=os.environ.get(SLOTS_VARIABLE, ""),
        )

    def _loaded(self) -> CompletionsClient:
        if self._client is None:
            raise RuntimeError(f"{type(self).__name__} is not loaded: call load() first")
        return self._client


def _reply_format(schema: dict[str, Any] | None) -> dict[str, Any]:
    if schema is None:
        return {}
    # Not strict: strict mode knows only part of JSON Schema and refuses the rest.
    named = {"name": "reply", "schema": schema, "strict": False}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def _on_the_wire(message: dict[str, Any]) -> dict[str, Any]:
    """The message with the arguments of its calls as text: there, OpenAI knows no objects."""
    if not message.get("tool_calls"):
        return message
    return message | {"tool_calls": [_with_text(call) for call in message["tool_calls"]]}


def _with_text(call: dict[str, Any]) -> dict[str, Any]:
    function = call["function"]
    if isinstance(function["arguments"], str):
        return call
    text = canonical_json(function["arguments"])
    return call | {"function": function | {"arguments": text}}
