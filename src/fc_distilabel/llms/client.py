"""One chat-completions endpoint: bounded in flight, retried with sense, failures told in a line."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from weakref import WeakKeyDictionary

import httpx2
from pydantic import BaseModel, Field, ValidationError
from tenacity import AsyncRetrying, stop_after_attempt, wait_fixed
from tenacity.wait import WaitBaseT

from fc_distilabel.errors import EndpointError, EndpointUnusableError
from fc_distilabel.llms.connections import Connections
from fc_distilabel.llms.failures import (
    FAILURES,
    Failure,
    NoContentError,
    StatusError,
    WorthRetrying,
    excerpt,
    explain,
    wait_before_retry,
)
from fc_distilabel.llms.slots import slots_of
from fc_distilabel.synthesis.chat import Completion
from fc_distilabel.synthesis.sending import require_leave
from fc_distilabel.types import Json, canonical_json

CONNECT_SECONDS = 10.0
EMPTY_TRIES = 3
"""A model that says nothing may well go on like that."""
CHECK_SECONDS = 60.0
CHECK_TRIES = 2

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """How much patience requests get, and how many go out at once."""

    timeout: float
    max_retries: int
    max_in_flight: int
    slots: str = ""
    """Folder of the slots that a run's processes share (see `slots_of`)."""


@dataclass(frozen=True)
class Endpoint:
    """Where requests go: a base URL, a key and a model's name."""

    base_url: str
    api_key: str = field(repr=False)
    model: str

    @property
    def url(self) -> str:
        """The base URL for messages and identities: no user, password or query."""
        return without_credentials(self.base_url)


def without_credentials(url: str) -> str:
    """The URL without user, password, query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


class _Function(BaseModel):
    name: str
    arguments: Json
    """The model's own text; some servers have an object here."""


class _ToolCall(BaseModel):
    function: _Function


class _Message(BaseModel):
    content: str | None = None
    tool_calls: list[_ToolCall] | None = None

    @property
    def text(self) -> str:
        """What the model says: its calls as JSON where it calls, else its words."""
        if self.tool_calls:
            return canonical_json([call.function.model_dump() for call in self.tool_calls])
        return self.content or ""


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Reply(BaseModel):
    """The part of a chat completion that is read."""

    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


class _Lane:
    """What belongs to one event loop: connections cannot be shared between loops."""

    def __init__(self, endpoint: Endpoint, limits: Limits) -> None:
        connect = min(CONNECT_SECONDS, limits.timeout)
        self.slots = slots_of(endpoint.url, limits.max_in_flight, limits.slots)
        self.connections = Connections(endpoint.base_url, endpoint.api_key, connect)


class CompletionsClient:
    """Sends request bodies to an endpoint and returns completions, or raises `EndpointError`."""

    def __init__(self, endpoint: Endpoint, limits: Limits) -> None:
        """Check URL and key; nothing is sent.

        Raises:
            EndpointUnusableError: the URL is not an HTTP one, or the key cannot be sent.
        """
        if not _is_http(endpoint.base_url):
            raise EndpointUnusableError(
                f"base_url is {endpoint.url!r}: an http:// or https:// URL is needed"
            )
        if not (endpoint.api_key.isascii() and endpoint.api_key.isprintable()):
            raise EndpointUnusableError(
                f"the API key for {endpoint.url} has characters that no header can carry:"
                " a line end, or others than ASCII"
            )
        self._endpoint = endpoint
        self._limits = limits
        self._lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, _Lane] = WeakKeyDictionary()
        self._answered = False
        self._lost: EndpointUnusableError | None = None

    async def complete(self, body: dict[str, Any]) -> Completion:
        """Send a request until it is answered or out of tries.

        Raises:
            EndpointError: this request got no usable answer.
            EndpointUnusableError: no request will; once that is known, nothing is sent any more.
        """
        lane, patience = self._lane(), self._limits.timeout
        async with lane.slots:
            require_leave()
            if self._lost is not None:
                raise EndpointUnusableError(str(self._lost))
            # Waiting for a retry keeps the place: an endpoint in trouble gets less, not more.
            tries = self._limits.max_retries + 1
            return await self._retried(_send, lane, body, patience, tries, wait_before_retry)

    async def check(self) -> None:
        """Ask for one token, to learn early and in one line whether the endpoint can be used.

        Raises:
            EndpointError: it cannot now.
            EndpointUnusableError: it cannot at all.
        """
        body = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
        patience = min(CHECK_SECONDS, self._limits.timeout)
        # One token may well be no text: the form of the reply is enough.
        await self._retried(_post, self._lane(), body, patience, CHECK_TRIES, wait_fixed(0.5))

    async def _retried(
        self,
        send: Callable[[Connections, dict[str, Any], float], Awaitable[T]],
        lane: _Lane,
        body: dict[str, Any],
        patience: float,
        tries: int,
        wait: WaitBaseT,
    ) -> T:
        request = {"model": self._endpoint.model, **body}
        retrying = AsyncRetrying(
            retry=WorthRetrying(), wait=wait, stop=stop_after_attempt(tries), reraise=True
        )
        try:
            answer: T = await retrying(send, lane.connections, request, patience)
        except FAILURES as error:
            told = self._explained(error, patience)
            if isinstance(told, EndpointUnusableError):
                self._lost = told
            raise told from error
        self._answered, self._lost = True, None
        return answer

    def _explained(self, error: Failure, patience: float) -> EndpointError:
        told = explain(error, self._endpoint.url, patience, self._answered)
        # Some servers quote the wrong key back.
        key = self._endpoint.api_key
        return type(told)(str(told).replace(key, "***")) if key else told

    def _lane(self) -> _Lane:
        loop = asyncio.get_running_loop()
        lane = self._lanes.get(loop)
        if lane is None:
            lane = self._lanes[loop] = _Lane(self._endpoint, self._limits)
        return lane


async def _send(connections: Connections, request: dict[str, Any], patience: float) -> Completion:
    """One try of a request that must bring text."""
    started = time.monotonic()
    reply = await _post(connections, request, patience)
    choice, usage = reply.choices[0], reply.usage or _Usage()
    reason = choice.finish_reason or "stop"
    try:
        text = choice.message.text
    except ValueError as error:  # a number that is none, in arguments that should be text
        raise NoContentError(str(error)) from error
    if not text.strip():
        final = reason in ("length", "content_filter")
        raise NoContentError(f"finish_reason is {reason!r}", 1 if final else EMPTY_TRIES)
    return Completion(
        text=text,
        finish_reason=reason,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        seconds=time.monotonic() - started,
    )


async def _post(connections: Connections, request: dict[str, Any], patience: float) -> _Reply:
    """One try of a request; what comes back has the form of a chat completion."""
    answer = await asyncio.wait_for(connections.post(request), patience)
    if not 200 <= answer.status < 300:
        raise StatusError(answer)
    try:
        return _Reply.model_validate_json(answer.content)
    except ValidationError:
        raise NoContentError(excerpt(answer.text)) from None


def _is_http(url: str) -> bool:
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL:
        return False
    return parts.scheme in ("http", "https") and bool(parts.host)
