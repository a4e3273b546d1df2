"""What synthesis needs of a model: one awaitable method, whatever stands behind it."""

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer


class ChatRequest(BaseModel):
    """One request, complete: equal requests to the same model may share one completion."""

    model_config = ConfigDict(frozen=True)

    stage: str
    """The stage that asks, for the ledger only; not part of the request's identity."""
    messages: tuple[dict[str, Any], ...]
    """`{"role", "content"}` in order; besides, an assistant's `tool_calls` and a tool's
    `tool_call_id`, as OpenAI writes them."""
    response_schema: dict[str, Any] | None = None
    """JSON Schema that the reply must follow, or None for free text."""
    tools: tuple[dict[str, Any], ...] = ()
    """OpenAI's `tools` entries, for a model with `native_tools`: no schema goes out with them."""
    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0
    """Derived from (run seed, row, turn), so that replies do not depend on their order."""

    @model_serializer(mode="wrap")
    def _without_empty_tools(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A request without tools keeps the identity that it had before there were tools.
        dumped: dict[str, Any] = dump(self)
        return dumped if self.tools else {k: v for k, v in dumped.items() if k != "tools"}


class Completion(BaseModel):
    """A model's reply, kept raw; parsing happens where it is used."""

    model_config = ConfigDict(frozen=True)

    text: str
    """What it says; native tool calls as a JSON list of `{"name", "arguments"}`, the arguments
    being the model's own text."""
    finish_reason: str = "stop"
    """`length` means the reply was cut."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    """Wall time of the request as the model took it; kept when replayed from the journal."""


class ChatModel(Protocol):
    """A chat model as the synthesis layer sees it.

    `complete` raises `EndpointError` for one failed request and `EndpointUnusableError` when no
    request can succeed; it never invents an empty reply. A model that takes a request's `tools`
    says so by an attribute `native_tools`; where a model has none, it gets no tools.
    """

    @property
    def identity(self) -> str:
        """Names the model and all settings that change its replies; part of the journal's key."""
        ...

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer one request."""
        ...
