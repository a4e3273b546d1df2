"""What can go wrong with a chat completion: what is worth another try, and what to say of it."""

import asyncio
import time
from email.utils import parsedate_to_datetime

import openai
import tenacity

from fc_distilabel.errors import EndpointError, EndpointUnusableError

RETRIED = frozenset({408, 409, 429})
HOPELESS = frozenset({401, 403, 404})
HOPELESS_CODES = frozenset({"insufficient_quota", "invalid_api_key", "model_not_found"})
LONGEST_WAIT = 120.0
EMPTY_TRIES = 3
EXCERPT = 200


class NoContentError(Exception):
    """A 200 that carries no usable text."""

    def __init__(self, seen: str, final: bool = False) -> None:
        """Say what was seen instead, and whether asking again is known not to help."""
        super().__init__(seen)
        self.final = final


Failure = openai.APIError | asyncio.TimeoutError | NoContentError
"""What one try of a request may raise."""
FAILURES = (openai.APIError, asyncio.TimeoutError, NoContentError)


def is_worth_retrying(state: tenacity.RetryCallState) -> bool:
    """Whether the last try failed for a reason that may pass."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, openai.APIStatusError):
        passing = error.status_code in RETRIED or error.status_code >= 500
        return passing and error.code not in HOPELESS_CODES
    if isinstance(error, NoContentError):
        return not error.final and state.attempt_number < EMPTY_TRIES
    return isinstance(error, (openai.APIConnectionError, asyncio.TimeoutError))


_backoff = tenacity.wait_random_exponential(multiplier=0.5, max=30)


def wait_before_retry(state: tenacity.RetryCallState) -> float:
    """Exponential back-off with jitter, and at least what the endpoint's Retry-After asks for."""
    error = state.outcome.exception() if state.outcome else None
    asked = 0.0
    if isinstance(error, openai.APIStatusError):
        asked = retry_after(error.response.headers.get("retry-after", ""))
    return float(max(asked, _backoff(state)))


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
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error, url, answered)
    if _never_connected(error):
        return EndpointUnusableError(f"{url} cannot be reached: {_cause(error)}")
    if isinstance(error, (openai.APITimeoutError, asyncio.TimeoutError)):
        return EndpointError(f"{url} did not answer within {timeout:g} s")
    return EndpointError(f"{url} broke off: {_cause(error)}")


def _explain_status(error: openai.APIStatusError, url: str, answered: bool) -> EndpointError:
    message = f"{url} answered {error.status_code}: {excerpt(error.response.text)}"
    flagged = error.status_code == 403 and answered
    hopeless = error.status_code in HOPELESS or error.code in HOPELESS_CODES
    if hopeless and not flagged:
        return EndpointUnusableError(message)
    return EndpointError(message)


def _never_connected(error: BaseException) -> bool:
    """Whether the connection itself failed: then the next request has no better chance."""
    # By name, because the HTTP library below the openai package differs by its version.
    names = {kind.__name__ for kind in type(error.__cause__).__mro__}
    return bool(names & {"ConnectError", "ConnectTimeout", "UnsupportedProtocol"})


def _cause(error: BaseException) -> str:
    cause = error.__cause__
    return (str(cause) or type(cause).__name__) if cause else str(error)


def excerpt(body: str) -> str:
    """The start of a body on one line, for a message."""
    line = " ".join(body.split())
    return (line[:EXCERPT] + "…") if len(line) > EXCERPT else (line or "(empty body)")
