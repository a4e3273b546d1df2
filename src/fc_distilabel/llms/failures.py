"""What can go wrong with a chat completion: what is worth another try, and what to say of it."""

import asyncio
import json
import time
from email.utils import parsedate_to_datetime
from typing import TypeAlias

import tenacity

from fc_distilabel.errors import EndpointError, EndpointUnusableError
from fc_distilabel.llms.http11 import Answer, BrokenOffError, NotConnectedError

RETRIED = frozenset({408, 409, 429})
HOPELESS = frozenset({401, 403, 404})
HOPELESS_CODES = frozenset({"insufficient_quota", "invalid_api_key", "model_not_found"})
LONGEST_WAIT = 120.0
EXCERPT = 200


class NoContentError(Exception):
    """A 200 that carries no usable text."""

    def __init__(self, seen: str, tries: int | None = None) -> None:
        """Say what was seen instead, and how often it may be seen before asking again is no use."""
        super().__init__(seen)
        self.tries = tries


class StatusError(Exception):
    """An answer with another status than 2xx."""

    def __init__(self, answer: Answer) -> None:
        """Keep the answer."""
        super().__init__(str(answer.status))
        self.answer = answer

    @property
    def code(self) -> str:
        """OpenAI's word for what is wrong; empty where the body has none."""
        try:
            return str(json.loads(self.answer.content)["error"]["code"] or "")
        except (ValueError, LookupError, TypeError, RecursionError):
            return ""


Failure: TypeAlias = (
    NotConnectedError | BrokenOffError | asyncio.TimeoutError | StatusError | NoContentError
)
"""What one try of a request may raise."""
FAILURES = (NotConnectedError, BrokenOffError, asyncio.TimeoutError, StatusError, NoContentError)


class WorthRetrying:
    """Whether the last try of a request failed for a reason that may pass; one for each request."""

    def __init__(self) -> None:
        self._empties = 0

    def __call__(self, state: tenacity.RetryCallState) -> bool:
        """Judge the last try."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, StatusError):
            passing = error.answer.status in RETRIED or error.answer.status >= 500
            return passing and error.code not in HOPELESS_CODES
        if isinstance(error, NoContentError):
            self._empties += 1
            return error.tries is None or self._empties < error.tries
        return isinstance(error, (NotConnectedError, BrokenOffError, asyncio.TimeoutError))


_backoff = tenacity.wait_random_exponential(multiplier=0.5, max=30)


def wait_before_retry(state: tenacity.RetryCallState) -> float:
    """Exponential back-off by chance, on top of what the endpoint's Retry-After asks for.

    Requests that were refused together are asked back together: chance keeps them apart.
    """
    error = state.outcome.exception() if state.outcome else None
    asked = 0.0
    if isinstance(error, StatusError):
        asked = retry_after(error.answer.headers.get("retry-after", ""))
    return float(asked + _backoff(state))


def retry_after(header: str) -> float:
    """Seconds that a Retry-After header asks for, as a number or an HTTP date; 0 for nonsense."""
    try:
        seconds = float(header)
    except ValueError:
        seconds = _seconds_until(header)
    return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else 0.0


def _seconds_until(date: str) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - time.time()
    except ValueError:
        return 0.0


def explain(error: Failure, url: str, timeout: float, answered: bool) -> EndpointError:
    """The failure as our own error, in one line that names the URL and what was seen there.

    Args:
        error: What the last try raised.
        url: The endpoint, without credentials.
        timeout: Seconds that a try was given.
        answered: Whether this endpoint has ever answered: then a 403 is about one request.
    """
    if isinstance(error, NoContentError):
        return EndpointError(f"{url} answered without content: {error}")
    if isinstance(error, StatusError):
        return _explain_status(error, url, answered)
    if isinstance(error, NotConnectedError):
        # Then the next request has no better chance.
        return EndpointUnusableError(f"{url} cannot be reached: {error}")
    if isinstance(error, BrokenOffError):
        return EndpointError(f"{url} broke off: {error}")
    return EndpointError(f"{url} did not answer within {timeout:g} s")


def _explain_status(error: StatusError, url: str, answered: bool) -> EndpointError:
    answer = error.answer
    message = f"{url} answered {answer.status}: {excerpt(answer.text)}"
    flagged = answer.status == 403 and answered
    hopeless = answer.status in HOPELESS or error.code in HOPELESS_CODES
    if hopeless and not flagged:
        return EndpointUnusableError(message)
    return EndpointError(message)


def excerpt(body: str) -> str:
    """The start of a body on one line, for a message."""
    line = " ".join(body.split())
    return (line[:EXCERPT] + "…") if len(line) > EXCERPT else (line or "(empty body)")
