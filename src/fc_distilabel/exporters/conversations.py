"""What a trainer is to learn from, read strictly out of rows, pairs and judged answers.

Every exporter starts from these, so each knows that results follow their calls in the order of the
calls, that every call has a name and an object, and that the assistant has the last word. What is
not so is `Dropped` with a short reason that the report counts by; nothing is mended in silence.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.bounds import refuse, show
from fc_distilabel.types import Json, Message, ToolCall

_MISMATCH = "calls and results do not match"
_KEYS = {
    "system": {"role", "content"},
    "user": {"role", "content"},
    "assistant": {"role", "content", "tool_calls"},
    "tool": {"role", "content", "tool_call_id", "name"},
}
"""What a message of each role may have; a later version, or somebody else, may know more."""


class Conversation(NamedTuple):
    """Messages in order, and the tools that were offered in them."""

    system: str
    """The words of the system message; empty where there is none."""
    messages: tuple[Message, ...]
    """All others; results stand in the order of the calls that they answer."""
    tools: tuple[dict[str, Json], ...]
    """OpenAI's `tools` entries, as they were written."""

    def tools_text(self) -> str:
        """The tools as JSON; not sorted, since a template prints them as they are written."""
        return json.dumps(self.tools, ensure_ascii=False)


class Pair(NamedTuple):
    """A prompt with an answer that is right and one that is wrong."""

    prompt: Conversation
    chosen: Message
    rejected: Message


class Judged(NamedTuple):
    """A prompt with one answer, and whether it is right."""

    prompt: Conversation
    completion: Message
    label: bool


def read_conversation(row: dict[str, Json]) -> Conversation:
    """A row to imitate: the assistant has the last word."""
    conversation = _conversation(row.get("messages"), row.get("tools"))
    if conversation.messages[-1].role != "assistant":
        raise Dropped("the assistant has not the last word", conversation.messages[-1].role)
    for message in conversation.messages:
        if message.role == "assistant":
            _check_said(message, "messages")
    return conversation


def read_pair(pair: dict[str, Json]) -> Pair:
    """A preference: both answers are one message each and differ."""
    prompt = _prompt(pair)
    chosen, rejected = (_answer(pair.get(side), side) for side in ("chosen", "rejected"))
    if _same(chosen, rejected):
        raise Dropped("chosen and rejected are the same", show(pair.get("chosen")))
    return Pair(prompt, chosen, rejected)


def read_judged(judged: dict[str, Json]) -> Judged:
    """An answer with a label."""
    label = judged.get("label")
    if not isinstance(label, bool):
        raise Dropped("no label", f"label is {show(label)}, but must be true or false")
    return Judged(_prompt(judged), _answer(judged.get("completion"), "completion"), label)


def _prompt(record: dict[str, Json]) -> Conversation:
    prompt = _conversation(record.get("prompt"), record.get("tools"))
    if prompt.messages[-1].role == "assistant":
        raise Dropped("the prompt ends with the assistant", "an answer must follow the user")
    return prompt


def _answer(value: Json, side: str) -> Message:
    """One message of the assistant's, given by itself or as a list of one."""
    values = value if isinstance(value, list) else [value]
    if len(values) != 1:
        raise Dropped("an answer of several messages", f"{side} has {len(values)} messages")
    message = _message(values[0], side)
    if message.role != "assistant":
        raise Dropped("an answer that is not the assistant's", f"{side} is of {message.role!r}")
    _check_said(message, side)
    return message


def _check_said(message: Message, place: str) -> None:
    if not message.content and not message.tool_calls:
        raise Dropped("an empty answer", f"a message in {place} has neither words nor calls")


def _same(one: Message, other: Message) -> bool:
    said = [(m.content, [(c.name, c.arguments) for c in m.tool_calls]) for m in (one, other)]
    return said[0] == said[1]


def _conversation(values: Json, tools: Json) -> Conversation:
    if not isinstance(values, list) or not values:
        raise Dropped("no messages", f"found {show(values)}")
    messages = [_message(value, f"messages/{index}") for index, value in enumerate(values)]
    system = messages.pop(0).content if messages[0].role == "system" else ""
    if not messages:
        raise Dropped("no messages", "there is a system message only")
    if any(message.role == "system" for message in messages):
        raise Dropped("a system message that is not the first", "")
    return Conversation(system, _answered(messages), _tools(tools))


def _tools(value: Json) -> tuple[dict[str, Json], ...]:
    for tool in value if isinstance(value, list) else [value]:
        function = tool.get("function") if isinstance(tool, dict) else None
        if not (isinstance(function, dict) and isinstance(function.get("name"), str)):
            raise Dropped("a tool that is no function", show(tool))
        if not isinstance(function.get("parameters", {}), dict) or refuse(tool):
            raise Dropped("a tool whose parameters are no schema", show(function["name"]))
    return tuple(value)


def _message(value: Json, place: str) -> Message:
    role = value.get("role") if isinstance(value, dict) else None
    if role not in _KEYS:
        raise Dropped("a role that is not known", f"{place}: {show(role)}")
    more = sorted(key for key in value.keys() - _KEYS[role] if value[key])
    if more:
        raise Dropped("a message with more than is known", f"{place}: {', '.join(more)}")
    content = value.get("content")
    if not isinstance(content, str | None) or refuse(content):
        raise Dropped("content that is no text", f"{place}: {show(content)}")
    return Message(
        role=role,
        content=content or "",
        tool_calls=tuple(_call(call, place) for call in value.get("tool_calls") or ()),
        tool_call_id=str(value.get("tool_call_id") or ""),
        name=str(value.get("name") or ""),
    )


def _call(value: Json, place: str) -> ToolCall:
    function = value.get("function") if isinstance(value, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(name, str) or not name:
        raise Dropped("a call that is no function call", f"{place}: {show(value)}")
    assert isinstance(function, dict), "it has a name"
    arguments = function.get("arguments")
    if not isinstance(arguments, dict) or refuse(arguments):
        raise Dropped("arguments that are no object", f"{place}: {show(arguments)}")
    return ToolCall(name=name, arguments=arguments, id=str(value.get("id") or ""))


def _answered(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The messages, each result after its call, in the order of the calls."""
    found: list[Message] = []
    rest = list(messages)
    while rest:
        message = rest.pop(0)
        if message.role == "tool":
            raise Dropped(_MISMATCH, "a result comes first")
        found.append(message)
        results: list[Message] = []
        while rest and rest[0].role == "tool":
            results.append(rest.pop(0))
        if results or (rest and message.tool_calls):
            found += _in_order(message.tool_calls, results)
    return tuple(found)


def _in_order(calls: Sequence[ToolCall], results: Sequence[Message]) -> list[Message]:
    """The results of one turn's calls, by id where there are ids; each has the call's name."""
    if len(calls) != len(results):
        found = f"{len(calls)} calls, {len(results)} results"
        raise Dropped(_MISMATCH, found)
    ids = [call.id for call in calls]
    told = [result.tool_call_id for result in results]
    if any(told):
        if sorted(ids) != sorted(told) or len(set(ids)) != len(ids):
            raise Dropped(_MISMATCH, f"ids {show(ids)} and {show(told)}")
        results = sorted(results, key=lambda result: ids.index(result.tool_call_id))
    return [
        result.model_copy(update={"name": call.name, "tool_call_id": call.id})
        for call, result in zip(calls, results, strict=True)
    ]
