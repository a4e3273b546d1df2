"""What synthesis needs of a model: one awaitable method, whatever stands behind it."""

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict


class ChatRequest(BaseModel):
    """One request, complete: equal requests to the same model may share one completion."""

    model_config = ConfigDict(frozen=True)

    stage: str
    """The stage that asks, for the ledger only; not part of the request's identity."""
    messages: tuple[dict[str, str], ...]
    """`{"role", "content"}` in order."""
    response_schema: dict[str, Any] | None = None
    """JSON Schema that the reply must follow, or None for free text."""
    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0
    """Derived from (run seed, row, turn), so that replies do not depend on their order."""


class Completion(BaseModel):
    """A model's reply, kept raw; parsing happens where it is used."""

    model_config = ConfigDict(frozen=True)

    text: str
    finish_reason: str = "stop"
    """`length` means the reply was cut."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    """Wall time of the request as the model took it; kept when replayed from the journal."""


class ChatModel(Protocol):
    """A chat model as the synthesis layer sees it.

    `complete` raises `EndpointError` for one failed request and `EndpointUnusableError` when no
    request can succeed; it never invents an empty reply.
    """

    @property
    def identity(self) -> str:
        """Names the model and all settings that change its replies; part of the journal's key."""
        ...

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer one request."""
        ...
