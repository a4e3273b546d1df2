"""HTTP to one endpoint: as many connections as are in flight at once, used again and again.

They are our own (`http11`) where the endpoint is reached directly, and httpx' where the environment
names a proxy.
"""

import base64
import json
import os
from typing import Any, Protocol
from urllib.request import getproxies, proxy_bypass

import httpx2

from fc_distilabel.llms.http11 import (
    Answer,
    BrokenOffError,
    Connection,
    NotConnectedError,
    Place,
    words,
)

_ALONE = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
_NEVER_CONNECTED = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)
_WHO_PAYS = {"OpenAI-Organization": "OPENAI_ORG_ID", "OpenAI-Project": "OPENAI_PROJECT_ID"}
"""Headers of OpenAI's, and the environment variables that its own client takes them from."""
_PORTS = {"http": 80, "https": 443}


class Connections:
    """The connections of one event loop; they open as they are needed."""

    def __init__(self, base_url: str, api_key: str, connect_seconds: float) -> None:
        """Set up without connecting.

        Args:
            base_url: The endpoint's base URL; a query in it goes along with each request.
            api_key: The key to authenticate with, unless the URL has a user.
            connect_seconds: How long a connection may take to open. The answer may take for ever:
                who asks for it sets the time-out, since one per read would not end a slow drip.
        """
        url = httpx2.URL(base_url)
        self._url = url.copy_with(path=url.path.rstrip("/") + "/chat/completions")
        self._seconds = connect_seconds
        # Made once: it reads all certificates of the system.
        self._tls = httpx2.create_ssl_context()
        self._headers = _headers(url, api_key)
        self._idle: list[_Connection] = []

    async def post(self, body: dict[str, Any]) -> Answer:
        """Send a body as JSON.

        Raises:
            NotConnectedError: no connection could be made.
            BrokenOffError: it ended before the answer did.
        """
        connection = self._used() or await self._new()
        reusable = False
        try:
            answer = await connection.post(_encoded(body))
            reusable = connection.is_open
        finally:
            # One that was given up goes too: its late answer must not meet the next request.
            if reusable:
                self._idle.append(connection)
            else:
                connection.close()
        return answer

    def _used(self) -> "_Connection | None":
        """The connection that was used last: the others may end of old age."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
            connection.close()
        return None

    async def _new(self) -> "_Connection":
        url = self._url
        if _has_proxy(url):
            return _Proxied(url, self._headers, self._tls, self._seconds)
        place = Place(
            host=url.host,
            port=url.port or _PORTS[url.scheme],
            tls=self._tls if url.scheme == "https" else None,
            target=url.raw_path,
            headers=(("Host", url.netloc.decode("ascii")), *self._headers.items()),
        )
        return await Connection.open(place, self._seconds)


class _Connection(Protocol):
    @property
    def is_open(self) -> bool: ...

    def close(self) -> None: ...

    async def post(self, content: bytes) -> Answer: ...


class _Proxied:
    """A connection by way of the proxy that the environment names."""

    is_open = True

    def __init__(
        self, url: httpx2.URL, headers: dict[str, str], tls: Any, connect_seconds: float
    ) -> None:
        self._url = url
        self._client = httpx2.AsyncClient(
            headers=headers,
            timeout=httpx2.Timeout(None, connect=connect_seconds),
            verify=tls,
            limits=_ALONE,
        )

    def close(self) -> None:
        """Nothing: httpx closes a connection that broke, and opens another one."""

    async def post(self, content: bytes) -> Answer:
        """Send a body and wait for the answer."""
        try:
            response = await self._client.post(self._url, content=content)
        except _NEVER_CONNECTED as error:
            raise NotConnectedError(words(error)) from error
        except httpx2.HTTPError as error:
            raise BrokenOffError(words(error)) from error
        return Answer(response.status_code, dict(response.headers), response.content)


def _headers(url: httpx2.URL, api_key: str) -> dict[str, str]:
    user = f"{url.username}:{url.password}".encode()
    basic = f"Basic {base64.b64encode(user).decode()}"
    payers = {name: os.environ.get(variable, "") for name, variable in _WHO_PAYS.items()}
    return {
        "Authorization": basic if url.username else f"Bearer {api_key}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        **{name: value for name, value in payers.items() if value},
    }


def _has_proxy(url: httpx2.URL) -> bool:
    proxies = getproxies()
    return bool(proxies.get(url.scheme) or proxies.get("all")) and not proxy_bypass(url.host)


def _encoded(body: dict[str, Any]) -> bytes:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair is no UTF-8: as an escape it is JSON all the same.
    return text.encode(errors="backslashreplace")
