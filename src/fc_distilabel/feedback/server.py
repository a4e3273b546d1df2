"""A running Argilla, spoken to by its REST API.

Argilla's own client loses data on the way in and out (an answer that was discarded without values
ends its reading), so records go by REST. What fails for a moment is tried again; what cannot work
(nobody there, a key that is not accepted, no right to do it) is told at once, by one line.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from fc_distilabel.errors import FcDistilabelError, InputError, RunError
from fc_distilabel.types import Json

SUPPORTED = "2.8"
"""The version whose answers were looked at; later ones of the same major version get a warning."""
URL = "http://127.0.0.1:6900"
ATTEMPTS = 6
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
SECONDS = 120.0
SHOWN = 300


class RefusedError(RunError):
    """The server understood a request and will not do it."""

    def __init__(self, status: int, detail: str, place: str) -> None:
        super().__init__(f"Argilla refused {place} with status {status}: {detail}")
        self.status = status
        self.detail = detail


class _BusyError(FcDistilabelError):
    """Something that may pass."""


class Server:
    """One Argilla as one user; requests are tried again until they are answered or refused."""

    def __init__(self, url: str, key: str, client: httpx.Client, attempts: int = ATTEMPTS) -> None:
        self.url = url
        self.attempts = attempts
        self.key = key
        self._client = client
        self.user: dict[str, Json] = {}
        self.version = ""

    def get(self, path: str, **parameters: Json) -> Any:
        """The JSON at a path below `/api/v1`."""
        return self.send("GET", path, params=parameters)

    def send(self, method: str, path: str, **request: Any) -> Any:
        """What the server answers, as JSON; None for an empty answer.

        Raises `RefusedError` where it refuses, `InputError` where this user never may, `RunError`
        where it stays silent.
        """
        response = self._answer(method, path, request)
        place = f"{method} {path}"
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise InputError(f"Argilla at {self.url} does not know the API key that was given")
        if response.status_code == httpx.codes.FORBIDDEN:
            raise InputError(f"Argilla at {self.url} allows {self._who()} no {place}")
        if response.is_error:
            raise RefusedError(response.status_code, _detail(response), place)
        return _json(response, self.url) if response.content else None

    def _who(self) -> str:
        if not self.user:
            return "this user"
        return f"user {self.user['username']!r} with the role {self.user['role']!r}"

    def _answer(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        attempts = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=wait_random_exponential(multiplier=0.5, max=10),
            retry=retry_if_exception_type(_BusyError),
            reraise=True,
        )
        try:
            return attempts(self._once, method, path, request)
        except _BusyError as error:
            raise RunError(f"Argilla at {self.url} gives no answer: {error}") from error

    def _once(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        try:
            response = self._client.request(method, f"api/v1/{path}", **request)
        except httpx.TransportError as error:
            raise _BusyError(_reason(error)) from error
        if response.status_code in BUSY:
            raise _BusyError(f"status {response.status_code}, {_detail(response)}")
        return response

    def greet(self) -> None:
        """Learn who is there and who we are, without patience.

        Raises `InputError` where nobody is there, it is no Argilla or not one that we can speak to.
        """
        try:
            response = self._client.get("api/v1/version")
        except (httpx.TransportError, httpx.InvalidURL) as error:
            hint = "`fc-distilabel argilla serve` starts one here"
            raise InputError(
                f"no Argilla answers at {self.url}: {_reason(error)}; {hint}"
            ) from error
        told = _json(response, self.url)
        self.version = str(told.get("version", "")) if isinstance(told, dict) else ""
        if not self.version:
            raise InputError(f"what answers at {self.url} is no Argilla: it tells no version")
        if self.version.partition(".")[0] != SUPPORTED.partition(".")[0]:
            what = f"Argilla {self.version} at {self.url} cannot be used"
            raise InputError(f"{what}: this needs version 2, at best {SUPPORTED}")
        self.user = self.get("me")

    @property
    def warning(self) -> str:
        """What to say about the server's version, or ``."""
        if f"{self.version}.".startswith(f"{SUPPORTED}."):
            return ""
        return f"Argilla {self.version} is not the version this was made for, {SUPPORTED}"


def url_of(given: str = "") -> str:
    """The address that was given, or that of the environment, or where `argilla serve` listens."""
    return given or os.environ.get("ARGILLA_API_URL") or URL


def key_of(given: str = "") -> str:
    """The key that was given, or that of the environment."""
    return given or os.environ.get("ARGILLA_API_KEY") or ""


@contextmanager
def open_server(url: str, key: str) -> Iterator[Server]:
    """A server that has been greeted; raises `InputError` where it cannot be used."""
    address = url.rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{url!r} is no address of an Argilla: give http://HOST:PORT")
    if not key or not key.isascii() or not key.isprintable():
        raise InputError("the API key of Argilla is missing: --api-key, ARGILLA_API_KEY or --home")
    client = httpx.Client(
        base_url=f"{address}/",
        headers={"X-Argilla-Api-Key": key},
        timeout=httpx.Timeout(SECONDS, connect=10),
        # As Argilla's own client: no proxy of the environment stands between.
        transport=httpx.HTTPTransport(),
    )
    with client:
        server = Server(address, key, client)
        server.greet()
        yield server


def _json(response: httpx.Response, url: str) -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise InputError(f"what answers at {url} is no Argilla: it does not send JSON") from error


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _detail(response: httpx.Response) -> str:
    """What the server says of an error, in words where it has some."""
    try:
        told = response.json()
    except ValueError:
        return response.text[:SHOWN] or response.reason_phrase
    for key in ("detail", "params", "detail"):
        told = told[key] if isinstance(told, dict) and key in told else told
    return told if isinstance(told, str) else json.dumps(told)[:SHOWN]
