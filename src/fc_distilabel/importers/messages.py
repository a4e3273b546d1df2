"""Messages in the forms people have, as ours: OpenAI's (old and new), ShareGPT's, Hermes' tags.

Nothing is thrown away: a message that cannot be read is a violation at its index. Where calls and
results carry no ids, as in ShareGPT, they are paired in order, which is how trainers pair them.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from fc_distilabel.calls import CallReading, read_call_value, read_calls
from fc_distilabel.calls.parse import parse_json
from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.bounds import join_path, refuse, show
from fc_distilabel.types import Json, Message, ToolCall, Violation, canonical_json

_ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "function_call": "assistant",
    "tool_call": "assistant",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
    "tool_response": "tool",
}
_CALL_ROLES = ("function_call", "tool_call")
_TAGGED = re.compile(r"<tool_call>(.*?)</tool_call>", re.DOTALL)


class MessageReading(NamedTuple):
    """The messages of one conversation, and what was noticed while reading them."""

    messages: tuple[Message, ...]
    repairs: tuple[str, ...]
    """Names of what was mended in the text of calls."""
    violations: tuple[Violation, ...]
    """Why there are no messages; empty where they could be read."""


def read_messages(values: Json, path: str = "messages") -> MessageReading:
    """Read a list of messages; the violations name the index of each that cannot be read."""
    if not isinstance(values, list):
        return _refused(path, f"is {show(values)}, but must be a list of messages")
    reader = _Reader(path)
    for index, value in enumerate(values):
        reader.read(index, value)
    if reader.violations:
        return MessageReading((), (), tuple(reader.violations))
    return MessageReading(tuple(reader.messages), tuple(dict.fromkeys(reader.repairs)), ())


def _refused(path: str, what: str) -> MessageReading:
    return MessageReading(
        (), (), (Violation(rule="not-a-message", path=path, message=f"{path} {what}"),)
    )


class _Reader:
    """Reads messages one by one and keeps the ids that wait for a result."""

    def __init__(self, path: str) -> None:
        self.messages: list[Message] = []
        self.repairs: list[str] = []
        self.violations: list[Violation] = []
        self._path = path
        self._waiting: list[ToolCall] = []
        self._count = 0

    def read(self, index: int, value: Json) -> None:
        """Read one message, or say why not."""
        place = join_path(self._path, index)
        flaw = _flaw(value)
        refusal = refuse(value, place)
        if refusal or flaw:
            message = f"{place} {flaw}"
            self.violations.append(
                refusal or Violation(rule="not-a-message", path=place, message=message)
            )
            return
        told = str(value.get("role", value.get("from")))
        role, content = _ROLES[told], _text(value.get("content", value.get("value")))
        calls: tuple[ToolCall, ...] = ()
        if role == "assistant":
            readings = list(_readings(told, value, content))
            calls = self._called(readings, place)
            if told in _CALL_ROLES:
                content = ""
            elif readings and not value.get("tool_calls"):
                content = _TAGGED.sub("", content).strip()
        elif role == "tool":
            self._answer(value, _untagged(content))
            return
        self.messages.append(
            Message.model_validate({"role": role, "content": content, "tool_calls": calls})
        )

    def _called(self, readings: list[CallReading], place: str) -> tuple[ToolCall, ...]:
        """The calls of one message with an id each."""
        found: list[ToolCall] = []
        for reading in readings:
            self.repairs += reading.repairs
            self.violations += [
                v.model_copy(update={"path": join_path(place, v.path) if v.path else place})
                for v in reading.violations
            ]
            found += [self._with_id(call) for call in reading.calls]
        self._waiting = list(found)
        return tuple(found)

    def _with_id(self, call: ToolCall) -> ToolCall:
        if call.id:
            return call
        self._count += 1
        return call.model_copy(update={"id": f"call_{self._count}"})

    def _answer(self, value: dict[str, Json], content: str) -> None:
        """A result; without an id it answers the next call that waits, if one does."""
        told = value.get("tool_call_id")
        waiting = next((c for c in self._waiting if told in (None, c.id)), None)
        if waiting is not None:
            self._waiting.remove(waiting)
        call_id = told if told is not None else waiting.id if waiting else ""
        self.messages.append(
            Message(
                role="tool",
                content=content,
                tool_call_id=str(call_id),
                name=str(value.get("name") or ""),
            )
        )


def _flaw(value: Json) -> str:
    """Why something is no message, or ``."""
    if not isinstance(value, dict):
        return f"is {show(value)}, but must be an object"
    role = value.get("role", value.get("from"))
    if not (isinstance(role, str) and role in _ROLES):
        return f"has the role {show(role)}, but must have one of {', '.join(_ROLES)}"
    calls = value.get("tool_calls")
    if calls is not None and not isinstance(calls, list):
        return "has tool_calls that are no list"
    return ""


def _text(content: Json) -> str:
    """The words of a content: a text, parts with text, or another JSON value as it is shown."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        return "".join(str(part.get("text", "")) for part in content)
    return canonical_json(content)


def _readings(told: str, value: dict[str, Json], content: str) -> Iterator[CallReading]:
    """What an assistant message calls, in whichever form it says so."""
    if told in _CALL_ROLES:
        yield read_calls(content)
    for call in value.get("tool_calls") or ():
        yield _native(call)
    if value.get("function_call"):
        yield _native(value["function_call"])
    if not value.get("tool_calls"):
        for body in _TAGGED.findall(content):
            yield read_calls(body.strip())


def _native(call: Json) -> CallReading:
    """A call in OpenAI's form, where an envelope and arguments as JSON text are no repair."""
    function = call.get("function", call) if isinstance(call, dict) else call
    if not isinstance(function, dict):
        return read_call_value(call)
    name, arguments = function.get("name"), function.get("arguments", {})
    if isinstance(arguments, str):
        reading = _with_text(name, arguments or "{}")
    else:
        reading = read_call_value({"name": name, "arguments": arguments})
    told = str(call.get("id") or "")
    calls = tuple(one.model_copy(update={"id": told}) for one in reading.calls)
    return reading.model_copy(update={"calls": calls})


def _with_text(name: Json, arguments: str) -> CallReading:
    """A call whose arguments are text: strict JSON as it is, other text as far as it is sure."""
    try:
        return read_call_value({"name": name, "arguments": parse_json(arguments)})
    except Dropped:
        reading = read_calls(f'{{"name": {json.dumps(name)}, "arguments": {arguments}}}')
        alone = len(reading.calls) == 1 and reading.calls[0].name == name
        return reading if alone else read_call_value({"name": name, "arguments": arguments})


def _untagged(content: str) -> str:
    inner = content.strip()
    if inner.startswith("<tool_response>") and inner.endswith("</tool_response>"):
        return inner.removeprefix("<tool_response>").removesuffix("</tool_response>").strip()
    return content
