"""One chat-completions endpoint: bounded in flight, retried with sense, failures told in one line.

The openai package does the HTTP; its own retries are off, because it cannot be told to retry an
answer without content, and its parsing is by-passed, because it takes any JSON for a completion.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from weakref import WeakKeyDictionary

import openai
from openai import AsyncOpenAI
from pydantic import BaseModel, Field, ValidationError
from tenacity import AsyncRetrying, stop_after_attempt, wait_fixed
from tenacity.wait import WaitBaseT

from fc_distilabel.errors import EndpointError, EndpointUnusableError
from fc_distilabel.llms.failures import (
    FAILURES,
    Failure,
    NoContentError,
    excerpt,
    explain,
    is_worth_retrying,
    wait_before_retry,
)
from fc_distilabel.synthesis.chat import Completion

CONNECT_SECONDS = 10.0
CHECK_SECONDS = 60.0
CHECK_TRIES = 2

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """How much patience requests get, and how many go out at once."""

    timeout: float
    max_retries: int
    max_in_flight: int


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


class _Message(BaseModel):
    content: str | None = None


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
        self.free = asyncio.Semaphore(limits.max_in_flight)
        self.client = AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key,
            timeout=openai.Timeout(limits.timeout, connect=connect),
            max_retries=0,
        )


class CompletionsClient:
    """Sends request bodies to an endpoint and returns completions, or raises `EndpointError`."""

    def __init__(self, endpoint: Endpoint, limits: Limits) -> None:
        """Check the URL; nothing is sent.

        Raises:
            EndpointUnusableError: the URL is not an HTTP one.
        """
        parts = urlsplit(endpoint.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EndpointUnusableError(
                f"base_url is {endpoint.url!r}: an http:// or https:// URL is needed"
            )
        self._endpoint = endpoint
        self._limits = limits
        self._lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, _Lane] = WeakKeyDictionary()
        self._answered = False

    async def complete(self, body: dict[str, Any]) -> Completion:
        """Send a request until it is answered or out of tries.

        Raises:
            EndpointError: this request got no usable answer.
            EndpointUnusableError: no request will.
        """
        lane, patience = self._lane(), self._limits.timeout
        async with lane.free:
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
        send: Callable[[AsyncOpenAI, dict[str, Any], float], Awaitable[T]],
        lane: _Lane,
        body: dict[str, Any],
        patience: float,
        tries: int,
        wait: WaitBaseT,
    ) -> T:
        request = {"model": self._endpoint.model, **body}
        retrying = AsyncRetrying(
            retry=is_worth_retrying, wait=wait, stop=stop_after_attempt(tries), reraise=True
        )
        try:
            answer: T = await retrying(send, lane.client, request, patience)
        except FAILURES as error:
            raise self._explained(error, patience) from error
        self._answered = True
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


async def _send(client: AsyncOpenAI, request: dict[str, Any], patience: float) -> Completion:
    """One try of a request that must bring text."""
    started = time.monotonic()
    reply = await _post(client, request, patience)
    choice, usage = reply.choices[0], reply.usage or _Usage()
    reason = choice.finish_reason or "stop"
    if not choice.message.content or not choice.message.content.strip():
        final = reason in ("length", "content_filter")
        raise NoContentError(f"finish_reason is {reason!r}", final)
    return Completion(
        text=choice.message.content,
        finish_reason=reason,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        seconds=time.monotonic() - started,
    )


async def _post(client: AsyncOpenAI, request: dict[str, Any], patience: float) -> _Reply:
    """One try of a request; what comes back has the form of a chat completion."""
    create = client.chat.completions.with_raw_response.create
    # The client's own time-out is per read: a server that drips bytes would hold it for ever.
    raw = await asyncio.wait_for(create(**request), patience)
    body = raw.http_response.text
    try:
        return _Reply.model_validate_json(body)
    except ValidationError:
        raise NoContentError(excerpt(body)) from None
