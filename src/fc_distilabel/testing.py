"""Fakes for tests, public so that plugins and pipelines can be tested with them too.

`FakeEndpoint` is a real HTTP server on loopback: what is tested against it is the whole client,
sockets included. `ScriptedLLM` is a distilabel LLM whose replies come from a function.
"""

import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import Self

if TYPE_CHECKING:
    from fc_distilabel.llms.scripted import ScriptedLLM

__all__ = ["FakeEndpoint", "Fault", "ScriptedLLM", "example_of"]

Fault = Literal["ok", "400", "401", "403", "429", "500", "hang", "garbage", "empty", "disconnect"]
Reply = Callable[[dict[str, Any]], str]
Faults = Sequence[Fault] | Callable[[int], Fault]


def __getattr__(name: str) -> Any:
    """Import `ScriptedLLM`, and distilabel with it, only for those who ask."""
    if name == "ScriptedLLM":
        from fc_distilabel.llms.scripted import ScriptedLLM

        return ScriptedLLM
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class FakeEndpoint:
    """An OpenAI-compatible chat-completions endpoint on loopback, as a context manager."""

    def __init__(
        self, reply: Reply | None = None, faults: Faults = (), retry_after: str = ""
    ) -> None:
        """Set up without starting.

        Args:
            reply: Makes the text for a request's body; by default an instance of the schema in
                its response format, or "OK".
            faults: What happens to the requests, in the order in which they come: a sequence
                (requests beyond its end are answered) or a function of the request's number.
            retry_after: The Retry-After header of a 429 or 500.
        """
        self.bodies: list[dict[str, Any]] = []
        """The bodies of all requests, in the order in which they came."""
        self.keys: list[str] = []
        """The bearer tokens of all requests."""
        self.peak_in_flight = 0
        """The largest number of requests that were under way at once."""
        self.stopping = threading.Event()
        """Set when the endpoint stops; a hanging request waits for it."""
        self.retry_after = retry_after
        self.reply = reply or default_reply
        self._faults = faults
        self._in_flight = 0
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def base_url(self) -> str:
        """The URL to give to a client."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def requests(self) -> int:
        """How many requests came in."""
        return len(self.bodies)

    def __enter__(self) -> Self:
        """Start to answer."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and let hanging requests go."""
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def admit(self, body: dict[str, Any], key: str) -> Fault:
        """Record a request and say what happens to it."""
        with self._lock:
            number = len(self.bodies)
            self.bodies.append(body)
            self.keys.append(key)
            self._in_flight += 1
            self.peak_in_flight = max(self.peak_in_flight, self._in_flight)
        if callable(self._faults):
            return self._faults(number)
        return self._faults[number] if number < len(self._faults) else "ok"

    def release(self) -> None:
        """Note the end of a request."""
        with self._lock:
            self._in_flight -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, endpoint: FakeEndpoint) -> None:
        self.endpoint = endpoint
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet: apart, the second waits for an acknowledgement (40 ms).
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        """Answer a chat completion, or fail as told."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.partition("?")[0] != "/v1/chat/completions":
            self._error(404, f"no such path: {self.path}")
            return
        endpoint = self.server.endpoint
        fault = endpoint.admit(body, self.headers.get("Authorization", "").removeprefix("Bearer "))
        try:
            # A client that went away meanwhile is its own affair.
            with suppress(ConnectionError):
                self._answer(fault, body)
        finally:
            endpoint.release()

    def _answer(self, fault: Fault, body: dict[str, Any]) -> None:
        if fault == "hang":
            self.server.endpoint.stopping.wait()
        if fault in ("hang", "disconnect"):
            self.close_connection = True
        elif fault == "garbage":
            self._send(200, b"<html>not a completion</html>")
        elif fault == "empty":
            self._send_json(200, completion(body, None))
        elif fault == "ok":
            self._send_json(200, completion(body, self.server.endpoint.reply(body)))
        else:
            self._error(int(fault), f"injected {fault}")
        self.wfile.flush()

    def _error(self, status: int, message: str) -> None:
        self._send_json(status, {"error": {"message": message, "type": "fake", "code": None}})

    def _send_json(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, json.dumps(value).encode())

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status in (429, 500) and self.server.endpoint.retry_after:
            self.send_header("Retry-After", self.server.endpoint.retry_after)
        self.end_headers()
        self.wfile.write(content)


def completion(body: dict[str, Any], text: str | None) -> dict[str, Any]:
    """A chat completion with one choice; tokens are words."""
    said = sum(len(str(message.get("content")).split()) for message in body["messages"])
    written = len((text or "").split())
    message = {"role": "assistant", "content": text}
    return {
        "id": "fake",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": said,
            "completion_tokens": written,
            "total_tokens": said + written,
        },
    }


def default_reply(body: dict[str, Any]) -> str:
    """A small instance of the schema that the request asks for, or "OK"."""
    response_format = body.get("response_format") or {}
    if response_format.get("type") != "json_schema":
        return "OK"
    schema = response_format["json_schema"]["schema"]
    return json.dumps(example_of(schema), ensure_ascii=False)


def example_of(schema: dict[str, Any], root: dict[str, Any] | None = None, nth: int = 0) -> Any:
    """A small instance of a plain JSON Schema; no `pattern`, `not` or `if` is looked at.

    Args:
        schema: The schema.
        root: Where `$ref`s point into; the schema itself by default.
        nth: Vary the instance by this number, for arrays of unique items.
    """
    root = schema if root is None else root
    if "$ref" in schema:
        return example_of(_target(schema["$ref"], root), root, nth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][nth % len(schema["enum"])]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return example_of(schema[union][0], root, nth)
    kind = schema.get("type", "object")
    return _EXAMPLES[kind if isinstance(kind, str) else kind[0]](schema, root, nth)


def _target(ref: str, root: dict[str, Any]) -> dict[str, Any]:
    target = root
    for step in ref.removeprefix("#/").split("/"):
        target = target[step]
    return target


def _object(schema: dict[str, Any], root: dict[str, Any], nth: int) -> dict[str, Any]:
    properties = schema.get("properties", {})
    names = schema.get("required", [])
    return {name: example_of(properties.get(name, {}), root, nth) for name in names}


def _array(schema: dict[str, Any], root: dict[str, Any], nth: int) -> list[Any]:
    items = schema.get("items", {})
    return [example_of(items, root, nth + i) for i in range(schema.get("minItems", 0))]


def _string(schema: dict[str, Any], root: dict[str, Any], nth: int) -> str:
    text = "text" if nth == 0 else f"{nth} text"
    longest = schema.get("maxLength", len(text))
    return text[:longest].ljust(schema.get("minLength", 0), "x")


def _number(schema: dict[str, Any], root: dict[str, Any], nth: int) -> int:
    low = max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1)
    return int(low) + nth


_EXAMPLES: dict[str, Callable[[dict[str, Any], dict[str, Any], int], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": lambda schema, root, nth: nth % 2 == 0,
    "null": lambda schema, root, nth: None,
}
