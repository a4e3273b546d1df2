"""HTTP to one endpoint: as many clients as are in flight at once, each with one connection.

One client for all would look at every connection of its pool for every request, and at 256 in
flight spend more on that than on the request. The openai package costs three times as much again:
it checks and copies what it sends, and reads what it gets into types that nobody asks for here.
"""

import os
from typing import Any

import httpx2

_ALONE = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
_WHO_PAYS = {"OpenAI-Organization": "OPENAI_ORG_ID", "OpenAI-Project": "OPENAI_PROJECT_ID"}
"""Headers of OpenAI's, and the environment variables that its own client takes them from."""


class Connections:
    """The connections of one event loop; they open as they are needed and are used again."""

    def __init__(self, base_url: str, api_key: str, connect_seconds: float) -> None:
        """Set up without connecting.

        Args:
            base_url: The endpoint's base URL; a query in it goes along with each request.
            api_key: The key to authenticate with.
            connect_seconds: How long a connection may take to open. The answer may take for ever:
                who asks for it sets the time-out, since one per read would not end a slow drip.
        """
        url = httpx2.URL(base_url)
        self._url = url.copy_with(path=url.path.rstrip("/") + "/chat/completions")
        payers = {name: os.environ.get(variable, "") for name, variable in _WHO_PAYS.items()}
        self._headers = {name: value for name, value in payers.items() if value}
        self._headers["Authorization"] = f"Bearer {api_key}"
        self._timeout = httpx2.Timeout(None, connect=connect_seconds)
        # Made once: it reads all certificates of the system.
        self._verify = httpx2.create_ssl_context()
        self._idle: list[httpx2.AsyncClient] = []

    async def post(self, body: dict[str, Any]) -> httpx2.Response:
        """Send a body as JSON; the response is read to its end."""
        client = self._idle.pop() if self._idle else self._new()
        try:
            response = await client.post(self._url, json=body)
        except BaseException:
            await client.aclose()
            raise
        self._idle.append(client)
        return response

    def _new(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers=self._headers,
            timeout=self._timeout,
            verify=self._verify,
            limits=_ALONE,
            follow_redirects=True,
        )
